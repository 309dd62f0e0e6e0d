import type { Clock } from "../clock.ts";
import type { Page } from "../signer/agreement/effects.ts";

/** A trouble is over when it has not paged for so many ticks, and for so many milliseconds. */
const OVER = { ticks: 3, milliseconds: 60_000 };

/**
 * Says when to call people: a signer pages at every tick for as long as a trouble lasts, people are called once, and again
 * only after it was over.
 */
export class SignerPager {
  readonly #clock: Clock;
  readonly #over: number;
  /** When each trouble paged last, in monotonic milliseconds. */
  readonly #last = new Map<string, number>();

  /** @param tick seconds between ticks */
  constructor(clock: Clock, tick: number) {
    this.#clock = clock;
    this.#over = Math.max(OVER.milliseconds, 1_000 * OVER.ticks * tick);
  }

  /** Whether this page is the first of its trouble. */
  isNew(member: string, page: Page): boolean {
    const now = this.#clock.monotonic();
    for (const [trouble, at] of this.#last) if (now - at > this.#over) this.#last.delete(trouble);
    const trouble = `${member} ${troubleOf(page)}`;
    const known = this.#last.has(trouble);
    this.#last.set(trouble, now);
    return !known;
  }
}

/** What tells one trouble from another: never the tick, unless the tick is what was lost. */
function troubleOf(page: Page): string {
  switch (page.reason) {
    case "absent":
    case "conflict":
      return `${page.reason} ${page.time}`;
    case "dissent":
      return `${page.reason} ${page.feeds.join()}`;
    default:
      return page.reason;
  }
}
