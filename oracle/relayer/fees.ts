/** What may be paid for gas, in wei. */
export interface FeePolicy {
  /** The most for one unit of gas, tip included. Above it nothing is sent. */
  readonly cap: bigint;
  /** For whoever makes the block. */
  readonly tip: bigint;
}

/** The two EIP-1559 fields, in wei. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/**
 * What a transaction offers: twice the base fee and the tip, so that it stays good while the base fee doubles, but never
 * more than the cap.
 * @returns null where even the next block costs more than the cap
 */
export function feesFor(baseFee: bigint, { cap, tip }: FeePolicy): Fees | null {
  if (baseFee + tip > cap) return null;
  const wanted = 2n * baseFee + tip;
  return { maxFeePerGas: wanted < cap ? wanted : cap, maxPriorityFeePerGas: tip };
}

/** Wei as people read them: `12.5 gwei`, exactly. */
export function gwei(wei: bigint): string {
  const [whole, rest] = [wei / 10n ** 9n, wei % 10n ** 9n];
  return `${whole}${rest === 0n ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`} gwei`;
}
