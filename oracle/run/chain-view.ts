import { type ErrorDescription, type Result, toQuantity } from "ethers";

import { ChainUnreachable, type ChainFixing, type ChainLatest, FIXING_STATUSES } from "../api/oracle-view.ts";
import { NOT_A_NUMBER, ORACLE } from "../relayer/oracle-abi.ts";
import type { JsonRpc } from "../relayer/rpc/json-rpc.ts";
import { hexData, objectOrNull, quantity } from "../relayer/rpc/quantity.ts";
import { NodeError, RpcError } from "../relayer/rpc/rpc-error.ts";
import type { FeedId } from "../report/feed-id.ts";
import { PERIOD } from "../report/verify.ts";

/** What the oracle contract answers to those who read it through us, each answer at one block. */
export class ChainView {
  readonly #rpc: JsonRpc;
  readonly #oracle: string;
  /** Seconds; it never changes. */
  #dispute: number | undefined;

  /** @param oracle the contract's address */
  constructor(rpc: JsonRpc, oracle: string) {
    this.#rpc = rpc;
    this.#oracle = oracle;
  }

  /** @throws ChainUnreachable */
  async latest(feed: FeedId): Promise<ChainLatest> {
    const tag = await this.#newest();
    const block = Number(tag);
    try {
      const [price, observedAt] = await this.#call("latest(uint256)", [feed], tag);
      return { status: "recorded", block, price: price as bigint, observedAt: Number(observedAt) };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.name === "Halted") return { status: "halted", block };
      if (refusal?.name === "NeverRecorded") return { status: "never-recorded", block };
      if (refusal?.name === "NoPrice")
        return { status: "no-price", block, observedAt: Number(refusal.args["observedAt"]) };
      throw error;
    }
  }

  /** @throws ChainUnreachable; RangeError for a time that is no fixing time */
  async fixing(feed: FeedId, time: number): Promise<ChainFixing> {
    if (time % PERIOD !== 0) throw new RangeError(`fixings are at multiples of ${PERIOD} s; ${time} is none`);
    const tag = await this.#newest();
    const [code, price, keptAt] = await this.#call("tryFixing", [feed, time], tag);
    const status = FIXING_STATUSES[Number(code)] ?? "none";
    // A fixing without a price is provisional too, until it is final that it has none.
    const priced = (status === "provisional" || status === "final") && price !== NOT_A_NUMBER;
    const since = keptAt === 0n ? null : Number(keptAt);
    return {
      status,
      block: Number(tag),
      price: priced ? (price as bigint) : null,
      since,
      finalAt: since === null ? null : since + (await this.#disputeWindow()),
    };
  }

  /** The newest block's number and time (Unix seconds). @throws ChainUnreachable */
  async head(): Promise<{ readonly block: number; readonly time: number }> {
    const method = "eth_getBlockByNumber";
    const answer = await this.#ask(method, "latest", false);
    return understood(method, () => {
      const head = objectOrNull(method, answer);
      if (head === null) throw new RpcError("the node has no latest block. Has it finished its start?");
      const [block, time] = [quantity("number", head["number"]), quantity("timestamp", head["timestamp"])];
      return { block: Number(block), time: Number(time) };
    });
  }

  /** The number of the newest block, as nodes write it. */
  async #newest(): Promise<string> {
    const answer = await this.#ask("eth_blockNumber");
    return understood("eth_blockNumber", () => toQuantity(quantity("the answer", answer)));
  }

  async #disputeWindow(): Promise<number> {
    if (this.#dispute === undefined) {
      const config = await this.#call("config", [], "latest");
      this.#dispute = Number(config["dispute"]);
    }
    return this.#dispute;
  }

  async #call(method: string, args: readonly unknown[], tag: string): Promise<Result> {
    const call = { to: this.#oracle, data: ORACLE.encodeFunctionData(method, args) };
    const answer = await this.#ask("eth_call", call, tag);
    return understood(method, () => ORACLE.decodeFunctionResult(method, hexData("the answer", answer)));
  }

  async #ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#rpc.request(method, ...params);
    } catch (error) {
      throw new ChainUnreachable(`${method}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}

/** @throws ChainUnreachable where the node's answer is none to what was asked */
function understood<T>(method: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ChainUnreachable(`${method}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The oracle's own error, where it is one. */
function refusalOf(error: unknown): ErrorDescription | null {
  const { cause } = error as { cause?: unknown };
  return cause instanceof NodeError && cause.data !== undefined ? ORACLE.parseError(cause.data) : null;
}
