import { z } from "zod";

import { FIXING_PERIOD } from "../signer/agreement/timing.ts";
import { strict } from "../strict-object.ts";

/**
 * A scenario, as its file has it: docs/scenario.schema.json is made from this. Times are seconds from the beginning of the
 * run; prices and money are texts, so that no JSON number touches them.
 */

const whole = (least: number, most: number) => z.int().min(least).max(most);
/** `0.5%` */
const percent = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,4})?%$/, "a percentage with at most four digits after the point, such as 0.5%");
const pair = z.string().regex(/^[A-Z0-9]{1,15}\/[A-Z0-9]{1,15}$/, "a pair in capitals, such as BTC/JPY");
const decimalText = z.string().regex(/^\d{1,15}(\.\d{1,15})?$/, "a price as text, such as 10000000 or 1.25");
const seconds = whole(0, 400 * 86_400);
const VENUES = ["bitflyer", "coincheck", "bitbank", "gmo"] as const;
const venue = z.enum(VENUES);
const yearly = z.number().min(0).max(20);

const gbm = strict({
  kind: z.literal("gbm"),
  /** Of log returns, a year. */
  volatility: yearly.default(0.6),
  drift: z.number().min(-20).max(20).default(0),
});
const merton = strict({
  kind: z.literal("merton"),
  volatility: yearly.default(0.6),
  drift: z.number().min(-20).max(20).default(0),
  /** Jumps a year; a jump's log return is normal with this mean and deviation. */
  jumps: z.number().min(0).max(1e6).default(250),
  jumpMean: z.number().min(-1).max(1).default(-0.01),
  jumpDeviation: z.number().min(0).max(1).default(0.03),
});
const heston = strict({
  kind: z.literal("heston"),
  drift: z.number().min(-20).max(20).default(0),
  /** Variances, a year: at the beginning, and in the long run. */
  variance: z.number().min(0).max(100).default(0.36),
  longVariance: z.number().min(0).max(100).default(0.36),
  /** How fast the one comes to the other, and how much it moves by itself. */
  reversion: z.number().min(0).max(1000).default(4),
  volOfVol: z.number().min(0).max(100).default(1),
  correlation: z.number().min(-1).max(1).default(-0.5),
});
const bootstrap = strict({
  kind: z.literal("bootstrap"),
  /** How many returns in a row are taken at a time. */
  block: whole(1, 100_000).default(60),
  /** Where the returns are from: a price file, or a path of its own seed. */
  of: z.union([z.string().min(1), gbm, merton, heston]),
});
const file = strict({
  kind: z.literal("file"),
  /** Beside the scenario, if it is not a whole path. */
  file: z.string().min(1),
  /** What it has prices of, where its name does not say it. */
  symbol: pair.optional(),
  /** The names of the columns, where it is no format that is known. */
  columns: strict({ time: z.string().min(1), price: z.string().min(1) }).optional(),
});

export const PATH_KINDS = [gbm, merton, heston, bootstrap, file] as const;

const market = strict({
  path: z.discriminatedUnion("kind", PATH_KINDS).default({ kind: "gbm", volatility: 0.6, drift: 0 }),
  symbol: pair.default("BTC/JPY"),
  decimals: whole(0, 8).default(0),
  /** The first price of a synthetic path. */
  price: decimalText.default("10000000"),
  /** When a synthetic path begins: a fixing time. */
  start: z.iso.datetime().default("2026-01-05T00:00:00Z"),
  /** Seconds from price to price of a synthetic path; divides the fixing period. */
  step: whole(1, FIXING_PERIOD).default(60),
  points: whole(2, 200_000).default(1_440),
  venues: z.array(venue).min(1).max(4).default(["bitflyer", "coincheck", "bitbank"]),
  /** How far a venue of a synthetic path may be from the true price. */
  disagreement: percent.default("0.01%"),
  lies: z.array(strict({ venue, from: seconds, until: seconds, times: decimalText })).default([]),
  outages: z.array(strict({ venue: venue.optional(), from: seconds, until: seconds })).default([]),
});

const oracle = strict({
  signers: z.union([z.literal(1), z.literal(4)]).default(1),
  keys: z.enum(["process", "kms"]).default("process"),
  /** 0%: no distance is a reason to send. */
  deviation: percent.default("0.5%"),
  /** Seconds; 0: no age is one. */
  heartbeat: whole(0, 86_400).default(3_600),
  /** Seconds from when the relayer sends a report to the block it is in. */
  latency: whole(0, 3_600).default(0),
  /** Times in which no block has the relayer's transactions. */
  congestion: z.array(strict({ from: seconds, until: seconds })).default([]),
  /** Seconds in which two people may void a fixing. */
  dispute: whole(0, 86_400).default(600),
  minSources: whole(1, 4).default(3),
  maxSpread: percent.default("2%"),
  /** Milliseconds from a tick to its observation, and from a fixing to its own. */
  observeDelay: whole(1, 59_999).default(500),
  fixingDelay: whole(1, 120_000).default(5_000),
});

export const OPTION_KINDS = [
  "call",
  "put",
  "base-call",
  "call-spread",
  "put-spread",
  "digital-call",
  "digital-put",
  "asian-call",
  "asian-put",
  "touch-up",
  "touch-down",
] as const;

const options = strict({
  count: whole(0, 20_000).default(20),
  kinds: z
    .array(z.enum(OPTION_KINDS))
    .min(1)
    .default([...OPTION_KINDS]),
  /** Strikes, in percent of the price when an option is created. */
  strikes: strict({ from: percent.default("90%"), to: percent.default("110%") }).prefault({}),
  /** Seconds from an option's creation to its expiry, which is the first fixing time then; within the run. */
  life: strict({ from: seconds.default(1_800), to: seconds.default(21_600) }).prefault({}),
  /** Decimals of the tokens that options are settled in. */
  tokens: z.array(whole(0, 18)).min(1).max(5).default([6, 8, 18]),
  /** The part that nobody buys, and that its seller takes back. */
  unsold: percent.default("5%"),
  /** By which premiums are worked out: of log returns, a year. */
  volatility: yearly.default(0.6),
  /**
   * Yours: a contract behind `IPayoff`. Options of it come beside the others. An artifact (JSON with `abi` and `bytecode`)
   * beside the scenario, or a source below `contracts/` of this package, such as `samples/StraddlePayoff.sol`.
   */
  payoff: strict({
    artifact: z.string().regex(/\.(json|sol)$/, "an artifact (.json), or a source of this package (.sol)"),
    /** What it should pay, apart from the contract: a module beside the scenario (`OwnPayoff`). */
    reference: z
      .string()
      .regex(/\.m?[jt]s$/, "a module (.ts, .mts, .js or .mjs)")
      .optional(),
    arguments: z.array(z.union([z.string(), z.int(), z.boolean()])).default([]),
    count: whole(1, 5_000).default(10),
  }).optional(),
});

const people = z.array(
  z.discriminatedUnion("do", [
    strict({ do: z.literal("void"), at: seconds, fixing: seconds }),
    strict({ do: z.literal("halt"), at: seconds }),
    strict({ do: z.literal("resume"), at: seconds }),
  ]),
);

const sweep = strict({
  deviation: z.array(percent).min(1).optional(),
  heartbeat: z.array(whole(0, 86_400)).min(1).optional(),
  latency: z.array(whole(0, 3_600)).min(1).optional(),
  seed: z
    .array(whole(0, 2 ** 32 - 1))
    .min(1)
    .optional(),
});

/** Of log returns, a year; or that of the run's own path. */
const volatility = z.union([z.literal("realised"), yearly]);

/** What the studies beside a run look at. */
const studies = strict({
  /** How far settlement rules are from the true price: every value of each axis with every value of the others. */
  oracleError: strict({
    /** A fifth of the scenario's own, that, and twice as much, if they are left out. */
    deviations: z.array(percent).min(1).optional(),
    /** Seconds; the scenario's own if they are left out. */
    heartbeats: z.array(whole(0, 86_400)).min(1).optional(),
    /** Seconds; none, the scenario's own and a minute if they are left out. */
    latencies: z.array(whole(0, 3_600)).min(1).optional(),
    /** Shares of transactions that never arrive. */
    dropped: z.array(percent).min(1).default(["0%"]),
    /** Seconds for which all venues are down. */
    outages: z.array(whole(0, 86_400)).min(1).default([0, 3_600]),
  }).prefault({}),
  /** What becomes of who sells an option and hedges it with the underlying, over many paths. */
  writer: strict({
    type: z.enum(["call", "put"]).default("call"),
    /** In percent of the price when it is sold. */
    strike: percent.default("100%"),
    /** Seconds from the sale to the expiry. */
    life: whole(60, 400 * 86_400).default(7 * 86_400),
    /** How many times to hedge, in equal intervals; 0 is never. Each divides the largest. */
    hedges: z.array(whole(0, 100_000)).min(1).default([4, 16, 64, 256]),
    /** Of what is bought or sold, each time. */
    cost: percent.default("0%"),
    /** Of the paths; that of `options` if it is left out. */
    volatility: volatility.optional(),
    /** By which the premium and the hedge are worked out; that of the paths if it is left out. */
    premiumVolatility: volatility.optional(),
    paths: whole(2, 200_000).default(2_000),
  }).prefault({}),
});

const costs = strict({
  /** Gwei for one unit of gas; dollars and yen for one ether. */
  gasPrice: decimalText.default("10"),
  etherUsd: decimalText.default("3000"),
  etherJpy: decimalText.default("450000"),
});

export const scenarioSchema = strict({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "small letters, digits and hyphens"),
  /** What it rehearses, in a sentence. */
  about: z.string().min(1).max(500),
  seed: whole(0, 2 ** 32 - 1).default(1),
  market: market.prefault({}),
  oracle: oracle.prefault({}),
  options: options.prefault({}),
  people: people.default([]),
  sweep: sweep.optional(),
  studies: studies.prefault({}),
  costs: costs.prefault({}),
});

/** A scenario with everything filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as people write it. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

/** The schema for editors and other programs: docs/scenario.schema.json is this. */
export function scenarioJsonSchema(): object {
  return {
    title: "Nakane: a scenario of the research laboratory",
    ...z.toJSONSchema(scenarioSchema, { io: "input", target: "draft-2020-12" }),
  };
}
