import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

import { KMSClient, type KMSClientConfig } from "@aws-sdk/client-kms";

/**
 * Sockets an endpoint may have open. The SDK's default of 50 would make every second of a hundred concurrent signatures
 * wait for a whole round trip.
 */
const MAX_SOCKETS = 256;

/** Where a client finds KMS, and who it is there. */
export interface KmsClientOptions {
  readonly region: string;
  /** Only for the local KMS; AWS's own endpoint when absent. */
  readonly endpoint?: string;
  /** The SDK's own chain when absent: role, container, web identity, profile, environment. */
  readonly credentials?: NonNullable<KMSClientConfig["credentials"]>;
  /** When the sockets of requests that hang are freed, in milliseconds by the system's clock; 1,000 and 2,000. */
  readonly timeouts?: { readonly connection: number; readonly request: number };
}

/** The deadline itself is the signer's own, by its own clock. */
const TIMEOUTS = { connection: 1000, request: 2000 };

/**
 * A client for `KmsSigner`. It tries once: the signer does the retrying, because its deadlines have to cover it. Sockets
 * are kept open between signatures, and the SDK builds its middleware once instead of for every call.
 */
export function createKmsClient({
  region,
  endpoint,
  credentials,
  timeouts = TIMEOUTS,
}: KmsClientOptions): KMSClient {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: "lifo" } as const;
  return new KMSClient({
    region,
    maxAttempts: 1,
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: timeouts.connection,
      requestTimeout: timeouts.request,
      throwOnRequestTimeout: true,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}
