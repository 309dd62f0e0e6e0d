import { expect } from "chai";
import fc from "fast-check";

import { SECURITY_HEADERS } from "../../../oracle/api/security-headers.ts";
import { expectError } from "./expect-error.ts";
import { FIXING, World } from "./world.ts";

/** One path of every route. */
const PATHS = [
  "/v1/feeds",
  "/v1/feeds/BTC-JPY",
  "/v1/feeds/BTC-JPY/latest",
  `/v1/feeds/BTC-JPY/fixings/${FIXING}`,
  "/v1/reports/latest",
  `/v1/reports/${FIXING}`,
  "/live",
  "/ready",
  "/openapi.json",
];
const METHODS = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "PURGE"] as const;

describe("what strangers may do (OWASP API Security Top 10, 2023)", () => {
  it("API1: every feed that is not there is not there alike, whatever its name", async () => {
    const api = new World().api();
    for (const name of [
      "BTC-JPN",
      "btc-jpy",
      "0",
      "259",
      "4294967295",
      "BTC%2FJPY",
      "..%2Fready",
      "__proto__",
      "%00",
    ])
      for (const rest of ["", "/latest", `/fixings/${FIXING}`]) {
        const error = expectError(await api.inject(`/v1/feeds/${name}${rest}`), "UNKNOWN_FEED");
        expect(error.message).to.equal(`There is no feed ${decodeURIComponent(name)} in this catalog.`);
      }
  });

  it("API3: what a schema does not list is never sent; an answer that drifts is an error of ours", async () => {
    for (const drift of [
      (world: World) => (world.checks = [{ name: "chain", ok: "yes" as unknown as boolean, reason: "" }]),
      (world: World) => (world.checks = [{ name: "chain", ok: true, reason: 7 as unknown as string }]),
    ]) {
      const world = new World();
      drift(world);
      expectError(await world.api().inject("/ready"), "INVALID_ANSWER");
      expect(world.faults.map(({ request, answered }) => [request, answered.code])).to.deep.equal([
        ["GET /ready", "INVALID_ANSWER"],
      ]);
    }
    const world = new World();
    const secret = { name: "kms", ok: true, reason: "signs", credentials: "hunter2" };
    world.checks = [secret];
    const { body } = await world.api().inject("/ready");
    expect(JSON.parse(body)).to.deep.equal({
      ready: true,
      checks: [{ name: "kms", ok: true, reason: "signs" }],
    });
  });

  it("API3: a field too many in an answer is refused by its schema", async () => {
    const world = new World();
    Object.assign(world, { chain: { ...world.chain, address: "0x12" } });
    expectError(await world.api().inject("/v1/feeds"), "INVALID_ANSWER");
    const { liveSchema } = await import("../../../oracle/api/schemas.ts");
    const live = { live: true, lastLoop: null, ageSeconds: null, allowedSeconds: 60 };
    expect([
      liveSchema.safeParse(live).success,
      liveSchema.safeParse({ ...live, pid: 1 }).success,
    ]).to.deep.equal([true, false]);
  });

  it("API4: a page, a list of bundles, a name and a number have an end", async () => {
    const api = new World().api();
    for (const path of [
      "/v1/feeds?limit=1001",
      "/v1/feeds?limit=0",
      "/v1/feeds?limit=1e2",
      "/v1/feeds?limit=1&limit=2",
      `/v1/reports/${FIXING}?bundles=${Array(257).fill("1").join(",")}`,
      `/v1/reports/${FIXING}?bundles=-1`,
      `/v1/reports/${FIXING}?bundles=1,`,
      "/v1/reports/4294967296",
      "/v1/reports/01",
      "/v1/reports/1.5",
      "/v1/feeds?limits=1",
      "/v1/feeds/BTC-JPY?fields=secret",
      "/live?x=1",
    ])
      expectError(await api.inject(path), "INVALID_PARAMETER");
    expectError(await api.inject(`/v1/feeds/${"x".repeat(101)}`), "PARAMETER_TOO_LONG");
    expectError(await api.inject(`/v1/feeds/${"x".repeat(100)}`), "UNKNOWN_FEED");
    expectError(await api.inject("/v1/feeds/%zz"), "MALFORMED_REQUEST");
    expect((await api.inject("/v1/feeds?limit=1&limit=2")).body).to.contain(
      String.raw`limit cannot be [\"1\",\"2\"]: expected once.`,
    );
  });

  it("API4: ten times the rate is answered up to the rate, then refused; unknown paths and methods count too", async () => {
    const api = new World().api({ rateLimit: { most: 20, window: 60 } });
    const requests = Array.from({ length: 200 }, (_, i) => {
      if (i % 4 === 1) return { url: `/nowhere/${i}` };
      if (i % 4 === 2) return { url: "/v1/feeds", method: "POST" as const };
      return { url: i % 4 === 3 ? "/v1/feeds/%zz" : "/v1/feeds" };
    });
    const codes: number[] = [];
    for (const request of requests) codes.push((await api.inject(request)).statusCode);
    expect(codes.slice(0, 20)).to.deep.equal(Array.from({ length: 5 }, () => [200, 404, 405, 400]).flat());
    expect(new Set(codes.slice(20))).to.deep.equal(new Set([429]));
    const refused = await api.inject("/v1/feeds");
    expect(expectError(refused, "RATE_LIMITED").message).to.equal(
      "More than 20 requests in 60 s came from your address.",
    );
    expect(Number(refused.headers["retry-after"])).to.be.within(1, 60);
    expect((await api.inject({ url: "/v1/feeds", remoteAddress: "198.51.100.7" })).statusCode).to.equal(200);
    for (const path of ["/live", "/ready"]) expect((await api.inject(path)).statusCode, path).to.equal(200);
  });

  it("API4: a forged X-Forwarded-For is ignored, except from our own proxy and for one hop", async () => {
    const ask = async (trustedProxy: string[], remoteAddress: string, forwarded: string[]) => {
      const api = new World().api({ rateLimit: { most: 1, window: 60 }, trustedProxy });
      const codes: number[] = [];
      for (const each of forwarded) {
        const headers = { "x-forwarded-for": each };
        codes.push((await api.inject({ url: "/v1/feeds", remoteAddress, headers })).statusCode);
      }
      return codes;
    };
    expect(await ask([], "10.0.0.1", ["198.51.100.1", "198.51.100.2"])).to.deep.equal([200, 429]);
    expect(await ask(["10.0.0.0/24"], "10.0.1.1", ["198.51.100.1", "198.51.100.2"])).to.deep.equal([
      200, 429,
    ]);
    expect(await ask(["10.0.0.0/24"], "10.0.0.1", ["198.51.100.1", "198.51.100.2"])).to.deep.equal([
      200, 200,
    ]);
    expect(await ask(["10.0.0.0/24"], "::ffff:10.0.0.1", ["198.51.100.1", "198.51.100.2"])).to.deep.equal([
      200, 200,
    ]);
    expect(
      await ask(["10.0.0.0/24"], "10.0.0.1", ["1.1.1.1, 198.51.100.1", "2.2.2.2, 198.51.100.1"]),
      "what the client itself wrote",
    ).to.deep.equal([200, 429]);
    expect(
      await ask(["10.0.0.0/24"], "10.0.0.1", ["1.1.1.1, 10.0.0.9", "2.2.2.2, 10.0.0.9"]),
      "a second hop, even of our network",
    ).to.deep.equal([200, 429]);
    for (const network of ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/0", "proxy.example", ""])
      expect(() => new World().api({ trustedProxy: [network] }), network).to.throw(
        RangeError,
        "expected a network",
      );
  });

  it("API4: who rotates addresses within an IPv6 network is one", async () => {
    const api = new World().api({ rateLimit: { most: 1, window: 60 } });
    const from = async (remoteAddress: string) =>
      (await api.inject({ url: "/v1/feeds", remoteAddress })).statusCode;
    expect([
      await from("2001:db8::1"),
      await from("2001:db8::2"),
      await from("2001:db8:0:1::1"),
    ]).to.deep.equal([200, 429, 200]);
  });

  it("API5: every route answers GET, HEAD and OPTIONS, and no other method, with or without a body", async () => {
    const api = new World().api();
    for (const path of PATHS) {
      const get = await api.inject(path);
      const head = await api.inject({ url: path, method: "HEAD" });
      expect([get.statusCode, head.statusCode, head.body], path).to.deep.equal([200, 200, ""]);
      for (const name of ["content-type", "content-length", "etag", "cache-control"])
        expect(head.headers[name], `${path} ${name}`).to.equal(get.headers[name]);
      const options = await api.inject({ url: path, method: "OPTIONS" });
      expect([options.statusCode, options.body, options.headers.allow], path).to.deep.equal([
        204,
        "",
        "GET, HEAD, OPTIONS",
      ]);
      for (const method of METHODS)
        for (const payload of [undefined, '{"a":1}']) {
          const refused = await api.inject({
            url: path,
            method: method as "POST",
            ...(payload && { payload }),
          });
          expectError(refused, "METHOD_NOT_ALLOWED");
          expect(refused.headers.allow).to.equal("GET, HEAD, OPTIONS");
        }
    }
    expectError(await api.inject({ url: "/nowhere", method: "POST" }), "METHOD_NOT_ALLOWED");
    expectError(await api.inject({ url: "/nowhere", method: "OPTIONS" }), "ROUTE_NOT_FOUND");
  });

  it("API5: a method cannot be smuggled in a header", async () => {
    const headers = { "x-http-method-override": "DELETE", "x-method-override": "POST" };
    expect((await new World().api().inject({ url: "/live", headers })).statusCode).to.equal(200);
  });

  it("API6: a client that has the answer already gets none", async () => {
    const api = new World().api();
    for (const path of PATHS) {
      const { headers } = await api.inject(path);
      const etag = headers.etag!;
      expect(etag, path).to.match(/^"[\w-]{27}"$/);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const again = await api.inject({ url: path, headers: { "if-none-match": known } });
        expect([again.statusCode, again.body], `${path} ${known}`).to.deep.equal([304, ""]);
        expect(again.headers.etag).to.equal(etag);
        expect(again.headers["cache-control"]).to.equal(headers["cache-control"]);
      }
      const other = await api.inject({ url: path, headers: { "if-none-match": '"other"' } });
      expect(other.statusCode, path).to.equal(200);
    }
    const raw = await api.inject({
      url: "/v1/reports/latest",
      headers: { accept: "application/octet-stream" },
    });
    expect(raw.headers.etag).not.to.equal((await api.inject("/v1/reports/latest")).headers.etag);
  });

  it("API8: every answer carries the security headers, whatever happened, and lets nobody in with credentials", async () => {
    const world = new World();
    world.chainAnswers = false;
    const api = world.api();
    for (const request of [
      ...PATHS.map((url) => ({ url })),
      { url: "/nowhere" },
      { url: "/v1/feeds", method: "DELETE" as const },
      { url: "/v1/feeds", method: "OPTIONS" as const, headers: { origin: "https://evil.example" } },
      { url: "/v1/feeds/%zz" },
      { url: `/v1/feeds/${"x".repeat(200)}` },
    ]) {
      const { headers } = await api.inject(request);
      expect(headers, request.url).to.include(SECURITY_HEADERS);
      expect(headers, request.url).not.to.have.any.keys(
        "access-control-allow-credentials",
        "server",
        "x-powered-by",
      );
    }
  });

  it("API8: an unforeseen error says nothing of itself", async () => {
    const world = new World();
    world.readiness = async () => {
      throw new Error("password=hunter2 at /srv/nakane/oracle/run/ready.ts:7");
    };
    world.report = async () => {
      throw new Error("SQLITE_CORRUPT: /srv/nakane/ledger.db");
    };
    const api = world.api();
    for (const path of ["/ready", `/v1/reports/${FIXING}`]) {
      const answer = await api.inject(path);
      expectError(answer, "INTERNAL");
      expect(answer.body).not.to.match(/hunter2|srv|SQLITE|stack|\.ts/);
    }
    expect(world.faults.map(({ error }) => (error as Error).message)).to.have.length(2);
  });

  it("whatever is asked, the answer is JSON in the API's form, and never our fault", async () => {
    const world = new World();
    const api = world.api({ rateLimit: { most: 1e9, window: 60 } });
    const piece = fc.oneof(
      fc.constantFrom(
        "v1",
        "feeds",
        "reports",
        "latest",
        "fixings",
        "BTC-JPY",
        "256",
        String(FIXING),
        "..",
        "%2e%2e",
      ),
      fc.webSegment(),
      fc.string({ maxLength: 8 }).map(encodeURIComponent),
    );
    const url = fc
      .tuple(fc.array(piece, { maxLength: 6 }), fc.webQueryParameters())
      .map(([path, query]) => `/${path.join("/")}${query === "" ? "" : `?${query}`}`);
    await fc.assert(
      fc.asyncProperty(url, async (each) => {
        const { statusCode, body } = await api.inject(each);
        const answer = JSON.parse(body) as { error?: { status: number } };
        expect(statusCode).to.be.below(500);
        if (statusCode !== 200) expect(answer.error?.status).to.equal(statusCode);
      }),
      { seed: 5, numRuns: 500 },
    );
    expect(world.faults).to.deep.equal([]);
  });
});
