import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { AgreementStore, StoreRecord } from "../../../../oracle/signer/agreement/store.ts";
import { StoreConflict } from "../../../../oracle/signer/agreement/store-conflict.ts";
import { MemoryStore } from "../../../../oracle/signer/store/memory-store.ts";
import { SqliteStore } from "../../../../oracle/signer/store/sqlite-store.ts";

const FIXING = 1_700_300_100;
const TICK = 1_700_300_110;
const message = (text: string) => new TextEncoder().encode(text);
const root = "ab".repeat(32);
const other = "cd".repeat(32);

function vote(time: number, text: string): StoreRecord {
  return { kind: "vote", time, round: 2, step: "prevote", bytes: message(text) };
}

function obs(time: number, hash: string, own: boolean): StoreRecord {
  return { kind: "obs", time, signer: own ? 0 : 1, hash, own, bytes: message(hash) };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nakane-store-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function sqlite(name = "store.db", witness = "witness"): SqliteStore {
  return new SqliteStore(join(folder, name), join(folder, witness));
}

const kinds: Record<string, () => AgreementStore> = {
  memory: () => new MemoryStore(),
  SQLite: () => sqlite(),
};

for (const [name, open] of Object.entries(kinds)) {
  describe(`agreement store in ${name}`, () => {
    let store: AgreementStore;
    beforeEach(() => {
      store = open();
    });
    afterEach(() => {
      store.close();
    });

    it("gives back everything of an open time", () => {
      const locked = { round: 2, value: root };
      store.write([
        obs(FIXING, "own", true),
        obs(FIXING, "other", false),
        vote(FIXING, "vote"),
        {
          kind: "lock",
          time: FIXING,
          lock: { locked, valid: locked, messages: [message("prop"), message("pre")] },
        },
        { kind: "decision", time: FIXING, root, certificate: [message("prop"), message("commit")] },
        { kind: "intent", time: FIXING, root },
        { kind: "sig", time: FIXING, bytes: message("sig") },
      ]);
      expect(store.load(FIXING).open).to.deep.equal([
        {
          time: FIXING,
          observations: [message("own"), message("other")],
          votes: [message("vote")],
          lock: { locked, valid: locked, messages: [message("prop"), message("pre")] },
          certificate: [message("prop"), message("commit")],
          intent: root,
          sig: message("sig"),
        },
      ]);
      expect(store.load(FIXING + 1).open).to.deep.equal([]);
    });

    it("replaces a lock, and nothing else", () => {
      const lock = (round: number) => {
        const mark = { round, value: root };
        return { locked: mark, valid: mark, messages: [] };
      };
      store.write([{ kind: "lock", time: FIXING, lock: lock(1) }]);
      store.write([{ kind: "lock", time: FIXING, lock: lock(4) }]);
      expect(store.load(0).open[0]?.lock?.locked).to.deep.equal({ round: 4, value: root });
    });

    it("closes a time with its report and serves everything of it", () => {
      store.write([obs(FIXING, "own", true), vote(FIXING, "vote")]);
      store.write([
        { kind: "decision", time: FIXING, root, certificate: [message("prop"), message("commit")] },
      ]);
      store.write([{ kind: "report", time: FIXING, root, messages: [message("prop"), message("sig 0")] }]);
      const { open, closed } = store.load(0);
      expect(open).to.deep.equal([]);
      expect(closed).to.deep.equal([FIXING]);
      const served = store.messagesOf(FIXING).map((bytes) => new TextDecoder().decode(bytes));
      expect(served).to.have.members(["own", "prop", "commit", "sig 0"]);
      expect(store.messagesOf(TICK)).to.deep.equal([]);
    });

    const contradictions: Record<string, [StoreRecord, StoreRecord]> = {
      "another own observation": [obs(TICK, "a", true), obs(TICK, "b", true)],
      "another vote in the same step": [vote(TICK, "a"), vote(TICK, "b")],
      "another decision": [
        { kind: "decision", time: TICK, root, certificate: [] },
        { kind: "decision", time: TICK, root: other, certificate: [] },
      ],
      "another root to sign": [
        { kind: "intent", time: TICK, root },
        { kind: "intent", time: TICK, root: other },
      ],
      "another report": [
        { kind: "report", time: TICK, root, messages: [] },
        { kind: "report", time: TICK, root: other, messages: [] },
      ],
    };
    for (const [what, [first, second]] of Object.entries(contradictions)) {
      it(`refuses ${what}, and writes nothing of that transaction`, () => {
        store.write([first]);
        store.write([first]);
        expect(() => {
          store.write([obs(FIXING, "beside", false), second]);
        }).to.throw(StoreConflict);
        expect(store.load(0).open.some(({ time }) => time === FIXING)).to.equal(false);
      });
    }

    it("keeps evidence once, and for ever", () => {
      const evidence = {
        kind: "equivocation",
        accused: 3,
        time: TICK,
        epoch: 0,
        about: "prevote in round 0",
        messages: [message("a"), message("b")],
      } as const;
      store.write([{ kind: "evidence", evidence }]);
      store.write([
        { kind: "evidence", evidence },
        { kind: "forget", ordinary: TICK + 1, fixings: TICK + 1 },
      ]);
      expect(store.evidence()).to.deep.equal([evidence]);
    });

    it("forgets ordinary ticks soon and fixings late", () => {
      store.write([vote(TICK, "tick"), vote(FIXING, "fixing")]);
      store.write([{ kind: "forget", ordinary: TICK + 1, fixings: FIXING }]);
      expect(store.load(0).open.map(({ time }) => time)).to.deep.equal([FIXING]);
      store.write([{ kind: "forget", ordinary: 0, fixings: FIXING + 1 }]);
      expect(store.load(0).open).to.deep.equal([]);
    });

    it("is in doubt about itself when new, until the sit-out is written", () => {
      expect(store.load(0)).to.include({ intact: false, sitOutUntil: 0 });
      store.write([{ kind: "sitOut", until: TICK }]);
      expect(store.load(0)).to.include({ intact: true, sitOutUntil: TICK });
      store.write([{ kind: "sitOut", until: FIXING }]);
      expect(store.load(0).sitOutUntil).to.equal(TICK);
    });
  });
}

describe("agreement store in SQLite, opened again", () => {
  const begun = () => {
    const store = sqlite();
    store.write([{ kind: "sitOut", until: TICK }, vote(FIXING, "first")]);
    return store;
  };

  it("is the last one after a clean stop, and after a crash", () => {
    begun().close();
    const store = sqlite();
    expect(store.load(0)).to.include({ intact: true, sitOutUntil: TICK });
    store.write([vote(TICK, "second")]);
    // A crash: the files as they are on disk at this moment, under the same witness.
    for (const end of ["", "-wal"])
      copyFileSync(join(folder, `store.db${end}`), join(folder, `crashed.db${end}`));
    copyFileSync(join(folder, "witness"), join(folder, "crashed-witness"));
    store.close();
    const crashed = sqlite("crashed.db", "crashed-witness");
    expect(crashed.load(0).intact).to.equal(true);
    expect(crashed.load(0).open.map(({ time }) => time)).to.deep.equal([FIXING, TICK]);
    crashed.close();
  });

  it("knows a backup of the same run, of an earlier run, and a lost witness", () => {
    const store = begun();
    for (const end of ["", "-wal"])
      copyFileSync(join(folder, `store.db${end}`), join(folder, `backup.db${end}`));
    store.write([vote(TICK, "after the backup")]);
    store.close();
    copyFileSync(join(folder, "store.db"), join(folder, "stopped.db"));
    copyFileSync(join(folder, "witness"), join(folder, "witness-then"));

    const restored = sqlite("backup.db", "witness");
    expect(restored.load(0).intact, "behind its witness").to.equal(false);
    restored.close();
    const again = sqlite("backup.db", "witness");
    expect(again.load(0).intact, "the doubt stays until the sit-out is written").to.equal(false);
    again.write([{ kind: "sitOut", until: TICK + 20 }]);
    again.close();
    const settled = sqlite("backup.db", "witness");
    expect(settled.load(0)).to.include({ intact: true, sitOutUntil: TICK + 20 });
    settled.close();

    const earlier = sqlite("stopped.db", "witness");
    expect(earlier.load(0).intact, "of an earlier run").to.equal(false);
    earlier.close();
    const alone = sqlite("store.db", "no-such-witness");
    expect(alone.load(0).intact, "without its witness").to.equal(false);
    alone.close();
  });

  it("is locked for one process", () => {
    const store = begun();
    expect(() => sqlite()).to.throw("is another signer using it?");
    store.close();
    sqlite().close();
  });
});
