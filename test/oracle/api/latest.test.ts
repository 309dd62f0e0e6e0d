import { expect } from "chai";

import { expectError } from "./expect-error.ts";
import { BTC, ETH, NEWEST, NOW, USD, World, XRP } from "./world.ts";

interface Latest {
  agreed: { status: string; price: { decimal: string } | null } | null;
  chain: { status: string; observedAt: { unix: number } | null; price: unknown; block: number | null };
}
const latest = async (world: World, feed: number) =>
  (await world.api().inject(`/v1/feeds/${feed}/latest`)).json<Latest>();

describe("/v1/feeds/:feed/latest", () => {
  it("says what the signers agreed on and what the chain has, each with its time and age", async () => {
    const world = new World();
    world.latest.set(ETH, { status: "recorded", block: 99, price: 49_990_005n, observedAt: NEWEST - 20 });
    const { headers, statusCode, body } = await world.api().inject("/v1/feeds/ETH-JPY/latest");
    expect(statusCode).to.equal(200);
    expect(headers["cache-control"]).to.equal("no-cache");
    expect(JSON.parse(body)).to.deep.equal({
      feed: { id: 257, symbol: "ETH/JPY", decimals: 2, path: "/v1/feeds/ETH-JPY" },
      agreed: {
        status: "priced",
        observedAt: { unix: 1_800_000_020, iso: "2027-01-15T08:00:20Z" },
        ageSeconds: 5,
        root: `0x${world.reports.get(NEWEST)!.root}`,
        price: { decimal: "500001.50", units: "50000150", provenance: "live", mark: null },
      },
      chain: {
        status: "recorded",
        observedAt: { unix: 1_800_000_000, iso: "2027-01-15T08:00:00Z" },
        ageSeconds: 25,
        price: { decimal: "499900.05", units: "49990005", provenance: "live", mark: null },
        block: 99,
      },
    });
  });

  it("has no price where the signers had none, and where the market is closed", async () => {
    const world = new World();
    expect((await latest(world, XRP)).agreed).to.include({ status: "no-price", price: null });
    expect((await latest(world, USD)).agreed).to.include({ status: "closed", price: null });
  });

  it("has nothing agreed before the first report", async () => {
    const world = new World();
    world.reports.clear();
    expect((await latest(world, BTC)).agreed).to.equal(null);
  });

  it("tells a feed that was never recorded from one without a price and one that people closed", async () => {
    const world = new World();
    const none = { observedAt: null, ageSeconds: null, price: null, block: 100 };
    expect((await latest(world, BTC)).chain).to.deep.equal({ status: "never-recorded", ...none });
    world.latest.set(BTC, { status: "halted", block: 100 });
    expect((await latest(world, BTC)).chain).to.deep.equal({ status: "halted", ...none });
    world.latest.set(BTC, { status: "no-price", block: 100, observedAt: NOW - 1 });
    expect((await latest(world, BTC)).chain).to.deep.include({
      status: "no-price",
      ageSeconds: 1,
      price: null,
    });
  });

  it("still says what was agreed while the chain cannot be read", async () => {
    const world = new World();
    world.chainAnswers = false;
    const { agreed, chain } = await latest(world, BTC);
    expect(agreed?.price?.decimal).to.equal("15000100");
    expect(chain).to.deep.equal({
      status: "unreachable",
      observedAt: null,
      ageSeconds: null,
      price: null,
      block: null,
    });
  });

  it("does not take a fault of ours for a chain that cannot be read", async () => {
    const world = new World();
    world.chainLatest = async () => {
      throw new TypeError("undefined is not a function");
    };
    expectError(await world.api().inject("/v1/feeds/BTC-JPY/latest"), "INTERNAL");
    expect(world.faults).to.have.length(1);
  });

  it("writes prices of any size and sign as decimals, and zero is one", async () => {
    const world = new World();
    for (const [units, decimal] of [
      [2n ** 55n - 1n, "360287970189639.67"],
      [-(2n ** 55n) + 2n, "-360287970189639.66"],
      [-5n, "-0.05"],
      [0n, "0.00"],
    ] as const) {
      world.latest.set(ETH, { status: "recorded", block: 1, price: units, observedAt: NOW });
      expect((await latest(world, ETH)).chain.price).to.deep.include({ decimal, units: units.toString() });
    }
  });
});

describe("marks", () => {
  for (const [provenance, mark] of [
    ["simulated", "SIMULATED"],
    ["replay", "REPLAY"],
  ] as const)
    it(`a ${provenance} price says ${mark} wherever it shows, and every answer says so in its header`, async () => {
      const world = new World(provenance);
      world.latest.set(BTC, { status: "recorded", block: 1, price: 1n, observedAt: NOW });
      const api = world.api();
      for (const path of [
        "/v1/feeds",
        "/v1/feeds/BTC-JPY/latest",
        "/v1/feeds/BTC-JPY/fixings/1800000000",
        "/v1/reports/latest",
        "/v1/reports/1800000000",
      ]) {
        const { headers, body, statusCode } = await api.inject(path);
        expect([statusCode, headers["x-nakane-prices"]], path).to.deep.equal([200, mark]);
        const marks = body.match(/"(mark|provenance)":("\w+"|null)/g) ?? [];
        expect([...new Set(marks)], path).to.deep.equal([`"provenance":"${provenance}"`, `"mark":"${mark}"`]);
      }
      const raw = await api.inject({
        url: "/v1/reports/latest",
        headers: { accept: "application/octet-stream" },
      });
      expect(raw.headers["x-nakane-prices"]).to.equal(mark);
    });

  it("a live price has none, and the header is absent", async () => {
    const { headers, body } = await new World().api().inject("/v1/reports/latest");
    expect(headers).not.to.have.property("x-nakane-prices");
    expect(body).to.include('"provenance":"live","mark":null');
  });
});
