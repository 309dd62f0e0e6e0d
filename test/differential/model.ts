import { readUint } from "../../oracle/report/bytes.ts";
import type { ChainSigners } from "../../oracle/report/chain-signers.ts";
import type { SignedReport } from "../../oracle/report/report.ts";
import { type ChainView, PERIOD, SPAN } from "../../oracle/report/verify.ts";
import { WORD_BYTES } from "../../oracle/report/word.ts";

/** A slot of storage: where, and what it should hold. */
export type Slots = Map<bigint, bigint>;

const RING = BigInt(SPAN / PERIOD);
const ROOTS = 105_120n;
const WORDS = 2n ** 30n;
const WORDS_OF_A_BUNDLE = 64;

/** Where the contract's storage begins: two words of signer sets, governor, bundles, definitions, voids; then these. */
const ROOTS_AT = 6n;
const LATEST_AT = ROOTS_AT + ROOTS;
const FIXINGS_AT = LATEST_AT + WORDS;

/** What the contract should hold after all that was sent to it, worked out from the rules alone. */
export class ChainModel {
  /** Every slot of roots, latest words and fixing words that was ever written. */
  readonly slots: Slots = new Map();
  readonly #latestDelay: number;
  readonly #domain: Uint8Array;
  readonly #definitions: ReadonlyMap<number, Uint8Array>;
  signers: ChainSigners | undefined;

  constructor(latestDelay: number, domain: Uint8Array, definitions: ReadonlyMap<number, Uint8Array>) {
    this.#latestDelay = latestDelay;
    this.#domain = domain;
    this.#definitions = definitions;
  }

  /** What `verifyReport` may know at `now`. */
  view(now: number): ChainView {
    if (!this.signers) throw new Error("no signers yet");
    return {
      now,
      domain: this.#domain,
      signers: this.signers,
      definitions: (bundle) => this.#definitions.get(bundle),
      keptRoot: (time) => this.keptRoot(time)?.root,
    };
  }

  /** The root kept for a fixing time, and since when. */
  keptRoot(time: number): { since: number; root: bigint } | undefined {
    if (time % PERIOD !== 0) return undefined;
    const slot = this.#at(rootSlot(time));
    const since = timeOf(slot);
    return since >= time && since !== 0 ? { since, root: BigInt.asUintN(224, slot) } : undefined;
  }

  /**
   * Records an accepted report at `now`.
   * @returns the slots that change, the bundles that the event names, and whether there is an event
   */
  record(
    report: SignedReport,
    root: Uint8Array,
    now: number,
  ): { changed: Slots; bundles: number[]; event: boolean } {
    const changed: Slots = new Map();
    const { observedAt } = report;
    const storing = observedAt % PERIOD === 0 && now - observedAt < SPAN;
    let since = this.keptRoot(observedAt)?.since;
    if (storing && since === undefined) {
      since = now;
      changed.set(rootSlot(observedAt), stamp(now, BigInt.asUintN(224, readUint(root))));
    }
    const bundles = report.parts.filter(({ bundle, mask, words }) => {
      const before = changed.size;
      for (let word = 0; word * WORD_BYTES < words.length; word++) {
        const lanes = readUint(words.subarray(WORD_BYTES * word, WORD_BYTES * (word + 1)));
        const index = BigInt(bundle * WORDS_OF_A_BUNDLE + word);
        const latest = LATEST_AT + index;
        const chosen = (mask >> BigInt(1 + word)) & 1n;
        if (chosen && now - observedAt <= this.#latestDelay && timeOf(this.#at(latest)) < observedAt) {
          changed.set(latest, stamp(observedAt, lanes));
        }
        if (!storing || !(mask & 1n)) continue;
        const fixing = ringSlot(observedAt) + index;
        if (timeOf(this.#at(fixing)) < observedAt) changed.set(fixing, stamp(since ?? now, lanes));
      }
      return changed.size > before;
    });
    for (const [slot, value] of changed) this.slots.set(slot, value);
    return { changed, bundles: bundles.map(({ bundle }) => bundle), event: changed.size > 0 };
  }

  /** Two people void everything of `time`: its root, and the fixings stored. */
  voidRoot(time: number): void {
    const kept = this.keptRoot(time);
    if (!kept) throw new Error(`no root is kept for ${time}`);
    this.slots.set(rootSlot(time), stamp(kept.since, 0n));
    const ring = ringSlot(time);
    const voided = 0x80000000000001_80000000000001_80000000000001_80000000000001n;
    for (const [slot, value] of this.slots) {
      const inRing = slot >= ring && slot < ring + WORDS;
      if (inRing && timeOf(value) >= time) this.slots.set(slot, stamp(kept.since, voided));
    }
  }

  #at(slot: bigint): bigint {
    return this.slots.get(slot) ?? 0n;
  }
}

function rootSlot(time: number): bigint {
  return ROOTS_AT + (BigInt(time / PERIOD) % ROOTS);
}

function ringSlot(time: number): bigint {
  return FIXINGS_AT + (BigInt(time / PERIOD) % RING) * WORDS;
}

function stamp(time: number, low: bigint): bigint {
  return (BigInt(time) << 224n) | low;
}

function timeOf(slot: bigint): number {
  return Number(slot >> 224n);
}
