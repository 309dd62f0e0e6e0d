import { getBytes, hexlify, Interface, keccak256, toQuantity } from "ethers";

import { type Clock, seconds } from "../../clock.ts";
import type { Exchange } from "../../relayer/rpc/exchange.ts";
import { inProcessExchange } from "../../relayer/rpc/in-process-exchange.ts";
import { keccak256 as fastKeccak256 } from "../../report/keccak.ts";
import { type Artifact, type InProcessProvider, LabError, openHardhatChain } from "./hardhat.ts";

export interface LabChainOptions {
  readonly clock: Clock;
  /** Told of every request: time stands still while the chain works. */
  readonly hold: <T>(work: Promise<T>) => Promise<T>;
  readonly chainId: number;
  /** Seconds from when the relayer sends a transaction to the block it is in. */
  readonly latency: number;
  /** Times in which what the relayer sends waits for their end: Unix seconds, from, up to and not including until. */
  readonly congestion?: readonly { readonly from: number; readonly until: number }[];
  /** Told of every request, in order: another chain that is asked the same comes to the same state. */
  readonly onRequest?: (method: string, params: readonly unknown[]) => void;
}

/** What a transaction came to. */
export interface Mined {
  readonly ok: boolean;
  /** What it reverted with, 0x-prefixed, or the chain's words for it; null where it did not. */
  readonly reason: string | null;
  readonly gas: bigint;
  readonly block: number;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
}

/** A transaction of an account of the chain's own. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

interface Receipt {
  readonly status: string;
  readonly gasUsed: string;
  readonly blockNumber: string;
  readonly contractAddress: string | null;
  readonly logs: Mined["logs"];
}

// ethers hashes a selector or a topic anew whenever it needs one, in JavaScript unless it is told of something faster.
keccak256.register((bytes) => hexlify(fastKeccak256(getBytes(bytes))));

/** For what is sent by people, and for a contract: more than anything here uses. */
const GAS = toQuantity(2_000_000);
const DEPLOYMENT_GAS = toQuantity(16_000_000);
/** Transactions that share a block: all their gas must fit into it. */
const TOGETHER = 20;
const FEES = { maxFeePerGas: toQuantity(10n ** 10n), maxPriorityFeePerGas: "0x0" } as const;

/**
 * An Ethereum chain in this process whose time is the world's, to the second: each transaction is a block of its own, with
 * the time at which it is mined. What the relayer sends is mined `latency` seconds later, and until then in no block.
 */
export class LabChain {
  readonly chainId: number;
  readonly url = "http://127.0.0.1:1/";
  readonly #options: LabChainOptions;
  readonly #provider: InProcessProvider;
  readonly #close: () => Promise<void>;
  /** The time that was announced for the next block; 0 for none. */
  #announced = 0;
  #last = 0;
  /** What was answered since the newest block. */
  readonly #known = new Map<string, Promise<unknown>>();
  /** How many transactions the chain has of its own accounts, of those that sent several at once. */
  readonly #nonces = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;
  readonly #answer = inProcessExchange((method, params) =>
    method === "eth_sendRawTransaction" ? this.#take(params[0] as string) : this.#inTurn(method, params),
  );

  private constructor(options: LabChainOptions, provider: InProcessProvider, close: () => Promise<void>) {
    this.#options = options;
    this.chainId = options.chainId;
    this.#provider = provider;
    this.#close = close;
  }

  /** @throws LabError where Hardhat is not installed */
  static async open(options: LabChainOptions): Promise<LabChain> {
    const { clock, chainId, onRequest } = options;
    const { provider, close } = await openHardhatChain(seconds(clock) - 1, chainId);
    const told: InProcessProvider = {
      request: (call) => {
        onRequest?.(call.method, call.params ?? []);
        return provider.request(call);
      },
    };
    return new LabChain(options, onRequest === undefined ? provider : told, close);
  }

  /** Asks the chain. What makes or previews a block has the world's time. */
  request(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.#options.hold(this.#inTurn(method, params));
  }

  /** As `request`, and in the same turn: for `Relayer`, which asks in batches. */
  readonly exchange: Exchange = (calls) => this.#options.hold(this.#answer(calls));

  /** A transaction of one of the chain's own accounts, mined now. */
  async send({ from, to, data }: Call): Promise<Mined> {
    return this.#options.hold(this.#send({ from, to, data, gas: GAS, ...FEES }));
  }

  /**
   * Sends many, in their order, in one hold of the clock: all have the same time. They share blocks, which costs the chain
   * less memory than a block for each; so why one reverted is not known.
   * @param calls are asked for as they are needed, and `mined` is told, while the chain is at others
   */
  async sendAll(calls: Iterable<Call>, mined: (result: Mined, place: number) => void): Promise<void> {
    const turn = this.#turn.then(() => this.#mineTogether(calls[Symbol.iterator](), mined));
    this.#turn = turn.catch(() => undefined);
    await this.#options.hold(turn);
  }

  /** @returns the contract's address */
  async deploy(
    from: string,
    { name, abi, bytecode }: Artifact,
    args: readonly unknown[] = [],
  ): Promise<string> {
    const encoded = new Interface(abi).encodeDeploy(args).slice(2);
    const hash = (await this.request("eth_sendTransaction", [
      { from, data: bytecode + encoded, gas: DEPLOYMENT_GAS, ...FEES },
    ])) as string;
    const receipt = (await this.request("eth_getTransactionReceipt", [hash])) as Receipt;
    if (receipt.contractAddress === null) throw new LabError(`${name} could not be deployed`);
    return receipt.contractAddress;
  }

  async call(to: string, data: string): Promise<string> {
    return (await this.request("eth_call", [{ to, data }, "latest"])) as string;
  }

  async codeHash(address: string): Promise<string> {
    return keccak256((await this.request("eth_getCode", [address, "latest"])) as string);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    await this.#close();
  }

  async #send(transaction: Readonly<Record<string, string>>): Promise<Mined> {
    let hash: string;
    let reason: string | null = null;
    try {
      hash = (await this.#inTurn("eth_sendTransaction", [transaction])) as string;
    } catch (error) {
      // The chain mines it all the same, and tells of the revert in place of the hash.
      const { transactionHash, data } = error as { transactionHash?: string; data?: unknown };
      if (transactionHash === undefined) throw error;
      hash = transactionHash;
      reason = typeof data === "string" ? data : (error as Error).message;
    }
    return minedOf((await this.#inTurn("eth_getTransactionReceipt", [hash])) as Receipt, reason);
  }

  async #mineTogether(calls: Iterator<Call>, mined: (result: Mined, place: number) => void): Promise<void> {
    let next = take(calls, TOGETHER);
    if (next.length === 0) return;
    await this.#ask("evm_setAutomine", [false]);
    try {
      let told = 0;
      let results: readonly Mined[] = [];
      const tell = (): void => {
        for (const result of results) mined(result, told++);
      };
      while (next.length > 0) {
        results = await this.#mineBlock(next, () => {
          tell();
          next = take(calls, TOGETHER);
        });
      }
      tell();
    } finally {
      await this.#ask("evm_setAutomine", [true]);
    }
  }

  /** @param meanwhile is done while the chain works */
  async #mineBlock(calls: readonly Call[], meanwhile: () => void): Promise<Mined[]> {
    for (const { from } of calls) {
      if (this.#nonces.has(from)) continue;
      this.#nonces.set(from, Number(await this.#ask("eth_getTransactionCount", [from, "latest"])));
    }
    // All at once, each with its nonce, so that they come in their order whichever the chain takes first.
    const hashes = await Promise.all(
      calls.map(({ from, to, data }) => {
        const nonce = toQuantity(this.#nonces.get(from) ?? 0);
        this.#sent(from);
        return this.#ask("eth_sendTransaction", [{ from, to, data, nonce, gas: GAS, ...FEES }]);
      }),
    );
    await this.#announce();
    const mining = this.#ask("evm_mine", []);
    this.#announced = 0;
    this.#known.clear();
    try {
      meanwhile();
    } finally {
      await mining;
    }
    const receipts = await Promise.all(hashes.map((hash) => this.#ask("eth_getTransactionReceipt", [hash])));
    return receipts.map((receipt, i) => {
      if (receipt === null) throw new LabError(`transaction ${String(hashes[i])} did not fit into its block`);
      return minedOf(receipt as Receipt, null);
    });
  }

  /** An account's next transaction has the next number. */
  #sent(from: string): void {
    const nonce = this.#nonces.get(from);
    if (nonce !== undefined) this.#nonces.set(from, nonce + 1);
  }

  #ask(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.#provider.request({ method, params });
  }

  /** Takes a signed transaction: into a block now, or once its latency is over. */
  async #take(raw: string): Promise<unknown> {
    const { clock, latency, hold, congestion = [] } = this.#options;
    const due = seconds(clock) + latency;
    const jam = congestion.find(({ from, until }) => from <= due && due < until);
    const wait = ((jam?.until ?? due) - seconds(clock)) * 1000;
    if (wait <= 0) return this.#inTurn("eth_sendRawTransaction", [raw]);
    void clock.sleep(wait).then(() =>
      hold(
        this.#inTurn("eth_sendRawTransaction", [raw]).catch(() => undefined), // it is in no block: the relayer finds out
      ),
    );
    return keccak256(raw);
  }

  /** One after the other: a block must have the time that was announced for it. */
  #inTurn(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method === "eth_chainId") return Promise.resolve(toQuantity(this.chainId));
    const previews = method === "eth_call" && params[1] === "pending";
    if (!BLOCKS.has(method) && !previews) return this.#read(method, params);
    const turn = this.#turn.then(async () => {
      if (this.#closed) throw new LabError("the chain is closed");
      await this.#announce();
      if (!method.startsWith("eth_send")) return this.#ask(method, params);
      this.#announced = 0;
      if (method === "eth_sendTransaction") this.#sent((params[0] as { from: string }).from);
      try {
        return await this.#ask(method, params);
      } finally {
        this.#known.clear();
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Until there is another block, the same question has the same answer. */
  #read(method: string, params: readonly unknown[]): Promise<unknown> {
    if (!STATE.has(method)) return this.#ask(method, params);
    const key = JSON.stringify([method, params]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask(method, params);
    this.#known.set(key, answer);
    return answer;
  }

  async #announce(): Promise<void> {
    const time = Math.max(this.#last, seconds(this.#options.clock));
    if (this.#announced === time) return;
    await this.#ask("evm_setNextBlockTimestamp", [time]);
    this.#announced = time;
    this.#last = time;
  }
}

/** What makes a block, or runs on the next one. */
const BLOCKS = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "eth_estimateGas"]);

/** What reads the newest state, and depends on nothing else. */
const STATE = new Set([
  "eth_getBlockByNumber",
  "eth_getTransactionCount",
  "eth_getBalance",
  "eth_call",
  "eth_getCode",
]);

function take<T>(items: Iterator<T>, most: number): T[] {
  const taken: T[] = [];
  while (taken.length < most) {
    const next = items.next() as IteratorResult<T, undefined>;
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

function minedOf(receipt: Receipt, reason: string | null): Mined {
  return {
    ok: receipt.status === "0x1",
    reason,
    gas: BigInt(receipt.gasUsed),
    block: Number(receipt.blockNumber),
    logs: receipt.logs,
  };
}
