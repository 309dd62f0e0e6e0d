import type { Clock } from "../clock.ts";
import type { PageReason, RelayPage } from "./relay-error.ts";

/** Raises a page once, and again only after what it was about is over. */
export class Pager {
  readonly #clock: Clock;
  readonly #onPage: (page: RelayPage) => void;
  /** By reason: what of it was raised. */
  readonly #raised = new Map<PageReason, Set<string>>();

  constructor(clock: Clock, onPage: (page: RelayPage) => void) {
    this.#clock = clock;
    this.#onPage = onPage;
  }

  /** @param what tells pages of one reason apart: an error's name, a transmission */
  page(reason: PageReason, what: string, message: string): void {
    const raised = this.#raised.get(reason) ?? new Set();
    this.#raised.set(reason, raised);
    if (raised.has(what)) return;
    raised.add(what);
    this.#onPage({ reason, time: this.#clock.wall(), message });
  }

  /** These are over. */
  over(...reasons: readonly PageReason[]): void {
    for (const reason of reasons) this.#raised.delete(reason);
  }
}
