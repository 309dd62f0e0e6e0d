import type { HookContext, NetworkHooks } from "hardhat/types/hooks";
import type { JsonRpcServer, NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider, RequestArguments } from "hardhat/types/providers";
import hre from "hardhat";

import type { Clock } from "../../oracle/clock.ts";
import type { Exchange } from "../../oracle/relayer/rpc/exchange.ts";
import { inProcessExchange } from "../../oracle/relayer/rpc/in-process-exchange.ts";

/** Seconds from block to block. */
export const SLOT = 2;

/** An Ethereum chain in this process, served over HTTP on loopback. Its time is the world's. */
export interface DevChain {
  readonly url: string;
  readonly chainId: number;
  /** What the URL answers, without a socket: for the time in which a world lives its past. */
  readonly exchange: Exchange;
  /** For deploying, and for the people of the story; everything else asks over HTTP. */
  readonly connection: NetworkConnection<"l1">;
  /** From now on blocks come at multiples of the slot of the clock, with that time; before, one for each transaction. */
  readonly beginSlots: (signal: AbortSignal) => void;
  readonly close: () => Promise<void>;
}

export interface DevChainOptions {
  /** Unix seconds of the first block. */
  readonly begin: number;
  readonly clock: Clock;
  /** Told of every request: time stands still while the chain works. */
  readonly hold: <T>(work: Promise<T>) => Promise<T>;
  readonly port: number;
  /** Lets go of the port, where it is held for the chain. */
  readonly release?: () => Promise<void>;
  readonly chainId: number;
}

/** Seconds without a block after which there is one, even an empty one. */
const EMPTY = 60;

/** Starts a chain. Until its slots begin, time goes on by a second a block. */
export async function startDevChain(options: DevChainOptions): Promise<DevChain> {
  const { begin, clock, hold, port, release, chainId } = options;
  const { server, connection } = await served({ initialDate: new Date(begin * 1000), chainId }, port);
  await release?.(); // at the last moment: where a port is taken, Hardhat's server ends the process
  const address = await server.listen();
  const slots = new Slots(connection.provider, clock, hold);
  return {
    url: `http://127.0.0.1:${address.port}`,
    chainId,
    exchange: inProcessExchange((method, params) =>
      connection.provider.request({ method, params: [...params] }),
    ),
    connection,
    beginSlots: (signal) => {
      slots.run(signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
    close: async () => {
      await server.close();
      await connection.close();
    },
  };
}

/**
 * Makes blocks at multiples of the slot: where something was sent, and every minute. Whoever reads the pending block
 * sees the next slot's time.
 */
class Slots {
  readonly #clock: Clock;
  readonly #request: EthereumProvider["request"];
  readonly #hold: DevChainOptions["hold"];
  #running = false;
  #sent = false;
  /** The time of the newest block, and that of the pending one. */
  #mined = 0;
  #pending = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(provider: EthereumProvider, clock: Clock, hold: DevChainOptions["hold"]) {
    this.#clock = clock;
    this.#request = provider.request.bind(provider);
    this.#hold = hold;
    provider.request = (args) => hold(this.#forward(args));
  }

  async run(signal: AbortSignal): Promise<void> {
    const clock = this.#clock;
    await this.#request({ method: "evm_setAutomine", params: [false] });
    this.#running = true;
    for (;;) {
      const next = slotAt(clock) + SLOT;
      await clock.sleep(next * 1000 - clock.wall(), signal);
      if (this.#sent || slotAt(clock) >= this.#mined + EMPTY)
        await this.#hold(this.#inTurn(() => this.#mine()));
    }
  }

  async #mine(): Promise<void> {
    const slot = slotAt(this.#clock);
    if (slot <= this.#mined) return;
    this.#sent = false;
    await this.#announce(slot);
    await this.#request({ method: "evm_mine", params: [] });
    this.#mined = slot;
  }

  async #forward(args: RequestArguments): Promise<unknown> {
    if (this.#running && args.method.startsWith("eth_")) {
      await this.#inTurn(() => this.#announce(slotAt(this.#clock) + SLOT));
      if (args.method.startsWith("eth_send")) this.#sent = true;
    }
    return this.#request(args);
  }

  async #announce(time: number): Promise<void> {
    if (this.#pending === time) return;
    this.#pending = time;
    await this.#request({ method: "evm_setNextBlockTimestamp", params: [time] });
  }

  /** One after the other: a block must have the time that was announced for it. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }
}

/** The slot at or before now, in Unix seconds. */
function slotAt(clock: Clock): number {
  return Math.floor(clock.wall() / 1000 / SLOT) * SLOT;
}

/** A server, and the very connection that it serves: Hardhat hands out the one and keeps the other. */
async function served(
  override: { initialDate: Date; chainId: number },
  port: number,
): Promise<{ server: JsonRpcServer; connection: NetworkConnection<"l1"> }> {
  let connection: unknown;
  const handlers: Partial<NetworkHooks> = {
    newConnection: async (context: HookContext, next) => {
      const made = await next(context);
      connection = made;
      return made;
    },
  };
  hre.hooks.registerHandlers("network", handlers);
  try {
    const server = await hre.network.createServer({ network: "default", override }, "127.0.0.1", port);
    return { server, connection: connection as NetworkConnection<"l1"> };
  } finally {
    hre.hooks.unregisterHandlers("network", handlers);
  }
}
