import { toHex } from "../agreement/hex.ts";
import { sameBytes } from "../agreement/same-bytes.ts";
import type { Evidence } from "../agreement/evidence.ts";
import { StoreConflict } from "../agreement/store-conflict.ts";
import type { AgreementStore, StoredLock, StoredState, StoredTime, StoreRecord } from "../agreement/store.ts";
import { isFixing } from "../agreement/timing.ts";

/** What a memory store keeps of one time. */
interface TimeRecords {
  readonly observations: Map<string, { signer: number; own: boolean; bytes: Uint8Array }>;
  readonly votes: Map<string, Uint8Array>;
  lock?: StoredLock;
  decision?: { root: string; certificate: readonly Uint8Array[] };
  intent?: string;
  sig?: Uint8Array;
  report?: { root: string; messages: readonly Uint8Array[] };
}

/**
 * A store that forgets everything when its process ends: for rehearsals and tests. A signer that starts with a new
 * one sits out two ticks, as with any new store.
 */
export class MemoryStore implements AgreementStore {
  readonly #times = new Map<number, TimeRecords>();
  readonly #evidence = new Map<string, Evidence>();
  #intact: boolean;
  #sitOutUntil = 0;

  /** @param intact true only for a network that begins with this very store, so that nothing can be forgotten */
  constructor(intact = false) {
    this.#intact = intact;
  }

  write(records: readonly StoreRecord[]): void {
    for (const record of records) this.#check(record);
    for (const record of records) this.#apply(record);
  }

  load(since: number): StoredState {
    const open: StoredTime[] = [];
    const closed: number[] = [];
    for (const [time, { observations, votes, lock, decision, intent, sig, report }] of this.#times) {
      if (time < since) continue;
      if (report) {
        closed.push(time);
        continue;
      }
      const bytes = [...observations.values()].map((obs) => obs.bytes);
      const certificate = decision?.certificate;
      open.push({ time, observations: bytes, votes: [...votes.values()], lock, certificate, intent, sig });
    }
    open.sort((a, b) => a.time - b.time);
    return { intact: this.#intact, sitOutUntil: this.#sitOutUntil, open, closed };
  }

  messagesOf(time: number): Uint8Array[] {
    const known = this.#times.get(time);
    if (!known) return [];
    const messages = [
      ...[...known.observations.values()].map(({ bytes }) => bytes),
      ...(known.decision?.certificate ?? []),
      ...(known.sig ? [known.sig] : []),
      ...(known.report?.messages ?? []),
    ];
    return [...new Map(messages.map((bytes) => [toHex(bytes), bytes])).values()];
  }

  evidence(): Evidence[] {
    return [...this.#evidence.values()];
  }

  close(): void {
    this.#times.clear();
  }

  /** @throws StoreConflict where the record contradicts an earlier one */
  #check(record: StoreRecord): void {
    if (!("time" in record)) return;
    const { time } = record;
    const known = this.#times.get(time);
    if (!known) return;
    switch (record.kind) {
      case "obs": {
        if (!record.own) return;
        for (const [hash, { own }] of known.observations) {
          if (own) same(`own observation of ${time}`, hash, record.hash);
        }
        return;
      }
      case "vote": {
        const vote = known.votes.get(`${record.round} ${record.step}`);
        if (vote && !sameBytes(vote, record.bytes)) {
          const what = `own ${record.step} of ${time} in round ${record.round}`;
          throw new StoreConflict(what, toHex(vote), toHex(record.bytes));
        }
        return;
      }
      case "decision":
        same(`decision of ${time}`, known.decision?.root, record.root);
        return;
      case "intent":
        same(`root to sign at ${time}`, known.intent, record.root);
        return;
      case "report":
        same(`report of ${time}`, known.report?.root, record.root);
        return;
      default:
        return;
    }
  }

  #apply(record: StoreRecord): void {
    switch (record.kind) {
      case "evidence": {
        const { evidence } = record;
        const key = `${evidence.kind} ${evidence.accused} ${evidence.time} ${evidence.about}`;
        if (!this.#evidence.has(key)) this.#evidence.set(key, evidence);
        return;
      }
      case "sitOut":
        this.#sitOutUntil = Math.max(this.#sitOutUntil, record.until);
        this.#intact = true;
        return;
      case "forget":
        for (const time of this.#times.keys()) {
          if (time < (isFixing(time) ? record.fixings : record.ordinary)) this.#times.delete(time);
        }
        return;
    }
    const times = this.#of(record.time);
    switch (record.kind) {
      case "obs": {
        const { signer, own, bytes } = record;
        if (!times.observations.has(record.hash)) times.observations.set(record.hash, { signer, own, bytes });
        return;
      }
      case "vote":
        times.votes.set(`${record.round} ${record.step}`, record.bytes);
        return;
      case "lock":
        times.lock = record.lock;
        return;
      case "decision":
        times.decision ??= { root: record.root, certificate: record.certificate };
        return;
      case "intent":
        times.intent ??= record.root;
        return;
      case "sig":
        times.sig ??= record.bytes;
        return;
      case "report":
        times.report ??= { root: record.root, messages: record.messages };
        return;
    }
  }

  #of(time: number): TimeRecords {
    const known = this.#times.get(time);
    if (known) return known;
    const times: TimeRecords = { observations: new Map(), votes: new Map() };
    this.#times.set(time, times);
    return times;
  }
}

function same(what: string, stored: string | undefined, given: string): void {
  if (stored !== undefined && stored !== given) throw new StoreConflict(what, stored, given);
}
