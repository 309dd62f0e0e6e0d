import type { ContinuousAsianTerms, DiscreteAsianTerms } from "../../../oracle/options/asian/asian-terms.ts";
import type { VanillaTerms } from "../../../oracle/options/terms.ts";
import { testVectors } from "../../utils/outside-files.ts";

/** One published price or greek. Which inputs there are depends on the family. */
export interface OptionVector {
  id: string;
  family: string;
  reference: string;
  inputs: Record<string, string | number>;
  expected: number;
  tolerance: number;
  /** A second computation, with how far from it a price may be. */
  independent?: number | null;
  check_tolerance?: number | null;
}

/** The published option prices; the test is skipped where they are not at hand. */
export function optionVectors(test: Mocha.Context): OptionVector[] {
  return (testVectors(test, "options.json") as { vectors: OptionVector[] }).vectors;
}

export function numberOf(vector: OptionVector, name: string): number {
  const value = vector.inputs[name];
  if (typeof value !== "number") throw new Error(`${vector.id} has no number ${name}`);
  return value;
}

export function vanillaOf(vector: OptionVector): VanillaTerms {
  const { type } = vector.inputs;
  if (type !== "call" && type !== "put") throw new Error(`${vector.id} is neither a call nor a put`);
  return {
    type,
    spot: numberOf(vector, "spot"),
    strike: numberOf(vector, "strike"),
    rate: numberOf(vector, "r"),
    dividendYield: numberOf(vector, "q"),
    volatility: numberOf(vector, "vol"),
    timeToExpiry: typeof vector.inputs["t"] === "number" ? vector.inputs["t"] : 0,
  };
}

/** Fixings at equal steps from the first to the last, each on a whole day of a year of 360. */
export function discreteAsianOf(vector: OptionVector): DiscreteAsianTerms {
  const count = numberOf(vector, "fixings");
  const [first, last] =
    vector.family === "asian_arith_discrete_mc"
      ? [numberOf(vector, "first"), numberOf(vector, "first") + numberOf(vector, "length")]
      : vector.family === "asian_arith_discrete_tw"
        ? [numberOf(vector, "t1"), numberOf(vector, "t")]
        : [numberOf(vector, "t") / count, numberOf(vector, "t")];
  const wholeDays = vector.family === "asian_arith_discrete_mc";
  const fixingTimes = Array.from({ length: count }, (_, i) => {
    const time = first + ((last - first) * i) / (count - 1);
    return wholeDays ? Math.round(time * 360) / 360 : time;
  });
  return { ...vanillaOf(vector), fixingTimes, timeToExpiry: fixingTimes.at(-1) ?? 0 };
}

export function continuousAsianOf(vector: OptionVector): ContinuousAsianTerms {
  if (vector.family === "asian_arith_continuous_vecer") return vanillaOf(vector);
  const elapsed = numberOf(vector, "elapsed_days");
  return {
    ...vanillaOf(vector),
    timeToExpiry: (numberOf(vector, "length_days_360") - elapsed) / 360,
    elapsedTime: elapsed / 360,
    currentAverage: numberOf(vector, "current_average"),
  };
}
