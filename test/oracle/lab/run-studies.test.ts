import { expect } from "chai";

import type { Result, Study } from "../../../oracle/lab/result.ts";
import { runStudies } from "../../../oracle/lab/run-studies.ts";
import type { ScenarioInput } from "../../../oracle/lab/scenario.ts";
import { realisedVolatility } from "../../../oracle/lab/studies/realised-volatility.ts";
import { sampleResult } from "./report/sample-result.ts";
import { small } from "./small-scenario.ts";

describe("the studies beside a run", () => {
  let result: Result;
  let [own, usual]: [readonly Study[], readonly Study[]] = [[], []];
  before(() => {
    result = sampleResult(3_000, 20);
    const studies = (of: ScenarioInput["studies"]) =>
      runStudies(small({ studies: of, options: { count: 0, volatility: 0.5 } }), result, null);
    own = studies({
      oracleError: {
        deviations: ["0.25%"],
        heartbeats: [600, 7_200],
        latencies: [30],
        dropped: ["0%", "12.5%"],
        outages: [1_800],
      },
      writer: {
        ...{ type: "put", strike: "95%", hedges: [0, 5, 10], cost: "0.1%", paths: 50 },
        premiumVolatility: "realised",
      },
    });
    usual = studies({ writer: { paths: 50 } });
  });
  const study = (of: readonly Study[], name: string): Study => of.find((one) => one.name === name)!;
  /** Of one column, every value that is there. */
  const values = ({ columns, rows }: Study, column: string) => [
    ...new Set(rows.map((row) => row[columns.findIndex((one) => one.name === column)])),
  ];

  it("sweep what the scenario says: deviation, heartbeat, latency, lost transactions and outages", () => {
    const swept = study(own, "oracle-error");
    expect(values(swept, "deviation")).to.deep.equal([25]);
    expect(values(swept, "heartbeat")).to.deep.equal([600, 7_200]);
    expect(values(swept, "latency")).to.deep.equal([30]);
    expect(values(swept, "dropped")).to.deep.equal([0, 12.5]);
    expect(values(swept, "outage")).to.deep.equal([1_800]);
    expect(values(study(usual, "oracle-error"), "deviation")).to.deep.equal([10, 50, 100]);
    expect(values(study(usual, "oracle-error"), "outage")).to.deep.equal([0, 3_600]);
  });

  it("without a deviation sweep none of one's own", () => {
    const none = {
      ...small({ oracle: { deviation: "0%" } }),
      studies: small({ studies: { writer: { paths: 50 } } }).studies,
    };
    expect(values(study(runStudies(none, result, null), "oracle-error"), "deviation")).to.deep.equal([0]);
  });

  it("hedge as often, at such a cost and by such a volatility as the scenario says", () => {
    const hedged = study(own, "writer-pnl");
    expect(values(hedged, "hedges")).to.deep.equal([0, 5, 10]);
    expect(values(hedged, "paths")).to.deep.equal([50]);
    expect(
      values(hedged, "mean_cost")
        .slice(1)
        .every((cost) => Number(cost) > 0),
    ).to.equal(true);
    expect(hedged.about).to.match(/^A put struck at 95 on an underlying at 100, /);
    const had = realisedVolatility(result.path);
    expect(hedged.about).to.include(
      `Volatility 0.5, premium by ${Number(had.toFixed(6))}, trading costs 10 bp, 50 paths`,
    );
    expect(study(usual, "writer-pnl").about).to.include("Volatility 0.5, 50 paths");
  });

  it("say of how much of a long path they are", () => {
    expect(study(usual, "manipulation").about).to.match(/ Of the first 2,880 prices of 3,000\.$/);
    expect(study(usual, "writer-pnl").about).to.not.include("Of the first");
  });

  it("a realised volatility is that of the log returns, a year, whatever the steps", () => {
    const path = [100n, 110n, 110n, 100n].map((price, i) => ({ time: [0, 60, 120, 86_400][i]!, price }));
    const expected = Math.sqrt((2 * Math.log(1.1) ** 2) / (86_400 / (365 * 86_400)));
    expect(realisedVolatility(path)).to.be.closeTo(expected, 1e-12);
    expect(() => realisedVolatility(path.slice(0, 1))).to.throw(RangeError, "two prices");
    expect(() => realisedVolatility([...path, { time: 90_000, price: 0n }])).to.throw(
      RangeError,
      "above zero",
    );
  });
});
