/**
 * What a stranger may take of us. The API reads and has no bodies, so whoever needs longer than this, or sends more, is
 * not somebody we serve. Times in milliseconds.
 */
export const LIMITS = {
  /** From the first byte of a request to its last. */
  requestTimeout: 5_000,
  /** The same for its headers alone. */
  headersTimeout: 4_000,
  /** How often both are looked at. */
  connectionsCheckingInterval: 500,
  /** A connection on which nothing happens. */
  connectionTimeout: 10_000,
  /** A connection that waits for its next request. */
  keepAliveTimeout: 5_000,
  /** The same behind a proxy: longer than the 60 s after which load balancers drop theirs, or requests meet a closing socket. */
  keepAliveTimeoutBehindProxy: 65_000,
  /** Bytes. */
  bodyLimit: 16_384,
  /** Characters of one part of a path. */
  maxParamLength: 100,
  /** Feeds on one page. */
  maxPage: 1_000,
  /** Bundles of one report asked for by number. */
  maxBundles: 256,
} as const;

/** How many requests one address may make. */
export interface RateLimit {
  readonly most: number;
  /** Seconds. */
  readonly window: number;
}

export const RATE_LIMIT: RateLimit = { most: 600, window: 60 };
