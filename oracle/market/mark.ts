import type { Provenance } from "./quote.ts";

/** The header in which a venue that is not real says so. */
export const MARK_HEADER = "x-nakane-prices";

/** What the header holds, and what is shown to people wherever such a price appears. */
export const MARKS = { simulated: "SIMULATED", replay: "REPLAY" } as const;

/** What a header says of its prices. Any mark we do not know is taken for a simulation: never for the real thing. */
export function markOf(header: string | null): Provenance {
  if (header === null) return "live";
  return header === MARKS.replay ? "replay" : "simulated";
}
