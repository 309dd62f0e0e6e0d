import { canonicalJson } from "../canonical-json.ts";
import { LedgerConflict } from "../ledger.ts";
import type { Attempt, Inclusion, Transmission, TransmissionIntent } from "../transmission.ts";
import type { Database, Row } from "./database.ts";

/** The transmissions of one database, with their attempts. Each method that writes does so in the transaction around it. */
export class TransmissionRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** See `Ledger.openTransmission`. */
  open(intent: TransmissionIntent, chainNonce: number, at: number): Transmission {
    const { chainId, sender, to, observedAt, root, fixing, bundles, reasons, data } = intent;
    const nonce = this.#freeNonce(chainId, sender, chainNonce);
    const { id } = this.#database.run(
      `INSERT INTO transmission (chain_id, sender, nonce, recipient, observed_at, root, fixing, bundles, reasons, data, opened_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      chainId,
      sender,
      nonce,
      to,
      observedAt,
      root,
      fixing ? 1 : 0,
      canonicalJson(bundles),
      canonicalJson(reasons),
      data,
      at,
    );
    return this.#known(id);
  }

  /**
   * @returns false where it is kept already
   * @throws LedgerConflict where the transmission is unknown or ended, or another attempt has the hash
   */
  putAttempt(transmission: number, attempt: Attempt): boolean {
    const { attempts, outcome } = this.#known(transmission);
    const same = this.#database.row("SELECT * FROM attempt WHERE hash = ?", attempt.hash);
    if (same !== undefined) {
      const given = canonicalJson([transmission, attempt]);
      const kept = canonicalJson([Number(same["transmission"]), attemptOf(same)]);
      if (given === kept) return false;
      throw new LedgerConflict(
        `An attempt with hash ${attempt.hash} is kept as ${kept}; it cannot be ${given}.`,
      );
    }
    if (outcome !== null)
      throw new LedgerConflict(
        `Transmission ${transmission} ended (${canonicalJson(outcome)}); it gets no attempt ${attempt.hash}. Open another one.`,
      );
    this.#database.run(
      "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      attempt.hash,
      transmission,
      attempts.length,
      attempt.raw,
      attempt.maxFeePerGas.toString(),
      attempt.maxPriorityFeePerGas.toString(),
      attempt.gasLimit.toString(),
      attempt.signedAt,
      attempt.kmsRequestId,
    );
    return true;
  }

  /**
   * @returns false where it ended in this way already
   * @throws LedgerConflict where it is unknown, ended in another way, or with a transaction that it did not send
   */
  end(transmission: number, outcome: Inclusion): boolean {
    const { attempts, outcome: before } = this.#known(transmission);
    const text = canonicalJson(outcome);
    if (before !== null) {
      if (canonicalJson(before) === text) return false;
      throw new LedgerConflict(
        `Transmission ${transmission} ended as ${canonicalJson(before)}, not as ${text}.`,
      );
    }
    if (outcome.kind !== "abandoned" && !attempts.some(({ hash }) => hash === outcome.hash))
      throw new LedgerConflict(
        `Transmission ${transmission} cannot end with ${outcome.hash}: its attempts are ${canonicalJson(attempts.map(({ hash }) => hash))}.`,
      );
    this.#database.run(
      "UPDATE transmission SET ended = ?, outcome = ? WHERE id = ?",
      outcome.kind,
      text,
      transmission,
    );
    return true;
  }

  get(id: number): Transmission | null {
    const row = this.#database.row("SELECT * FROM transmission WHERE id = ?", id);
    return row === undefined ? null : this.#transmissionOf(row);
  }

  openOnes(chainId: number, sender: string): Transmission[] {
    const sql =
      "SELECT * FROM transmission WHERE chain_id = ? AND sender = ? AND ended IS NULL ORDER BY nonce";
    return this.#database.rows(sql, chainId, sender).map((row) => this.#transmissionOf(row));
  }

  newest(limit: number): Transmission[] {
    const sql = "SELECT * FROM transmission ORDER BY id DESC LIMIT ?";
    return this.#database.rows(sql, limit).map((row) => this.#transmissionOf(row));
  }

  /** The lowest nonce from `chainNonce` on that no transmission holds. An abandoned one holds none. */
  #freeNonce(chainId: number, sender: string, chainNonce: number): number {
    const sql = `SELECT nonce FROM transmission
      WHERE chain_id = ? AND sender = ? AND nonce >= ? AND ended IS NOT 'abandoned' ORDER BY nonce`;
    let free = chainNonce;
    for (const row of this.#database.rows(sql, chainId, sender, chainNonce)) {
      if (row["nonce"] !== free) break;
      free++;
    }
    return free;
  }

  #known(id: number): Transmission {
    const transmission = this.get(id);
    if (transmission === null) throw new LedgerConflict(`The ledger knows no transmission ${id}.`);
    return transmission;
  }

  #transmissionOf(row: Row): Transmission {
    const id = Number(row["id"]);
    const attempts = this.#database.rows("SELECT * FROM attempt WHERE transmission = ? ORDER BY place", id);
    return {
      id,
      chainId: Number(row["chain_id"]),
      sender: String(row["sender"]),
      nonce: Number(row["nonce"]),
      to: String(row["recipient"]),
      observedAt: Number(row["observed_at"]),
      root: String(row["root"]),
      fixing: row["fixing"] === 1,
      bundles: (JSON.parse(String(row["bundles"])) as { bundle: number; mask: string }[]).map(
        ({ bundle, mask }) => ({ bundle, mask: BigInt(mask) }),
      ),
      reasons: JSON.parse(String(row["reasons"])) as Transmission["reasons"],
      data: String(row["data"]),
      openedAt: Number(row["opened_at"]),
      attempts: attempts.map(attemptOf),
      outcome: row["outcome"] === null ? null : outcomeOf(String(row["outcome"])),
    };
  }
}

function attemptOf(row: Row): Attempt {
  return {
    hash: String(row["hash"]),
    raw: String(row["raw"]),
    maxFeePerGas: BigInt(String(row["max_fee_per_gas"])),
    maxPriorityFeePerGas: BigInt(String(row["max_priority_fee_per_gas"])),
    gasLimit: BigInt(String(row["gas_limit"])),
    signedAt: Number(row["signed_at"]),
    kmsRequestId: String(row["kms_request_id"]),
  };
}

function outcomeOf(text: string): Inclusion {
  const outcome = JSON.parse(text) as Stored<Inclusion>;
  if (outcome.kind !== "included") return outcome;
  const { gasUsed, effectiveGasPrice } = outcome;
  return { ...outcome, gasUsed: BigInt(gasUsed), effectiveGasPrice: BigInt(effectiveGasPrice) };
}

/** As canonical JSON gives it back. */
type Stored<T> = T extends unknown ? { [Key in keyof T]: T[Key] extends bigint ? string : T[Key] } : never;
