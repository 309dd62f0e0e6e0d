import { createHash } from "node:crypto";

import type { FastifyReply, FastifyRequest } from "fastify";

/** For what will never be different: final fixings, reports of a time. */
export const IMMUTABLE = "public, max-age=31536000, immutable";
/** For what may be different the next time: it may be kept, but we are asked before it is used. */
const REVALIDATE = "no-cache";
/** For errors and for what is only about this moment. */
export const NO_STORE = "no-store";

/**
 * Gives every good answer a tag made of its bytes, and sends nothing where the client has those bytes already. Runs as an
 * `onSend` hook.
 */
export function tagAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (!reply.hasHeader("cache-control")) {
    reply.header("cache-control", reply.statusCode === 200 ? REVALIDATE : NO_STORE);
  }
  if (reply.statusCode !== 200 || !(typeof payload === "string" || payload instanceof Uint8Array)) {
    return payload;
  }
  const tag = `"${createHash("sha256").update(payload).digest("base64url").slice(0, 27)}"`;
  reply.header("etag", tag);
  if (!has(request.headers["if-none-match"], tag)) return payload;
  reply.code(304).removeHeader("content-type").removeHeader("content-length");
  return null;
}

/** Whether `If-None-Match` names a tag (RFC 9110: compared weakly). */
function has(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((given) => given.trim() === "*" || given.trim().replace(/^W\//, "") === tag);
}
