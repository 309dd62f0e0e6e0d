import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { gasFigure } from "../../../../oracle/lab/report/gas-figure.ts";
import { kindRows, payoffFigure, pnlFigure } from "../../../../oracle/lab/report/option-figures.ts";
import { plot } from "../../../../oracle/lab/report/plot.ts";
import { chainErrorFigure, chainErrors, priceFigures } from "../../../../oracle/lab/report/price-figures.ts";
import { renderReport } from "../../../../oracle/lab/report/render-report.ts";
import { studyFigures } from "../../../../oracle/lab/report/study-figures.ts";
import type { Result, Settlement, Study } from "../../../../oracle/lab/result.ts";
import { sampleResult } from "./sample-result.ts";

const run = promisify(execFile);

describe("the report of the laboratory", function () {
  this.timeout(60_000);
  let result: Result;
  let html: string;

  before(async () => {
    result = sampleResult(3_000, 300);
    html = await renderReport(result);
  });

  it("is the same for the same result, byte for byte, and another for another", async () => {
    expect(await renderReport(result)).to.equal(html);
    expect(await renderReport(sampleResult(3_000, 300))).to.equal(html);
    expect(await renderReport({ ...result, manifest: { ...result.manifest, seed: 8 } })).to.not.equal(html);
  });

  it("is one file: no script, nothing that is fetched, no address", () => {
    expect(html).to.match(/^<!doctype html>\n/);
    expect(html).to.not.match(/https?:|\/\/[a-z]|file:/i);
    expect(html).to.not.match(/<(script|link|img|iframe|object|embed|base|meta http)/i);
    expect(html).to.not.match(/\s(src|href|srcset|xlink:href|on[a-z]+)=/i);
    expect(html).to.not.match(/@import|@font-face|url\((?!#)/i);
  });

  it("says SIMULATED or REPLAY at the top, in its title, and at every figure and table that shows a price", async () => {
    expect(html).to.include("<title>SIMULATED: ");
    expect(html).to.match(/<div class="strip">SIMULATED: invented prices/);
    const captions = [...html.matchAll(/<figcaption>(.*?)<\/figcaption>|<p class="caption">(.*?)<\/p>/g)].map(
      ([, figure, table]) => figure ?? table ?? "",
    );
    const unmarked = captions.filter((caption) => !caption.includes('<span class="mark">SIMULATED</span>'));
    expect(unmarked.map((caption) => /<b>(?:\w+ \d+\. )?(.*?)\.<\/b>/.exec(caption)?.[1])).to.have.members([
      "Error of the latest price on chain",
      "Fixings",
      "Reports on chain",
      "Gas and cost by action",
      "Gas by action",
      "Gas by action",
      "Manifest",
    ]);
    const replay: Result = {
      ...result,
      manifest: {
        ...result.manifest,
        provenance: "replay",
        data: { name: "prices.csv", format: "bars", sha256: "cd".repeat(32) },
      },
    };
    const other = await renderReport(replay);
    expect(other).to.not.include("SIMULATED");
    expect(other).to.match(/<div class="strip">REPLAY: recorded prices played again \(prices\.csv\)/);
    expect(other).to.include("cd".repeat(32));
  });

  it("has every figure it should, drawn, with names of its own", () => {
    const figures = [
      ...html.matchAll(/<figure id="([^"]*)"><div class="plot"><svg role="img" aria-label="[^"]+"/g),
    ];
    expect(figures.map(([, id]) => id)).to.deep.equal([
      ...["price", "price-close", "chain-error", "payoff", "pnl"],
      ...["oracle-error", "hedging", "writer-pnl", "gas"],
    ]);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [, id] of html.matchAll(/url\(#([^)]*)\)/g)) expect(ids).to.include(id);
    expect(html).to.not.match(/NaN|undefined|Infinity|\[object/);
  });

  it("two figures in one page never share a name, not even where both cut something off", async () => {
    const clipped = (id: string) =>
      plot({
        ...{ id, title: 'a "<title>"', caption: "", prices: false, values: [{ x: 1 }, { x: 2 }] },
        spec: {
          mark: { type: "line", clip: true },
          encoding: { x: { field: "x", type: "quantitative" }, y: { field: "x", type: "quantitative" } },
        },
      });
    const svg = await clipped("one");
    expect(svg).to.match(/ id="one-1"/);
    expect(svg).to.match(/url\(#one-1\)/);
    expect(svg).to.include('aria-label="a &quot;&lt;title>&quot;"');
    expect(await clipped("one")).to.equal(svg);
    expect(await clipped("two")).to.equal(svg.replaceAll("one-", "two-"));
  });

  it("is below 2 MB with 5,000 options over two weeks of minutes", async () => {
    const large = await renderReport(sampleResult(20_160, 5_000));
    expect(Buffer.byteLength(large)).to.be.below(2_000_000);
  });

  it("tells what the run was made from, how to cite it, and escapes what it was given", () => {
    for (const text of [...Object.values(result.manifest.bytecode), result.manifest.scenarioSha256]) {
      expect(html).to.include(text);
    }
    expect(html).to.include("<h1>A quiet month</h1>");
    expect(html).to.include("A month of BTC/JPY &amp; its &lt;options&gt;.");
    expect(html).to.not.include("<options>");
    expect(html).to.match(
      /Nakane 0\.1\.0 at (5e){20} simulation \(SIMULATED\), seed 7, scenario sha256 5e5e/,
    );
    expect(html).to.include("&quot;kind&quot;: &quot;gbm&quot;");
  });

  it("breaks what is longer than a line, in its title and in what it is about", () => {
    expect(html).to.match(/^h1, p \{ overflow-wrap: anywhere; \}$/m);
  });

  it("has a section and a table for each study, also for one that it does not know", async () => {
    for (const { name, title, about } of result.studies) {
      expect(html).to.include(`</span>${title}</h2>`);
      if (name !== "collateral-shocks") expect(html).to.include(about.replace(/&/g, "&amp;"));
    }
    const own: Study = {
      name: "sweep",
      title: "A sweep <of mine>",
      about: "What it is.",
      columns: [
        { name: "deviation", unit: "bp" },
        { name: "worst_error", unit: "" },
      ],
      rows: Array.from({ length: 50 }, (_, i) => [i, 1_234_567n]),
    };
    const page = await renderReport({ ...result, studies: [own] });
    expect(page).to.include("A sweep &lt;of mine&gt;");
    expect(page).to.include('<th scope="col" class="number">deviation<small>bp</small></th>');
    expect(page).to.include('<td class="number">1,234,567</td>');
    expect(page).to.include("The first 48 of 50 rows; study-sweep.csv has them all.");
    expect([...page.matchAll(/1,234,567/g)]).to.have.length(48);
  });

  it("shows shocks by what is paid and missing, in percent, with a column for each share that is locked", () => {
    const [, section = ""] = html.split(">Collateral under shocks</h2>");
    const [head = "", body = ""] = section.split("<tbody>");
    expect(head).to.include("missing, 50 % locked<small>% of full collateral</small>");
    // With all of it locked nothing is missing in any row: that is said once.
    expect(head).to.include("missing, 100 % locked 0 % of full collateral");
    const half = /<td[^>]*>−50 %<\/td>(.*?)<\/tr>/.exec(body)?.[1];
    expect([...(half ?? "").matchAll(/>([^<]*)<\/td>/g)].map(([, cell]) => cell)).to.deep.equal([
      ...["5,000,000", "50.00", "0.00", "25.00"],
    ]);
  });

  it("lists every payout that differs from the exact one, and says that there is none where there is none", async () => {
    expect(html).to.include("Every payout is the exact one, rounded down");
    const [first, ...rest] = result.settlements as [Settlement, ...Settlement[]];
    const wrong = { ...first, payout: 41n, exact: { numerator: 85n, denominator: 2n }, difference: -1n };
    const page = await renderReport({ ...result, settlements: [wrong, ...rest] });
    expect(page).to.include("1 of the payouts differ from the exact one");
    expect(page).to.match(
      /<td class="number">41<\/td><td class="number">42<\/td><td class="number">−1<\/td>/,
    );
  });

  it("renders a run without options, studies, gas or fixings", async () => {
    const bare: Result = {
      ...result,
      settlements: [],
      trades: [],
      money: [],
      studies: [],
      gas: [],
      fixings: [],
      rounds: [],
    };
    const page = await renderReport(bare);
    expect(page).to.include("0 reports were recorded");
    expect(page).to.not.match(/NaN|undefined|Infinity/);
    const [point] = result.path;
    expect(await renderReport({ ...bare, path: [point!] })).to.include("SIMULATED");
  });

  it("lists gaps and steps out of the ordinary", async () => {
    const gaps = [{ after: 1_593_306_000_000, before: 1_593_320_400_000, missing: 3, line: 1_397 }];
    const page = await renderReport({ ...result, gaps });
    expect(page).to.include("<td>2020-06-28 01:00</td><td>2020-06-28 05:00</td>");
    expect(page).to.include("10,100,000");
  });

  it("prices in a table have the digits of their feed, all of them", async () => {
    const step = { time: result.path[0]!.time, price: 433_390n, before: 425_400n, basisPoints: 187.82 };
    const page = await renderReport({ ...result, feed: { ...result.feed, decimals: 2 }, outliers: [step] });
    expect(page).to.include('<td class="number">4,333.90</td><td class="number">4,254.00</td>');
  });

  describe("its figures show the result's own numbers", () => {
    it("the price path: true prices, blocks and fixings are those of the result", () => {
      const [whole, close] = priceFigures(result);
      for (const { kind, time, price } of [...whole!.values, ...close!.values]) {
        const at = Number(time) / 1000;
        const found =
          kind === "true price"
            ? result.path.some((point) => point.time === at && Number(point.price) === price)
            : kind === "latest on chain"
              ? result.rounds.some((round) => round.blockTime === at && Number(round.price) === price)
              : kind === "fixing"
                ? result.fixings.some((fixing) => fixing.time === at && Number(fixing.price) === price)
                : result.fixings.some((fixing) => fixing.time === at && fixing.price === null);
        expect(found, `${String(kind)} at ${at}`).to.be.true;
      }
      const highest = Math.max(...result.path.map(({ price }) => Number(price)));
      expect(whole!.values.some(({ price }) => price === highest)).to.be.true;
      expect(
        priceFigures({ ...result, feed: { ...result.feed, decimals: 2 } })[0]!.values[0]!["price"],
      ).to.equal(Number(result.path[0]!.price) / 100);
    });

    it("the close look holds the widest move, with every report and fixing of it", () => {
      const close = priceFigures(result)[1]!;
      const times = close.values.map(({ time }) => Number(time) / 1000);
      const [from, to] = [Math.min(...times), Math.max(...times)];
      expect(to - from).to.be.at.most(7_200);
      const fixings = result.fixings.filter(
        ({ time, price }) => time >= from && time <= from + 7_200 && price !== null,
      );
      expect(close.values.filter(({ kind }) => kind === "fixing")).to.have.length(fixings.length);
      // Its axis has hours alone: of which day they are is said below it.
      expect(close.caption).to.include(`from ${new Date(from * 1000).toISOString().slice(0, 10)} `);
    });

    it("in a gap the price's line is broken; of daily prices there is no close look, and years have their number", async () => {
      const [from, until] = [result.path[600]!.time, result.path[700]!.time];
      const torn: Result = {
        ...result,
        path: result.path.filter(({ time }) => time <= from || time >= until),
        gaps: [{ after: from * 1000, before: until * 1000, missing: 99, line: 602 }],
      };
      const [whole] = priceFigures(torn);
      expect(whole!.values.filter(({ price }) => price === null)).to.deep.equal([
        { kind: "true price", time: (from + until) * 500, price: null },
      ]);
      const [, line = ""] = /<path d="(M[-\d.,]+L[^"]*)"/.exec(await plot(whole!)) ?? [];
      expect([...line.matchAll(/M/g)]).to.have.length(2);
      const daily: Result = {
        ...result,
        path: result.path.slice(0, 900).map(({ price }, i) => ({ time: from + i * 86_400, price })),
      };
      expect(priceFigures(daily)).to.have.length(1);
      expect(await plot(priceFigures(daily)[0]!)).to.match(/>[A-Z][a-z]{2} 2027<\/text>/);
    });

    it("the error on chain is that of the newest report in a block by then", () => {
      const path = [100n, 110n, 121n].map((price, i) => ({ time: 60 * (i + 1), price }));
      const round = { block: 1, truth: null, reason: "deviation", fixing: false, gas: 1n };
      const rounds = [
        { ...round, observedAt: 60, blockTime: 60, price: 100n },
        { ...round, observedAt: 120, blockTime: 180, price: 110n },
        { ...round, observedAt: 90, blockTime: 180, price: 1n }, // older: it did not become latest
      ];
      const errors = chainErrors({ path, rounds });
      expect(errors.map((error) => error.toFixed(6))).to.deep.equal(["0.000000", "909.090909", "909.090909"]);
      expect(chainErrorFigure({ ...result, path, rounds })!.values[100]).to.deep.equal({
        share: 100,
        error: 909.0909,
      });
      expect(chainErrorFigure({ ...result, rounds: [] })).to.equal(null);
    });

    it("payoffs: each dot is an option's settlement price over its strike and its share of the collateral", () => {
      for (const { kind, moneyness, paid } of payoffFigure(result)!.values) {
        const found = result.settlements.some(
          ({ terms, fixing, payout }) =>
            terms.kind === kind &&
            fixing !== null &&
            Math.abs((Number(fixing) / Number(terms.strike) - 1) * 100 - Number(moneyness)) < 0.0051 &&
            Math.abs((Number(payout) / Number(terms.collateral)) * 100 - Number(paid)) < 0.0001,
        );
        expect(found, `${String(kind)} ${String(moneyness)}`).to.be.true;
      }
    });

    it("payoffs: a kind of which none settled takes no room from the others", () => {
      const kinds = ["call", "put", "touch-up"];
      const of = (from: readonly Settlement[]) =>
        (payoffFigure({ settlements: from })?.spec as { spec: { width: number } }).spec.width;
      const settlements = result.settlements.filter(({ terms }) => kinds.includes(terms.kind));
      const cancelled: readonly Settlement[] = result.settlements
        .filter(({ terms }) => terms.kind === "call-spread")
        .map((one) => ({ ...one, outcome: "cancelled", fixing: null }));
      expect(cancelled.length).to.be.above(0);
      expect(of([...settlements, ...cancelled])).to.equal(of(settlements));
    });

    it("profit and loss: the bins of each kind hold all its options that were sold", () => {
      const { values } = pnlFigure(result)!;
      const sold = result.settlements.filter(({ outcome }) => outcome !== "cancelled");
      const kinds = new Set(sold.map(({ terms }) => terms.kind));
      for (const kind of kinds) {
        const of = sold.filter(({ terms }) => terms.kind === kind);
        const bins = values.filter((value) => value["kind"] === kind);
        expect(bins.reduce((sum, { options }) => sum + Number(options), 0)).to.equal(of.length);
        for (const { from, to, options } of bins) {
          const inside = of.filter(({ payout, premium, terms }) => {
            const pnl = Number(((payout - premium) * 1_000_000n) / terms.collateral) / 10_000;
            return pnl >= Number(from) - 1e-9 && pnl < Number(to) - 1e-9;
          });
          expect(inside.length, `${kind} from ${String(from)} to ${String(to)}`).to.equal(options);
        }
      }
      expect(Math.max(...values.map(({ from, to }) => Number(to) - Number(from)))).to.be.below(20);
      expect(kindRows(result).reduce((sum, row) => sum + Number(row[1]), 0)).to.equal(300);
    });

    it("options that all paid nothing, and all won or lost the same, have a scale nevertheless", async () => {
      const settlements = result.settlements.flatMap((settlement) =>
        settlement.terms.kind === "call" && settlement.outcome === "fixed"
          ? [{ ...settlement, payout: 0n, premium: settlement.terms.collateral / 200n }]
          : [],
      );
      const labels = async (of: number) => {
        const figure = of === 0 ? payoffFigure({ settlements }) : pnlFigure({ settlements });
        return [...(await plot(figure!)).matchAll(/>(−?\d[\d.]*)<\/text>/g)].map(([, label]) => label);
      };
      expect(await labels(0)).to.include.members(["0.0", "0.5", "1.0"]);
      expect(await labels(1)).to.include.members(["−0.4", "0.0", "100"]);
      // One bar of a thirtieth of the panel, not one that fills it.
      const [bar] = pnlFigure({ settlements })!.values;
      expect([bar!["from"], bar!["to"], bar!["share"]]).to.deep.equal([-0.5, -0.45, 100]);
    });

    it("a sweep: a mark for each run, with what it took and how near it was", async () => {
      const columns = ["deviation", "heartbeat", "latency", "round_gas", "latest_p95"].map((name) => ({
        ...{ name, unit: "" },
      }));
      const rows: Study["rows"] = [
        ["0.1", 600, 0, 8_000_000n, 12.9],
        ["0.1", 600, 60, 8_000_000n, 32.2],
        ["0.5", 600, 0, 4_900_000n, 30.75],
        ["1", 600, 0, 4_000_000n, null], // no price was ever on chain
      ];
      const [figure] = studyFigures({ name: "sweep", title: "", about: "", columns, rows });
      expect(figure!.values).to.deep.equal([
        { gas: 8, p95: 12.9, deviation: "deviation 0.1 %", rest: "no latency" },
        { gas: 8, p95: 32.2, deviation: "deviation 0.1 %", rest: "1 min latency" },
        { gas: 4.9, p95: 30.75, deviation: "deviation 0.5 %", rest: "no latency" },
      ]);
      expect(await plot(figure!)).to.include(">1 min latency</text>");
    });

    it("oracle errors, hedging and gas: every number is one of the study's or of the tally's", async () => {
      const study = (name: string) => result.studies.find((one) => one.name === name)!;
      const errors = studyFigures(study("oracle-error"))[0]!;
      expect(errors.values).to.have.length(study("oracle-error").rows.length);
      const cells = new Set(study("oracle-error").rows.flat());
      for (const { p50, p95, most } of errors.values)
        for (const cell of [p50, p95, most]) expect(cells.has(cell!)).to.be.true;
      const [hedging, bands] = studyFigures(study("writer-pnl"));
      const pnl = new Set(study("writer-pnl").rows.flat());
      for (const { deviation } of hedging!.values) expect(pnl.has(deviation!)).to.be.true;
      for (const { hedges, ...rest } of bands!.values) {
        expect(pnl.has(Number(hedges))).to.be.true;
        for (const value of Object.values(rest)) expect(pnl.has(value)).to.be.true;
      }
      const gas = gasFigure(result)!;
      expect(gas.values.map(({ action }) => action)).to.have.members(result.gas.map(({ action }) => action));
      const svg = await plot(gas);
      for (const { action, p50 } of result.gas) {
        expect(svg).to.include(`>${action.replace("the buyer's side", "buyer")}</text>`);
        expect(svg).to.include(`>${p50.toLocaleString("en-US")}</text>`);
      }
    });

    it("more configurations than panels are said to be in the table", () => {
      const study = result.studies.find(({ name }) => name === "oracle-error")!;
      const rows = [1, 2, 3].flatMap((factor) =>
        study.rows.map((row) => row.map((cell, i) => (i === 1 ? Number(cell) * factor : cell))),
      );
      const [figure] = studyFigures({ ...study, rows });
      expect(new Set(figure!.values.map(({ panel }) => panel)).size).to.equal(6);
      expect(figure!.caption).to.include("6 more in the table");
      expect(studyFigures({ ...study, rows: [] })).to.deep.equal([]);
    });
  });

  it("says what is missing where vega is not installed", async () => {
    const script = `
      import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) {
        if (name === "vega") throw Object.assign(new Error("Cannot find package 'vega'"), { code: "ERR_MODULE_NOT_FOUND" });
        return next(name, context);
      } });
      const { plot } = await import(${JSON.stringify(new URL("../../../../oracle/lab/report/plot.ts", import.meta.url).href)});
      try {
        await plot({ id: "a", title: "", caption: "", prices: false, values: [], spec: {} });
      } catch (error) {
        console.log(error.name, error.message);
      }`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
    expect(stdout).to.match(
      /^PlotError The report's figures are drawn by vega and vega-lite, and they are not installed\..*npm install/,
    );
  });

  it("opens in a headless browser without an error", async function () {
    const browser = ["chromium", "chromium-browser", "google-chrome"]
      .flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)))
      .find((path) => existsSync(path));
    if (browser === undefined) {
      console.log("      skipped: needs chromium or google-chrome on the path");
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), "nakane-report-"));
    try {
      const file = join(folder, "report.html");
      writeFileSync(file, html);
      const { stdout, stderr } = await run(
        browser,
        [
          ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
          ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
          ...["--enable-logging=stderr", "--host-resolver-rules=MAP * ~NOTFOUND"],
          ...[`--user-data-dir=${join(folder, "profile")}`, "--dump-dom", `file://${file}`],
        ],
        { maxBuffer: 1 << 26, timeout: 50_000 },
      );
      expect([...stdout.matchAll(/<figure id=/g)]).to.have.length(9);
      expect(stdout).to.match(/<\/footer>\s*<\/main>/);
      expect(stderr).to.not.match(/CONSOLE|ERR_|file:\/\/.*error/i);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
