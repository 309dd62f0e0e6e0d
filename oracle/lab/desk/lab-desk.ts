import { Interface } from "ethers";

import { toUnits } from "../../decimal.ts";
import type { PricePath } from "../../market/simulated/price-path.ts";
import type { Agenda } from "../agenda.ts";
import type { GasTally } from "../gas-tally.ts";
import type { MoneyAccount, ResultTerms, Settlement, Trade } from "../result.ts";
import { type Contracts, interfaceOf, must, type People } from "../world/deploy-contracts.ts";
import { type Artifact, readArtifact } from "../world/hardhat.ts";
import type { LabChain, Mined } from "../world/lab-chain.ts";
import type { Book, Deal, Step } from "./book.ts";
import { exactCollateral, exactPayoff, exactSplit } from "./exact-payoff.ts";
import { floor, type Fraction } from "./fraction.ts";
import type { PlannedOption } from "./planned-option.ts";
import type { OwnPayoff } from "./own-payoff.ts";
import { payoffBook } from "./payoff-book.ts";
import { sampleBook } from "./sample-book.ts";
import { seriesBook } from "./series-book.ts";

export interface LabDeskOptions {
  readonly chain: LabChain;
  readonly contracts: Contracts;
  readonly people: People;
  readonly agenda: Agenda;
  readonly gas: GasTally;
  readonly path: PricePath;
  readonly feed: { readonly symbol: string; readonly decimals: number; readonly method: string };
  /** Unix seconds, of the world. */
  readonly now: () => number;
  /** Seconds after a fixing time at which it can be final at the earliest. */
  readonly finality: number;
  /** After this time (Unix seconds) no report comes any more. */
  readonly lastReport: number;
  /** The user's own contract behind `IPayoff`, and what its constructor gets. */
  readonly payoff?: OwnContract;
}

/** One option on its way. */
interface Position {
  readonly deal: Deal;
  readonly book: Book;
  readonly terms: ResultTerms;
  holder: string;
  found: { readonly price: bigint; readonly back: number }[];
  outcome: Settlement["outcome"] | null;
  gas: bigint;
}

/** A transaction of a trade. */
type TradeStep = readonly [Position, Step, "create" | "buy" | "cancel" | "transfer"];

/** What the oracle said to a settlement that came too early, and when to come back. */
const ORACLE_WAITS = interfaceOf("options/Options.sol");
/** Seconds. */
const AGAIN = 3_600;
/** More than all options of a run can need. */
const FUNDS = 2n ** 160n;

/**
 * Sells, settles and pays the options of a run, each at its time: what a seller, a buyer and whoever settles would send to
 * the contracts.
 */
export class LabDesk {
  readonly trades: Trade[] = [];
  readonly settlements: Settlement[] = [];
  readonly #options: LabDeskOptions;
  readonly #books: Partial<Record<PlannedOption["contract"], Book>>;
  /** The user's own contract. */
  #own:
    | (Pick<OwnContract, "args" | "due"> & {
        readonly address: string;
        readonly abi: Interface;
        readonly name: string;
        readonly options: string;
      })
    | undefined;
  readonly #tokens = new Map<string, string>();
  readonly #accounts = new Map<string, { decimals: number; positions: Position[] }>();
  #reverts = new Map<string, number>();

  constructor(options: LabDeskOptions) {
    this.#options = options;
    this.#books = { Options: sampleBook(options), OptionSeries: seriesBook(options) };
  }

  /** Deploys the tokens that the options need, gives people as much as they need of each, and puts all deals on the agenda. */
  async open(planned: readonly PlannedOption[]): Promise<void> {
    if (this.#options.payoff !== undefined) await this.#deployOwn(this.#options.payoff);
    const byTime = new Map<number, (() => readonly TradeStep[])[]>();
    const at = (time: number | null, steps: () => readonly TradeStep[]): void => {
      if (time === null) return;
      const known = byTime.get(time);
      if (known === undefined) byTime.set(time, [steps]);
      else known.push(steps);
    };
    const settling = new Map<number, { position: Position; index: number }[]>();
    for (const option of planned) {
      const position = await this.#position(option);
      const { book, deal } = position;
      at(option.createAt, () => book.create(deal).map((step) => [position, step, "create"] as const));
      at(option.buyAt, () => book.buy(deal).map((step) => [position, step, "buy"] as const));
      at(option.cancelAt, () => book.cancel(deal).map((step) => [position, step, "cancel"] as const));
      at(option.transferAt, () => {
        const steps = book.transfer(deal, this.#options.people.anyone);
        position.holder = this.#options.people.anyone;
        return steps.map((step) => [position, step, "transfer"] as const);
      });
      if (option.buyAt === null) continue;
      for (const [index, time] of option.times.entries()) {
        const known = settling.get(time);
        if (known === undefined) settling.set(time, [{ position, index }]);
        else known.push({ position, index });
      }
    }
    const { agenda, finality } = this.#options;
    for (const [time, makers] of byTime) agenda.add(time, () => this.#trade(makers));
    for (const [time, due] of settling) agenda.add(time + finality, () => this.#settle(time, due));
  }

  /** Where the money of each token is. */
  async money(): Promise<MoneyAccount[]> {
    const { chain } = this.#options;
    const abi = interfaceOf("samples/SampleMoney.sol");
    const accounts: MoneyAccount[] = [];
    for (const [name, { decimals, positions }] of this.#accounts) {
      const token = this.#tokens.get(name) ?? "";
      let left = 0n;
      for (const { address } of Object.values(this.#books))
        left += BigInt(await chain.call(token, abi.encodeFunctionData("balanceOf", [address])));
      const ended = this.settlements.filter(({ terms }) => terms.token === name);
      const sum = (of: (settlement: Settlement) => bigint): bigint =>
        ended.reduce((total, one) => total + of(one), 0n);
      accounts.push({
        token: name,
        decimals,
        options: positions.length,
        collateral: positions.reduce((total, { terms }) => total + terms.collateral, 0n),
        premiums: sum(({ premium }) => premium),
        payouts: sum(({ payout }) => payout),
        refunds: sum(({ refund }) => refund),
        dust: sum(({ dust }) => dust),
        left,
        stuck: positions.length - ended.length,
        reverts: this.#reverts.get(name) ?? 0,
      });
    }
    return accounts;
  }

  /** The user's own contract and the one that sells options on it, by their names; none where there are none. */
  get ownContracts(): Readonly<Record<string, string>> {
    return this.#own === undefined
      ? {}
      : { PayoffOptions: this.#own.options, [this.#own.name]: this.#own.address };
  }

  async #deployOwn({ artifact, args, due }: OwnContract): Promise<void> {
    const { chain, people, contracts } = this.#options;
    const address = await chain.deploy(people.anyone, artifact, args);
    const options = await chain.deploy(people.anyone, readArtifact("samples/PayoffOptions.sol"), [
      contracts.oracle,
    ]);
    const { name } = artifact;
    this.#own = { address, abi: new Interface(artifact.abi), name, options, args, due };
    this.#books.PayoffOptions = payoffBook(this.#options, options, address);
  }

  /** What an option of the user's should pay: by the reference where there is one, else by the contract itself; at most the collateral. */
  async #ownPayoff(size: bigint, price: bigint, collateral: bigint): Promise<Fraction> {
    const { due, args = [] } = this.#own ?? {};
    const exact = due?.(size, price, args) ?? {
      numerator: await this.#askOwn("payout", [size, price]),
      denominator: 1n,
    };
    return exact.numerator > collateral * exact.denominator
      ? { numerator: collateral, denominator: 1n }
      : exact;
  }

  /** What the user's contract says: the most, or what is paid at a price. */
  async #askOwn(method: "most" | "payout", args: readonly bigint[]): Promise<bigint> {
    if (this.#own === undefined) throw new RangeError("there is no contract of the user's");
    const { address, abi } = this.#own;
    return BigInt(await this.#options.chain.call(address, abi.encodeFunctionData(method, args)));
  }

  async #position(option: PlannedOption): Promise<Position> {
    const { feed, people } = this.#options;
    const name = tokenName(feed.symbol, option);
    const token = await this.#token(name, option.tokenDecimals);
    const deal: Deal = { option, token, decimals: feed.decimals, method: feed.method };
    const terms: ResultTerms = {
      contract: option.contract,
      kind: option.kind === "own" ? (this.#own?.name ?? "") : option.kind,
      strike: option.strike,
      bound: option.bound,
      size: option.size,
      token: name,
      tokenDecimals: option.tokenDecimals,
      collateral:
        option.kind === "own"
          ? await this.#askOwn("most", [option.size])
          : floor(exactCollateral(option, feed.decimals)),
      expiry: option.expiry,
    };
    const book = this.#books[option.contract];
    if (book === undefined) throw new RangeError(`nothing is known of ${option.contract}`);
    const position: Position = { deal, book, terms, holder: people.buyer, found: [], outcome: null, gas: 0n };
    const account = this.#accounts.get(name) ?? { decimals: option.tokenDecimals, positions: [] };
    account.positions.push(position);
    this.#accounts.set(name, account);
    return position;
  }

  async #token(name: string, decimals: number): Promise<string> {
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    const { chain, people } = this.#options;
    const token = await chain.deploy(people.anyone, readArtifact("samples/SampleMoney.sol"), [
      name,
      decimals,
    ]);
    const abi = interfaceOf("samples/SampleMoney.sol");
    for (const person of [people.seller, people.buyer]) {
      await must(chain, person, token, abi.encodeFunctionData("mint", [person, FUNDS]));
      for (const { address } of Object.values(this.#books))
        await must(chain, person, token, abi.encodeFunctionData("approve", [address, 2n ** 256n - 1n]));
    }
    this.#tokens.set(name, token);
    return token;
  }

  async #trade(makers: readonly (() => readonly TradeStep[])[]): Promise<void> {
    const { chain, gas, now } = this.#options;
    const sums = new Map<string, Trade>();
    const steps: TradeStep[] = [];
    await chain.sendAll(
      (function* () {
        for (const make of makers) {
          for (const one of make()) {
            steps.push(one);
            yield one[1];
          }
        }
      })(),
      (mined, place) => {
        const [position, step, action] = steps[place] ?? missing();
        if (!mined.ok)
          throw new Error(
            `${step.action} of option ${position.deal.option.number} reverted: ${reasonOf(mined)}`,
          );
        gas.add(step.action, mined.gas);
        if (action === "create") position.book.onCreated?.(position.deal, mined);
        const { number, premium } = position.deal.option;
        const known = sums.get(`${number} ${action}`);
        sums.set(`${number} ${action}`, {
          option: number,
          time: now(),
          action,
          terms: position.terms,
          premium: action === "buy" ? premium : 0n,
          gas: (known?.gas ?? 0n) + mined.gas,
        });
      },
    );
    for (const trade of sums.values()) this.trades.push(trade);
    for (const [position, , action] of steps)
      if (action === "cancel" && position.outcome === null) this.#cancelled(position);
  }

  #cancelled(position: Position): void {
    position.outcome = "cancelled";
    const { terms, deal } = position;
    this.settlements.push({
      option: deal.option.number,
      time: this.#options.now(),
      terms,
      outcome: "cancelled",
      fixing: null,
      back: 0,
      truth: this.#truth(terms.expiry),
      premium: 0n,
      payout: 0n,
      refund: terms.collateral,
      exact: { numerator: 0n, denominator: 1n },
      difference: 0n,
      dust: 0n,
      gas: 0n,
    });
  }

  /** Settles everything that waits for the fixing of `time`, and pays it; comes back later where the answer can still change. */
  async #settle(
    time: number,
    due: readonly { readonly position: Position; readonly index: number }[],
  ): Promise<void> {
    const { agenda, chain, gas, now } = this.#options;
    const open = due.filter(({ position }) => position.outcome === null);
    const [first] = open;
    if (first === undefined) return;
    const again = await this.#waits(first.position.book.settle(first.position.deal, first.index));
    if (again !== null) {
      agenda.add(again, () => this.#settle(time, open));
      return;
    }
    const ended: Position[] = [];
    const actions: string[] = [];
    const steps = function* () {
      for (const { position, index } of open) {
        const step = position.book.settle(position.deal, index);
        actions.push(step.action);
        yield step;
      }
    };
    // A touch that an earlier one of these has decided is not open any more; the others have no say in each other.
    await chain.sendAll(steps(), (mined, place) => {
      const { position } = open[place] ?? missing();
      const action = actions[place] ?? "";
      if (!mined.ok)
        throw new Error(`${action} of option ${position.deal.option.number} reverted: ${reasonOf(mined)}`);
      gas.add(action, mined.gas);
      position.gas += mined.gas;
      const { outcome, found } = position.book.readSettling(position.deal, mined);
      position.found.push(...found);
      if (outcome === null) return;
      position.outcome = outcome;
      ended.push(position);
    });
    await this.#pay(ended, now());
  }

  /** When to come back for what would revert now; null where it would not. */
  async #waits({ from, to, data, action }: Step): Promise<number | null> {
    const { chain, now, lastReport } = this.#options;
    try {
      await chain.request("eth_call", [{ from, to, data }, "pending"]);
      return null;
    } catch (error) {
      const { data: reason } = error as { data?: unknown };
      const parsed = typeof reason === "string" ? ORACLE_WAITS.parseError(reason) : null;
      if (parsed?.name === "FixingProvisional") return Number(parsed.args["finalAt"]);
      // A report may still come; once none can, the deadline decides.
      if (parsed?.name === "FixingPending")
        return now() + AGAIN <= lastReport
          ? now() + AGAIN
          : Math.max(now(), Number(parsed.args["deadline"])) + 1;
      throw new Error(`${action} cannot be settled: ${parsed?.name ?? (error as Error).message}`, {
        cause: error,
      });
    }
  }

  async #pay(ended: readonly Position[], time: number): Promise<void> {
    const { chain, gas } = this.#options;
    const claims: {
      readonly position: Position;
      readonly side: "buyer" | "seller";
      readonly action: string;
    }[] = [];
    const steps = function* () {
      for (const position of ended) {
        for (const { side, step } of position.book.claims(position.deal, position.holder)) {
          claims.push({ position, side, action: step.action });
          yield step;
        }
      }
    };
    const paid = new Map<Position, { buyer: bigint; seller: bigint }>();
    await chain.sendAll(steps(), (mined, place) => {
      const { position, side, action } = claims[place] ?? missing();
      const { token } = position.terms;
      if (!mined.ok) {
        this.#reverts.set(token, (this.#reverts.get(token) ?? 0) + 1);
        return;
      }
      gas.add(`${action}, ${side === "buyer" ? "the buyer's side" : "the seller's side"}`, mined.gas);
      position.gas += mined.gas;
      const sums = paid.get(position) ?? { buyer: 0n, seller: 0n };
      sums[side] = position.book.readClaim(mined);
      paid.set(position, sums);
    });
    for (const position of ended) {
      const sums = paid.get(position);
      if (sums !== undefined) await this.#settled(position, sums, time);
    }
  }

  async #settled(
    position: Position,
    { buyer, seller }: { buyer: bigint; seller: bigint },
    time: number,
  ): Promise<void> {
    const { deal, terms, found, outcome } = position;
    const { option, decimals } = deal;
    const prices = found.map(({ price }) => price);
    const exact: Fraction =
      outcome === "split"
        ? exactSplit(terms.collateral, BigInt(option.splitShare))
        : option.kind === "own"
          ? await this.#ownPayoff(option.size, prices[0] ?? 0n, terms.collateral)
          : exactPayoff(option, prices, decimals);
    const mean =
      prices.length === 0
        ? null
        : floor({ numerator: prices.reduce((a, b) => a + b, 0n), denominator: BigInt(prices.length) });
    const last = prices.at(-1) ?? null;
    this.settlements.push({
      option: option.number,
      time,
      terms,
      outcome: outcome ?? "split",
      fixing: outcome === "split" ? null : option.kind.startsWith("asian") ? mean : last,
      back: found.at(-1)?.back ?? 0,
      truth: this.#truth(terms.expiry),
      premium: option.premium,
      payout: buyer,
      refund: seller,
      exact,
      difference: buyer - floor(exact),
      dust: terms.collateral - buyer - seller,
      gas: position.gas,
    });
  }

  #truth(time: number): bigint | null {
    const known = this.#options.path.at(time * 1000);
    return known === null ? null : toUnits(known.price, this.#options.feed.decimals);
  }
}

function tokenName(symbol: string, { asset, tokenDecimals }: PlannedOption): string {
  const [base = "", quote = ""] = symbol.split("/");
  return `${asset === "base" ? base : quote}${tokenDecimals}`;
}

function reasonOf({ reason }: Mined): string {
  const parsed = reason === null ? null : ORACLE_WAITS.parseError(reason);
  return parsed === null ? (reason ?? "") : `${parsed.name}(${parsed.args.map(String).join(", ")})`;
}

function missing(): never {
  throw new RangeError("a transaction that nobody asked for");
} /** A contract of the user's behind `IPayoff`. */
export interface OwnContract {
  readonly artifact: Artifact;
  /** What its constructor gets. */
  readonly args: readonly (string | number | boolean)[];
  /** What it should pay, worked out apart from it. */
  readonly due: OwnPayoff | undefined;
}
