import { expect } from "chai";

import { isOpen } from "../../../oracle/feeds/calendar.ts";
import { networkSalt } from "../../../oracle/report/digest.ts";
import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { epochBundles } from "../../../oracle/run/epoch-bundles.ts";
import { ALWAYS_OPEN, isOpen as isOpenInUtc } from "../../../oracle/signer/agreement/calendar.ts";
import { makeEpoch, openBundles } from "../../../oracle/signer/agreement/epoch.ts";
import { TIMING } from "../../../oracle/signer/agreement/timing.ts";
import { catalogOf } from "../market/catalogs.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;
const YEAR = 365 * 86_400;

const venues = ["bitflyer", "coincheck", "bitbank"];
const feed = (symbol: string, decimals: number, more: object) => ({
  symbol,
  decimals,
  method: { kind: "median", sources: venues, minSources: 3, maxSpread: "2%" },
  maxInputAge: 60,
  ...more,
});
/** Crypto, always open; and a market of New York hours, which has a winter, a summer and a holiday. */
const CATALOG = catalogOf({
  calendars: {
    "new-york": {
      timeZone: "America/New_York",
      weekly: { mon: ["09:30-16:00"], tue: ["09:30-16:00"], wed: ["09:30-16:00"] },
      holidays: ["2026-05-25"],
    },
  },
  sources: venues.map((venue) => ({
    kind: "venue",
    id: venue,
    venue,
    pairs: ["BTC/JPY", "ETH/JPY", "USD/JPY"],
  })),
  bundles: [
    {
      bundle: 3,
      feeds: [
        feed("BTC/JPY", 0, { tolerance: "0.5%", hardBand: "2%" }),
        feed("ETH/JPY", 2, { tolerance: "1%", hardBand: "3%" }),
      ],
    },
    {
      bundle: 4,
      calendar: "new-york",
      feeds: [feed("USD/JPY", 6, { tolerance: "0.1%", hardBand: "1.5%" })],
    },
  ],
});
const FROM = at("2026-01-05T00:00:00Z");

describe("epochBundles", () => {
  const [crypto, currencies] = epochBundles(CATALOG, FROM, FROM + YEAR);

  it("define what the chain has: symbols, decimals, method hashes, input ages", () => {
    const [btc, eth] = CATALOG.feeds;
    expect(crypto!.definition).to.deep.equal({
      bundle: 3,
      feeds: [
        { symbol: "BTC/JPY", decimals: 0, method: btc!.methodHash, maxInputAge: 60 },
        { symbol: "ETH/JPY", decimals: 2, method: eth!.methodHash, maxInputAge: 60 },
      ],
    });
    expect(currencies!.definition.bundle).to.equal(4);
  });

  it("write tolerances and hard bands in millionths, by feed", () => {
    expect(
      crypto!.feeds.map(({ tolerance, hardBand }) => [tolerance.perMillion, hardBand.perMillion]),
    ).to.deep.equal([
      [5_000, 20_000],
      [10_000, 30_000],
    ]);
    expect(currencies!.feeds[0]!.hardBand).to.deep.equal({ perMillion: 15_000, atLeast: 0n });
  });

  it("say of every quarter of an hour of a year what the local calendar says, summer time and holidays too", () => {
    expect(crypto!.calendar).to.deep.equal(ALWAYS_OPEN);
    const { calendar } = CATALOG.bundles[1]!;
    let opened = 0;
    for (let time = FROM; time < FROM + YEAR; time += 900) {
      const open = isOpenInUtc(currencies!.calendar, time);
      if (open !== isOpen(calendar, time)) expect.fail(`${new Date(time * 1000).toISOString()}: ${open}`);
      if (open) opened++;
    }
    // 09:30, 09:45, … 16:00 are 27, the close among them; on 53 Mondays, 52 Tuesdays and Wednesdays, less one holiday.
    expect(opened).to.equal(27 * (53 + 52 + 52 - 1));
  });

  it("make an epoch, which leaves out what is closed", () => {
    const epoch = makeEpoch({
      number: 0,
      from: FROM,
      salt: networkSalt("tests", "test"),
      members: [{ identity: new Uint8Array(32).fill(1), address: new Uint8Array(20).fill(1) }],
      bundles: [crypto!, currencies!],
      timing: TIMING,
    });
    expect(epoch.plan).to.deep.equal(planCatalog([crypto!.definition, currencies!.definition]));
    expect(epoch.feeds.map(({ id }) => id)).to.deep.equal(CATALOG.feeds.map(({ id }) => id));
    // 14:30 UTC is 09:30 in New York in winter, and 10:30 in summer, where 13:30 is the opening.
    const openAt = (iso: string) => openBundles(epoch, at(iso));
    expect(openAt("2026-01-06T14:29:59Z")).to.deep.equal([0]);
    expect(openAt("2026-01-06T14:30:00Z")).to.deep.equal([0, 1]);
    expect(openAt("2026-07-07T13:30:00Z")).to.deep.equal([0, 1]);
    expect(openAt("2026-05-25T15:00:00Z")).to.deep.equal([0]);
  });
});
