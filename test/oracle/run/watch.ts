import type { Judgement } from "../../../oracle/relayer/relayer.ts";
import type { TransmissionEvent } from "../../../oracle/relayer/transmitter.ts";
import type { SourceReport } from "../../../oracle/market/market.ts";
import type { InstanceListener, InstancePage } from "../../../oracle/run/instance.ts";
import type { QuorumReport } from "../../../oracle/signer/agreement/effects.ts";

/** Keeps what an instance tells, and lets a test wait for it. */
export class Watch {
  readonly reports: QuorumReport[] = [];
  readonly judgements: Judgement[] = [];
  readonly events: TransmissionEvent[] = [];
  readonly pages: InstancePage[] = [];
  readonly sources: SourceReport[] = [];
  readonly failures: Error[] = [];
  readonly #waiting = new Set<() => void>();

  readonly listener: InstanceListener = {
    onReport: (report) => {
      this.#came(this.reports, report);
    },
    onJudged: (judgement) => {
      this.#came(this.judgements, judgement);
    },
    onTransmission: (event) => {
      this.#came(this.events, event);
    },
    onPage: (page) => {
      this.#came(this.pages, page);
    },
    onSource: (report) => {
      this.#came(this.sources, report);
    },
    onFailure: (error) => {
      this.#came(this.failures, error);
    },
  };

  /** Resolves as soon as `come` says so, asked whenever something is told. */
  async until(come: () => boolean): Promise<void> {
    while (!come()) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  /** Until the report of a time is on chain. */
  async recorded(time: number): Promise<void> {
    await this.until(() =>
      this.events.some(
        ({ kind, transmission: { observedAt, outcome } }) =>
          kind === "closed" && observedAt === time && outcome?.kind === "included",
      ),
    );
  }

  /** Why the signers paged, with who did. */
  get signerPages(): readonly string[] {
    return this.pages.flatMap((page) =>
      "member" in page && "page" in page ? [`${page.member} ${page.page.reason}`] : [],
    );
  }

  /** What the relayer paged. */
  get relayerPages() {
    return this.pages.flatMap((page) => (page.from === "relayer" ? [page.page] : []));
  }

  #came<T>(all: T[], one: T): void {
    all.push(one);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
