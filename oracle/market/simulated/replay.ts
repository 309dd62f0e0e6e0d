import type { PriceFile } from "./price-file.ts";
import type { PricePath } from "./price-path.ts";

/**
 * The prices of a file as they became known. In a gap nothing new is known: the last price grows old, and once it is
 * older than a feed allows there is no price.
 */
export function replay(file: PriceFile): PricePath {
  const { points, symbol } = file;
  return {
    symbol,
    at: (time) => {
      let [low, high] = [0, points.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((points[middle]?.knownAt ?? 0) <= time) low = middle + 1;
        else high = middle;
      }
      const point = points[low - 1];
      return point === undefined ? null : { price: point.price, time: point.knownAt };
    },
  };
}
