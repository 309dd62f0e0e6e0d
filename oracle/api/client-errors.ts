import type { Socket } from "node:net";

import { ApiError, apiError } from "./api-error.ts";
import { NO_STORE } from "./caching.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** Answers a request that never became one (too slow, too large, not HTTP) and closes its connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const { statusCode, body } = problemOf(error.code);
  const text = JSON.stringify(body);
  const head = {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    connection: "close",
    "cache-control": NO_STORE,
    ...SECURITY_HEADERS,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${statusCode} ${REASONS[statusCode] ?? ""}\r\n${lines.join("")}\r\n${text}`);
}

function problemOf(code: string | undefined): ApiError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return apiError("REQUEST_TIMEOUT", {});
  if (code === "HPE_HEADER_OVERFLOW") return apiError("HEADERS_TOO_LARGE", {});
  return apiError("MALFORMED_REQUEST", { problem: code ?? "unknown" });
}
