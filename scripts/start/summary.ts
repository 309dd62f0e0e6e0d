import { formatUnits } from "../../oracle/decimal.ts";
import { NO_PRICE } from "../../oracle/report/word.ts";
import type { SettledOption } from "./desk.ts";
import { markOf } from "./mark.ts";
import type { World } from "./open-world.ts";
import type { Outcome } from "./play.ts";
import type { Tally } from "./tally.ts";

/** What `scripts/expected-payoff.ts --json` says. */
export interface ExpectedPayoff {
  /** Decimal text. */
  readonly payoff: string;
}

/** The line that `--json` ends with. Prices and payoffs are decimal texts, times Unix seconds. */
export async function summarise(
  world: World,
  tally: Tally,
  { desk, options, expired }: Outcome,
  expected: ExpectedPayoff | null,
) {
  const { plan, instance } = world;
  const [first] = plan.catalog.feeds;
  const paid = options.find(({ payoff }) => payoff > 0n);
  const described = options.map(describe);
  return {
    mark: markOf(plan) || null,
    reports: tally.reports,
    recorded: tally.recorded,
    feeds: plan.catalog.feeds.map(({ symbol }) => symbol),
    latest: await Promise.all(
      plan.catalog.feeds.map(async ({ id, symbol, decimals }, feed) => {
        const chain = await instance.view.chainLatest(id);
        const agreed = tally.newest?.prices[feed] ?? NO_PRICE;
        return {
          feed: symbol,
          agreed: agreed === NO_PRICE ? null : formatUnits(agreed, decimals),
          observedAt: tally.newest?.time ?? null,
          onChain: chain.status === "recorded" ? formatUnits(chain.price, decimals) : null,
        };
      }),
    ),
    fixing: { feed: first?.symbol, time: plan.expireAt, price: formatUnits(expired, first?.decimals ?? 0) },
    options: described,
    option: paid === undefined ? null : { ...describe(paid), expectedPayoff: expected?.payoff ?? null },
    gas: {
      record: spread(tally.gas.map(Number).sort((a, b) => a - b)),
      ...Object.fromEntries([...desk.gas].map(([action, used]) => [action, Number(used)])),
    },
  };
}

/** Of ascending numbers. */
function spread(values: readonly number[]) {
  return {
    least: values[0] ?? null,
    median: values[values.length >> 1] ?? null,
    most: values.at(-1) ?? null,
  };
}

function describe({ feed, kind, strike, expiry, size, fixing, payoff }: SettledOption) {
  const show = (units: bigint): string => formatUnits(units, feed.decimals);
  return {
    feed: feed.symbol,
    decimals: feed.decimals,
    kind,
    strike: show(strike),
    expiry,
    size: String(size),
    fixing: fixing === null ? null : show(fixing),
    payoff: show(payoff),
  };
}
