import { readFileSync } from "node:fs";

import { expect } from "chai";
import { parseUnits } from "ethers";

import { Kind, OptionMarket } from "../utils/option-market.ts";
import { SeriesKind, SeriesMarket } from "../utils/series-market.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The worked table of a page: kind, K, B, size, S, locked, buyer, seller. */
function workedRows(page: string): string[][] {
  return page
    .split("\n")
    .filter((line) => /^\| `(Call|Put|BaseCall)` /.test(line))
    .map((line) => line.split("|").map((cell) => cell.replaceAll(/[`, ]/g, "")))
    .map((cells) => cells.slice(1, -1));
}

/** The worked table of series: kind, K, B, amount, fixings, locked, long, short. */
function seriesRows(page: string): string[][] {
  return page
    .split("\n")
    .filter((line) => /^\| `(Digital|Asian|Touch)/.test(line))
    .map((line) => line.split("|").map((cell) => cell.replaceAll(/[`, ]/g, "")))
    .map((cells) => cells.slice(1, -1));
}

/** What a series of this kind stands on after these fixings. */
function total(kind: string, fixings: readonly bigint[]): bigint {
  const ascending = fixings.toSorted((a, b) => (a < b ? -1 : 1));
  if (kind === "TouchUp") return ascending.at(-1)!;
  if (kind === "TouchDown") return ascending[0]!;
  return fixings.reduce((sum, one) => sum + one);
}

/** Without white space: the formatter lays code out differently in a page. */
const bare = (code: string) => code.replaceAll(/\s+/g, "");

describe("docs/settlement.md and its Japanese twin", () => {
  const english = read("docs/settlement.md");
  const japanese = read("docs/settlement.ja.md");

  it("work out the same numbers", () => {
    expect(workedRows(english)).to.have.length(7);
    expect(workedRows(japanese)).to.deep.equal(workedRows(english));
  });

  it("work out what the contract pays", async () => {
    const market = await OptionMarket.open();
    for (const [kind, strike, bound, size, fixing, locked, buyer, seller] of workedRows(english)) {
      const amount = (text: string) => parseUnits(text, kind === "BaseCall" ? 8 : 18);
      const terms = {
        ...(await market.put({ strike: parseUnits(strike!, 2), size: amount(size!), premium: 0n })),
        kind: Kind[kind as keyof typeof Kind],
        bound: parseUnits(bound!, 2),
      };
      const collateral = await market.options.collateralOf(terms);
      const payout = await market.options.payoutAt(terms, parseUnits(fixing!, 2));
      expect([collateral, payout, collateral - payout], `${kind} at ${fixing}`).to.deep.equal(
        [locked, buyer, seller].map((text) => amount(text!)),
      );
    }
  });

  it("work out the same numbers of series", () => {
    const rows = seriesRows(english);
    expect(new Set(rows.map(([kind]) => kind)).size).to.equal(6);
    expect(seriesRows(japanese)).to.deep.equal(rows);
  });

  it("work out what a series pays", async () => {
    const series = await SeriesMarket.open();
    for (const [kind, strike, bound, size, listed, ...shown] of seriesRows(english)) {
      const fixings = listed!.split("/").map((one) => parseUnits(one, 2));
      const terms = await series.terms({
        kind: kind as keyof typeof SeriesKind,
        strike: parseUnits(strike!, 2),
        bound: parseUnits(bound!, 2),
      });
      const amount = parseUnits(size!, 18);
      const { width, unit } = await series.desk.lockedOf(terms);
      const weights = await series.desk.weightsAt(terms, total(kind!, fixings), BigInt(fixings.length));
      expect(
        [
          (amount * width) / unit,
          (amount * weights.long) / weights.unit,
          (amount * weights.short) / weights.unit,
        ],
        `${kind!} at ${listed!}`,
      ).to.deep.equal(shown.map((text) => parseUnits(text, 18)));
    }
  });

  it("show the contract that the tests compile", () => {
    const example = read("test/contracts/options/SettlementExample.sol").replaceAll(
      "../../../contracts/",
      "nakane/contracts/",
    );
    for (const page of [english, japanese]) {
      const shown = /```solidity\n([^]*?)```/.exec(page)![1]!;
      expect(bare(shown)).to.equal(bare(example));
    }
  });

  it("name the same errors", () => {
    const names = (page: string) => [...page.matchAll(/`(\w+\([^)]*\))`/g)].map(([, name]) => name);
    expect(names(english)).to.have.length(3);
    expect(names(japanese)).to.deep.equal(names(english));
  });
});
