import type { Reason } from "../../oracle/ledger/decision/reason.ts";
import type { Transmission } from "../../oracle/ledger/transmission.ts";
import type { InstanceListener, InstancePage } from "../../oracle/run/instance.ts";
import { NO_PRICE } from "../../oracle/report/word.ts";
import type { QuorumReport } from "../../oracle/signer/agreement/effects.ts";
import { isFixing } from "../../oracle/signer/agreement/timing.ts";
import { AgreedPrices } from "./agreed-prices.ts";
import type { WorldPlan } from "./world-plan.ts";

/** Counts what happens in a run, and hands on what the story tells at once. */
export class Tally {
  /** Reports that a quorum signed, and those of them that changed something on chain. */
  reports = 0;
  recorded = 0;
  /** How often each reason was the reason to send. */
  readonly reasons = new Map<Reason, number>();
  /** Gas of every report on chain, in order. */
  readonly gas: bigint[] = [];
  newest: QuorumReport | undefined;
  /** Fixing times at which the signers agreed that the first feed has no price. */
  readonly unpriced = new Set<number>();
  readonly agreed: AgreedPrices;
  readonly pages: InstancePage[] = [];
  failure: Error | undefined;
  /** What else is to be done with what happens. */
  readonly also: { -readonly [Name in keyof InstanceListener]: InstanceListener[Name] } = {};

  constructor(plan: WorldPlan) {
    this.agreed = new AgreedPrices(plan);
  }

  readonly listener: InstanceListener = {
    onReport: (report) => {
      this.reports++;
      if (this.newest === undefined || this.newest.time < report.time) this.newest = report;
      if (isFixing(report.time) && (report.prices[0] ?? NO_PRICE) === NO_PRICE)
        this.unpriced.add(report.time);
      this.agreed.keep(report);
      this.also.onReport?.(report);
    },
    onObservation: (observation, member) => this.also.onObservation?.(observation, member),
    onSource: (report, member) => this.also.onSource?.(report, member),
    onTransmission: (event) => {
      if (event.kind === "closed") this.#closed(event.transmission);
      this.also.onTransmission?.(event);
    },
    onPage: (page) => {
      this.pages.push(page);
      this.also.onPage?.(page);
    },
    onFailure: (error) => {
      this.failure ??= error;
      this.also.onFailure?.(error);
    },
  };

  #closed({ outcome, reasons }: Transmission): void {
    if (outcome?.kind !== "included") return;
    this.recorded++;
    this.gas.push(outcome.gasUsed);
    for (const reason of new Set(reasons.map((one) => one.reason)))
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}
