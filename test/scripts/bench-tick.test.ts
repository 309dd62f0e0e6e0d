import { execFileSync } from "node:child_process";

import { expect } from "chai";

import { type MemorySample, slope } from "../../scripts/bench-tick/memory.ts";
import { workBetween } from "../../scripts/bench-tick/stopwatch.ts";

function bench(...options: readonly string[]): string[] {
  const short = ["scripts/bench-tick.ts", "--seconds", "0", "--ticks", "40"];
  return execFileSync(process.execPath, [...short, ...options], { encoding: "utf8" })
    .trim()
    .split("\n");
}

interface Line {
  feeds: number;
  bytes: number;
  name: string;
  p50: number;
  ratio: number;
  count: number;
}

const ROWS = [
  "bare sort and median",
  "the same of a typed array",
  ...["take quotes in", "aggregate", "decide", "pack", "hash", "encode"],
  "tick, every feed changed",
  "tick, 5 % changed, neighbours",
  "tick, 5 % changed, everywhere",
];

describe("npm run bench:tick", () => {
  it("measures every stage at 100, 1,000 and 10,000 feeds beside the bare loop, and memory", () => {
    const lines = bench("--json").map((line) => JSON.parse(line) as Line);
    const [times, memory] = [lines.slice(0, -2), lines.slice(-2)];
    for (const [i, size] of [100, 1_000, 10_000].entries()) {
      const rows = times.slice(i * ROWS.length, (i + 1) * ROWS.length);
      expect(rows.map(({ name }) => name)).to.deep.equal(ROWS);
      for (const { feeds, bytes, name, p50, ratio, count } of rows) {
        expect(feeds).to.equal(size);
        expect(bytes, "the whole report was encoded: seven bytes a price and more").to.be.within(
          7 * size,
          10 * size,
        );
        expect(p50, name).to.be.at.least(0);
        expect(ratio, name).to.be.at.least(0);
        expect(count).to.equal(7);
      }
      expect(rows[0]?.ratio).to.equal(1);
    }
    expect(times).to.have.length(3 * ROWS.length);
    expect(memory.map((line) => Object.keys(line))).to.deep.equal([
      ["memory", "ticks", "first", "last", "bytesPerTick"],
      ["memory", "ticks", "first", "last", "bytesPerTick"],
    ]);
  });

  it("prints tables for people", () => {
    const lines = bench("--feeds", "100");
    expect(
      lines.filter((line) => /^\d+ feeds in bundles of 100, \d+ bytes, 7 rounds$/.test(line)),
    ).to.have.length(1);
    for (const row of ROWS) expect(lines.filter((line) => line.startsWith(`  ${row} `))).to.have.length(1);
    expect(lines.at(-3)).to.equal("memory over 40 ticks of 1000 feeds, garbage collected");
    expect(lines.at(-1)).to.match(/^ {2}rss +\d+\.\d\d MB to \d+\.\d\d MB, slope -?\d+\.\d bytes a tick$/);
  });

  it("finds the slope of a memory that grows, and of one that does not", () => {
    const samples = (used: (ticks: number) => number): MemorySample[] =>
      [0, 100, 200, 300].map((ticks) => ({ ticks, used: used(ticks), rss: 5 }));
    expect(
      slope(
        samples((ticks) => 1000 + 3 * ticks),
        "used",
      ),
    ).to.equal(3);
    expect(
      slope(
        samples((ticks) => (ticks % 200) + 1),
        "rss",
      ),
    ).to.equal(0);
  });

  it("counts neither waiting for the processor nor the work of other threads", () => {
    const start = { wall: 100, processor: 10 };
    expect(workBetween(start, { wall: 108, processor: 12 })).to.equal(2);
    expect(workBetween(start, { wall: 103, processor: 15 })).to.equal(3);
  });
});
