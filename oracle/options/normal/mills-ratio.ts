import { erfcx } from "./erfcx.ts";

const SQRT_HALF_PI = 1.2533141373155003;

/** The Mills ratio of the normal distribution, Φ(−z)/φ(z) = √(π/2)·erfcx(z/√2). */
export function millsRatio(z: number): number {
  return SQRT_HALF_PI * erfcx(z * Math.SQRT1_2);
}
