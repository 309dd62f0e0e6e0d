import { seconds } from "../../oracle/clock.ts";
import { ORACLE } from "../../oracle/relayer/oracle-abi.ts";
import { NO_PRICE } from "../../oracle/report/word.ts";
import { markOf } from "./mark.ts";
import type { World } from "./open-world.ts";
import type { Outcome } from "./play.ts";
import { baseOf, count, decimal, many, quoteOf, type Screen } from "./screen.ts";
import type { Tally } from "./tally.ts";

/** The last screen: what there is now, what was paid and why, and what to try. At most 24 lines of 80 characters. */
export function lastScreen(screen: Screen, world: World, tally: Tally, outcome: Outcome): void {
  const { plan, clock, apiUrl, folder } = world;
  const mark = screen.style("magenta", markOf(plan));
  const now = seconds(clock);
  screen.head(`Prices ${mark}`);
  const newest = tally.newest;
  for (const [feed, { symbol, decimals }] of plan.catalog.feeds.slice(0, 4).entries()) {
    const price = newest?.prices[feed] ?? NO_PRICE;
    const text = price === NO_PRICE ? "no price" : decimal(price, decimals);
    screen.say(symbol, `${text.padStart(16)}  ${count(now - (newest?.time ?? now))} s old  ${mark}`);
  }
  screen.head(`Paid ${mark}`);
  screen.say("payoff", screen.style("green", payoffLine(outcome)));
  screen.say(
    "on chain",
    `${count(tally.recorded)} sent of ${many(tally.reports, "report")}: ${reasons(tally)}`,
  );
  screen.head("Try it");
  for (const command of commands(world)) screen.line(`  ${command}`);
  screen.line();
  screen.say("files", `${folder} (keys thrown away; three runs kept)`);
  screen.say("API", `${apiUrl}/openapi.json describes it`);
  screen.say("stop", "Ctrl-C");
}

/** The payoff as one line of arithmetic. */
function payoffLine({ options }: Outcome): string {
  const paid = options.find(({ payoff }) => payoff > 0n);
  if (paid === undefined) return "0: the price at the expiry is the strike, and neither option pays";
  const { kind, size, strike, fixing, payoff, feed } = paid;
  const show = (value: bigint): string => decimal(value, feed.decimals);
  const [more, less] = kind === "call" ? [fixing ?? 0n, strike] : [strike, fixing ?? 0n];
  return `the ${kind} pays ${show(payoff)} ${quoteOf(feed)} = ${count(size)} ${baseOf(feed)} × (${show(more)} − ${show(less)})`;
}

function reasons(tally: Tally): string {
  const sorted = [...tally.reasons].sort((a, b) => b[1] - a[1]);
  return sorted.map(([reason, times]) => `${count(times)} ${reason}`).join(", ");
}

/** Four commands that work as printed, in any shell with curl. */
function commands({ plan, apiUrl, chain, deployed }: World): readonly string[] {
  const [feed] = plan.catalog.feeds;
  const name = feed?.symbol.replace("/", "-") ?? "";
  const call = {
    jsonrpc: "2.0",
    id: 1,
    method: "eth_call",
    params: [
      {
        to: deployed.book.contracts.oracle.address,
        data: ORACLE.encodeFunctionData("fixing", [feed?.id ?? 0, plan.expireAt]),
      },
      "latest",
    ],
  };
  return [
    `curl -s ${apiUrl}/v1/feeds/${name}/latest`,
    `curl -s ${apiUrl}/v1/feeds/${name}/fixings/${plan.expireAt}`,
    `curl -s ${apiUrl}/ready`,
    `curl -s -H 'content-type: application/json' -d '${JSON.stringify(call)}' ${chain.url}`,
  ];
}
