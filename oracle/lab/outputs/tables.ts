import { formatUnits } from "../../decimal.ts";
import { basisPoints } from "../basis-points.ts";
import type { Cell, Result, ResultTerms } from "../result.ts";

/** One file of a result. */
export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const TERMS = ["contract", "kind", "strike", "bound", "size", "token", "collateral", "expiry"] as const;

/** The files of a result that are tables. Times are Unix seconds; prices and money are decimals, written out. */
export function tables(result: Result): Table[] {
  const { decimals } = result.feed;
  const price = (units: bigint | null): Cell => (units === null ? null : formatUnits(units, decimals));
  const money = (units: bigint, { tokenDecimals }: ResultTerms): Cell => formatUnits(units, tokenDecimals);
  const terms = (of: ResultTerms): Cell[] => [
    of.contract,
    of.kind,
    price(of.strike),
    price(of.bound),
    money(of.size, of),
    of.token,
    money(of.collateral, of),
    of.expiry,
  ];
  return [
    {
      file: "prices.csv",
      columns: ["time", "price"],
      rows: result.path.map((point) => [point.time, price(point.price)]),
    },
    {
      file: "rounds.csv",
      columns: [
        "observed_at",
        "block_time",
        "block",
        "price",
        "truth",
        "error_bp",
        "reason",
        "fixing",
        "gas",
      ],
      rows: result.rounds.map((round) => [
        round.observedAt,
        round.blockTime,
        round.block,
        price(round.price),
        price(round.truth),
        basisPoints(round.price, round.truth),
        round.reason,
        round.fixing ? 1 : 0,
        round.gas,
      ]),
    },
    {
      file: "fixings.csv",
      columns: ["time", "status", "price", "truth", "error_bp"],
      rows: result.fixings.map((fixing) => [
        fixing.time,
        fixing.status,
        price(fixing.price),
        price(fixing.truth),
        basisPoints(fixing.price, fixing.truth),
      ]),
    },
    {
      file: "trades.csv",
      columns: ["option", "time", "action", ...TERMS, "premium", "gas"],
      rows: result.trades.map((trade) => [
        trade.option,
        trade.time,
        trade.action,
        ...terms(trade.terms),
        money(trade.premium, trade.terms),
        trade.gas,
      ]),
    },
    {
      file: "settlements.csv",
      columns: [
        ...["option", "time", ...TERMS, "outcome", "fixing", "back", "truth", "premium", "payout", "refund"],
        ...["exact_numerator", "exact_denominator", "difference", "dust", "gas"],
      ],
      rows: result.settlements.map((one) => [
        one.option,
        one.time,
        ...terms(one.terms),
        one.outcome,
        price(one.fixing),
        one.back,
        price(one.truth),
        money(one.premium, one.terms),
        money(one.payout, one.terms),
        money(one.refund, one.terms),
        one.exact.numerator,
        one.exact.denominator,
        one.difference,
        one.dust,
        one.gas,
      ]),
    },
    {
      file: "money.csv",
      columns: [
        ...["token", "options", "collateral", "premiums", "payouts", "refunds", "dust", "left"],
        ...["stuck", "reverts"],
      ],
      rows: result.money.map((account) => [
        account.token,
        account.options,
        ...[
          account.collateral,
          account.premiums,
          account.payouts,
          account.refunds,
          account.dust,
          account.left,
        ].map((units) => formatUnits(units, account.decimals)),
        account.stuck,
        account.reverts,
      ]),
    },
    {
      file: "gas.csv",
      columns: ["action", "count", "least", "p50", "p95", "most", "total"],
      rows: result.gas.map(({ action, count, least, p50, p95, most, total }) => [
        action,
        count,
        least,
        p50,
        p95,
        most,
        total,
      ]),
    },
    ...result.studies.map(({ name, columns, rows }) => ({
      file: `study-${name}.csv`,
      columns: columns.map((column) => column.name),
      rows,
    })),
  ];
}
