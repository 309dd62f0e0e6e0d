import { checkScenario } from "../../../oracle/lab/read-scenario.ts";
import type { Scenario, ScenarioInput } from "../../../oracle/lab/scenario.ts";

/** Two hours of minutes with a few options: seconds to run. */
export const SMALL = {
  name: "small",
  about: "For tests.",
  seed: 11,
  market: { points: 120 },
  options: { count: 24, life: { from: 600, to: 3_600 } },
} satisfies ScenarioInput;

export function small(change: Partial<ScenarioInput> = {}): Scenario {
  return checkScenario({ ...SMALL, ...change });
}
