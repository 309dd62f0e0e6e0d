import type { Clock } from "../../clock.ts";
import type { Exchange, RpcAnswer, RpcCall } from "./exchange.ts";
import { httpExchange } from "./http-exchange.ts";
import { quantity } from "./quantity.ts";
import { NotJsonRpcError, WrongChainError } from "./rpc-error.ts";
import { shownUrl } from "./shown-url.ts";

/** A node, and how to talk with it. */
export interface JsonRpcOptions {
  /** http or https; a user name and password in it become a header. */
  readonly url: string;
  /** The chain it must serve. */
  readonly chainId: number;
  readonly clock: Clock;
  /** Milliseconds for one exchange over HTTP; 10,000 if left out. */
  readonly deadline?: number;
  /** How many calls a node takes at once; 100 if left out. */
  readonly batchSize?: number;
  /** Ends everything under way. */
  readonly signal?: AbortSignal;
  /** Over HTTP if left out. */
  readonly exchange?: Exchange;
}

/**
 * Calls in batches. ethers' own provider is not used: it cannot name a block by its hash (EIP-1898), which is what makes many
 * reads one state; it detects networks and polls by timers of its own; and it hides which answer was not JSON. Each exchange
 * asks for the chain id beside what it is for, because providers have been seen to switch chains.
 */
export class JsonRpc {
  /** The node as it may be shown. */
  readonly shown: string;
  readonly chainId: number;
  readonly #batchSize: number;
  readonly #signal: AbortSignal | undefined;
  readonly #carry: Exchange;

  /** @throws RangeError where the URL is none of http or https */
  constructor({ url, chainId, clock, deadline, batchSize = 100, signal, exchange }: JsonRpcOptions) {
    this.shown = shownUrl(url);
    this.chainId = chainId;
    this.#batchSize = batchSize;
    this.#signal = signal;
    this.#carry = exchange ?? httpExchange({ url, clock, ...(deadline === undefined ? {} : { deadline }) });
  }

  /**
   * One call.
   * @throws NodeError where the node refuses it; otherwise as `batch`
   */
  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const [answer] = await this.batch([{ method, params }]);
    if (answer === undefined) throw new NotJsonRpcError(`${this.shown} left ${method} without an answer`);
    if (!answer.ok) throw answer.error;
    return answer.result;
  }

  /**
   * Several calls, in as few exchanges as the node takes.
   * @returns in the order of the calls
   * @throws UnreachableError, NotJsonRpcError, WrongChainError
   */
  async batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const size = this.#batchSize - 1; // the chain id is one
    const answers: RpcAnswer[] = [];
    for (let at = 0; at < calls.length; at += size) {
      answers.push(...(await this.#exchange(calls.slice(at, at + size))));
    }
    return answers;
  }

  async #exchange(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const [first, ...answers] = await this.#carry(
      [{ method: "eth_chainId", params: [] }, ...calls],
      this.#signal,
    );
    if (first?.ok !== true) {
      throw first?.error ?? new NotJsonRpcError(`${this.shown} left eth_chainId without an answer`);
    }
    const found = Number(quantity("eth_chainId", first.result));
    if (found !== this.chainId) throw new WrongChainError(this.shown, this.chainId, found);
    return answers;
  }
}
