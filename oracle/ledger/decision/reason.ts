/** Why a feed is sent, or that it is not. The order is that of importance: the first that holds is the one that is told. */
export const REASONS = [
  /** It was never recorded. */
  "initial",
  /** This time is a fixing time, and the chain lacks its fixing. */
  "fixing",
  /** It has a price now and had none on chain, or the other way round. */
  "availability",
  /** Its price is as far from the one on chain as its threshold, or farther. */
  "deviation",
  /** The price on chain is as old as its heartbeat, or older. */
  "heartbeat",
  /** A scheduled time has passed since the price on chain was observed. */
  "schedule",
  /** An operator asked for it. */
  "requested",
  "none",
] as const;

export type Reason = (typeof REASONS)[number];
