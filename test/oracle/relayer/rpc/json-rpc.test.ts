import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { manualClock } from "../../../../oracle/clock.ts";
import { JsonRpc, type JsonRpcOptions } from "../../../../oracle/relayer/rpc/json-rpc.ts";
import {
  NodeError,
  NotJsonRpcError,
  UnreachableError,
  WrongChainError,
} from "../../../../oracle/relayer/rpc/rpc-error.ts";
import { shownUrl } from "../../../../oracle/relayer/rpc/shown-url.ts";
import { rejection } from "../../../utils/rejection.ts";

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

describe("JsonRpc", () => {
  let server: Server;
  let requests: { calls: Call[]; request: IncomingMessage }[];
  /** What the server does; by default it is a node of chain 5 that answers with each call's method. */
  let respond: (response: ServerResponse, calls: Call[]) => void;
  const clock = manualClock(0);

  beforeEach(async () => {
    requests = [];
    respond = (response, calls) => {
      response.end(JSON.stringify(calls.map(answer)));
    };
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const calls = JSON.parse(body) as Call[];
        requests.push({ calls, request });
        respond(response, calls);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const answer = ({ id, method }: Call): object => ({
    jsonrpc: "2.0",
    id,
    result: method === "eth_chainId" ? "0x5" : method,
  });
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rpc = (change: Partial<JsonRpcOptions> = {}) =>
    new JsonRpc({ url: `http://${host()}/v3/secret-key`, chainId: 5, clock, ...change });
  const refused = (change?: Partial<JsonRpcOptions>) => rejection(rpc(change).request("eth_gasPrice"));

  it("gives answers in the order of the calls, whatever order they come in", async () => {
    respond = (response, calls) => {
      response.end(JSON.stringify(calls.map(answer).reverse()));
    };
    const answers = await rpc().batch(["a", "b"].map((method) => ({ method, params: [] })));
    expect(answers).to.deep.equal([
      { ok: true, result: "a" },
      { ok: true, result: "b" },
    ]);
  });

  it("asks for the chain id with every exchange, and sends no more calls than the node takes", async () => {
    const calls = Array.from({ length: 5 }, (_, i) => ({ method: `m${i}`, params: [i] }));
    const answers = await rpc({ batchSize: 3 }).batch(calls);
    expect(answers.map((one) => one.ok && one.result)).to.deep.equal(["m0", "m1", "m2", "m3", "m4"]);
    expect(requests.map((one) => one.calls.map(({ method }) => method))).to.deep.equal([
      ["eth_chainId", "m0", "m1"],
      ["eth_chainId", "m2", "m3"],
      ["eth_chainId", "m4"],
    ]);
  });

  it("names both chains, and what to do, where the node serves another one", async () => {
    const error = await refused({ chainId: 1 });
    expect(error).to.be.instanceOf(WrongChainError).and.include({ expected: 1, found: 5 });
    expect(error.message).to.equal(
      `http://${host()} serves chain 5, not 1. Nothing was sent. Point the relayer at a node of chain 1, or correct its chain id.`,
    );
  });

  it("notices a node that changes its chain between two exchanges", async () => {
    const one = rpc();
    await one.request("a");
    respond = (response, calls) => {
      response.end(JSON.stringify(calls.map(({ id }) => ({ id, result: "0x1" }))));
    };
    expect(await rejection(one.request("a"))).to.be.instanceOf(WrongChainError);
  });

  it("takes an error that is null for none", async () => {
    respond = (response, calls) => {
      response.end(JSON.stringify(calls.map((call) => ({ ...answer(call), error: null }))));
    };
    expect(await rpc().request("eth_gasPrice")).to.equal("eth_gasPrice");
  });

  it("hands a node's refusal on, with what a contract reverted with", async () => {
    for (const [data, found] of [
      ["0x1234", "0x1234"],
      [{ message: "reverted", data: "0x12" }, "0x12"],
      [undefined, undefined],
      ["Reverted", undefined],
    ]) {
      respond = (response, calls) => {
        response.end(
          JSON.stringify(
            calls.map((call) =>
              call.method === "eth_chainId"
                ? answer(call)
                : { id: call.id, error: { code: 3, message: "execution reverted", data } },
            ),
          ),
        );
      };
      const error = await refused();
      expect(error).to.be.instanceOf(NodeError).and.include({ code: 3, data: found });
      expect(error.message).to.equal("eth_gasPrice: execution reverted (code 3)");
    }
  });

  const notJson: readonly [string, (response: ServerResponse) => void, RegExp][] = [
    [
      "HTML",
      (response) => response.setHeader("content-type", "text/html").end("<html>Please log in</html>"),
      /<html>Please log in/,
    ],
    [
      "HTML with status 403",
      (response) => response.writeHead(403, { "content-type": "text/html" }).end("<html>Forbidden</html>"),
      /status 403 and text\/html: "<html>Forbidden/,
    ],
    [
      "a redirect",
      (response) => response.writeHead(302, { location: "http://elsewhere/" }).end(),
      /status 302/,
    ],
    ["half a text", (response) => response.end('[{"id":0,"result"'), /\[\{/],
    ["nothing", (response) => response.end(), /""/],
    ["null", (response) => response.end("null"), /one answer to a batch/],
    [
      "a single refusal",
      (response) => response.end('{"error":{"code":-32600,"message":"batches are off"}}'),
      /"batches are off"/,
    ],
    [
      "an answer too few",
      (response) => response.end('[{"id":0,"result":"0x5"}]'),
      /no answer to eth_gasPrice/,
    ],
    ["no chain id", (response) => response.end('[null,{"id":1,"result":"0x5"}]'), /no answer to eth_chainId/],
  ];
  for (const [what, spoilt, message] of notJson)
    it(`takes ${what} for no answer of a node, and says what it saw`, async () => {
      respond = spoilt;
      const error = await refused();
      expect(error).to.be.instanceOf(NotJsonRpcError);
      expect(error.message)
        .to.match(message)
        .and.match(/^http:\/\/127\.0\.0\.1:\d+ answered, but not in JSON-RPC: /)
        .and.not.include("secret");
    });

  it("says that a node which is down cannot be reached", async () => {
    server.closeAllConnections();
    const url = `http://user:secret@${host()}/secret-key`;
    await new Promise((resolve) => server.close(resolve));
    const error = await rejection(new JsonRpc({ url, chainId: 5, clock }).request("a"));
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error.message)
      .to.match(/^http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)\. Is the node running/)
      .and.not.include("secret");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  it("says so where the connection breaks in the middle of an answer", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("[", () => response.destroy());
    };
    expect(await refused()).to.be.instanceOf(UnreachableError);
  });

  it("reads no answer that is longer than any node's", async () => {
    respond = (response) => {
      response.end(Buffer.alloc(33 * 2 ** 20, " "));
    };
    const error = await refused();
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error.message).to.include(`more than ${32 * 2 ** 20} bytes`);
  });

  it("stops waiting at the deadline, whatever the node does", async () => {
    const asked = new Promise<void>((resolve) => {
      respond = (response) => {
        response.write("["); // and never more
        resolve();
      };
    });
    const failed = refused({ deadline: 500 });
    await asked;
    await clock.advance(500);
    const error = await failed;
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error.message).to.include("did not answer within 500 ms");
  });

  it("ends at once when it is told to stop", async () => {
    const stop = new AbortController();
    const asked = new Promise<void>((resolve) => {
      respond = () => {
        resolve();
      };
    });
    const failed = refused({ signal: stop.signal });
    await asked;
    stop.abort(new Error("we are stopping"));
    expect((await failed).message).to.equal("we are stopping");
  });

  it("sends a user name and password as a header, and shows neither them nor a path", async () => {
    await new JsonRpc({ url: `http://us%20er:pass@${host()}/key`, chainId: 5, clock }).request("a");
    const { headers, url } = requests[0]!.request;
    expect(headers.authorization).to.equal(`Basic ${Buffer.from("us er:pass").toString("base64")}`);
    expect(url).to.equal("/key");
    expect(shownUrl("https://user:pass@node.example:8545/v3/key?key=1")).to.equal(
      "https://node.example:8545",
    );
    expect(shownUrl("nonsense/key")).to.equal("(not a URL)");
  });

  it("refuses a URL that is none of http", () => {
    for (const url of ["ws://node.example", "node.example"])
      expect(() => rpc({ url })).to.throw(RangeError, "must begin with http:// or https://");
  });
});
