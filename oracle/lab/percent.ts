import { parseDecimal, powerOfTen } from "../decimal.ts";

/** `0.5%` in millionths: 5,000. At most four digits after the point, as the scenario's schema has it. */
export function millionths(percent: string): bigint {
  const { units, scale } = parseDecimal(percent.slice(0, -1));
  return units * powerOfTen(4 - scale);
}
