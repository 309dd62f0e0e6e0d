import { FIXING, ORDINARY } from "../retention.ts";

/** One step from one shape of the database to the next. Steps that were released never change; a new shape is a new step. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Times are Unix seconds, `at`, `opened_at` and `signed_at` Unix milliseconds. What may exceed 53 bits (prices, wei) is text or
 * blobs, never an SQL number. The triggers hold against our own mistakes; against others, the audit chain shows the change.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: "reports, ticks, transmissions, audit",
    sql: `
      CREATE TABLE writer (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE audit (
        writer INTEGER NOT NULL REFERENCES writer, seq INTEGER NOT NULL, at INTEGER NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (writer, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
      CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

      -- What lies before these times may be deleted, and was.
      CREATE TABLE kept_from (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        verdicts INTEGER NOT NULL, reports INTEGER NOT NULL, ticks INTEGER NOT NULL
      ) STRICT;
      INSERT INTO kept_from VALUES (1, 0, 0, 0);

      CREATE TABLE report (
        observed_at INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, root TEXT NOT NULL CHECK (length(root) = 64),
        provenance TEXT NOT NULL, bundles TEXT NOT NULL, prices BLOB NOT NULL, head BLOB NOT NULL
      ) STRICT;
      CREATE INDEX report_of_fixing ON report (observed_at) WHERE ${FIXING};
      CREATE TRIGGER reports_are_never_changed BEFORE UPDATE ON report
        BEGIN SELECT RAISE(ABORT, 'reports are never changed'); END;
      CREATE TRIGGER reports_are_kept BEFORE DELETE ON report
        WHEN NOT (OLD.${ORDINARY} AND OLD.observed_at < (SELECT reports FROM kept_from))
        BEGIN SELECT RAISE(ABORT, 'reports are never deleted before their time'); END;

      CREATE TABLE tick (
        number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, day INTEGER NOT NULL,
        whole INTEGER NOT NULL, body BLOB NOT NULL
      ) STRICT;
      CREATE INDEX tick_by_time ON tick (time, number);
      CREATE INDEX tick_by_day ON tick (day);
      CREATE TRIGGER ticks_are_never_changed BEFORE UPDATE ON tick
        BEGIN SELECT RAISE(ABORT, 'tick records are never changed'); END;
      CREATE TRIGGER ticks_are_kept BEFORE DELETE ON tick WHEN OLD.day >= (SELECT ticks FROM kept_from) / 86400
        BEGIN SELECT RAISE(ABORT, 'tick records are never deleted before their time'); END;

      CREATE TABLE verdict (
        time INTEGER NOT NULL, place INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (time, place)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE transmission (
        id INTEGER PRIMARY KEY, chain_id INTEGER NOT NULL, sender TEXT NOT NULL COLLATE NOCASE, nonce INTEGER NOT NULL,
        recipient TEXT NOT NULL, observed_at INTEGER NOT NULL, root TEXT NOT NULL CHECK (length(root) = 64),
        fixing INTEGER NOT NULL, bundles TEXT NOT NULL, reasons TEXT NOT NULL, data TEXT NOT NULL,
        opened_at INTEGER NOT NULL, ended TEXT, outcome TEXT,
        CHECK ((ended IS NULL) = (outcome IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX one_transmission_holds_a_nonce ON transmission (chain_id, sender, nonce)
        WHERE ended IS NOT 'abandoned';
      CREATE INDEX transmission_open ON transmission (chain_id, sender, nonce) WHERE ended IS NULL;
      CREATE TRIGGER transmissions_are_never_deleted BEFORE DELETE ON transmission
        BEGIN SELECT RAISE(ABORT, 'transmissions are never deleted'); END;
      CREATE TRIGGER intents_are_never_changed BEFORE UPDATE OF
        id, chain_id, sender, nonce, recipient, observed_at, root, fixing, bundles, reasons, data, opened_at ON transmission
        BEGIN SELECT RAISE(ABORT, 'what a transmission is for is never changed'); END;
      CREATE TRIGGER outcomes_are_never_changed BEFORE UPDATE OF ended, outcome ON transmission WHEN OLD.ended IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'how a transmission ended is never changed'); END;

      CREATE TABLE attempt (
        hash TEXT PRIMARY KEY, transmission INTEGER NOT NULL REFERENCES transmission, place INTEGER NOT NULL,
        raw TEXT NOT NULL, max_fee_per_gas TEXT NOT NULL, max_priority_fee_per_gas TEXT NOT NULL, gas_limit TEXT NOT NULL,
        signed_at INTEGER NOT NULL, kms_request_id TEXT NOT NULL, UNIQUE (transmission, place)
      ) STRICT;
      CREATE TRIGGER attempts_are_never_changed BEFORE UPDATE ON attempt
        BEGIN SELECT RAISE(ABORT, 'attempts are never changed'); END;
      CREATE TRIGGER attempts_are_never_deleted BEFORE DELETE ON attempt
        BEGIN SELECT RAISE(ABORT, 'attempts are never deleted'); END;
    `,
  },
];
