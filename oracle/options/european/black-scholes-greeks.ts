import { checkVanilla } from "../check-vanilla.ts";
import { normalCdf } from "../normal/normal-cdf.ts";
import { normalPdf } from "../normal/normal-pdf.ts";
import type { VanillaTerms } from "../terms.ts";
import { blackScholesPrice } from "./black-scholes-price.ts";

/** Sensitivities of an option's price. Rates, volatility and time are in whole units: per 1.00, per year. */
export interface Greeks {
  price: number;
  /** Per unit of spot. */
  delta: number;
  /** Change of delta per unit of spot. */
  gamma: number;
  /** Per 1.00 of volatility; a hundredth of it is per volatility point. */
  vega: number;
  /** Per year that passes, all else equal; divide by 365 for a calendar day. */
  theta: number;
  /** Per 1.00 of rate. */
  rho: number;
  /** Per 1.00 of dividendYield. */
  dividendRho: number;
  /** Per unit of strike. */
  dualDelta: number;
  /** Change of delta per 1.00 of volatility, and of vega per unit of spot. */
  vanna: number;
  /** Change of vega per 1.00 of volatility (also called vomma). */
  volga: number;
  /** Change of delta per year that passes. */
  charm: number;
  /** Percentage change of the price per percent of spot (also called lambda). Not finite where the price is 0. */
  elasticity: number;
}

/**
 * Price and greeks of a European call or put.
 *
 * Source: E. G. Haug, "The complete guide to option pricing formulas", chapter 2 (generalised Black–Scholes greeks).
 *
 * @throws RangeError if a field is out of its domain, or volatility or timeToExpiry is 0, where the price has a kink
 */
export function blackScholesGreeks(terms: VanillaTerms): Greeks {
  checkVanilla(terms);
  const { spot, strike, rate, dividendYield, volatility, timeToExpiry } = terms;
  const rootTime = Math.sqrt(timeToExpiry);
  const totalVolatility = volatility * rootTime;
  if (!(totalVolatility > 0)) {
    throw new RangeError(
      `Greeks need volatility and timeToExpiry above 0, got ${volatility} and ${timeToExpiry}: at expiry the price has a kink.`,
    );
  }
  const sign = terms.type === "call" ? 1 : -1;
  const growth = Math.exp(-dividendYield * timeToExpiry);
  const discount = Math.exp(-rate * timeToExpiry);
  const asset = spot * growth;
  const cash = strike * discount;
  const moneyness = Math.log(asset / cash) / totalVolatility;
  const d1 = moneyness + totalVolatility / 2;
  const d2 = moneyness - totalVolatility / 2;
  const density = normalPdf(d1);
  const assetPart = normalCdf(sign * d1);
  const cashPart = normalCdf(sign * d2);
  const price = blackScholesPrice(terms);
  const delta = sign * growth * assetPart;
  const vega = asset * density * rootTime;
  const carry = (rate - dividendYield) * timeToExpiry;
  return {
    price,
    delta,
    gamma: (growth * density) / (spot * totalVolatility),
    vega,
    theta:
      (-asset * density * volatility) / (2 * rootTime) +
      sign * (dividendYield * asset * assetPart - rate * cash * cashPart),
    rho: sign * timeToExpiry * cash * cashPart,
    dividendRho: -sign * timeToExpiry * asset * assetPart,
    dualDelta: -sign * discount * cashPart,
    vanna: (-growth * density * d2) / volatility,
    volga: (vega * d1 * d2) / volatility,
    charm:
      dividendYield * delta -
      (growth * density * (2 * carry - d2 * totalVolatility)) / (2 * timeToExpiry * totalVolatility),
    elasticity: (delta * spot) / price,
  };
}
