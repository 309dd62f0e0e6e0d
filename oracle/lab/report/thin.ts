/**
 * Of a long row of points the lowest and the highest of each of `pieces` equal parts, besides the first and the last: what a
 * line of so many pixels can show. A row that is short enough stays as it is.
 */
export function thin<T>(points: readonly T[], pieces: number, height: (point: T) => number): readonly T[] {
  if (points.length <= 2 * pieces) return points;
  const kept = new Set([0, points.length - 1]);
  for (let piece = 0; piece < pieces; piece++) {
    const from = Math.floor((piece * points.length) / pieces);
    const to = Math.floor(((piece + 1) * points.length) / pieces);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      const at = heightAt(points, i, height);
      if (at < heightAt(points, low, height)) low = i;
      if (at > heightAt(points, high, height)) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b).flatMap((i) => points.slice(i, i + 1));
}

/** Every so manieth of a row, the first and the last included, `most` at most. */
export function every<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  return Array.from({ length: most }, (_, i) => Math.round((i * (points.length - 1)) / (most - 1))).flatMap(
    (i) => points.slice(i, i + 1),
  );
}

function heightAt<T>(points: readonly T[], i: number, height: (point: T) => number): number {
  const point = points[i];
  return point === undefined ? Number.NaN : height(point);
}
