import type { Precommit, Prevote, Prop } from "./message.ts";
import type { Rules } from "./rules.ts";
import { Tally } from "./tally.ts";

/** What was said in one round. */
export class RoundVotes {
  readonly prevotes: Tally<Prevote>;
  readonly precommits: Tally<Precommit>;
  readonly #n: number;
  #props: Prop[] = [];

  constructor(n: number, rules: Rules) {
    this.#n = n;
    this.prevotes = new Tally(n, rules);
    this.precommits = new Tally(n, rules);
  }

  /** In the order in which they came; an honest leader makes one. */
  get props(): readonly Prop[] {
    return this.#props;
  }

  /**
   * @param isBad whether a kept proposal is known to be one that nobody may vote for
   * @returns the leader's first proposal where this is another, or undefined
   */
  addProp(prop: Prop, isBad: (kept: Prop) => boolean): Prop | undefined {
    const [first] = this.#props;
    // A lying leader may make any number: of them only those count that others vote for.
    if (this.#props.length > this.#n) this.#props = this.#props.filter((kept) => !isBad(kept));
    if (this.#props.length > this.#n) {
      const least = this.#props.reduce((a, b) => (this.#support(b) < this.#support(a) ? b : a));
      if (this.#support(least) >= this.#support(prop)) return first;
      this.#props = this.#props.filter((kept) => kept !== least);
    }
    this.#props.push(prop);
    return first;
  }

  /** Proposals of a value: more than one only where the leader lies, as they differ in what surrounds the value. */
  propsFor(value: string): Prop[] {
    return this.#props.filter((prop) => prop.value === value);
  }

  #support({ value }: Prop): number {
    return this.prevotes.support(value) + this.precommits.support(value);
  }
}
