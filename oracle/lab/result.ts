import type { Gap } from "../market/simulated/price-file.ts";

/**
 * What one simulation found. It depends on the scenario, the seed and the data alone: no wall clock, no random name, so that
 * the same run gives the same result, byte for byte. Times are Unix seconds of the simulated world; prices are in the feed's
 * decimals, money in its token's, both as whole numbers.
 */
export interface Result {
  readonly manifest: Manifest;
  readonly feed: ResultFeed;
  /** The true price as it came to be known, ascending. */
  readonly path: readonly PathPoint[];
  /** Every report that the chain recorded, by the time of its block. */
  readonly rounds: readonly Round[];
  /** Every fixing time that the run passed, ascending. */
  readonly fixings: readonly Fixing[];
  /** What was created, sold or taken back, in the order in which it happened. */
  readonly trades: readonly Trade[];
  /** One for each option that was settled, in the order in which it happened. */
  readonly settlements: readonly Settlement[];
  /** Of each token: where all of the money went. */
  readonly money: readonly MoneyAccount[];
  /** By action, in the order in which actions were first taken. */
  readonly gas: readonly GasByAction[];
  /** What was found beside the run itself, a named table each. */
  readonly studies: readonly Study[];
  /** Prices that the data does not have. They are never filled. */
  readonly gaps: readonly Gap[];
  /** Prices far from their neighbours. They are used as they are. */
  readonly outliers: readonly Outlier[];
}

/** What the run was made from: enough to make it again, and to cite it. */
export interface Manifest {
  readonly versions: Versions;
  /** keccak-256 of the code on chain, 0x-prefixed, by contract. */
  readonly bytecode: Readonly<Record<string, string>>;
  /** The file that was replayed; null for a synthetic path. */
  readonly data: { readonly name: string; readonly format: string; readonly sha256: string } | null;
  readonly seed: number;
  /** What draws the random numbers: `pure-rand xoroshiro128plus`. */
  readonly generator: string;
  /** The scenario as it was run, defaults filled in: JSON. */
  readonly scenario: Readonly<Record<string, unknown>>;
  /** sha256 of the scenario as canonical JSON. */
  readonly scenarioSha256: string;
  /** Where the signing keys were. */
  readonly signing: "keys in this process" | "local KMS";
  /** How many signers, and how many signatures a report has. */
  readonly signers: number;
  readonly quorum: number;
  /** What the prices are: never real ones. */
  readonly provenance: "simulated" | "replay";
}

export interface Versions {
  readonly nakane: string;
  /** Of the clone that it ran from, without what was not committed; null where it was installed as a package. */
  readonly commit: string | null;
  readonly node: string;
  readonly hardhat: string;
  readonly solc: string;
}

export interface ResultFeed {
  readonly symbol: string;
  readonly decimals: number;
  /** The method, as its hash has it. */
  readonly method: string;
}

export interface PathPoint {
  readonly time: number;
  readonly price: bigint;
}

/** A report on chain. */
export interface Round {
  /** When it was observed. */
  readonly observedAt: number;
  /** The time of its block. */
  readonly blockTime: number;
  readonly block: number;
  /** Null where the report said that there is no price. */
  readonly price: bigint | null;
  /** The true price at `observedAt`; null where none was known. */
  readonly truth: bigint | null;
  /** Why it was sent: `initial`, `deviation`, `heartbeat`, `fixing`, … */
  readonly reason: string;
  /** Whether the fixing of `observedAt` was stored with it. */
  readonly fixing: boolean;
  readonly gas: bigint;
}

/** One fixing time, and what is kept of it at the end of the run. */
export interface Fixing {
  readonly time: number;
  /** As the oracle calls it: `none`, `unstored`, `no-price`, `void`, `provisional`, `final`, `expired`. */
  readonly status: string;
  readonly price: bigint | null;
  /** The true price at `time`; null where none was known. */
  readonly truth: bigint | null;
}

/** Something that happened to an option before its expiry. */
export interface Trade {
  /** The option's number in this run, 0 first. */
  readonly option: number;
  readonly time: number;
  readonly action: "create" | "buy" | "cancel" | "transfer" | "close";
  readonly terms: ResultTerms;
  /** What the buyer paid; 0 but for `buy`. */
  readonly premium: bigint;
  readonly gas: bigint;
}

/** What an option is about. */
export interface ResultTerms {
  /** Which contract it is of. */
  readonly contract: "Options" | "OptionSeries" | "PayoffOptions";
  /** `call`, `put`, `base-call`, `digital-call`, `asian-put`, `touch-up`, …; of a user's own contract its name. */
  readonly kind: string;
  readonly strike: bigint;
  /** The price beyond which the payoff grows no more; 0 where there is none. */
  readonly bound: bigint;
  /** What a difference of 1 is worth, or the amount of the asset: in the token's smallest unit. */
  readonly size: bigint;
  /** The token of collateral and payout, and its decimals. */
  readonly token: string;
  readonly tokenDecimals: number;
  readonly collateral: bigint;
  readonly expiry: number;
}

/** How an option ended. */
export interface Settlement {
  readonly option: number;
  readonly time: number;
  readonly terms: ResultTerms;
  /** `fixed`: on a fixing; `split`: there was none, by the share in the terms; `cancelled`: never sold. */
  readonly outcome: "fixed" | "split" | "cancelled";
  /** The price it settled on (of an Asian its mean, rounded down); null where there was none. */
  readonly fixing: bigint | null;
  /** How many fixing times before the expiry that fixing is. */
  readonly back: number;
  /** The true price at the expiry; null where none was known. */
  readonly truth: bigint | null;
  readonly premium: bigint;
  /** What was paid to the buyer's side, and to the seller's. */
  readonly payout: bigint;
  readonly refund: bigint;
  /** What the exact payoff is, by arithmetic off chain: numerator over denominator, in the token's smallest unit. */
  readonly exact: { readonly numerator: bigint; readonly denominator: bigint };
  /** `payout` − ⌊exact⌋: 0, or it is a finding. */
  readonly difference: bigint;
  /** collateral − payout − refund: what stays in the contract. */
  readonly dust: bigint;
  /** Of settling and of both claims. */
  readonly gas: bigint;
}

/** Σ payouts + refunds = Σ collateral − dust: of one token. */
export interface MoneyAccount {
  readonly token: string;
  readonly decimals: number;
  readonly options: number;
  readonly collateral: bigint;
  readonly premiums: bigint;
  readonly payouts: bigint;
  readonly refunds: bigint;
  readonly dust: bigint;
  /** What the contracts hold at the end, as the token says it. */
  readonly left: bigint;
  /** Options that are not settled and paid at the end, and claims that reverted: 0, or it is a finding. */
  readonly stuck: number;
  readonly reverts: number;
}

export interface GasByAction {
  readonly action: string;
  readonly count: number;
  readonly least: bigint;
  readonly p50: bigint;
  readonly p95: bigint;
  readonly most: bigint;
  readonly total: bigint;
}

/** A price that is far from the ones before it. */
export interface Outlier {
  readonly time: number;
  readonly price: bigint;
  /** The price before it. */
  readonly before: bigint;
  /** The step, in hundredths of a percent of the price before. */
  readonly basisPoints: number;
}

/** A table that says what it shows: for CSV, JSON and the report alike. */
export interface Study {
  /** Of its file: `oracle-error`. */
  readonly name: string;
  readonly title: string;
  /** What it is and how it was found, in a sentence or two. */
  readonly about: string;
  readonly columns: readonly StudyColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface StudyColumn {
  /** As the CSV's first line has it: letters, digits, underscores. */
  readonly name: string;
  /** `bp`, `s`, `JPY`, …; empty for a count or a name. */
  readonly unit: string;
}

/** Null where there is nothing to say: an empty cell. */
export type Cell = string | number | bigint | null;
