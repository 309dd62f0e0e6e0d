import type { FastifyInstance } from "fastify";

import { type ApiOptions, createApi } from "../../../oracle/api/api.ts";
import type { Fault } from "../../../oracle/api/answer-error.ts";
import {
  type ChainFixing,
  type ChainLatest,
  ChainUnreachable,
  type OracleView,
  type ReadinessCheck,
} from "../../../oracle/api/oracle-view.ts";
import { type ManualClock, manualClock } from "../../../oracle/clock.ts";
import type { Catalog } from "../../../oracle/feeds/catalog.ts";
import { readCatalog } from "../../../oracle/feeds/read-catalog.ts";
import type { StoredReport } from "../../../oracle/ledger/ledger.ts";
import type { Provenance } from "../../../oracle/market/quote.ts";
import { concat, writeUint } from "../../../oracle/report/bytes.ts";
import { type CatalogPlan, planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { domainSeparator, networkSalt, reportDigest } from "../../../oracle/report/digest.ts";
import type { Definitions } from "../../../oracle/report/part.ts";
import { reportTree } from "../../../oracle/report/report-tree.ts";
import { encodeSignerSet, type SignerSet } from "../../../oracle/report/signer-set.ts";
import { NO_PRICE, packWords } from "../../../oracle/report/word.ts";
import { addresses, keysOf, sign } from "../report/sample.ts";

const venues = ["bitflyer", "coincheck", "bitbank"];
const source = (venue: string, ...pairs: string[]) => ({ kind: "venue", id: venue, venue, pairs });
const method = { kind: "median", sources: venues, minSources: 3, maxSpread: "2%" };
const feed = (symbol: string, decimals: number) => ({
  symbol,
  decimals,
  method,
  maxInputAge: 60,
  tolerance: "0.5%",
  hardBand: "2%",
});

/** Two bundles; the second one's market closes. */
export const CATALOG: Catalog = readCatalog(
  {
    calendars: { tokyo: { timeZone: "Asia/Tokyo", weekly: { mon: ["09:00-15:00"] } } },
    sources: venues.map((venue) => source(venue, "BTC/JPY", "ETH/JPY", "XRP/JPY", "USD/JPY")),
    bundles: [
      { bundle: 1, feeds: [feed("BTC/JPY", 0), feed("ETH/JPY", 2), feed("XRP/JPY", 6)] },
      { bundle: 2, calendar: "tokyo", feeds: [feed("USD/JPY", 6)] },
    ],
  },
  { venues },
);

export const PLAN: CatalogPlan = planCatalog(
  CATALOG.bundles.map(({ bundle, feeds }) => ({
    bundle,
    feeds: feeds.map(({ symbol, decimals, methodHash, maxInputAge }) => ({
      symbol,
      decimals,
      method: methodHash,
      maxInputAge,
    })),
  })),
);
export const DEFINITIONS: Definitions = (bundle) =>
  PLAN.bundles.find((planned) => planned.bundle === bundle)?.definition;
export const [BTC, ETH, XRP, USD] = CATALOG.feeds.map(({ id }) => id) as [number, number, number, number];

const SALT = networkSalt("local", "test");
export const DOMAIN = domainSeparator(SALT);
const KEYS = keysOf(4);
export const SET: SignerSet = { quorum: 3, signers: addresses(KEYS) };

/** A fixing time. */
export const FIXING = 1_800_000_000;
/** 25 s after it; the newest report is of 5 s before. */
export const NOW = FIXING + 25;
export const NEWEST = FIXING + 20;

/** A report of these prices, signed by three of the four signers; bundles without prices are left out. */
export function signedReport(
  observedAt: number,
  prices: ReadonlyMap<number, readonly bigint[]>,
  provenance: Provenance = "live",
): StoredReport {
  const words = new Map([...prices].map(([bundle, own]) => [bundle, packWords(own)]));
  const tree = reportTree(PLAN, words);
  const digest = reportDigest(DOMAIN, observedAt, tree.root);
  const head = concat([
    writeUint(BigInt(observedAt), 4),
    encodeSignerSet(SET),
    ...[0, 1, 3].flatMap((index) => [Uint8Array.of(index), sign(digest, KEYS[index]!)]),
  ]);
  return {
    observedAt,
    epoch: 0,
    root: Buffer.from(tree.root).toString("hex"),
    provenance,
    prices: BigInt64Array.from(
      PLAN.bundles.flatMap(({ bundle, feeds }) => prices.get(bundle) ?? Array<bigint>(feeds).fill(NO_PRICE)),
    ),
    bundles: [...words.keys()],
    head,
  };
}

export const CRYPTO = [15_000_000n, 50_000_050n, NO_PRICE];

/** An oracle with two reports, of a fixing (both bundles) and the newest (the currencies closed). All of it can be changed. */
export class World implements OracleView {
  readonly network = "local";
  readonly mode = "test";
  provenance: Provenance = "live";
  readonly chain = { chainId: 31_337, address: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };
  readonly catalog: Catalog = CATALOG;
  readonly clock: ManualClock = manualClock(NOW * 1000);
  readonly reports = new Map<number, StoredReport>();
  readonly latest = new Map<number, ChainLatest>();
  readonly fixings = new Map<number, ChainFixing>();
  readonly faults: Fault[] = [];
  chainAnswers = true;
  loop: number | null = NOW * 1000 - 5_000;
  checks: readonly ReadinessCheck[] = [{ name: "chain", ok: true, reason: "block 100 is 2 s old" }];

  constructor(provenance: Provenance = "live") {
    this.provenance = provenance;
    this.keep(
      signedReport(
        FIXING,
        new Map([
          [1, CRYPTO],
          [2, [150_123_456n]],
        ]),
        provenance,
      ),
    );
    this.keep(signedReport(NEWEST, new Map([[1, [15_000_100n, 50_000_150n, NO_PRICE]]]), provenance));
  }

  keep(report: StoredReport): void {
    this.reports.set(report.observedAt, report);
  }

  plan(): CatalogPlan {
    return PLAN;
  }

  async newestReport(): Promise<StoredReport | null> {
    return this.reports.get(Math.max(...this.reports.keys())) ?? null;
  }

  async report(observedAt: number): Promise<StoredReport | null> {
    return this.reports.get(observedAt) ?? null;
  }

  async chainLatest(feed: number): Promise<ChainLatest> {
    if (!this.chainAnswers) throw new ChainUnreachable("connect ECONNREFUSED 10.1.2.3:8545");
    return this.latest.get(feed) ?? { status: "never-recorded", block: 100 };
  }

  async chainFixing(feed: number): Promise<ChainFixing> {
    if (!this.chainAnswers) throw new ChainUnreachable("connect ECONNREFUSED 10.1.2.3:8545");
    const none = { status: "none", block: 100, price: null, since: null, finalAt: null } as const;
    return this.fixings.get(feed) ?? none;
  }

  lastLoop(): number | null {
    return this.loop;
  }

  async readiness(): Promise<readonly ReadinessCheck[]> {
    return this.checks;
  }

  api(options: Partial<ApiOptions> = {}): FastifyInstance {
    return createApi({
      view: this,
      clock: this.clock,
      onFault: (fault) => this.faults.push(fault),
      ...options,
    });
  }
}

/** A final fixing of this price, an hour of disputing ago. */
export function final(price: bigint): ChainFixing {
  return { status: "final", block: 100, price, since: FIXING + 7, finalAt: FIXING + 3_607 };
}
