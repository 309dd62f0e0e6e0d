/** A stream of whole numbers that a seed decides: 32 bits each (Tommy Ettinger's mulberry32). Not for secrets. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 up to, not including, 2^32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from -`most` to `most`, each as likely as the others but for one part in 2^32 / (2 most + 1). */
  around(most: number): number {
    return (this.next() % (2 * most + 1)) - most;
  }
}

/** One 32-bit number of a seed and a text: for streams that must not depend on who asks first. */
export function seedOf(seed: number, text: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return new Random(hash).next();
}
