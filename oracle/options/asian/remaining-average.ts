import type { ContinuousAsianTerms, DiscreteAsianTerms } from "./asian-terms.ts";

/** An average partly known, as a smaller option on the part still to come. */
export interface RemainingAverage {
  /** Share of the whole average that is still to come, from 0 to 1. */
  share: number;
  /** The strike that the part to come is measured against; 0 or less if the option is sure to end on one side. */
  strike: number;
}

/**
 * Splits what is known off an arithmetic average: max(±(average − K), 0) = share · max(±(rest − strike), 0). With
 * nothing to come the share is 0 and the strike K − average.
 *
 * Source: Haug, "Arithmetic average rate options" (average period already begun).
 */
export function remainingAverage(terms: DiscreteAsianTerms | ContinuousAsianTerms): RemainingAverage {
  const [past, future, sum] =
    "fixingTimes" in terms
      ? [
          terms.pastFixings?.length ?? 0,
          terms.fixingTimes.length,
          (terms.pastFixings ?? []).reduce((total, fixing) => total + fixing, 0),
        ]
      : [terms.elapsedTime ?? 0, terms.timeToExpiry, (terms.elapsedTime ?? 0) * (terms.currentAverage ?? 0)];
  const whole = past + future;
  if (future === 0) return { share: 0, strike: terms.strike - sum / whole };
  return { share: future / whole, strike: (terms.strike * whole - sum) / future };
}
