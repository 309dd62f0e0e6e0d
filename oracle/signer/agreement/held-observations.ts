import type { Obs } from "./message.ts";

/** The observations of one time that a signer holds. */
export class HeldObservations {
  readonly #first: (Obs | undefined)[];
  readonly #byHash = new Map<string, Obs>();
  readonly #wanted = new Set<string>();
  readonly #inTime = new Set<Obs>();

  constructor(n: number) {
    this.#first = new Array<Obs | undefined>(n).fill(undefined);
  }

  /**
   * Keeps an observation: a signer's first one, and another one only if a proposal names it.
   * @param inTime whether it came before the own deadline, so that a proposal has no excuse for leaving it out
   * @returns the signer's first one where this is another, or undefined
   */
  add(obs: Obs, inTime: boolean): Obs | undefined {
    const first = this.#first[obs.signer];
    if (!first) this.#first[obs.signer] = obs;
    if (!first || this.#wanted.has(obs.hash)) this.#byHash.set(obs.hash, obs);
    if (!first && inTime) this.#inTime.add(obs);
    return first && first.hash !== obs.hash ? first : undefined;
  }

  has(hash: string): boolean {
    return this.#byHash.has(hash);
  }

  get(hash: string): Obs | undefined {
    return this.#byHash.get(hash);
  }

  /** A proposal names this one. */
  want(hash: string): void {
    this.#wanted.add(hash);
  }

  /** The first observation of each signer, by ascending signer. */
  firsts(): Obs[] {
    return this.#first.filter((obs) => obs !== undefined);
  }

  of(signer: number): Obs | undefined {
    return this.#first[signer];
  }

  inTime(): Obs[] {
    return [...this.#inTime];
  }

  /** By member: whether there is one. */
  have(): boolean[] {
    return this.#first.map((obs) => obs !== undefined);
  }
}
