import { expMinusHalfSquare } from "./exp-minus-half-square.ts";

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;

/** The standard normal density at `x`. */
export function normalPdf(x: number): number {
  return INVERSE_SQRT_TWO_PI * expMinusHalfSquare(x);
}
