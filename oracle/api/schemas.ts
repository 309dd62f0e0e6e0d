import { z } from "zod";

import { API_ERRORS, type ApiErrorCode } from "./api-error.ts";
import { FIXING_STATUSES } from "./oracle-view.ts";

/**
 * What answers look like. Strict all through: a field that is not written here is never sent, and the OpenAPI document
 * is made of these.
 */

/** Names that the OpenAPI document gives to what occurs in several places. */
export const named = z.registry<{ id: string }>();

const hex = (bytes: string) => z.string().regex(new RegExp(`^0x([0-9a-f]{2})${bytes}$`));
const hash = hex("{32}").describe("32 bytes in hexadecimal.");
const bytes = hex("+").describe("Bytes in hexadecimal.");

export const momentSchema = z
  .strictObject({
    unix: z.int().describe("Seconds since 1970-01-01T00:00:00Z."),
    iso: z.iso.datetime().describe("The same as ISO 8601 in UTC."),
  })
  .describe("A time.");
named.add(momentSchema, { id: "Moment" });

export const provenanceSchema = z
  .enum(["live", "simulated", "replay"])
  .describe("Where prices come from in the end.");

export const markSchema = z
  .enum(["SIMULATED", "REPLAY"])
  .nullable()
  .describe("To be shown with the price; null for live prices.");

export const priceSchema = z
  .strictObject({
    decimal: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .describe("The price, with as many digits after the point as the feed has decimals."),
    units: z
      .string()
      .regex(/^-?\d+$/)
      .describe("The price as the contract has it: the decimal without its point."),
    provenance: provenanceSchema,
    mark: markSchema,
  })
  .describe("A price.");
named.add(priceSchema, { id: "Price" });

const feedNumber = z.int().min(0).max(0xffffffff).describe("bundle × 256 + position, as on chain.");
const symbol = z.string().describe("Such as BTC/JPY.");
const decimals = z.int().min(0).max(18).describe("A price of 1 is 10^decimals units.");

/** Enough of a feed to read a price by. */
export const feedSchema = z
  .strictObject({
    id: feedNumber,
    symbol,
    decimals,
    path: z.string().describe("Where the feed is in this API."),
  })
  .describe("A feed.");
named.add(feedSchema, { id: "Feed" });

export const feedListSchema = z
  .strictObject({
    network: z.string().describe("The network of signers."),
    mode: z.enum(["test", "production"]),
    provenance: provenanceSchema,
    mark: markSchema,
    chain: z.strictObject({
      chainId: z.int().min(1),
      oracle: z
        .string()
        .regex(/^0x[0-9a-fA-F]{40}$/)
        .describe("Address of the oracle contract."),
    }),
    feeds: z.array(feedSchema),
    next: feedNumber.nullable().describe("`after` of the next page; null on the last."),
  })
  .describe("A page of feeds, and whose they are.");

export const feedDetailsSchema = z
  .strictObject({
    id: feedNumber,
    symbol,
    decimals,
    path: z.string(),
    bundle: z.int().min(0).max(0xffffff).describe("Feeds of one bundle are published together."),
    position: z.int().min(0).max(255),
    unit: z.string().describe("What a price counts, such as JPY per BTC."),
    calendar: z.string().nullable().describe("When the bundle is published; null for always."),
    method: z.strictObject({
      kind: z.enum(["median", "product", "ratio", "inverse"]),
      text: z.string().describe("How the price is made, in words."),
      hash: hash.describe("keccak-256 of the text, as the contract commits to it."),
    }),
    maxInputAge: z.int().min(1).describe("The oldest input of a price, in seconds before the tick."),
    tolerance: z.string().describe("How far the signers' observations may lie apart."),
    hardBand: z
      .string()
      .describe("How far a price may lie from a signer's own observation before it refuses to sign."),
    mayBeNegative: z.boolean(),
  })
  .describe("A feed in all its terms.");

export const latestSchema = z
  .strictObject({
    feed: feedSchema,
    agreed: z
      .strictObject({
        status: z
          .enum(["priced", "no-price", "closed"])
          .describe("no-price: the signers had none. closed: the bundle's market is."),
        observedAt: momentSchema,
        ageSeconds: z.int().describe("Seconds since observedAt."),
        root: hash.describe("What the signers signed."),
        price: priceSchema.nullable(),
      })
      .nullable()
      .describe("The newest report that a quorum has signed; null before the first."),
    chain: z
      .strictObject({
        status: z.enum(["recorded", "no-price", "halted", "never-recorded", "unreachable"]),
        observedAt: momentSchema.nullable(),
        ageSeconds: z.int().nullable(),
        price: priceSchema.nullable(),
        block: z.int().min(0).nullable().describe("The block at which this was read."),
      })
      .describe("What the contract's latest says."),
  })
  .describe("The newest price.");

export const fixingSchema = z
  .strictObject({
    feed: feedSchema,
    time: momentSchema,
    status: z.enum(FIXING_STATUSES).describe("What the contract's tryFixing says."),
    price: priceSchema
      .nullable()
      .describe("What the contract has: for final, and for provisional where there is one."),
    since: momentSchema.nullable().describe("The block time at which the root of the time was kept."),
    finalAt: momentSchema.nullable().describe("From here on nobody can void it."),
    block: z.int().min(0).describe("The block at which this was read."),
    report: z
      .strictObject({
        root: hash,
        price: priceSchema
          .nullable()
          .describe("Null too for expired: only proveFixing knows if it was voided."),
        part: bytes
          .nullable()
          .describe("For recordFixing and proveFixing; null where the bundle was left out."),
        absence: z
          .array(hash)
          .nullable()
          .describe("For proveAbsent: siblings, bottom first; null where the bundle is in the report."),
      })
      .nullable()
      .describe("The kept report of that time; null where none is kept, and for a void fixing."),
  })
  .describe("A fixing.");

export const reportSchema = z
  .strictObject({
    observedAt: momentSchema,
    root: hash,
    epoch: z.int().min(0).describe("The number of the signers' epoch."),
    provenance: provenanceSchema,
    mark: markSchema,
    held: z.array(z.int().min(0).max(0xffffff)).describe("All bundles under the root."),
    bundles: z.array(z.int().min(0).max(0xffffff)).describe("Those in these bytes."),
    bytes: bytes.describe("The signed report, for the contract's record, verify and verifyAt."),
  })
  .describe("A signed report.");

/** The report's bytes as they are. */
export const rawReportSchema = z.any().meta({ type: "string", contentMediaType: "application/octet-stream" });

export const liveSchema = z
  .strictObject({
    live: z.boolean(),
    lastLoop: momentSchema.nullable().describe("When the main loop last came round."),
    ageSeconds: z.int().nullable(),
    allowedSeconds: z.int().describe("With an older last loop it is not live."),
  })
  .describe("Whether the main loop comes round.");

export const readySchema = z
  .strictObject({
    ready: z.boolean(),
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), reason: z.string() })),
  })
  .describe("Whether this instance is of use.");

const codes = Object.keys(API_ERRORS) as [ApiErrorCode, ...ApiErrorCode[]];

export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(codes).describe("For programs; never changes."),
      status: z.int().min(400).max(599),
      message: z.string().describe("What was asked for and what there is."),
      remedy: z.string().describe("What to do."),
    }),
  })
  .describe("Why there is no answer.");
named.add(errorSchema, { id: "Error" });

const failure = (description: string) => ({
  description,
  content: { "application/json": { schema: errorSchema } },
});

/** The answers that every route may give besides its own. */
export const failures = {
  "4xx": failure("The request cannot be answered as it is; the error says why and what to do."),
  "5xx": failure("The fault is here, or the answer is not there yet; the error says which."),
};
