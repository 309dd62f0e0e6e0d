import type { Precommit, Prevote } from "./message.ts";
import type { Rules } from "./rules.ts";

/** What became of a vote. */
export type Counted =
  /** The signer's first vote of the round. */
  | "first"
  /** Another vote of a signer who had voted already: it counts, and both are evidence. */
  | "equivocation"
  /** Nothing new. */
  | "ignored";

/** The votes of one kind in one round. */
export class Tally<Vote extends Prevote | Precommit> {
  readonly #votes: Vote[][];
  readonly #support = new Map<string, number>();
  readonly #rules: Rules;
  #voters = 0;

  constructor(n: number, rules: Rules) {
    this.#votes = Array.from({ length: n }, () => []);
    this.#rules = rules;
  }

  add(vote: Vote): Counted {
    const earlier = this.#votes[vote.signer];
    if (!earlier || earlier.some(({ value }) => value === vote.value)) return "ignored";
    const counts = this.#rules.counts(
      earlier.map(({ value }) => value),
      vote.value,
    );
    if (!counts) return "ignored";
    // Honest signers vote one value each. Beyond that an equivocator's least supported vote makes room, so that it
    // cannot fill memory, and cannot hide the vote that a quorum somewhere counted.
    if (earlier.length > this.#votes.length) {
      const least = earlier.reduce((a, b) => (this.support(b.value) < this.support(a.value) ? b : a));
      if (this.support(least.value) - 1 >= this.support(vote.value)) return "ignored";
      earlier.splice(earlier.indexOf(least), 1);
      this.#support.set(least.value, this.support(least.value) - 1);
    }
    if (earlier.length === 0) this.#voters++;
    earlier.push(vote);
    this.#support.set(vote.value, this.support(vote.value) + 1);
    return earlier.length === 1 ? "first" : "equivocation";
  }

  /** How many signers voted this value. */
  support(value: string): number {
    return this.#support.get(value) ?? 0;
  }

  /** How many signers voted anything. */
  get voters(): number {
    return this.#voters;
  }

  /** Values that at least so many signers voted. */
  withSupport(quorum: number): string[] {
    return [...this.#support].filter(([, support]) => support >= quorum).map(([value]) => value);
  }

  votesFor(value: string): Vote[] {
    return this.all().filter((vote) => vote.value === value);
  }

  votesOf(signer: number): readonly Vote[] {
    return this.#votes[signer] ?? [];
  }

  all(): Vote[] {
    return this.#votes.flat();
  }
}
