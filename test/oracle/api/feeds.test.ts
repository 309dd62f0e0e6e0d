import { expect } from "chai";

import { feedAddresses } from "../../../oracle/api/feed-addresses.ts";
import { keccak256 } from "../../../oracle/report/keccak.ts";
import { BTC, CATALOG, World } from "./world.ts";

interface Page {
  feeds: { id: number }[];
  next: number | null;
}

describe("/v1/feeds", () => {
  it("lists all feeds, with the chain and the network that they are on", async () => {
    const { statusCode, body, headers } = await new World().api().inject("/v1/feeds");
    expect(statusCode).to.equal(200);
    expect(headers["content-type"]).to.equal("application/json; charset=utf-8");
    expect(JSON.parse(body)).to.deep.equal({
      network: "local",
      mode: "test",
      provenance: "live",
      mark: null,
      chain: { chainId: 31_337, oracle: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
      feeds: [
        { id: 256, symbol: "BTC/JPY", decimals: 0, path: "/v1/feeds/BTC-JPY" },
        { id: 257, symbol: "ETH/JPY", decimals: 2, path: "/v1/feeds/ETH-JPY" },
        { id: 258, symbol: "XRP/JPY", decimals: 6, path: "/v1/feeds/XRP-JPY" },
        { id: 512, symbol: "USD/JPY", decimals: 6, path: "/v1/feeds/USD-JPY" },
      ],
      next: null,
    });
  });

  it("gives every feed once, page by page", async () => {
    const api = new World().api();
    const ids: number[] = [];
    let pages = 0;
    for (let next: number | null = null; pages === 0 || next !== null; pages++) {
      const page: Page = (
        await api.inject(`/v1/feeds?limit=3${next === null ? "" : `&after=${next}`}`)
      ).json();
      ids.push(...page.feeds.map(({ id }) => id));
      next = page.next;
    }
    expect([pages, ids]).to.deep.equal([2, CATALOG.feeds.map(({ id }) => id)]);
  });

  it("has no next page where the last one is full", async () => {
    const { next } = (await new World().api().inject("/v1/feeds?limit=4")).json<{ next: number | null }>();
    expect(next).to.equal(null);
  });

  it("describes a feed by its name or its id, alike", async () => {
    const api = new World().api();
    const named = await api.inject("/v1/feeds/USD-JPY");
    const [feed] = CATALOG.feeds.slice(-1);
    expect(named.json()).to.deep.equal({
      id: 512,
      symbol: "USD/JPY",
      decimals: 6,
      path: "/v1/feeds/USD-JPY",
      bundle: 2,
      position: 0,
      unit: "JPY per USD",
      calendar: "tokyo",
      method: {
        kind: "median",
        text: feed!.methodText,
        hash: `0x${Buffer.from(keccak256(Buffer.from(feed!.methodText))).toString("hex")}`,
      },
      maxInputAge: 60,
      tolerance: "0.5%",
      hardBand: "2%",
      mayBeNegative: false,
    });
    expect((await api.inject("/v1/feeds/512")).body).to.equal(named.body);
    expect((await api.inject(`/v1/feeds/${BTC}`)).json()).to.include({ symbol: "BTC/JPY", calendar: null });
  });
});

describe("feedAddresses", () => {
  const like = (id: number, symbol: string) => ({ ...CATALOG.feeds[0]!, id, symbol });

  it("leaves a feed to its id where two would be written alike, or one like an id", () => {
    const [pair, rate, number, plain] = [
      like(0, "A/B"),
      like(1, "A-B"),
      like(2, "256"),
      like(256, "BTC/JPY.TWAP-5"),
    ];
    const addresses = feedAddresses([pair, rate, number, plain]);
    expect([pair, rate, number, plain].map((feed) => addresses.addressOf(feed))).to.deep.equal([
      "0",
      "1",
      "2",
      "BTC-JPY.TWAP-5",
    ]);
    expect(
      ["A-B", "A/B", "0", "1", "2", "256", "00", "BTC-JPY.TWAP-5", "__proto__"].map((text) =>
        addresses.find(text),
      ),
    ).to.deep.equal([undefined, undefined, pair, rate, number, plain, undefined, plain, undefined]);
  });
});
