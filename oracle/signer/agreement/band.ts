/** How far apart two prices may be. */
export interface Band {
  /** Millionths of the price that the distance is measured from. */
  readonly perMillion: number;
  /** Never less than this, in the feed's decimals: for prices near zero. */
  readonly atLeast: bigint;
}

const MILLION = 1_000_000n;

/** The greatest distance from `price` that the band allows, in the feed's decimals, rounded down. */
export function bandAround(price: bigint, band: Band): bigint {
  const share = ((price < 0n ? -price : price) * BigInt(band.perMillion)) / MILLION;
  return share > band.atLeast ? share : band.atLeast;
}

/** Whether `price` is within the band around `centre`. */
export function isWithin(price: bigint, centre: bigint, band: Band): boolean {
  const distance = price < centre ? centre - price : price - centre;
  return distance <= bandAround(centre, band);
}
