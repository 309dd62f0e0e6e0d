import { expect } from "chai";
import fc from "fast-check";

import {
  type AuditBreak,
  auditHash,
  type AuditText,
  AuditWalk,
  GENESIS,
  isReordered,
} from "../../../oracle/ledger/audit-chain.ts";

/** Chains of several writers, `lengths[i]` rows each. */
function chains(lengths: readonly number[]): AuditText[] {
  const rows: AuditText[] = [];
  lengths.forEach((length, w) => {
    for (let seq = 1; seq <= length; seq++) {
      const row = {
        writer: `tokyo-1 ${w}`,
        seq,
        time: 1000 * rows.length,
        kind: seq === 1 ? "started" : "report",
        body: `{"n":${rows.length}}`,
        previous: rows.at(-1)?.hash ?? GENESIS,
      };
      rows.push({ ...row, hash: auditHash(row) });
    }
  });
  return rows;
}

/** Where the walk stops first: the place in the list, and why. */
function firstBreak(rows: readonly AuditText[]): { place: number; broken: AuditBreak } | null {
  const walk = new AuditWalk();
  for (const [place, row] of rows.entries()) {
    const broken = walk.step(row);
    if (broken !== null) return { place, broken };
  }
  return null;
}

const ROWS = chains([40, 1, 25]);

describe("the audit chain", () => {
  it("hashes the canonical JSON of a row, so that anyone can do it again", () => {
    const row = { writer: "w", seq: 1, time: 5, kind: "page", body: '{"a":1}', previous: GENESIS };
    // printf '{"body":{"a":1},"kind":"page","previous":"000…000","seq":1,"time":5,"writer":"w"}' | sha256sum
    expect(auditHash(row)).to.equal("9d2210bfc159d8daf96d250073f70b4d87de8ef7701d47e77853e36d35200c37");
  });

  it("is whole as it was written, and says where each writer ended", () => {
    const walk = new AuditWalk();
    for (const row of ROWS) expect(walk.step(row)).to.equal(null);
    expect(walk.rows).to.equal(66);
    expect(walk.heads).to.deep.equal(
      [39, 40, 65].map((i) => ({ writer: ROWS[i]!.writer, seq: ROWS[i]!.seq, hash: ROWS[i]!.hash })),
    );
  });

  it("goes on from where an earlier walk stopped", () => {
    const first = new AuditWalk();
    for (const row of ROWS.slice(0, 30)) first.step(row);
    const second = new AuditWalk(first);
    for (const row of ROWS.slice(30)) expect(second.step(row)).to.equal(null);
    expect(second.rows).to.equal(66);
    expect(new AuditWalk().step(ROWS[30]!)).to.include({ flaw: "missing", seq: 1 });
  });

  it("names the first row that was changed, lost, moved, put in or forged: 2,000 random edits, all seen", () => {
    const last = ROWS.length - 1;
    const field = fc.constantFrom("seq", "time", "kind", "body", "previous", "hash", "writer");
    const edit = fc.oneof(
      fc.record({ change: fc.integer({ min: 0, max: last }), field }),
      fc.record({ lose: fc.integer({ min: 0, max: last - 1 }), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ swap: fc.integer({ min: 0, max: last - 1 }), with: fc.integer({ min: 0, max: last - 1 }) }),
      fc.record({ twice: fc.integer({ min: 0, max: last }) }),
      fc.record({ forge: fc.integer({ min: 0, max: last - 1 }) }),
    );
    fc.assert(
      fc.property(edit, (one) => {
        const rows = [...ROWS];
        let expected: number;
        if ("change" in one) {
          expected = one.change;
          const row = rows[one.change]!;
          const value = row[one.field];
          rows[one.change] = { ...row, [one.field]: typeof value === "number" ? value + 1 : `${value} ` };
        } else if ("lose" in one) {
          fc.pre(one.lose + one.count <= last);
          expected = one.lose;
          rows.splice(one.lose, one.count);
        } else if ("swap" in one) {
          fc.pre(one.swap !== one.with);
          expected = Math.min(one.swap, one.with);
          [rows[one.swap], rows[one.with]] = [rows[one.with]!, rows[one.swap]!];
        } else if ("twice" in one) {
          expected = one.twice + 1;
          rows.splice(one.twice, 0, rows[one.twice]!);
        } else {
          // Hashed again by somebody who knows how: the row after it does not continue it.
          expected = one.forge + 1;
          const forged = { ...rows[one.forge]!, body: '{"n":"forged"}' };
          rows[one.forge] = { ...forged, hash: auditHash(forged) };
        }
        const found = firstBreak(rows);
        expect(found?.place).to.equal(expected);
        if ("forge" in one) expect(found?.broken.flaw).to.equal("unlinked");
      }),
      { seed: 20261126, numRuns: 2000 },
    );
  });

  it("says what is wrong: a missing row by its number, an altered one with both hashes", () => {
    const gap = firstBreak(ROWS.filter((_, i) => i !== 4))?.broken;
    expect(gap).to.include({ writer: "tokyo-1 0", seq: 5, flaw: "missing" });
    const altered = firstBreak(ROWS.map((row, i) => (i === 4 ? { ...row, time: 1 } : row)))?.broken;
    expect(altered).to.include({ seq: 5, flaw: "altered" });
    expect(altered?.detail)
      .to.contain(ROWS[4]!.hash)
      .and.to.contain(auditHash({ ...ROWS[4]!, time: 1 }));
  });

  it("misses a writer that is gone, and the end of one that another followed", () => {
    const without = (writer: string): AuditText[] => ROWS.filter((row) => row.writer !== writer);
    expect(firstBreak(without("tokyo-1 0"))?.broken.flaw).to.equal("unlinked");
    expect(firstBreak(without("tokyo-1 1"))?.broken.flaw).to.equal("unlinked");
    expect(firstBreak(ROWS.filter((_, i) => i !== 39))?.broken).to.include({
      writer: "tokyo-1 1",
      seq: 1,
      flaw: "unlinked",
    });
    expect(firstBreak(ROWS.slice(0, -5))).to.equal(null); // which is why heads are noted elsewhere
  });

  it("knows a row that stands at another's place by its own number", () => {
    const moved = { ...ROWS[4]!, seq: 9 };
    expect(isReordered(moved, 40)).to.equal(true);
    expect(isReordered(moved, 4)).to.equal(false);
    expect(isReordered({ ...moved, time: 1 }, 40)).to.equal(false);
  });
});
