import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import { LedgerError } from "../../../oracle/ledger/ledger.ts";
import { Database } from "../../../oracle/ledger/sqlite/database.ts";
import type { Migration } from "../../../oracle/ledger/sqlite/migrations.ts";
import { SqliteStore } from "../../../oracle/signer/store/sqlite-store.ts";
import { rejection } from "../../utils/rejection.ts";
import { FIXING, reportAt, Rig } from "./rig.ts";

describe("opening a ledger", () => {
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
  });
  afterEach(() => rig.end());

  /** What opening is refused with; the message always names the file. */
  const refusal = async (file = rig.file): Promise<string> => {
    const error = await rejection(rig.open({ file }));
    expect(error).to.be.instanceOf(LedgerError);
    expect(error.message).to.contain(file);
    return error.message;
  };

  it("makes a file of strict tables that SQLite finds sound, in WAL, with foreign keys", async () => {
    const ledger = await rig.open({ durability: "full" });
    await ledger.putReport(reportAt(FIXING));
    await ledger.close();
    const database = new DatabaseSync(rig.file, { readOnly: true });
    const value = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0];
    expect(value("PRAGMA integrity_check")).to.equal("ok");
    expect(value("PRAGMA journal_mode")).to.equal("wal");
    expect(
      value(
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND NOT strict",
      ),
    ).to.equal(0);
    expect(database.prepare("PRAGMA foreign_key_check").all()).to.deep.equal([]);
    expect(value("SELECT count(*) FROM pragma_table_list WHERE name = 'report' AND strict")).to.equal(1);
    database.close();
  });

  it("waits for the disk at every commit, unless it only has to outlive the process", () => {
    for (const [durability, synchronous] of [
      ["full", 2],
      ["process", 0],
    ] as const) {
      const database = new Database({ file: rig.file, durability });
      expect(database.row("PRAGMA synchronous")?.["synchronous"], durability).to.equal(synchronous);
      expect(database.row("PRAGMA foreign_keys")?.["foreign_keys"]).to.equal(1);
      expect(database.row("PRAGMA locking_mode")?.["locking_mode"]).to.equal("exclusive");
      database.close();
    }
  });

  it("keeps prices, wei and masks of any size out of SQL's numbers", async () => {
    await rig.open();
    await rig.close();
    const database = new DatabaseSync(rig.file, { readOnly: true });
    const numbers = database
      .prepare(
        `SELECT t.name || '.' || c.name AS what FROM pragma_table_list t, pragma_table_info(t.name) c
         WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND c.type IN ('INTEGER', 'REAL', 'ANY') ORDER BY 1`,
      )
      .all()
      .map((row) => String(row["what"]));
    expect(numbers.filter((name) => /price|gas|fee|wei|mask|units/.test(name))).to.deep.equal([]);
    database.close();
  });

  it("refuses a second process: one at a time, and says what to do", async () => {
    const first = await rig.open();
    expect(await refusal())
      .to.contain("in use by another process")
      .and.to.contain("file of its own");
    await first.putReport(reportAt(FIXING));
    await first.close();
    const second = await rig.open();
    expect(await second.report(FIXING)).to.not.equal(null);
  });

  it("refuses a file written by a newer version, and leaves it as it is", async () => {
    await rig.open();
    await rig.tamper((database) => {
      database.exec("INSERT INTO migration VALUES (2, 'something of next year', 0)");
    });
    const before = readFileSync(rig.file);
    expect(await refusal())
      .to.contain("newer version")
      .and.to.contain('2 "something of next year"');
    expect(readFileSync(rig.file).equals(before)).to.equal(true);
  });

  it("refuses another program's database, the signer's store for one, and does not touch it", async () => {
    new SqliteStore(rig.file, join(rig.folder, "witness")).close();
    expect(await refusal())
      .to.contain("no ledger")
      .and.to.contain("application_id is 0");
    const database = new DatabaseSync(rig.file, { readOnly: true });
    expect(
      database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'audit'").get()?.["n"],
    ).to.equal(0);
    database.close();
  });

  it("refuses a file that is no database, and one that is damaged", async () => {
    writeFileSync(rig.file, "this is a letter to the bank, not a database\n".repeat(100));
    expect(await refusal())
      .to.contain("is damaged, or is no database")
      .and.to.contain("restore the newest backup");
    const other = join(rig.folder, "other.db");
    await (await rig.open({ file: other })).close();
    const bytes = readFileSync(other);
    bytes.fill(0x5a, 100, bytes.length);
    writeFileSync(other, bytes);
    expect(await refusal(other)).to.contain("is damaged, or is no database");
  });

  it("refuses a folder that is not there, and a folder in the file's place", async () => {
    expect(await refusal(join(rig.folder, "nowhere", "ledger.db"))).to.contain("Its folder must exist");
    mkdirSync(rig.file);
    expect(await refusal()).to.contain("cannot be opened");
  });

  it("refuses a file, or a folder, that it may not write", async () => {
    await (await rig.open()).close();
    const { folder, file } = rig;
    const attempted = (): string => {
      try {
        new Database({ file, durability: "process" }).close();
        return "opened";
      } catch (error) {
        return error instanceof LedgerError ? error.message : String(error);
      }
    };
    const modes: [folder: number, file: number][] = [
      [0o755, 0o444],
      [0o555, 0o644],
    ];
    for (const [folderMode, fileMode] of modes) {
      chmodSync(file, fileMode);
      chmodSync(folder, folderMode);
      const message = asNobody(attempted);
      chmodSync(folder, 0o755);
      chmodSync(file, 0o644);
      expect(message)
        .to.contain(`The ledger ${file} cannot be written and locked`)
        .and.to.contain("mounted read-only");
    }
    expect(attempted()).to.equal("opened");
  });
});

/** Root may write everything; nobody (uid 65534) may not. */
function asNobody<T>(work: () => T): T {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("migrations of the ledger", () => {
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
  });
  afterEach(() => rig.end());

  const ONE: Migration = { name: "one", sql: "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)" };
  const TWO: Migration = { name: "two", sql: "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO a VALUES (2)" };
  const BAD: Migration = { name: "bad", sql: "INSERT INTO a VALUES (3); INSERT INTO nowhere VALUES (1)" };

  const migrated = <T>(migrations: readonly Migration[], look: (database: Database) => T): T => {
    const database = new Database({ file: rig.file, durability: "process" });
    try {
      database.migrate(migrations, 7);
      return look(database);
    } finally {
      database.close();
    }
  };
  const applied = (database: Database): unknown[] =>
    database.rows("SELECT number, name, at FROM migration ORDER BY number").map((row) => ({ ...row }));
  const rows = (database: Database): unknown[] =>
    database.rows("SELECT x FROM a ORDER BY x").map((row) => row["x"]);

  it("are applied once each, in their order, and noted with their time", () => {
    expect(migrated([ONE], rows)).to.deep.equal([1]);
    expect(migrated([ONE, TWO], rows)).to.deep.equal([1, 2]);
    expect(migrated([ONE, TWO], applied)).to.deep.equal([
      { number: 1, name: "one", at: 7 },
      { number: 2, name: "two", at: 7 },
    ]);
  });

  it("are applied whole or not at all", () => {
    expect(() => migrated([ONE, BAD], rows)).to.throw(LedgerError, "nowhere");
    expect(migrated([ONE], rows)).to.deep.equal([1]);
    expect(migrated([ONE, TWO], rows)).to.deep.equal([1, 2]);
  });

  it("that the file has and the version does not know are refused: too many, or others", () => {
    migrated([ONE, TWO], rows);
    expect(() => migrated([ONE], rows)).to.throw(LedgerError, 'step 2 "two"');
    expect(() => migrated([ONE, BAD], rows)).to.throw(LedgerError, 'step 2 "two"');
  });
});
