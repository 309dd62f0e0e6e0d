import type { FastifyReply } from "fastify";

/**
 * On every answer. Whatever a browser is told to do with it, it is data: not run, not framed, not guessed at. Any page may
 * read it, and none with its reader's credentials.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, retry-after, x-nakane-prices",
};

export function addSecurityHeaders(reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS);
}
