import type { SourceReport } from "../../oracle/market/market.ts";
import type { Observation } from "../../oracle/market/observer.ts";
import type { LocalMember } from "../../oracle/run/quorum.ts";
import type { QuorumReport } from "../../oracle/signer/agreement/effects.ts";
import { NO_PRICE } from "../../oracle/report/word.ts";
import type { SettledOption, SoldOption } from "./desk.ts";
import { markOf } from "./mark.ts";
import type { World } from "./open-world.ts";
import { SIGNERS } from "./open-world.ts";
import type { Narrator } from "./play.ts";
import { baseOf, count, decimal, many, quoteOf, type Screen, tokyoHour, tokyoTime } from "./screen.ts";
import type { Tally } from "./tally.ts";
import type { WorldPlan } from "./world-plan.ts";

/** How many rows the passing of the time takes, at the most. */
const ROWS = 8;
const BARS = "▁▂▃▄▅▆▇█";

/** Tells a run in the terminal, as it happens. */
export class Narration implements Narrator {
  readonly #screen: Screen;
  readonly #plan: WorldPlan;
  readonly #tally: Tally;
  /** Prices of the first feed since the last row, for its little curve. */
  #curve: bigint[] = [];
  #nextRow = 0;
  readonly #excluded = new Map<string, number>();
  readonly #failing = new Set<string>();

  constructor(screen: Screen, plan: WorldPlan, tally: Tally) {
    this.#screen = screen;
    this.#plan = plan;
    this.#tally = tally;
    tally.also.onReport = (report) => {
      this.#report(report);
    };
    tally.also.onObservation = (observation, member) => {
      this.#observation(observation, member);
    };
    if (plan.provenance === "live")
      tally.also.onSource = (report, member) => {
        this.#source(report, member);
      };
    tally.also.onPage = (page) => {
      if (page.from === "relayer") this.#screen.say("page", this.#screen.style("yellow", page.page.message));
    };
  }

  /** Who is there, before time goes on. */
  opened({ deployed, keys, network, venues, chain }: World): void {
    const { contracts } = deployed.book;
    const screen = this.#screen;
    screen.head("On the chain, the gate first; whoever deployed holds no right");
    screen.say("gate", `${contracts.gate.address}  ${deployed.members} members, two for every operation`);
    screen.say("oracle", `${contracts.oracle.address}  at ${chain.url}`);
    screen.say(
      "catalog",
      `${contracts.catalog.address}  ${this.#plan.catalog.feeds.map(({ symbol }) => symbol).join(", ")}`,
    );
    screen.head("Who makes prices");
    const names = venues ? [...venues.origins.keys()] : this.#plan.catalog.sources.map(({ venue }) => venue);
    screen.say(
      "venues",
      `${[...new Set(names)].join(", ")}${venues ? ", pretended by servers on this machine" : ""}`,
    );
    screen.say(
      "signers",
      `${SIGNERS}, of whom ${Math.floor((SIGNERS * 2) / 3) + 1} sign; each asks the venues itself and has a KMS key of its own`,
    );
    screen.say("keys", `in a local KMS at ${keys.endpoint}, thrown away at the end`);
    screen.say("", "One process holds all four signers here. In production each is somebody else's machine.");
    screen.say("network", network);
    const { strikeAt, expireAt } = this.#plan;
    screen.head(
      this.#plan.provenance === "live"
        ? `From now on. The first fixing falls at ${tokyoTime(strikeAt)} JST, the options expire at ${tokyoHour(expireAt)}`
        : `From ${tokyoTime(this.#plan.from)} JST, at full speed`,
    );
  }

  onStruck(price: bigint): void {
    const { symbol, decimals } = this.#feed;
    this.#screen.say(
      this.#when(this.#plan.strikeAt),
      `first fixing: ${symbol} ${decimal(price, decimals)} ${this.#mark}`,
    );
  }

  onSold(option: SoldOption): void {
    const { kind, strike, size, expiry, collateral, premium, feed } = option;
    this.#screen.say(
      "sold",
      `a ${kind} on ${count(size)} ${baseOf(feed)} struck at ${decimal(strike, feed.decimals)}, expires ${tokyoTime(expiry).slice(0, 16)}: locked ${decimal(collateral, feed.decimals)}, premium ${decimal(premium, feed.decimals)} ${this.#mark}`,
    );
  }

  onForged(refusal: string, bytes: number): void {
    this.#screen.say(
      "forged",
      `a report with a price raised by a tenth, ${bytes} bytes: the chain says ${refusal}`,
    );
  }

  onExpired(price: bigint, finalAt: number): void {
    const { symbol, decimals } = this.#feed;
    this.#screen.say(
      this.#when(this.#plan.expireAt),
      `last fixing: ${symbol} ${decimal(price, decimals)} ${this.#mark}, final at ${tokyoHour(finalAt)}`,
    );
  }

  onSettled({ kind, payoff, rest, feed }: SettledOption): void {
    this.#screen.say(
      "settled",
      `the ${kind}: ${decimal(payoff, feed.decimals)} ${quoteOf(feed)} to the buyer, ${decimal(rest, feed.decimals)} back to the seller`,
    );
  }

  #report(report: QuorumReport): void {
    const { time, prices, signatures } = report;
    if (this.#tally.reports === 1) {
      const signed = signatures.map(({ index }) => index + 1).join(", ");
      this.#screen.say(
        this.#when(time),
        `first report: root ${report.root.slice(0, 16)}…, signed by signers ${signed} of ${SIGNERS}`,
      );
    }
    const price = prices[0] ?? NO_PRICE;
    if (price !== NO_PRICE) this.#curve.push(price);
    const { from, expireAt } = this.#plan;
    const step = Math.max(300, Math.ceil((expireAt - from) / ROWS / 300) * 300);
    if (this.#nextRow === 0) this.#nextRow = Math.floor(time / step) * step + step;
    if (time < this.#nextRow || time > expireAt) return;
    this.#nextRow = Math.floor(time / step) * step + step;
    this.#row(time, prices);
  }

  #row(time: number, prices: BigInt64Array): void {
    const { feeds } = this.#plan.catalog;
    const shown = feeds.slice(0, 2).map(({ symbol, decimals }, feed) => {
      const price = prices[feed] ?? NO_PRICE;
      return `${symbol} ${price === NO_PRICE ? "no price" : decimal(price, decimals)}`;
    });
    const curve = this.#screen.style("cyan", sparkline(this.#curve, 16));
    this.#screen.say(
      this.#when(time),
      `${curve}  ${shown.join("  ")}  ${this.#mark}  ${many(this.#tally.reports, "report")} agreed, ${count(this.#tally.recorded)} recorded`,
    );
    this.#curve = [];
  }

  /** A real venue that does not answer is told of once, and once when it is back. */
  #source(report: SourceReport, member: LocalMember): void {
    if (member.name !== "signer-1" || report.kind === "waiting") return;
    const failing = this.#failing.has(report.source);
    if (report.kind === "failed" && !failing) {
      this.#failing.add(report.source);
      const why = report.expected ? `${report.message} (expected: maintenance)` : report.message;
      this.#screen.say("venue", this.#screen.style("yellow", `${report.source}: ${why}`));
    }
    if (report.kind === "quotes" && failing) {
      this.#failing.delete(report.source);
      this.#screen.say("venue", `${report.source} answers again`);
    }
  }

  /** A venue that is left out of a price is told of once, when it is let in again. */
  #observation(observation: Observation, member: LocalMember): void {
    if (this.#plan.provenance !== "simulated" || member.name !== "signer-1") return;
    const { inputs, price } = member.market.explain(observation, 0);
    for (const { from, units, exclusion } of inputs) {
      const since = this.#excluded.get(from);
      if (exclusion === "spread" && since === undefined && units !== null && price !== null) {
        this.#excluded.set(from, observation.tick);
        const { symbol, decimals } = this.#feed;
        this.#screen.say(
          this.#when(observation.tick),
          this.#screen.style(
            "yellow",
            `${from} says ${symbol} ${decimal(units, decimals)} ${markOf(this.#plan)}; the others agree on ${decimal(price, decimals)}: left out`,
          ),
        );
      }
      if (exclusion === "used" && since !== undefined) {
        this.#excluded.delete(from);
        this.#screen.say(
          this.#when(observation.tick),
          `${from} is back with the others after ${observation.tick - since} s`,
        );
      }
    }
  }

  /** The hour; the day in a run of days. */
  #when(time: number): string {
    const { from, expireAt } = this.#plan;
    return expireAt - from > 86_400 ? tokyoTime(time).slice(0, 10) : tokyoHour(time);
  }

  get #feed() {
    const [feed] = this.#plan.catalog.feeds;
    if (feed === undefined) throw new Error("a world without feeds");
    return feed;
  }

  get #mark(): string {
    return this.#screen.style("magenta", markOf(this.#plan));
  }
}

/** Prices as a row of little bars, at most `width` of them. */
export function sparkline(prices: readonly bigint[], width: number): string {
  const step = Math.max(1, Math.ceil(prices.length / width));
  const shown = prices.filter((_, i) => i % step === 0);
  if (shown.length === 0) return "";
  const [low, high] = shown.reduce(
    ([least, most], price) => [price < least ? price : least, price > most ? price : most],
    [shown[0] ?? 0n, shown[0] ?? 0n],
  );
  const range = high - low;
  return shown.map((price) => BARS[range === 0n ? 0 : Number(((price - low) * 7n) / range)]).join("");
}
