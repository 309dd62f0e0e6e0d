import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { type ManualClock, manualClock } from "../../../oracle/clock.ts";
import { CatalogError } from "../../../oracle/feeds/catalog-error.ts";
import { createFetcher, type Fetcher, type FetchResult } from "../../../oracle/market/fetch-text.ts";
import { markOf } from "../../../oracle/market/mark.ts";
import { Market, type SourceReport } from "../../../oracle/market/market.ts";
import { readPriceFile } from "../../../oracle/market/simulated/price-file.ts";
import type { PricePath } from "../../../oracle/market/simulated/price-path.ts";
import { randomWalk } from "../../../oracle/market/simulated/random-walk.ts";
import { replay } from "../../../oracle/market/simulated/replay.ts";
import {
  type SimulatedVenues,
  startSimulatedVenues,
} from "../../../oracle/market/simulated/simulated-venues.ts";
import { BTC_JPY_FILE, catalogOf } from "./catalogs.ts";

const TICK = 1_795_136_520;
const MS = TICK * 1000;
const CATALOG = catalogOf(BTC_JPY_FILE);

describe("Market over simulated venues", () => {
  const fetcher = createFetcher();
  let clock: ManualClock;
  let venues: SimulatedVenues;
  let path: PricePath;

  beforeEach(async () => {
    clock = manualClock(MS);
    path = randomWalk({
      symbol: "BTC/JPY",
      seed: 7,
      start: MS,
      price: { units: 14_000_000n, scale: 0 },
      volatility: 50_000,
    });
    venues = await startSimulatedVenues({ clock, paths: [path], provenance: "simulated", seed: 7 });
  });
  afterEach(() => venues.close());
  after(() => {
    fetcher.close();
  });

  const market = (provenance: "simulated" | "live" | "replay" = "simulated") =>
    new Market({ catalog: CATALOG, clock, fetcher, provenance, origins: venues.origins });

  it("hears four venues that speak differently and disagree a little, and prices what they say", async () => {
    const view = market();
    const reports = await view.poll();
    expect(reports.map(({ kind, venue }) => `${venue} ${kind}`)).to.deep.equal([
      "bitflyer quotes",
      "coincheck quotes",
      "bitbank quotes",
      "gmo quotes",
    ]);
    for (const report of reports) expect(report).to.deep.include({ taken: 1, refusals: [], newFields: [] });
    const observation = view.observe(TICK);
    expect(observation.provenance).to.equal("simulated");
    const { price, inputs } = view.explain(observation, 0);
    const said = inputs.map(({ units }) => units!);
    expect(new Set(said.map(String)).size).to.be.greaterThan(1);
    for (const units of said)
      expect(units > 13_995_800n && units < 14_004_200n, String(units)).to.equal(true);
    expect(said).to.include(price);
  });

  it("leaves a venue out that lies tenfold for a minute, and lets it back in", async () => {
    const view = market();
    venues.lie({ venue: "gmo", from: MS + 60_000, until: MS + 120_000, factor: 10n });
    const verdicts: string[] = [];
    for (let tick = TICK; tick <= TICK + 180; tick += 20) {
      await view.poll();
      const { price, inputs } = view.explain(view.observe(tick), 0);
      verdicts.push(inputs[3]!.exclusion);
      expect(price! > 13_900_000n && price! < 14_100_000n).to.equal(true);
      await clock.advance(20_000);
    }
    expect(verdicts).to.deep.equal([
      "used",
      "used",
      "used",
      "spread",
      "spread",
      "spread",
      "used",
      "used",
      "used",
      "used",
    ]);
  });

  it("hears each venue in its own way of speaking", async () => {
    const body = async (venue: string, path: string) => {
      const result = await fetcher.fetchText({
        url: `${venues.origins.get(venue)!}${path}`,
        reach: "loopback",
        timeoutMs: 4000,
        maxBytes: 4000,
      });
      return result.ok ? result.body : result.problem;
    };
    expect(await body("bitflyer", "/v1/ticker?product_code=BTC_JPY")).to.match(
      /"timestamp":"2026-11-20T01:02:00\.000".*"ltp":\d+\.0,/,
    );
    expect(await body("coincheck", "/api/ticker?pair=btc_jpy")).to.match(
      /"last":\d+\.0,.*"timestamp":1795136520}/,
    );
    expect(await body("bitbank", "/btc_jpy/ticker")).to.match(
      /"data":{.*"last":"\d+",.*"timestamp":1795136520000}}/,
    );
    expect(await body("bitbank", "/tickers")).to.match(/"success":1,"data":\[{"pair":"btc_jpy"/);
    expect(await body("gmo", "/public/v1/ticker?symbol=BTC")).to.match(
      /"status":0,"data":\[{.*"symbol":"BTC","timestamp":"2026-11-20T01:02:00\.000Z"/,
    );
    expect(await body("gmo", "/public/v1/ticker?symbol=BTC_JPY")).to.equal("status");
    expect(await body("gmo", "/elsewhere")).to.equal("status");
  });

  it("asks a source no more often than the catalog says", async () => {
    const view = market();
    await view.poll();
    expect(await view.poll()).to.deep.equal([]);
    await clock.advance(4999);
    expect(await view.poll()).to.deep.equal([]);
    await clock.advance(1);
    expect(await view.poll()).to.have.length(4);
    expect([...venues.requests().values()]).to.deep.equal([2, 2, 2, 2]);
  });

  it("does not ask a source again that has not answered yet", async () => {
    const answer = Promise.withResolvers<FetchResult>();
    const slow: Fetcher = { fetchText: () => answer.promise, close: () => undefined };
    const view = new Market({
      catalog: CATALOG,
      clock,
      fetcher: slow,
      provenance: "simulated",
      origins: venues.origins,
    });
    const first = view.poll();
    await clock.advance(5000);
    expect(await view.poll()).to.deep.equal([]);
    answer.resolve({ ok: false, problem: "network", message: "broke", retryAfter: null });
    expect(await first).to.have.length(4);
    expect(await view.poll()).to.have.length(4);
  });

  it("refuses simulated prices where it wants others, and says what it saw", async () => {
    const [report] = await market("replay").poll();
    expect(report).to.deep.include({ kind: "failed", problem: "wrong-mark", expected: false });
    expect((report as { message: string }).message).to.equal(
      "bitflyer-btc: expected replay prices, saw simulated ones",
    );
  });

  it("asks this machine for pretended prices only, and the public for real ones only", () => {
    expect(() => market("live")).to.throw(
      CatalogError,
      /source gmo-btc: http:\/\/127\.0\.0\.1:\d+\/public\/v1\/ticker\?symbol=BTC: is http:\/\/, and only https is asked/,
    );
    const lost = () => new Market({ catalog: CATALOG, clock, fetcher, provenance: "simulated" });
    expect(lost).to.throw(
      CatalogError,
      "api.coin.z.com is not this machine; a simulated market asks 127.0.0.1 and nothing else",
    );
    expect(() => new Market({ catalog: CATALOG, clock, fetcher, provenance: "live" })).to.not.throw();
  });

  it("runs each source at its own pace until it is told to stop", async () => {
    const stop = new AbortController();
    const reports: SourceReport[] = [];
    const running = market().run((report) => reports.push(report), stop.signal);
    const ended = running.catch((error: unknown) => error);
    while (reports.length < 4) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5000);
    while (reports.length < 8) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("enough"));
    await clock.advance(0);
    expect(await ended)
      .to.be.instanceOf(Error)
      .with.property("message", "enough");
  });

  it("refuses a pair a venue does not have", async () => {
    await venues.close();
    venues = await startSimulatedVenues({ clock, paths: [], provenance: "simulated", seed: 7 });
    const reports = await market().poll();
    for (const report of reports) expect(report).to.deep.include({ kind: "failed", problem: "status" });
  });
});

describe("markOf", () => {
  it("takes nothing for real that says anything else", () => {
    expect(markOf(null)).to.equal("live");
    expect(markOf("REPLAY")).to.equal("replay");
    for (const mark of ["SIMULATED", "", "live", "replay"]) expect(markOf(mark), mark).to.equal("simulated");
  });
});

describe("Market over a replay", () => {
  it("has every venue publish a bar's close when it is over, all alike, and nothing in a gap", async () => {
    const rows = [
      "time,close",
      "1795136520,14000000",
      "1795136580,14000001",
      "1795136880,14000002",
      "1795136940,14000003",
    ];
    const file = readPriceFile("btcjpy.csv", rows.join("\n"));
    const clock = manualClock(MS);
    const fetcher = createFetcher();
    const venues = await startSimulatedVenues({
      clock,
      paths: [replay(file)],
      provenance: "replay",
      seed: 1,
    });
    const market = new Market({
      catalog: CATALOG,
      clock,
      fetcher,
      provenance: "replay",
      origins: venues.origins,
      tickInterval: 60,
    });
    try {
      const prices: (bigint | null)[] = [];
      for (let tick = TICK; tick <= TICK + 480; tick += 60) {
        await market.poll();
        const { price, inputs } = market.explain(market.observe(tick), 0);
        prices.push(price);
        expect(new Set(inputs.map(({ units }) => String(units))).size).to.equal(1);
        await clock.advance(60_000);
      }
      expect(prices).to.deep.equal([
        null,
        14000000n,
        14000001n,
        14000001n,
        null,
        null,
        null,
        14000002n,
        14000003n,
      ]);
    } finally {
      await venues.close();
      fetcher.close();
    }
  });
});

describe("Market over venues that fail", () => {
  const fetcher = createFetcher();
  after(() => {
    fetcher.close();
  });

  async function ask(
    respond: (response: ServerResponse) => void,
    options: { at?: number; strictFields?: boolean } = {},
  ): Promise<{ reports: SourceReport[]; again: SourceReport[] }> {
    const server = createServer((_, response) => {
      response.setHeader("x-nakane-prices", "SIMULATED");
      respond(response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clock = manualClock(options.at ?? MS);
    const file = structuredClone(BTC_JPY_FILE);
    const origins = new Map(file.sources.map(({ venue }) => [venue, origin]));
    const { strictFields = false } = options;
    const market = new Market({
      catalog: catalogOf(file),
      clock,
      fetcher,
      provenance: "simulated",
      origins,
      strictFields,
    });
    try {
      const reports = [...(await market.poll())];
      await clock.advance(5000);
      return { reports, again: [...(await market.poll())] };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  const failure = (reports: readonly SourceReport[], venue: string) => {
    const report = reports.find((found) => found.venue === venue);
    return report?.kind === "failed" ? report : undefined;
  };

  it("says HTML is no JSON", async () => {
    const { reports } = await ask((response) => response.end("<html><h1>Maintenance</h1></html>"));
    expect(failure(reports, "bitflyer")).to.deep.include({ problem: "not-json", expected: false });
    expect(failure(reports, "bitflyer")?.message).to.match(
      /^bitflyer-btc: expected JSON, saw a web page: "<html><h1>Maint/,
    );
  });

  it("says which field has the wrong shape", async () => {
    const { reports } = await ask((response) => response.end('{"success":"yes"}'));
    expect(failure(reports, "bitbank")).to.deep.include({ problem: "shape" });
    expect(failure(reports, "bitbank")?.message).to.match(
      /^bitbank ticker: success: expected a number, saw "yes"/,
    );
  });

  it("expects bitFlyer to be away from 04:00 to 04:10 in Tokyo, and nobody else", async () => {
    const at = Date.parse("2026-11-20T04:05:00+09:00");
    const { reports } = await ask((response) => response.writeHead(503).end(), { at });
    expect(failure(reports, "bitflyer")).to.deep.include({ problem: "status", expected: true });
    expect(failure(reports, "coincheck")).to.deep.include({ problem: "status", expected: false });
  });

  it("leaves a venue alone that asks for it", async () => {
    const { reports, again } = await ask((response) =>
      response.writeHead(429, { "retry-after": "30" }).end(),
    );
    expect(failure(reports, "gmo")).to.deep.include({ problem: "rate-limited" });
    const waiting = again.find(({ venue }) => venue === "gmo");
    expect(waiting?.kind).to.equal("waiting");
    expect((waiting as { wait: number }).wait).to.be.within(25_000, 27_000);
  });

  it("reports a new field once and reads on, or refuses it where it was told to", async () => {
    const body = (response: ServerResponse) =>
      response.end(
        `{"last":14000000.0,"bid":1.0,"ask":1.0,"high":1.0,"low":1.0,"volume":1.0,"timestamp":${TICK},"mood":"good"}`,
      );
    const { reports, again } = await ask(body);
    expect(reports[1]).to.deep.include({ kind: "quotes", taken: 1, newFields: ["mood"] });
    expect(again[1]).to.deep.include({ kind: "quotes", newFields: [] });
    const strict = await ask(body, { strictFields: true });
    expect(failure(strict.reports, "coincheck")).to.deep.include({ problem: "unknown-field" });
    expect(failure(strict.reports, "coincheck")?.message).to.match(
      /^coincheck-btc: mood is new to its reader; check/,
    );
  });

  it("takes no quote from the future", async () => {
    const { reports } = await ask((response) =>
      response.end(
        `{"last":14000000.0,"bid":1.0,"ask":1.0,"high":1.0,"low":1.0,"volume":1.0,"timestamp":${TICK + 6}}`,
      ),
    );
    const report = reports[1];
    expect(report).to.deep.include({ kind: "quotes", taken: 0 });
    expect(report?.kind === "quotes" && report.notTaken[0]?.reason).to.equal("ahead-of-time");
  });
});
