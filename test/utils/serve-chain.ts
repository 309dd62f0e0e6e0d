import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Chain } from "./deploy-oracle.ts";

/** One call as it came. */
export interface ServedCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * What a test does to the front of a chain. `before` may answer in the node's place (an object with `result` or `error`);
 * `answer` may spoil what goes out.
 */
export interface Interference {
  before?: (call: ServedCall) => object | undefined | Promise<object | undefined>;
  answer?: (response: ServerResponse, calls: readonly ServedCall[]) => boolean;
}

/** A chain of this process behind a URL, as any node is. */
export class ServedChain {
  readonly url: string;
  /** Everything that was asked. */
  readonly calls: ServedCall[] = [];
  interference: Interference = {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(chain: Chain): Promise<ServedChain> {
    const served: { chain?: ServedChain } = {};
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const calls = JSON.parse(Buffer.concat(chunks).toString()) as ServedCall[];
        void served.chain?.serve(chain, calls, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    served.chain = new ServedChain(server);
    return served.chain;
  }

  /** How often a method was asked for. */
  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  private async serve(chain: Chain, calls: readonly ServedCall[], response: ServerResponse): Promise<void> {
    this.calls.push(...calls);
    const answers: object[] = [];
    // In turn: what a later call sees, an earlier one has done.
    for (const call of calls) {
      const { id, method, params } = call;
      const instead = await this.interference.before?.(call);
      answers.push({ jsonrpc: "2.0", id, ...(instead ?? (await ask(chain, method, params))) });
    }
    if (this.interference.answer?.(response, calls) === true) return;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answers));
  }
}

/** Errors go out as Hardhat's own server writes them. */
async function ask(chain: Chain, method: string, params: readonly unknown[]): Promise<object> {
  try {
    const result: unknown = await chain.provider.request({ method, params: [...params] });
    return { result };
  } catch (error) {
    const { code = -32603, message, data } = error as { code?: number; message: string; data?: unknown };
    const raw = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
    return { error: { code, message, data: code === 3 ? raw : { message, data: raw } } };
  }
}
