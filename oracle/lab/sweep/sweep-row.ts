import { basisPoints } from "../basis-points.ts";
import type { Cell, Result, Study, StudyColumn } from "../result.ts";

/** What is kept of each point of a sweep. */
const COLUMNS: readonly StudyColumn[] = [
  { name: "deviation", unit: "%" },
  { name: "heartbeat", unit: "s" },
  { name: "latency", unit: "s" },
  { name: "seed", unit: "" },
  { name: "rounds", unit: "" },
  { name: "round_gas", unit: "gas" },
  { name: "latest_p50", unit: "bp" },
  { name: "latest_p95", unit: "bp" },
  { name: "latest_max", unit: "bp" },
  { name: "fixing_max", unit: "bp" },
  { name: "settled", unit: "" },
  { name: "split", unit: "" },
  { name: "different", unit: "" },
  { name: "stuck", unit: "" },
];

/** One point: how far the latest price on chain was from the true one at every price of the path, and the fixings. */
export function sweepRow(result: Result): readonly Cell[] {
  const { manifest, rounds, fixings, settlements, money } = result;
  const { oracle, seed } = manifest.scenario as { oracle: Record<string, Cell>; seed: number };
  const latest = latestErrors(result);
  const at = (share: number): Cell => latest[Math.max(0, Math.ceil(share * latest.length) - 1)] ?? null;
  const ofFixings = fixings.flatMap(({ price, truth }) => basisPoints(price, truth) ?? []).map(Math.abs);
  return [
    String(oracle["deviation"]).replace("%", ""),
    oracle["heartbeat"] ?? null,
    oracle["latency"] ?? null,
    seed,
    rounds.length,
    rounds.reduce((total, { gas }) => total + gas, 0n),
    at(0.5),
    at(0.95),
    at(1),
    ofFixings.length === 0 ? null : Math.max(...ofFixings),
    settlements.filter(({ outcome }) => outcome === "fixed").length,
    settlements.filter(({ outcome }) => outcome === "split").length,
    settlements.filter(({ difference }) => difference !== 0n).length,
    money.reduce((total, { stuck }) => total + stuck, 0),
  ];
}

/** All points together. */
export function sweepStudy(rows: readonly (readonly Cell[])[]): Study {
  return {
    name: "sweep",
    title: "One run for each setting of the oracle",
    about:
      "The whole run once for every combination: real market code, signers, relayer and contracts. latest: the newest price on chain against the true one, at every price of the path, in basis points of the true one; fixing: the stored fixings against the true price of their own time.",
    columns: COLUMNS,
    rows,
  };
}

/** Absolute, ascending. */
function latestErrors({ path, rounds }: Result): number[] {
  const errors: number[] = [];
  const byBlock = rounds.toSorted((a, b) => a.blockTime - b.blockTime);
  let next = 0;
  let newest: { readonly observedAt: number; readonly price: bigint | null } | undefined;
  for (const { time, price: truth } of path) {
    for (let round = byBlock[next]; round !== undefined && round.blockTime <= time; round = byBlock[++next])
      if (newest === undefined || round.observedAt > newest.observedAt) newest = round;
    const error = newest === undefined ? null : basisPoints(newest.price, truth);
    if (error !== null) errors.push(Math.abs(error));
  }
  return errors.sort((a, b) => a - b);
}
