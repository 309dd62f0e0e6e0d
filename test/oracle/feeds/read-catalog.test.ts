import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";

import type { Catalog } from "../../../oracle/feeds/catalog.ts";
import { CatalogError } from "../../../oracle/feeds/catalog-error.ts";
import { readCatalog } from "../../../oracle/feeds/read-catalog.ts";
import { successorProblems } from "../../../oracle/feeds/successor.ts";

const VENUES = ["bitflyer", "coincheck", "bitbank", "gmo", "kraken"];

const source = (venue: string, ...pairs: string[]) => ({
  kind: "venue",
  id: `${venue}-${pairs[0]!.toLowerCase().replace("/", "-")}`,
  venue,
  pairs,
});
const median = (pair: string) => ({
  kind: "median",
  sources: ["bitflyer", "coincheck", "bitbank"].map(
    (venue) => `${venue}-${pair.toLowerCase().replace("/", "-")}`,
  ),
  minSources: 3,
  maxSpread: "2%",
});
const feed = (symbol: string, method: object, extra: object = {}) => ({
  symbol,
  decimals: 2,
  method,
  maxInputAge: 60,
  tolerance: "0.5%",
  hardBand: "2%",
  ...extra,
});
const three = (pair: string) => ["bitflyer", "coincheck", "bitbank"].map((venue) => source(venue, pair));

/** BTC/JPY and USD/JPY from venues, BTC/USD and JPY/USD derived of them. */
const FILE = {
  sources: [...three("BTC/JPY"), ...three("USD/JPY")],
  bundles: [
    {
      bundle: 1,
      feeds: [
        feed("BTC/USD", { kind: "ratio", of: ["BTC/JPY", "USD/JPY"] }),
        feed("BTC/JPY", median("BTC/JPY")),
        feed("USD/JPY", median("USD/JPY")),
        feed("JPY/USD", { kind: "inverse", of: ["USD/JPY"] }, { decimals: 8 }),
      ],
    },
  ],
};

type File = typeof FILE;

function changed(change: (file: File) => void): File {
  const copy = structuredClone(FILE);
  change(copy);
  return copy;
}

function read(file: unknown): Catalog {
  return readCatalog(file, { venues: VENUES });
}

function problems(file: unknown): string[] {
  try {
    read(file);
  } catch (error) {
    if (error instanceof CatalogError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe("readCatalog", () => {
  it("completes a catalog: ids, units, method texts and their hashes", () => {
    const catalog = read(FILE);
    expect(catalog.feeds.map(({ id, symbol }) => [id, symbol])).to.deep.equal([
      [256, "BTC/USD"],
      [257, "BTC/JPY"],
      [258, "USD/JPY"],
      [259, "JPY/USD"],
    ]);
    for (const { methodText, methodHash } of catalog.feeds) {
      expect(`0x${Buffer.from(methodHash).toString("hex")}`).to.equal(keccak256(toUtf8Bytes(methodText)));
    }
    expect(catalog.bundles[0]?.calendar).to.equal(null);
    expect(catalog.sources[0]).to.deep.include({ endpoint: "ticker", everySeconds: 5 });
  });

  it("says in words how a price is made", () => {
    const [derived, plain] = read(FILE).feeds;
    expect(plain?.methodText).to.equal(
      [
        "Nakane median, version 1.",
        "Price: BTC/JPY in JPY per BTC, 2 decimals, rounded half to even.",
        "A price is above zero.",
        "Inputs: each venue's last quote whose venue time is at most 60 s before the time of the price and not after it.",
        "The price is the element floor(k/2), counted from zero, of the k inputs in ascending order, after every input further than 2% from the same element of all inputs was dropped.",
        "Fewer than 3 inputs, before or after dropping: no price.",
        "",
      ].join("\n"),
    );
    expect(derived?.methodText).to.match(/^Nakane ratio, version 1\./);
    expect(derived?.methodText).to.contain("the price of BTC/JPY divided by the price of USD/JPY.");
    expect(derived?.methodText).to.contain(keccak256(toUtf8Bytes(plain!.methodText)));
  });

  it("gives a new method another hash, of what is derived too, and new sources none", () => {
    const hash = (file: File) =>
      read(file).feeds.map(({ methodHash }) => Buffer.from(methodHash).toString("hex"));
    const before = hash(FILE);
    const stricter = hash(
      changed((file) => Object.assign(file.bundles[0]!.feeds[1]!.method, { maxSpread: "1%" })),
    );
    expect(stricter.map((value, i) => value === before[i])).to.deep.equal([false, false, true, true]);
    const spelt = hash(
      changed((file) => Object.assign(file.bundles[0]!.feeds[1]!.method, { maxSpread: "2.00%" })),
    );
    expect(spelt).to.deep.equal(before);
    const more = changed((file) => {
      file.sources.push(source("gmo", "BTC/JPY"));
      (file.bundles[0]!.feeds[1]!.method as { sources: string[] }).sources.push("gmo-btc-jpy");
    });
    expect(hash(more)).to.deep.equal(before);
  });

  it("orders bundles by number and reads their calendars", () => {
    const file = {
      calendars: { tokyo: { timeZone: "Asia/Tokyo", weekly: { mon: ["09:00-15:30"] } } },
      sources: three("BTC/JPY").concat(three("USD/JPY")),
      bundles: [
        { bundle: 7, calendar: "tokyo", feeds: [feed("BTC/JPY", median("BTC/JPY"))] },
        { bundle: 2, feeds: [feed("USD/JPY", median("USD/JPY"))] },
      ],
    };
    const { bundles, feeds } = read(file);
    expect(bundles.map(({ bundle, calendarName }) => [bundle, calendarName])).to.deep.equal([
      [2, null],
      [7, "tokyo"],
    ]);
    expect(bundles[1]?.calendar?.offsets).to.have.length(1);
    expect(feeds.map(({ id }) => id)).to.deep.equal([2 * 256, 7 * 256]);
  });

  const bad: [string, (file: File) => void, RegExp][] = [
    [
      "an unknown key, and guesses",
      (f) => Object.assign(f.bundles[0]!.feeds[1]!, { toleranse: "1%" }),
      /^bundles\[0\]\.feeds\[1\]: unknown key "toleranse"; did you mean "tolerance"\? \(known: symbol, unit,/,
    ],
    [
      "an unknown key of a method",
      (f) => Object.assign(f.bundles[0]!.feeds[1]!.method, { minSource: 3 }),
      /unknown key "minSource"; did you mean "minSources"\?/,
    ],
    [
      "an unknown key at the top",
      (f) => Object.assign(f, { bundels: [] }),
      /unknown key "bundels"; did you mean "bundles"\?/,
    ],
    [
      "a venue without a reader",
      (f) => (f.sources[0]!.venue = "bitflyr"),
      /^sources\[0\]\.venue: no reader for "bitflyr"; did you mean "bitflyer"\? \(readers: /,
    ],
    [
      "a source id used twice",
      (f) => (f.sources[1]!.id = f.sources[0]!.id),
      /^sources\[1\]\.id: "bitflyer-btc-jpy" is used twice/,
    ],
    ["a pair given twice", (f) => f.sources[0]!.pairs.push("BTC/JPY"), /^sources\[0\]: gives a symbol twice/],
    [
      "what is no pair",
      (f) => (f.sources[0]!.pairs = ["BTC"]),
      /^sources\[0\]\.pairs\[0\]: expected a pair such as BTC\/JPY, saw "BTC"/,
    ],
    [
      "a bundle number used twice",
      (f) => f.bundles.push({ ...f.bundles[0]!, feeds: [] as never }),
      /bundles\[1\]\.feeds/,
    ],
    [
      "a symbol used twice",
      (f) => f.bundles[0]!.feeds.push(f.bundles[0]!.feeds[1]!),
      /^bundles\[0\]\.feeds\[4\]\.symbol: "BTC\/JPY" is used twice/,
    ],
    [
      "a source that is not there",
      (f) =>
        Object.assign(f.bundles[0]!.feeds[1]!.method, {
          sources: ["bitflyer-btc-jpi", "coincheck-btc-jpy", "bitbank-btc-jpy"],
        }),
      /no source "bitflyer-btc-jpi"; did you mean "bitflyer-btc-jpy"\?/,
    ],
    [
      "a source of another pair",
      (f) =>
        Object.assign(f.bundles[0]!.feeds[1]!.method, {
          sources: ["bitflyer-usd-jpy", "coincheck-btc-jpy", "bitbank-btc-jpy"],
        }),
      /source "bitflyer-usd-jpy" gives USD\/JPY, not BTC\/JPY/,
    ],
    [
      "one venue with two voices",
      (f) => {
        f.sources.push({ ...f.sources[0]!, id: "again" });
        Object.assign(f.bundles[0]!.feeds[1]!.method, {
          sources: ["bitflyer-btc-jpy", "again", "bitbank-btc-jpy"],
        });
      },
      /"again" and "bitflyer-btc-jpy" are the same venue \(bitflyer\): a venue has one voice/,
    ],
    [
      "a minimum that cannot be met",
      (f) => Object.assign(f.bundles[0]!.feeds[1]!.method, { minSources: 4 }),
      /minSources: 4 of 3 sources can never be met/,
    ],
    [
      "a minimum that cannot tell a lie",
      (f) => Object.assign(f.bundles[0]!.feeds[1]!.method, { minSources: 2 }),
      /minSources: 2 cannot tell a lie from a price/,
    ],
    [
      "a tolerance wider than the hard band",
      (f) => (f.bundles[0]!.feeds[1]!.tolerance = "3%"),
      /tolerance: 3% is wider than the hard band 2%/,
    ],
    [
      "a band that is none",
      (f) => (f.bundles[0]!.feeds[1]!.hardBand = "wide"),
      /hardBand: expected a band such as 0\.5% or 150/,
    ],
    [
      "a missing multiplication",
      (f) => Object.assign(f.bundles[0]!.feeds[0]!.method, { of: ["JPY/USD", "USD/JPY"] }),
      /^bundles\[0\]\.feeds\[0\]\.method: JPY\/USD ÷ USD\/JPY is USD\^2 per JPY\^2, but BTC\/USD is USD per BTC: a factor is missing or upside down/,
    ],
    [
      "a ratio that should be a product",
      (f) => Object.assign(f.bundles[0]!.feeds[0]!.method, { kind: "product" }),
      /BTC\/JPY × USD\/JPY is JPY\^2 per BTC·USD, but BTC\/USD is USD per BTC/,
    ],
    [
      "a component that is not there",
      (f) => Object.assign(f.bundles[0]!.feeds[0]!.method, { of: ["BTC/JPY", "USD/JPI"] }),
      /no feed "USD\/JPI"; did you mean "USD\/JPY"\?/,
    ],
    [
      "a circle",
      (f) => Object.assign(f.bundles[0]!.feeds[2]!, { method: { kind: "inverse", of: ["JPY/USD"] } }),
      /goes in a circle/,
    ],
    [
      "a derived feed younger than its parts",
      (f) => (f.bundles[0]!.feeds[0]!.maxInputAge = 30),
      /maxInputAge: 30 s is less than the 60 s that BTC\/JPY may take/,
    ],
    [
      "a symbol without a unit",
      (f) => (f.bundles[0]!.feeds[1]!.symbol = "NIKKEI"),
      /unit: "NIKKEI" is no pair; say its unit/,
    ],
    [
      "a unit beside a pair",
      (f) => Object.assign(f.bundles[0]!.feeds[1]!, { unit: "JPY/BTC" }),
      /the symbol BTC\/JPY says the unit already/,
    ],
    [
      "a unit that is none",
      (f) => Object.assign(f.bundles[0]!.feeds[1]!, { symbol: "NIKKEI", unit: "yen" }),
      /unit: expected JPY, JPY\/BTC or 1, saw "yen"/,
    ],
    [
      "a calendar that is not there",
      (f) => Object.assign(f.bundles[0]!, { calendar: "tokyo" }),
      /^bundles\[0\]\.calendar: no calendar "tokyo"/,
    ],
    [
      "decimals beyond 18",
      (f) => (f.bundles[0]!.feeds[1]!.decimals = 19),
      /^bundles\[0\]\.feeds\[1\]\.decimals: /,
    ],
    ["a bundle without feeds", (f) => (f.bundles[0]!.feeds = []), /^bundles\[0\]\.feeds: /],
  ];
  for (const [what, change, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(
        problems(changed(change)).find((line) => message.test(line)),
        problems(changed(change)).join("\n"),
      ).to.be.a("string");
    });
  }

  it("refuses what is not a catalog at all", () => {
    for (const file of [null, 5, "catalog", [], {}])
      expect(problems(file).length, JSON.stringify(file)).to.be.greaterThan(0);
  });

  it("says all that is wrong at once", () => {
    const lines = problems(
      changed((file) => {
        file.sources[0]!.venue = "nowhere";
        file.bundles[0]!.feeds[1]!.tolerance = "3%";
      }),
    );
    expect(lines).to.have.length(2);
  });

  it("takes fewer than three sources with a reason, which is part of the method", () => {
    const catalog = read(
      changed((file) =>
        Object.assign(file.bundles[0]!.feeds[1]!.method, {
          minSources: 1,
          fewSources: "One central bank publishes it.",
        }),
      ),
    );
    expect(catalog.feeds[1]?.methodText).to.contain(
      "Fewer than three sources because: One central bank publishes it.\n",
    );
  });

  it("takes JSON sources, and checks that time comes with its format", () => {
    const json = (quote: object, extra: object = {}) =>
      changed((file) =>
        (file.sources as object[]).push({
          kind: "json",
          id: "ecb",
          venue: "ecb",
          url: "https://example.com/x",
          requestsPerMinute: 6,
          quotes: [{ symbol: "EUR/JPY", price: "/rate", ...quote }],
          ...extra,
        }),
      );
    expect(problems(json({}))).to.deep.equal([]);
    expect(problems(json({ time: "/t", timeFormat: "date" }))).to.deep.equal([]);
    expect(problems(json({ time: "/t" }))[0]).to.match(/time and timeFormat come together/);
    expect(problems(json({ price: "rate" }))[0]).to.match(/expected a JSON pointer/);
    expect(problems(json({}, { venue: "kraken" }))[0]).to.match(/has a reader of its own/);
    expect(problems(json({}, { url: "file:///etc/passwd" }))[0]).to.match(
      /expected an http or https address/,
    );
  });
});

describe("successorProblems", () => {
  const before = read(FILE);
  const lines = (change: (file: File) => void) =>
    successorProblems(before, read(changed(change))).map(({ path, message }) => `${path}: ${message}`);

  it("lets bundles, sources and bands come and change", () => {
    expect(
      lines((file) => {
        file.bundles.push({ bundle: 2, feeds: [feed("ETH/JPY", median("ETH/JPY"))] as never });
        file.sources.push(...three("ETH/JPY"));
        file.bundles[0]!.feeds[1]!.tolerance = "0.4%";
      }),
    ).to.deep.equal([]);
  });

  it("never lets symbol, decimals, method or age change, nor a bundle grow, shrink or go", () => {
    expect(lines((file) => (file.bundles[0]!.feeds[1]!.decimals = 3)).join("\n")).to.match(
      /decimals was 2 and is 3; that is another feed/,
    );
    expect(lines((file) => (file.bundles[0]!.feeds[3]!.maxInputAge = 61)).join("\n")).to.match(
      /maxInputAge was 60 and is 61/,
    );
    expect(
      lines((file) => Object.assign(file.bundles[0]!.feeds[1]!.method, { maxSpread: "1%" })).join("\n"),
    ).to.match(/method was\nNakane median/);
    expect(lines((file) => file.bundles[0]!.feeds.pop()).join("\n")).to.match(
      /has 3 feeds and had 4; bundles never change/,
    );
    expect(lines((file) => (file.bundles[0]!.bundle = 2))[0]).to.equal(
      "bundle 1: is gone; a bundle stays in the catalog for ever",
    );
    expect(lines((file) => file.bundles[0]!.feeds.reverse()).join("\n")).to.match(
      /symbol was BTC\/USD and is JPY\/USD/,
    );
  });
});
