import { type Decimal, divideHalfEven, powerOfTen } from "../../decimal.ts";
import type { GasByAction, Settlement, Study, Trade } from "../result.ts";

/** What was spent, and what a unit of it costs. */
export interface CostConfig {
  readonly gas: readonly GasByAction[];
  readonly trades: readonly Pick<Trade, "option" | "gas">[];
  readonly settlements: readonly Pick<Settlement, "option" | "gas">[];
  /** In wei per gas: 1 gwei is 10^9. */
  readonly gasPrices: readonly bigint[];
  /** What one ether costs. */
  readonly etherInUsd: Decimal;
  readonly etherInJpy: Decimal;
}

const ETHER = 10n ** 18n;
const GWEI = 10n ** 9n;
const CENT_OF_CENT = 4; // digits after the point

/**
 * What each action costs at each price of gas, and what the whole life of an option costs: created, traded, settled and
 * both sides claimed. In dollars and yen, rounded half to even at four digits after the point.
 *
 * The percentiles are values that were measured: of n in ascending order, the one at ⌈n · share⌉ (nearest rank).
 */
export function studyCost(config: CostConfig): Study {
  const { gas, gasPrices, etherInUsd, etherInJpy } = config;
  const lives = lifeOfEach(config);
  const actions = [
    ...gas.map(({ action, count, p50, p95 }) => ({ action, count, p50, p95 })),
    ...(lives.length === 0
      ? []
      : [
          {
            action: "an option, all its life",
            count: lives.length,
            p50: rank(lives, 50),
            p95: rank(lives, 95),
          },
        ]),
  ];
  return {
    name: "cost",
    title: "Gas and cost by action",
    about: `Gas as the chain measured it, median and 95th percentile, and what it costs at one ether = ${shown(etherInUsd)} USD = ${shown(etherInJpy)} JPY.`,
    columns: [
      { name: "action", unit: "" },
      { name: "gas_price", unit: "gwei" },
      { name: "count", unit: "" },
      { name: "gas_p50", unit: "gas" },
      { name: "gas_p95", unit: "gas" },
      { name: "usd_p50", unit: "USD" },
      { name: "usd_p95", unit: "USD" },
      { name: "jpy_p50", unit: "JPY" },
      { name: "jpy_p95", unit: "JPY" },
    ],
    rows: actions.flatMap(({ action, count, p50, p95 }) =>
      gasPrices.map((price) => [
        action,
        Number(price) / Number(GWEI),
        count,
        p50,
        p95,
        cost(p50, price, etherInUsd),
        cost(p95, price, etherInUsd),
        cost(p50, price, etherInJpy),
        cost(p95, price, etherInJpy),
      ]),
    ),
  };
}

/** Gas of each option that was settled, ascending. */
function lifeOfEach({ trades, settlements }: CostConfig): readonly bigint[] {
  const spent = new Map(settlements.map(({ option, gas }) => [option, gas]));
  for (const { option, gas } of trades) {
    const sum = spent.get(option);
    if (sum !== undefined) spent.set(option, sum + gas);
  }
  return [...spent.values()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function rank(sorted: readonly bigint[], percent: number): bigint {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0n;
}

function cost(gas: bigint, gasPrice: bigint, ether: Decimal): number {
  const numerator = gas * gasPrice * ether.units * powerOfTen(CENT_OF_CENT);
  return Number(divideHalfEven(numerator, ETHER * powerOfTen(ether.scale))) / 10 ** CENT_OF_CENT;
}

function shown({ units, scale }: Decimal): string {
  return String(Number(units) / 10 ** scale);
}
