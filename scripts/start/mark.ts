import { MARKS } from "../../oracle/market/mark.ts";
import type { WorldPlan } from "./world-plan.ts";

/** How prices of this run are marked wherever they show; nothing where they are real. */
export function markOf({ provenance }: WorldPlan): string {
  return provenance === "live" ? "" : MARKS[provenance];
}
