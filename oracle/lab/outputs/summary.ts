import { formatUnits } from "../../decimal.ts";
import { basisPoints } from "../basis-points.ts";
import type { Result } from "../result.ts";

/** The short of a result, as `summary.json` has it: money and prices are decimal texts, in full. */
export function summary(result: Result): object {
  const { manifest, feed, path, rounds, fixings, trades, settlements, money, gas, studies, gaps, outliers } =
    result;
  const price = (units: bigint | undefined): string | null =>
    units === undefined ? null : formatUnits(units, feed.decimals);
  const errors = rounds.flatMap((round) => basisPoints(round.price, round.truth) ?? []).map(Math.abs);
  const count = (of: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const name of of) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  };
  return {
    manifest,
    feed,
    path: {
      from: path[0]?.time ?? null,
      until: path.at(-1)?.time ?? null,
      prices: path.length,
      first: price(path[0]?.price),
      last: price(path.at(-1)?.price),
    },
    rounds: {
      count: rounds.length,
      reasons: count(rounds.map(({ reason }) => reason)),
      mostErrorBp: errors.reduce((most, error) => Math.max(most, error), 0),
    },
    fixings: count(fixings.map(({ status }) => status)),
    trades: count(trades.map(({ action }) => action)),
    settlements: {
      ...count(settlements.map(({ outcome }) => outcome)),
      different: settlements.filter(({ difference }) => difference !== 0n).map(({ option }) => option),
    },
    money: money.map(({ decimals, ...account }) => ({
      ...account,
      decimals,
      ...Object.fromEntries(
        (["collateral", "premiums", "payouts", "refunds", "dust", "left"] as const).map((name) => [
          name,
          formatUnits(account[name], decimals),
        ]),
      ),
    })),
    gas: gas.map((action) => ({
      ...action,
      least: Number(action.least),
      p50: Number(action.p50),
      p95: Number(action.p95),
      most: Number(action.most),
      total: String(action.total),
    })),
    studies: studies.map(({ name, title, about, rows }) => ({
      name,
      title,
      about,
      rows: rows.length,
      file: `study-${name}.csv`,
    })),
    gaps: gaps.map(({ after, before, missing }) => ({
      after: new Date(after).toISOString(),
      before: new Date(before).toISOString(),
      missing,
    })),
    outliers: outliers.map(({ time, price: units, before, basisPoints: step }) => ({
      time,
      price: price(units),
      before: price(before),
      basisPoints: step,
    })),
  };
}
