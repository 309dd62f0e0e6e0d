import { z } from "zod";

import { catalogSchema } from "../feeds/catalog-schema.ts";
import { type Timing, TIMING } from "../signer/agreement/timing.ts";
import { strict } from "../strict-object.ts";

/**
 * The configuration as it is written in a file. The descriptions are those of docs/config.md and of
 * docs/nakane.schema.json; tests compare them.
 */

/** The name of a variable of the environment that holds a secret. */
const variable = (what: string) =>
  z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, "expected the name of a variable of the environment, in capitals")
    .describe(what);

const name = (what: string) =>
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "expected lower-case letters, digits and hyphens, at most 32")
    .describe(what);

const address = (what: string) =>
  z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "expected an address: 0x and 40 hexadecimal digits")
    .describe(what);

const gwei = (what: string) =>
  z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, 'expected gwei as a text, such as "100" or "0.5"')
    .describe(what);

const milliseconds = (of: keyof Timing, what: string) =>
  z.int().min(1).max(120_000).default(TIMING[of]).describe(`${what}, in milliseconds.`);

const httpAddress = (what: string) =>
  z.url({ protocol: /^https?$/, error: "expected an http or https address" }).describe(what);

/** A key in KMS. */
const key = (what: string) =>
  strict({
    arns: z
      .array(
        z
          .string()
          .regex(
            /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/,
            "expected a key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID; an alias can be moved to another key",
          ),
      )
      .min(1)
      .describe("ARN of the key, then those of its replicas in other Regions, in the order of preference."),
    address: address("The Ethereum address that the key must have."),
    endpoint: httpAddress("Where a local KMS listens. Refused in production.").optional(),
  }).describe(what);

const timing = strict({
  tick: z.int().min(1).max(300).default(TIMING.tick).describe("Seconds between ticks; divides 300."),
  observeDelay: milliseconds("observeDelay", "From an ordinary tick to its observation"),
  fixingDelay: milliseconds("fixingDelay", "From a fixing to its observation"),
  observeWindow: milliseconds(
    "observeWindow",
    "After the delay, in which an observation may still be signed",
  ),
  leaderWait: milliseconds("leaderWait", "How long a leader waits for observations of an ordinary tick"),
  fixingLeaderWait: milliseconds("fixingLeaderWait", "How long a leader waits for observations of a fixing"),
  proposeSlack: milliseconds("proposeSlack", "After the leader's wait, in which its proposal may arrive"),
  voteTimeout: milliseconds("voteTimeout", "How long to wait for more votes once a quorum has voted"),
  maxTimeout: milliseconds("maxTimeout", "The longest timeout"),
  resend: milliseconds("resend", "Between two times all votes are sent again"),
  slowResend: milliseconds("slowResend", "The same for a fixing that is open for longer than patience"),
  patience: milliseconds("patience", "When a fixing that is open counts as slow"),
  ordinaryLife: z
    .int()
    .min(1)
    .max(300)
    .default(TIMING.ordinaryLife)
    .describe("Seconds after which an ordinary tick is given up."),
  fixingLife: z
    .int()
    .min(300)
    .max(604_800)
    .default(TIMING.fixingLife)
    .describe("Seconds after which a fixing without a quorum is absent for good."),
});

const epoch = strict({
  number: z.int().min(0).max(0xffffffff).describe("0, then one more with every change."),
  from: z.iso
    .datetime({ error: "expected a time in UTC such as 2026-12-01T00:00:00Z" })
    .describe("When it begins, in UTC: a fixing time, so a multiple of five minutes."),
  members: z
    .array(
      strict({
        identity: z
          .string()
          .regex(/^0x[0-9a-f]{64}$/, "expected an Ed25519 public key: 0x and 64 hexadecimal digits")
          .describe("The member's Ed25519 public key, which signs messages."),
        address: address("The Ethereum address of the member's KMS key, which signs reports."),
      }),
    )
    .min(1)
    .max(64)
    .describe("All signers of the network, in any order."),
  timing: timing.prefault({}).describe("How long what takes. Every signer of the epoch has the same."),
}).describe("What the signers have in common. It changes only at a fixing time, for all of them at once.");

const signer = strict({
  identityFrom: variable("The variable that holds this signer's Ed25519 private key: 64 hexadecimal digits."),
  key: key("Its key in KMS, which signs reports."),
});

const chain = strict({
  name: name("What the chain is called here."),
  chainId: z
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .describe("Its chain id; a node of another is refused."),
  rpcUrl: httpAddress("A node's address, where it holds no key.").optional(),
  rpcUrlFrom: variable(
    "The variable that holds a node's address, where it holds a key. One of the two.",
  ).optional(),
  addressBook: z
    .string()
    .min(1)
    .describe("The address book that the deployment wrote, from this file's folder."),
  feeCapGwei: gwei("The most for a unit of gas, tip included; above it nothing is sent."),
  tipGwei: gwei("The tip for a unit of gas.").default("1"),
  sender: key("The key in KMS that pays for transactions. Never one that signs reports."),
});

const schedule = strict({
  at: z
    .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 09:55"))
    .min(1)
    .describe("Local times of day."),
  timeZone: z.string().min(1).describe("An IANA name, such as Asia/Tokyo."),
  days: z
    .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    .min(1)
    .describe("Local days of the week."),
}).describe("Times at which the price is sent whatever it is.");

const sendRule = (what: string) =>
  strict({
    deviation: z
      .string()
      .regex(/^\d+(\.\d{1,4})?%$/, "expected a share such as 0.5%, at most four digits after the point")
      .describe(
        "Send when the price is this far from the one on chain, or farther. Without it, no distance is a reason.",
      )
      .optional(),
    heartbeat: z
      .int()
      .min(10)
      .max(604_800)
      .describe(
        "Seconds: send when the price on chain is this old, whatever it is. Without it, no age is a reason.",
      )
      .optional(),
    schedule: schedule.optional(),
  }).describe(what);

const send = strict({
  default: sendRule("For every feed that is not listed, and for what a listed one does not say."),
  feeds: z
    .record(z.string(), sendRule("By symbol, such as BTC/JPY."))
    .default({})
    .describe("Feeds with rules of their own."),
}).describe("When prices are sent to the chain. Fixings are always sent.");

const isNetwork = "expected a network such as 10.0.0.0/16, or one address";
const network = z.union([z.ipv4(isNetwork), z.ipv6(isNetwork), z.cidrv4(isNetwork), z.cidrv6(isNetwork)]);

const api = strict({
  host: z.string().min(1).default("127.0.0.1").describe("The address to listen on."),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .describe("The port to listen on. Without it 8480, or the next free one; one that is named must be free.")
    .optional(),
  trustedProxy: z
    .array(network)
    .default([])
    .describe("Networks of the one proxy in front, whose X-Forwarded-For is believed."),
  requestsPerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(600)
    .describe("How many requests one address may make."),
}).describe("The read API.");

export const configSchema = strict({
  $schema: z.string().describe("Where editors find this schema.").optional(),
  instance: name("The name of this instance, the same at every start."),
  network: strict({
    name: name("The network of signers; its salt follows from name and mode."),
    mode: z
      .enum(["test", "production"])
      .describe(
        "Signatures of a test network count nowhere else; production refuses what is for development.",
      ),
  }).describe("Whose signatures these are."),
  catalog: z
    .union([z.string().min(1), catalogSchema])
    .describe("The catalog: its file, from this file's folder, or the catalog itself."),
  epoch,
  signers: z
    .array(signer)
    .min(1)
    .describe("The signers of this process: one, except in a rehearsal on one machine."),
  chains: z.array(chain).min(1).describe("The chains that reports are sent to."),
  send,
  api: api.prefault({}),
  dataDirectory: z
    .string()
    .min(1)
    .default("data")
    .describe("Where everything durable is kept, from this file's folder."),
  ledger: strict({
    durability: z
      .enum(["full", "process"])
      .default("full")
      .describe(
        "What a write survives: a crash of the machine, or of the process only. The latter is refused in production.",
      ),
  })
    .prefault({})
    .describe("Where votes, reports and transmissions are kept."),
});

/** What `configSchema` makes of a file. */
export type ConfigFile = z.output<typeof configSchema>;
export type KeyFile = z.output<ReturnType<typeof key>>;
export type SendRuleFile = z.output<ReturnType<typeof sendRule>>;
