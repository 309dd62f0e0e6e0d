import { MAX_PRICE, MIN_PRICE } from "../../report/word.ts";
import type { Cell, Study } from "../result.ts";
import { collateralOf, type CoverTerms, payoutOf, shortfallOf } from "./cover.ts";
import { rounded } from "./statistics.ts";

/** Series, and how much of their full collateral is locked. */
export interface CollateralShocksConfig {
  readonly series: readonly CoverTerms[];
  /** The price before the shock, in the feed's decimals. */
  readonly spot: bigint;
  /** Prices that the path has been at: the worst of them is a row. */
  readonly path: readonly bigint[];
  /** Shares of the full collateral in hundredths of a percent; 10,000 is what the contracts ask for. */
  readonly shares: readonly number[];
}

/** A shock: what the price becomes. */
interface Shock {
  readonly name: string;
  readonly price: bigint;
}

const WHOLE = 10_000n;

/**
 * What is missing of the payout after a shock, by how much of the full collateral is locked. With all of it nothing is ever
 * missing, at any price that the chain can hold: that is what full collateral means, and it is shown here by arithmetic.
 *
 * The shocks: half of the price, three times it, a gap through strike and bound to their far side, the ends of what a price
 * can be, and the worst price of the path.
 */
export function studyCollateralShocks({ series, spot, path, shares }: CollateralShocksConfig): Study {
  const rows: Cell[][] = [];
  for (const terms of series) {
    const full = collateralOf(terms);
    for (const { name, price } of shocks(terms, spot, path)) {
      for (const share of shares) {
        const locked = (full * BigInt(share)) / WHOLE;
        const missing = shortfallOf(terms, price, locked);
        rows.push([
          terms.kind,
          terms.strike,
          terms.bound,
          share / 100,
          name,
          price,
          locked,
          payoutOf(terms, price),
          missing,
          full === 0n ? 0 : rounded(Number((missing * 1_000_000n) / full) / 10_000, 4),
        ]);
      }
    }
  }
  return {
    name: "collateral-shocks",
    title: "Collateral under shocks",
    about:
      "What is missing of the payout after a shock, by the share of the full collateral that is locked. The contracts ask for 100 %, where nothing can be missing. Prices in the feed's smallest unit, money in the token's.",
    columns: [
      { name: "kind", unit: "" },
      { name: "strike", unit: "units" },
      { name: "bound", unit: "units" },
      { name: "locked_share", unit: "%" },
      { name: "shock", unit: "" },
      { name: "price", unit: "units" },
      { name: "locked", unit: "units" },
      { name: "payout", unit: "units" },
      { name: "shortfall", unit: "units" },
      { name: "shortfall_share", unit: "%" },
    ],
    rows,
  };
}

function shocks(terms: CoverTerms, spot: bigint, path: readonly bigint[]): readonly Shock[] {
  const up = terms.kind === "call" || terms.kind.endsWith("-call") || terms.kind === "touch-up";
  const edge = terms.bound === 0n ? terms.strike : terms.bound;
  // A tenth of the price beyond the barrier, in one step.
  const beyond = up ? edge + edge / 10n + 1n : edge - edge / 10n - 1n;
  const worst = path.toSorted((a, b) => {
    const difference = payoutOf(terms, b) - payoutOf(terms, a);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  })[0];
  return [
    { name: "-50 %", price: spot / 2n },
    { name: "x3", price: spot * 3n },
    { name: "gap through the barrier", price: beyond },
    { name: "highest price on chain", price: MAX_PRICE },
    { name: "lowest price on chain", price: MIN_PRICE },
    ...(worst === undefined ? [] : [{ name: "worst of the path", price: worst }]),
  ];
}
