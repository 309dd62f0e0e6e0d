import { readFileSync } from "node:fs";

import { expect } from "chai";

import { CatalogError } from "../../../oracle/feeds/catalog-error.ts";
import { parsePair } from "../../../oracle/feeds/unit.ts";
import { MAINTENANCE } from "../../../oracle/market/maintenance.ts";
import { prepareSources } from "../../../oracle/market/source.ts";
import { readPriceFile } from "../../../oracle/market/simulated/price-file.ts";
import { PRICE_FORMATS } from "../../../oracle/market/simulated/price-formats.ts";
import { halfOf } from "../../../oracle/market/token-bucket.ts";
import { VENUES } from "../../../oracle/market/venues/all.ts";
import { ABSTENTIONS, EXCLUSIONS } from "../../../oracle/market/verdicts.ts";
import { catalogOf } from "./catalogs.ts";

const page = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

/** The rows of the table under a heading, cell by cell, without code marks. */
function table(text: string, heading: string): string[][] {
  const section = text.slice(text.indexOf(`\n${heading}\n`)).split("\n## ")[1] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

/** All blocks of code in a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, code]) => code ?? "",
  );
}

describe("docs/venues.md", () => {
  const text = page("venues.md");
  const byVenue = (heading: string) =>
    new Map(table(text, heading).map((cells) => [cells[0], cells.slice(1)]));
  const tables = [
    "## What is asked",
    "## Time, and other traps",
    "## How often",
    "## Documentation and terms",
  ];

  for (const heading of tables) {
    it(`has every venue under "${heading.slice(3)}"`, () => {
      expect([...byVenue(heading).keys()]).to.deep.equal(VENUES.map(({ id }) => id));
    });
  }

  for (const venue of VENUES) {
    it(`says of ${venue.name} what its reader does`, () => {
      const [origin, , , pairs, code] = byVenue("## What is asked").get(venue.id)!;
      const quote = venue.code(parsePair("BTC/JPY")!) === code ? "JPY" : "USD";
      expect(origin).to.equal(venue.origin);
      expect(pairs).to.equal(venue.ticker.many ? "many" : "one");
      expect(code).to.equal(venue.code({ base: "BTC", quote }));
      const { requests, perSeconds, documented } = venue.limit;
      const [allows, published, used, cost] = byVenue("## How often").get(venue.id)!;
      expect(allows).to.match(new RegExp(`^${requests} (weight )?in ${perSeconds} s$`));
      expect(published).to.equal(documented ? "yes" : "no");
      expect(Number(used)).to.be.closeTo(halfOf(venue.limit).perMillisecond * 1000, 0.001);
      expect(Number(cost)).to.equal(venue.ticker.cost(1));
    });

    it(`has the paths of ${venue.name}`, () => {
      const code = venue.code({ base: "BTC", quote: "JPY" });
      const [, ticker, trades] = byVenue("## What is asked").get(venue.id)!;
      const paths = ticker!.split(", ").map((path) => path.replace("{pair}", code));
      expect(
        paths.some((path) => venue.ticker.path([code]).startsWith(path)),
        venue.ticker.path([code]),
      ).to.equal(true);
      expect(venue.trades.path([code]).startsWith(trades!.replace("{pair}", code)), trades).to.equal(true);
    });
  }

  it("has every maintenance window", () => {
    expect(table(text, "## Away on schedule").map(([venue]) => venue)).to.deep.equal(
      MAINTENANCE.map(({ venue }) => venue),
    );
  });
});

describe("docs/aggregation.md", () => {
  const text = page("aggregation.md");

  it("has a catalog that is one, whose sources can be asked", () => {
    const [example = ""] = blocks(text, "json");
    const catalog = catalogOf(JSON.parse(example));
    expect(catalog.feeds.map(({ symbol }) => symbol)).to.deep.equal(["BTC/JPY", "USD/JPY", "BTC/USD"]);
    expect(prepareSources(catalog.sources, VENUES)).to.have.length(6);
  });

  it("shows the message that a mistake gets", () => {
    const file = JSON.parse(blocks(text, "json")[0]!) as { bundles: { feeds: Record<string, unknown>[] }[] };
    const feed = file.bundles[0]!.feeds[0]!;
    feed["toleranse"] = feed["tolerance"];
    delete feed["tolerance"];
    const shown = blocks(text, "text")[0]!.trim().split("\n");
    let message = "";
    try {
      catalogOf(file);
    } catch (error) {
      if (error instanceof CatalogError) ({ message } = error);
    }
    expect(message.split("\n").toSorted()).to.deep.equal(shown.toSorted());
  });

  for (const name of ["aggregation.md", "aggregation.ja.md"]) {
    it(`explains every word for what happens (${name})`, () => {
      for (const word of [...EXCLUSIONS, ...ABSTENTIONS])
        expect(page(name), word).to.contain(`| \`${word}\` `);
    });
  }
});

describe("docs/price-files.md", () => {
  const text = page("price-files.md");

  it("has every kind of file, in the order in which they are tried", () => {
    const documented = table(text.replace("# Price files", "# Price files\n## Kinds"), "## Kinds");
    expect(documented).to.deep.equal(PRICE_FORMATS.map(({ columns, name }) => [columns.join(", "), name]));
  });

  it("shows the message that a duplicated time gets", () => {
    const rows = "time,close\n1767571200,1\n1767571260,2\n1767571260,3";
    expect(() => readPriceFile("btcusd.csv", rows)).to.throw(blocks(text, "text")[0]!.trim());
  });
});
