import type { lookup } from "node:dns";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createListener } from "node:net";

import { expect } from "chai";

import { createFetcher, type FetchRequest, type FetchResult } from "../../../oracle/market/fetch-text.ts";

describe("fetchText", () => {
  let server: Server;
  let origin: string;
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  const fetcher = createFetcher();

  before(async () => {
    server = createServer((request, response) => {
      respond(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    fetcher.close();
    server.closeAllConnections();
    server.close();
  });

  const get = (extra: Partial<FetchRequest> = {}): Promise<FetchResult> =>
    fetcher.fetchText({ url: `${origin}/x`, reach: "loopback", timeoutMs: 5000, maxBytes: 1000, ...extra });

  it("gives the body and the headers", async () => {
    respond = (request, response) => {
      response
        .setHeader("x-answer", "yes")
        .end(`${request.method ?? ""} ${request.url ?? ""} ${request.headers["user-agent"] ?? ""}`);
    };
    const result = await get();
    expect(result.ok && result.body).to.equal("GET /x nakane-oracle/0.1");
    expect(result.ok && result.header("X-Answer")).to.equal("yes");
    expect(result.ok && result.header("x-other")).to.equal(null);
  });

  it("puts characters together that were cut between two pieces", async () => {
    respond = (_, response) => {
      const bytes = Buffer.from("仲値");
      response.write(bytes.subarray(0, 2));
      setImmediate(() => response.end(bytes.subarray(2)));
    };
    const result = await get();
    expect(result.ok && result.body).to.equal("仲値");
  });

  it("never follows a redirect", async () => {
    let asked = 0;
    respond = (_, response) => {
      asked++;
      response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
    };
    expect(await get()).to.deep.include({ ok: false, problem: "redirect" });
    expect(asked).to.equal(1);
  });

  it("tells being asked less from other refusals, with how long to wait", async () => {
    for (const [status, problem] of [
      [429, "rate-limited"],
      [418, "rate-limited"],
      [503, "status"],
      [404, "status"],
      [204, "status"],
    ] as const) {
      respond = (_, response) => {
        response.writeHead(status, { "retry-after": "7" }).end();
      };
      expect(await get(), String(status)).to.deep.include({ ok: false, problem, retryAfter: "7" });
    }
  });

  it("stops reading at the limit, whatever the length said", async () => {
    respond = (_, response) => {
      response.write("x".repeat(900));
      response.write("x".repeat(101));
      response.end();
    };
    expect(await get()).to.deep.include({ ok: false, problem: "too-large" });
    respond = (_, response) => response.end("x".repeat(1000));
    expect((await get()).ok).to.equal(true);
  });

  it("gives up on an answer that does not end, or does not begin", async () => {
    respond = (_, response) => response.write("{");
    expect(await get({ timeoutMs: 50 })).to.deep.include({ ok: false, problem: "timeout" });
    respond = () => undefined;
    expect(await get({ timeoutMs: 50 })).to.deep.include({ ok: false, problem: "timeout" });
  });

  it("gives up when it is told to", async () => {
    respond = () => undefined;
    const stop = new AbortController();
    const result = get({ signal: stop.signal });
    stop.abort();
    expect(await result).to.deep.include({ ok: false, problem: "network" });
    expect(await get({ signal: stop.signal })).to.deep.include({ ok: false, problem: "network" });
  });

  it("says so when the connection breaks, before and within the answer", async () => {
    respond = (request) => request.socket.destroy();
    expect(await get()).to.deep.include({ ok: false, problem: "network" });
    respond = (request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      setImmediate(() => request.socket.destroy());
    };
    expect(await get()).to.deep.include({ ok: false, problem: "network" });
  });

  it("refuses what is not a URL, and what is not this machine", async () => {
    expect(await get({ url: "nonsense" })).to.deep.include({ ok: false, problem: "forbidden-address" });
    expect(await get({ url: "http://localhost:1/" })).to.deep.include({
      ok: false,
      problem: "forbidden-address",
    });
  });

  describe("asking the public", () => {
    /** A listener that counts who connects, and a resolver that says where names are. */
    async function connections(
      answers: string[],
      url: string,
    ): Promise<{ count: number; asked: number; result: FetchResult }> {
      let count = 0;
      let asked = 0;
      const listener = createListener((socket) => {
        count++;
        socket.destroy();
      });
      listener.listen(0, "127.0.0.1");
      await once(listener, "listening");
      const resolve = ((
        _name: string,
        _options: object,
        callback: (error: null, addresses: object[]) => void,
      ) => {
        const address = answers[asked++] ?? "127.0.0.1";
        callback(
          null,
          address.split(",").map((one) => ({ address: one, family: one.includes(":") ? 6 : 4 })),
        );
      }) as unknown as typeof lookup;
      const checked = createFetcher(resolve);
      const result = await checked.fetchText({ url, reach: "public", timeoutMs: 2000, maxBytes: 1000 });
      checked.close();
      listener.close();
      return { count, asked, result };
    }

    for (const answer of [
      "127.0.0.1",
      "169.254.169.254",
      "10.0.0.1",
      "::1",
      "::ffff:127.0.0.1",
      "8.8.8.8,127.0.0.1",
    ]) {
      it(`does not connect to a name that is found at ${answer}`, async () => {
        const { count, result } = await connections([answer], "https://prices.example.com/");
        expect(result).to.deep.include({ ok: false, problem: "forbidden-address" });
        expect(count).to.equal(0);
      });
    }

    it("looks a name up once, so that it cannot change its mind", async () => {
      const { asked, count, result } = await connections(
        ["127.0.0.1", "8.8.8.8"],
        "https://prices.example.com/",
      );
      expect(result).to.deep.include({ ok: false, problem: "forbidden-address" });
      expect([asked, count]).to.deep.equal([1, 0]);
    });

    it("refuses a name that has no address", async () => {
      const resolve = ((
        _name: string,
        _options: object,
        callback: (error: null, addresses: object[]) => void,
      ) => {
        callback(null, []);
      }) as unknown as typeof lookup;
      const result = await createFetcher(resolve).fetchText({
        url: "https://prices.example.com/",
        reach: "public",
        timeoutMs: 2000,
        maxBytes: 1,
      });
      expect(result).to.deep.include({ ok: false, problem: "forbidden-address" });
    });

    it("says so when a name is not found", async () => {
      const resolve = ((_name: string, _options: object, callback: (error: Error) => void) => {
        callback(new Error("getaddrinfo ENOTFOUND"));
      }) as unknown as typeof lookup;
      const result = await createFetcher(resolve).fetchText({
        url: "https://prices.example.com/",
        reach: "public",
        timeoutMs: 2000,
        maxBytes: 1,
      });
      expect(result).to.deep.include({
        ok: false,
        problem: "network",
        message: "prices.example.com: getaddrinfo ENOTFOUND",
      });
    });
  });
});
