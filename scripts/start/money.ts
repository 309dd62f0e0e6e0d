/** A scaled integer as people write it: 1125000025n with 2 decimals is "11,250,000.25". Zeros behind the point stay. */
export function decimal(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0n ? "−" : ""}${whole}${decimals === 0 ? "" : `.${digits.slice(-decimals)}`}`;
}

/** The smallest unit of the rehearsal's yen token is a hundredth. */
export const YEN_DECIMALS = 2;

/** Yen as the token counts them. */
export const yen = (whole: bigint): bigint => whole * 10n ** BigInt(YEN_DECIMALS);

/** "¥2,500,000.50" */
export const showYen = (amount: bigint): string => `¥${decimal(amount, YEN_DECIMALS)}`;

/** Unix seconds as a Tokyo desk reads them: "2026-02-27 16:00:00 JST". */
export function tokyoTime(seconds: number): string {
  return `${new Date((seconds + 9 * 3600) * 1000).toISOString().slice(0, 19).replace("T", " ")} JST`;
}
