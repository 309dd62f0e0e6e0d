import { type CatalogPlan, planCatalog } from "../../report/catalog-plan.ts";
import type { BundleDefinition } from "../../report/definition.ts";
import { domainSeparator } from "../../report/digest.ts";
import { feedId, type FeedId } from "../../report/feed-id.ts";
import { HASH_BYTES, keccak256 } from "../../report/keccak.ts";
import { ADDRESS_BYTES, checkSignerSet } from "../../report/signer-set.ts";
import type { Band } from "./band.ts";
import { ByteWriter } from "./bytes.ts";
import { type Calendar, checkCalendar, isOpen } from "./calendar.ts";
import { type Rules, RULES } from "./rules.ts";
import { checkTiming, isFixing, type Timing } from "./timing.ts";

/** One party of the quorum. */
export interface Member {
  /** Its Ed25519 public key, 32 bytes: signs messages. */
  readonly identity: Uint8Array;
  /** The address of its KMS key, 20 bytes: signs reports. */
  readonly address: Uint8Array;
}

/** What agreement needs to know of a feed. */
export interface FeedRule {
  /** How near to the median observations must be for it to be a price. */
  readonly tolerance: Band;
  /** How far a price may be from a signer's own view before it refuses to sign. */
  readonly hardBand: Band;
}

/** A bundle of the catalog. */
export interface EpochBundle {
  readonly definition: BundleDefinition;
  readonly calendar: Calendar;
  /** One for each feed of the definition. */
  readonly feeds: readonly FeedRule[];
}

/** Everything that signers must have in common. */
export interface EpochParameters {
  /** 0, 1, 2, … */
  readonly number: number;
  /** The first `observedAt` of this epoch, in seconds: a fixing time. It ends where the next one begins. */
  readonly from: number;
  /** The network's salt, 32 bytes. */
  readonly salt: Uint8Array;
  /** By ascending address, as the contract lists them. */
  readonly members: readonly Member[];
  readonly bundles: readonly EpochBundle[];
  readonly timing: Timing;
}

/** An epoch, and what follows from its parameters. */
export interface Epoch extends EpochParameters {
  /** The hash of all parameters. */
  readonly id: Uint8Array;
  readonly n: number;
  /** How many members may lie or be broken. */
  readonly f: number;
  /** How many votes or signatures decide. */
  readonly q: number;
  /** All feeds of the catalog, ascending: the order of prices in an observation. */
  readonly feeds: readonly EpochFeed[];
  /** Where a feed stands in `feeds`. */
  readonly feedIndex: ReadonlyMap<FeedId, number>;
  readonly plan: CatalogPlan;
  /** The EIP-712 domain of reports. */
  readonly domain: Uint8Array;
}

export interface EpochFeed extends FeedRule {
  readonly id: FeedId;
}

/** A vote can name them all in two bytes. */
const MAX_CATALOG = 65_535;

/**
 * Works an epoch out.
 * @throws RangeError for parameters with which no signer should start
 */
export function makeEpoch(given: EpochParameters, rules: Rules = RULES): Epoch {
  const bundles = [...given.bundles].sort((a, b) => a.definition.bundle - b.definition.bundle);
  const parameters = { ...given, bundles };
  checkParameters(parameters);
  const n = parameters.members.length;
  const feeds = bundles.flatMap(({ definition, feeds: rulesOfFeeds }) =>
    rulesOfFeeds.map((rule, position) => ({ ...rule, id: feedId(definition.bundle, position) })),
  );
  const plan = planCatalog(bundles.map(({ definition }) => definition));
  checkSignerSet({ quorum: RULES.quorum(n), signers: parameters.members.map(({ address }) => address) });
  return {
    ...parameters,
    id: keccak256(encodeEpoch(parameters, plan)),
    n,
    f: rules.faults(n),
    q: rules.quorum(n),
    feeds,
    feedIndex: new Map(feeds.map(({ id }, index) => [id, index])),
    plan,
    domain: domainSeparator(parameters.salt),
  };
}

/** Who proposes in a round: drawn by hash of the time, so that nobody owns the fixings. */
export function leaderOf(epoch: Epoch, time: number, round: number): number {
  const hash = keccak256(new ByteWriter().raw(epoch.salt).uint(time, 4).done());
  const drawn = hash.reduce((rest, byte) => (rest * 256 + byte) % epoch.n, 0);
  return (drawn + round) % epoch.n;
}

/** The places in `epoch.bundles` of those that are in a report of this time. */
export function openBundles(epoch: Epoch, time: number): number[] {
  return [...epoch.bundles.keys()].filter((place) => {
    const bundle = epoch.bundles[place];
    return bundle !== undefined && isOpen(bundle.calendar, time);
  });
}

/** The epoch that `observedAt` belongs to, if there is one yet. */
export function epochAt(epochs: readonly Epoch[], time: number): Epoch | undefined {
  return epochs.findLast(({ from }) => from <= time);
}

/** The parameters as bytes; the hash of them is the epoch's id. */
function encodeEpoch(epoch: EpochParameters, plan: CatalogPlan): Uint8Array {
  const writer = new ByteWriter().uint(1, 1).uint(epoch.number, 4).uint(epoch.from, 4).raw(epoch.salt);
  writer.uint(epoch.members.length, 1);
  for (const { identity, address } of epoch.members) writer.raw(identity).raw(address);
  writer.uint(epoch.bundles.length, 2);
  for (const [place, { definition, calendar, feeds }] of epoch.bundles.entries()) {
    writer.uint(definition.bundle, 4).raw(plan.bundles[place]?.definition ?? new Uint8Array());
    writer.uint(calendar.week.length, 2);
    for (const [from, until] of calendar.week) writer.uint(from, 4).uint(until, 4);
    writer.uint(calendar.exceptions.length, 2);
    for (const { from, until, open } of calendar.exceptions) {
      writer
        .uint(from, 4)
        .uint(until, 4)
        .uint(open ? 1 : 0, 1);
    }
    for (const { tolerance, hardBand } of feeds) {
      for (const band of [tolerance, hardBand]) writer.uint(band.perMillion, 4).int56(band.atLeast);
    }
  }
  const { timing } = epoch;
  for (const duration of [
    timing.tick,
    timing.observeDelay,
    timing.fixingDelay,
    timing.observeWindow,
    timing.leaderWait,
    timing.fixingLeaderWait,
    timing.proposeSlack,
    timing.voteTimeout,
    timing.maxTimeout,
    timing.resend,
    timing.slowResend,
    timing.patience,
    timing.ordinaryLife,
    timing.fixingLife,
  ]) {
    writer.uint(duration, 4);
  }
  return writer.done();
}

function checkParameters({ number, from, salt, members, bundles, timing }: EpochParameters): void {
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`epoch ${number} is no epoch's number`);
  if (!isFixing(from)) throw new RangeError(`epoch ${number} begins at ${from}, which is no fixing time`);
  if (salt.length !== HASH_BYTES) throw new RangeError(`a salt has ${HASH_BYTES} bytes, not ${salt.length}`);
  for (const [i, { identity, address }] of members.entries()) {
    if (identity.length !== 32) throw new RangeError(`member ${i}: an identity has 32 bytes`);
    if (address.length !== ADDRESS_BYTES) throw new RangeError(`member ${i}: an address has 20 bytes`);
  }
  checkTiming(timing);
  const feeds = bundles.reduce((sum, bundle) => sum + bundle.feeds.length, 0);
  if (feeds < 1 || feeds > MAX_CATALOG) {
    throw new RangeError(`a catalog has 1 to ${MAX_CATALOG} feeds, not ${feeds}`);
  }
  for (const { definition, calendar, feeds: rulesOfFeeds } of bundles) {
    const name = `bundle ${definition.bundle}`;
    if (rulesOfFeeds.length !== definition.feeds.length) {
      throw new RangeError(`${name}: ${rulesOfFeeds.length} rules for ${definition.feeds.length} feeds`);
    }
    checkCalendar(calendar);
    for (const band of rulesOfFeeds.flatMap(({ tolerance, hardBand }) => [tolerance, hardBand])) {
      if (!Number.isInteger(band.perMillion) || band.perMillion < 0 || band.perMillion >= 2 ** 32) {
        throw new RangeError(`${name}: a band of ${band.perMillion} millionths`);
      }
      if (band.atLeast < 0n || band.atLeast >= 2n ** 55n) {
        throw new RangeError(`${name}: a band of at least ${band.atLeast}`);
      }
    }
  }
}
