import type { Evidence } from "../../../../../oracle/signer/agreement/evidence.ts";
import type {
  AgreementStore,
  StoredState,
  StoreRecord,
} from "../../../../../oracle/signer/agreement/store.ts";
import { MemoryStore } from "../../../../../oracle/signer/store/memory-store.ts";

/** A disk of the simulation: it survives crashes, and backups of it can be taken and restored. */
export class KeptStore implements AgreementStore {
  #log: StoreRecord[];
  #store: MemoryStore;

  constructor(intact: boolean, log: readonly StoreRecord[] = []) {
    this.#log = [...log];
    this.#store = new MemoryStore(intact);
    // A backup comes back with everything it held, but in doubt about what it lacks.
    const replayed = intact ? log : log.filter(({ kind }) => kind !== "sitOut");
    this.#store.write(replayed);
  }

  get length(): number {
    return this.#log.length;
  }

  /** What a backup taken when the log had this length brings back. */
  restored(length: number): KeptStore {
    return new KeptStore(false, this.#log.slice(0, length));
  }

  /** What amnesia leaves: no vote, no lock, no decision. */
  observationsOnly(): StoreRecord[] {
    return this.#log.filter(({ kind }) => kind === "obs");
  }

  write(records: readonly StoreRecord[]): void {
    this.#store.write(records);
    this.#log.push(...records);
  }

  load(since: number): StoredState {
    return this.#store.load(since);
  }

  messagesOf(time: number): Uint8Array[] {
    return this.#store.messagesOf(time);
  }

  evidence(): Evidence[] {
    return this.#store.evidence();
  }

  close(): void {
    // the disk stays
  }
}
