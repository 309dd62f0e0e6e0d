import { expTimesNormalCdf } from "../normal/exp-times-normal-cdf.ts";
import { millsDefect } from "../normal/mills-defect.ts";
import { normalPdf } from "../normal/normal-pdf.ts";
import { gaussLegendre } from "../quadrature/gauss-legendre.ts";
import { integrate } from "../quadrature/integrate.ts";

const RULE = gaussLegendre(10);

/**
 * Black's price of an out-of-the-money option in units of √(discounted forward × discounted strike):
 * b(x, s) = e^(x/2) Φ(x/s + s/2) − e^(−x/2) Φ(x/s − s/2), for log-moneyness `x` ≤ 0 and total volatility
 * `s` = σ√T > 0, with the relative accuracy of its arguments however small it is.
 *
 * Source: P. Jäckel, "Let's be rational", Wilmott (2015) 40–53, for the normalisation and for
 * b = φ(h) e^(−t²/2) [Y(h + t) − Y(h − t)], h = x/s, t = s/2, Y = Φ/φ. Where the two terms nearly cancel the
 * difference is computed as the integral of Y′, which is positive.
 */
export function normalisedBlack(x: number, s: number): number {
  const h = x / s;
  const t = s / 2;
  if (h === -Infinity) return 0;
  if (t > 0.1 * (1 - h)) return expTimesNormalCdf(x / 2, h + t) - expTimesNormalCdf(-x / 2, h - t);
  return normalPdf(h) * Math.exp(-0.5 * t * t) * integrate(RULE, -t, t, (u) => millsDefect(-h - u));
}
