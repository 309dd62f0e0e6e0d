import { getBytes, keccak256 } from "ethers";

import type { ChainState } from "../../ledger/decision/decide.ts";
import { sameBytes } from "../../report/bytes.ts";
import type { CatalogPlan } from "../../report/catalog-plan.ts";
import { type ChainSigners, chainSigners } from "../../report/chain-signers.ts";
import { feedId } from "../../report/feed-id.ts";
import type { Definitions } from "../../report/part.ts";
import { PERIOD } from "../../report/verify.ts";
import { ORACLE } from "../oracle-abi.ts";
import { LatestReader } from "./latest-reader.ts";
import type { RpcAnswer, RpcCall } from "./exchange.ts";
import type { JsonRpc } from "./json-rpc.ts";
import { hexData, objectOrNull, quantity } from "./quantity.ts";
import { missingAnswer, readAnswer, resultOf } from "./read-answer.ts";
import { RpcError, WrongCodeError, WrongOracleError } from "./rpc-error.ts";

/** Which oracle is read, and for whom. */
export interface ChainReaderOptions {
  readonly rpc: JsonRpc;
  /** The oracle's address. */
  readonly oracle: string;
  /** keccak-256 of its code, 0x-prefixed, as in the address book. */
  readonly codeHash: string;
  /** Who pays for transmissions. */
  readonly sender: string;
}

/** What a report is judged against. */
export interface ReadRequest {
  readonly plan: CatalogPlan;
  /** The EIP-712 domain of the report's network. */
  readonly domain: Uint8Array;
  /** The report's time. */
  readonly time: number;
}

/** Everything of one block. */
export interface ChainReading {
  readonly block: number;
  /** 0x-prefixed. */
  readonly blockHash: string;
  /** Unix seconds. */
  readonly blockTime: number;
  /** Wei. */
  readonly baseFee: bigint;
  readonly state: ChainState;
  readonly signers: ChainSigners;
  readonly definitions: Definitions;
  /** How many transactions of the sender are in blocks. */
  readonly nonce: number;
  /** Wei, of the sender. */
  readonly balance: bigint;
}

/** Fixings are not stored: no root is kept (0), or the root but not these (1). Every other status is the end of it. */
const NOT_STORED = new Set([0n, 1n]);

/**
 * Reads an oracle, all at one block, so that no two answers are of different states: by the block's hash where the node
 * takes one (EIP-1898), by its number where it does not.
 */
export class ChainReader {
  readonly #options: ChainReaderOptions;
  readonly #definitions = new Map<number, Uint8Array>();
  readonly #latest = new WeakMap<CatalogPlan, LatestReader>();
  #checked = false;
  #byHash = true;
  #lastConfig: { readonly data: unknown; readonly config: Decoded } | undefined;

  constructor(options: ChainReaderOptions) {
    this.#options = options;
  }

  /**
   * @throws WrongCodeError, WrongOracleError where this is not the oracle that the reports are for; UnreachableError,
   * NotJsonRpcError, WrongChainError, NodeError, RpcError where the node does not do what it should
   */
  async read({ plan, domain, time }: ReadRequest): Promise<ChainReading> {
    const { oracle, sender } = this.#options;
    const head = await this.#head();
    const undefinedYet = plan.bundles.filter(({ bundle }) => !this.#definitions.has(bundle));
    const fixing = time % PERIOD === 0;
    const latest = this.#latestOf(plan);
    const answers = await this.#at(head, (tag) => {
      const call = (method: string, args: readonly unknown[]) => ethCall(oracle, callData(method, args), tag);
      return [
        { method: "eth_getTransactionCount", params: [sender, tag] },
        { method: "eth_getBalance", params: [sender, tag] },
        ethCall(oracle, CONFIG, tag),
        ...undefinedYet.map(({ bundle }) => call("definition", [bundle])),
        ...(fixing ? plan.bundles.map(({ bundle }) => call("tryFixing", [feedId(bundle, 0), time])) : []),
        ...latest.calldata().map((data) => ethCall(oracle, data, tag)),
      ];
    });
    const next = () => answers.shift() ?? missingAnswer();
    const nonce = Number(quantity("eth_getTransactionCount", resultOf(next())));
    const balance = quantity("eth_getBalance", resultOf(next()));
    const config = this.#config(next());
    this.#checkDomain(config["domain"] as string, domain);
    for (const { bundle } of undefinedYet) this.#define(bundle, decoded("definition", next())[0] as string);
    const fixingStored = Uint8Array.from(plan.bundles, () => {
      if (!fixing) return 1;
      return NOT_STORED.has(decoded("tryFixing", next())[0] as bigint) ? 0 : 1;
    });
    const prices = await latest.read(answers, (calldata) =>
      this.#at(head, (tag) => calldata.map((data) => ethCall(oracle, data, tag))),
    );
    return {
      ...head,
      nonce,
      balance,
      signers: chainSigners(config["signers"] as bigint, config["retired"] as bigint),
      definitions: (bundle) => this.#definitions.get(bundle),
      state: {
        block: head.block,
        blockTime: head.blockTime,
        latestDelay: Number(config["latestDelay"]),
        ...prices,
        fixingStored,
      },
    };
  }

  async #head(): Promise<Pick<ChainReading, "block" | "blockHash" | "blockTime" | "baseFee">> {
    const { rpc, oracle } = this.#options;
    const calls: RpcCall[] = [{ method: "eth_getBlockByNumber", params: ["latest", false] }];
    if (!this.#checked) calls.push({ method: "eth_getCode", params: [oracle, "latest"] });
    const [block, code] = (await rpc.batch(calls)).map(resultOf);
    if (!this.#checked) this.#checkCode(hexData("eth_getCode", code));
    const header = objectOrNull("eth_getBlockByNumber", block);
    if (header === null)
      throw new RpcError(`${rpc.shown} has no latest block. Has the node finished its start?`);
    return {
      block: Number(quantity("block number", header["number"])),
      blockHash: hexData("block hash", header["hash"]),
      blockTime: Number(quantity("block timestamp", header["timestamp"])),
      baseFee: quantity("baseFeePerGas", header["baseFeePerGas"]),
    };
  }

  #checkCode(code: string): void {
    const { rpc, oracle, codeHash } = this.#options;
    const where = `at ${oracle} on chain ${rpc.chainId} (${rpc.shown})`;
    if (code === "0x") {
      throw new WrongCodeError(
        `There is no contract ${where}. Is it deployed there, and the address book the chain's?`,
      );
    }
    const found = keccak256(code);
    if (found !== codeHash) {
      throw new WrongCodeError(
        `The code ${where} has hash ${found}, the address book says ${codeHash}. Nothing is sent to a contract that is not ours.`,
      );
    }
    this.#checked = true;
  }

  /** What answers the same is the same: it changes with a set of signers, not with a block. */
  #config(answer: RpcAnswer): Decoded {
    const known = this.#lastConfig;
    if (known !== undefined && answer.ok && answer.result === known.data) return known.config;
    const config = decoded("config", answer);
    if (answer.ok) this.#lastConfig = { data: answer.result, config };
    return config;
  }

  #checkDomain(found: string, domain: Uint8Array): void {
    if (sameBytes(getBytes(found), domain)) return;
    throw new WrongOracleError(
      `The oracle at ${this.#options.oracle} takes signatures of domain ${found}, the reports have ${hex(domain)}. Network and mode (test, production) must be those it was deployed with.`,
    );
  }

  #latestOf(plan: CatalogPlan): LatestReader {
    const known = this.#latest.get(plan) ?? new LatestReader(plan);
    this.#latest.set(plan, known);
    return known;
  }

  #define(bundle: number, definition: string): void {
    if (!/^0x0+$/.test(definition)) this.#definitions.set(bundle, getBytes(definition));
  }

  /** The calls at the block; where a node does not take the hash of a block, once more with its number, and so from then on. */
  async #at(
    head: Pick<ChainReading, "block" | "blockHash">,
    calls: (tag: unknown) => RpcCall[],
  ): Promise<RpcAnswer[]> {
    const { rpc } = this.#options;
    if (this.#byHash) {
      const answers = await rpc.batch(calls({ blockHash: head.blockHash }));
      const refused = answers.some((answer) => !answer.ok && answer.error.code === INVALID_PARAMS);
      if (!refused) return answers;
      this.#byHash = false;
    }
    return rpc.batch(calls(`0x${head.block.toString(16)}`));
  }
}

/** JSON-RPC's code for parameters that a server does not take. */
const INVALID_PARAMS = -32602;

function callData(method: string, args: readonly unknown[]): string {
  return ORACLE.encodeFunctionData(method, args);
}

const CONFIG = callData("config", []);

function ethCall(to: string, data: string, tag: unknown): RpcCall {
  return { method: "eth_call", params: [{ to, data }, tag] };
}

/** By name and by place. */
type Decoded = Readonly<Record<string | number, unknown>>;

function decoded(method: string, answer: RpcAnswer): Decoded {
  return readAnswer(method, answer, (data) => ORACLE.decodeFunctionResult(method, data));
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
