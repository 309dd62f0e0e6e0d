import { checkChoice } from "../check-choice.ts";
import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import { blackScholesPrice } from "../european/black-scholes-price.ts";
import { expTimesNormalCdf } from "../normal/exp-times-normal-cdf.ts";
import type { VanillaTerms } from "../terms.ts";
import { checkTouch } from "./check-touch.ts";
import { isTouched } from "./is-touched.ts";
import { noTouch } from "./no-touch.ts";
import { oneTouch } from "./one-touch.ts";

export interface BarrierTerms extends VanillaTerms {
  /** Which side of the barrier kills or starts the option. */
  direction: "up" | "down";
  /** `in`: it exists only once the barrier is touched. `out`: it ceases when the barrier is touched. */
  knock: "in" | "out";
  /** In units of `spot`, above 0; watched continuously. */
  barrier: number;
  /** Paid at the touch if the option is knocked out, at expiry if it was never knocked in. */
  rebate: number;
}

/**
 * Price of a European option with a continuously watched barrier. At or beyond the barrier an `in` option is the
 * vanilla option and an `out` option its rebate.
 *
 * Source: M. Rubinstein & E. Reiner, "Breaking down the barriers", Risk 4 (1991); Haug, "Standard barrier options",
 * terms A to F.
 *
 * @throws RangeError if a field is out of its domain, or the rate is so negative that a rebate at the touch has no closed
 * form
 */
export function barrierOption(terms: BarrierTerms): number {
  checkVanilla(terms);
  checkTouch(terms);
  checkChoice("knock", terms.knock, ["in", "out"]);
  checkNumber("rebate", terms.rebate, "not negative");
  const { knock, rebate } = terms;
  if (isTouched(terms)) return knock === "in" ? blackScholesPrice(terms) : rebate;
  if (knock === "in") return knockIn(terms) + noTouch({ ...terms, cash: rebate });
  // No rebate asks for no closed form of one: at a very negative rate there is none.
  const paid = rebate === 0 ? 0 : oneTouch({ ...terms, cash: rebate, payAt: "touch" });
  return Math.max(blackScholesPrice(terms) - knockIn(terms), 0) + paid;
}

/** The knock-in option without its rebate, for a barrier still ahead. */
function knockIn(terms: BarrierTerms): number {
  const { type, direction, spot, strike, rate, dividendYield, volatility, timeToExpiry, barrier } = terms;
  const vanilla = blackScholesPrice(terms);
  if (timeToExpiry === 0) return 0;
  const side = type === "call" ? 1 : -1;
  const away = direction === "down" ? 1 : -1;
  const deviation = volatility * Math.sqrt(timeToExpiry);
  const asset = spot * Math.exp(-dividendYield * timeToExpiry);
  const cash = strike * Math.exp(-rate * timeToExpiry);
  const mu = (rate - dividendYield) / (volatility * volatility) - 0.5;
  const shift = (1 + mu) * deviation;
  const distance = Math.log(barrier / spot);
  /** The part of the payoff beyond a level at expiry, straight or by the reflected path. */
  const part = (x: number, sign: number, reflected: boolean) => {
    const power = reflected ? 2 * distance : 0;
    return (
      side *
      (asset * expTimesNormalCdf((mu + 1) * power, sign * x) -
        cash * expTimesNormalCdf(mu * power, sign * (x - deviation)))
    );
  };
  const toBarrier = -distance / deviation + shift;
  const reflectedToStrike = (2 * distance + Math.log(spot / strike)) / deviation + shift;
  const reflectedToBarrier = distance / deviation + shift;
  const b = () => part(toBarrier, side, false);
  const c = () => part(reflectedToStrike, away, true);
  const d = () => part(reflectedToBarrier, away, true);
  const strikeBeyond = direction === "down" ? strike <= barrier : strike >= barrier;
  // The payoff's in-the-money side lies away from the barrier for a down call and an up put.
  const faces = (type === "call") === (direction === "down");
  let value: number;
  if (faces) value = strikeBeyond ? vanilla - b() + d() : c();
  else value = strikeBeyond ? vanilla : b() - c() + d();
  return Math.min(Math.max(value, 0), vanilla);
}
