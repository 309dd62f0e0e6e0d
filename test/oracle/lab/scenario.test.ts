import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { format } from "prettier";

import {
  checkScenario,
  readScenario,
  scenarioFile,
  shippedScenarios,
} from "../../../oracle/lab/read-scenario.ts";
import { scenarioJsonSchema } from "../../../oracle/lab/scenario.ts";
import { ScenarioError } from "../../../oracle/lab/scenario-error.ts";
import { sweepPoints } from "../../../oracle/lab/sweep/sweep-points.ts";
import { readPage } from "../../docs/markdown.ts";
import { SMALL, small } from "./small-scenario.ts";

const refusal = (json: unknown): string => {
  try {
    checkScenario(json, "mine.json");
  } catch (error) {
    expect(error).to.be.instanceOf(ScenarioError);
    return (error as Error).message;
  }
  return "";
};

describe("scenarios", () => {
  it("eight are shipped, each is sound and is called what its file is called", () => {
    expect(shippedScenarios()).to.have.length(8);
    for (const { name, file } of shippedScenarios()) expect(readScenario(file).name).to.equal(name);
    expect(scenarioFile(undefined)).to.match(/01-quiet-day\.json$/);
  });

  it("an unknown key is refused, with the key that was probably meant", () => {
    expect(refusal({ ...SMALL, markt: {} })).to.include('unknown key "markt"; did you mean "market"?');
    expect(refusal({ ...SMALL, oracle: { hearbeat: 1 } })).to.include('did you mean "heartbeat"?');
    expect(refusal({ ...SMALL, market: { path: { kind: "gbm", vol: 1 } } })).to.include("volatility");
  });

  it("an unknown word is refused, with the word that was probably meant", () => {
    expect(refusal({ ...SMALL, options: { kinds: ["digitl-call"] } })).to.match(
      /options\.kinds\[0\]: .*, saw "digitl-call"; did you mean "digital-call"\?$/,
    );
    expect(refusal({ ...SMALL, market: { path: { kind: "gmb" } } })).to.match(
      /market\.path\.kind: .*, saw "gmb"; did you mean "gbm"\?$/,
    );
    expect(refusal({ ...SMALL, oracle: { keys: "nowhere" } })).to.match(/, saw "nowhere"$/);
  });

  it("what does not go together is refused, all of it at once", () => {
    const message = refusal({
      ...SMALL,
      market: {
        step: 7,
        start: "2026-01-05T00:01:00Z",
        venues: ["gmo"],
        lies: [{ venue: "bitbank", from: 0, until: 1, times: "2" }],
      },
      options: { life: { from: 9, to: 1 } },
    });
    for (const part of [
      "market.step",
      "market.start",
      "oracle.minSources",
      "market.lies[0].venue",
      "options.life",
    ])
      expect(message).to.include(part);
  });

  it("what nothing would come of is refused: times that end before they begin, or begin after the end", () => {
    const message = refusal({
      ...SMALL, // two hours
      market: {
        points: 120,
        lies: [{ venue: "bitbank", from: 60, until: 60, times: "2" }],
        outages: [
          { from: 0, until: 60 },
          { from: 7_200, until: 7_260 },
        ],
      },
      oracle: { congestion: [{ from: 9, until: 5 }] },
      people: [
        { do: "halt", at: 7_300 },
        { do: "void", at: 700, fixing: 310 },
      ],
    });
    expect(message.split("\n").slice(1)).to.deep.equal([
      "  market.lies[0]: until 60 is not after from 60",
      "  market.outages[1].from: 7200 s is after the end of a run of 7200 s: nothing would come of it",
      "  oracle.congestion[0]: until 5 is not after from 9",
      "  people[0].at: 7300 s is after the end of a run of 7200 s: nothing would come of it",
      "  people[1].fixing: 310 s is no fixing time: they are 300 s apart",
    ]);
  });

  it("what no option and no study can be made of is refused, and said by its place", () => {
    const message = refusal({
      ...SMALL,
      people: [{ do: "void", at: 700, fixing: 3_000 }],
      options: { strikes: { from: "0%", to: "0%" }, unsold: "200%" },
      studies: { writer: { strike: "0%", hedges: [0, 3, 7] }, oracleError: { dropped: ["0%", "100%"] } },
    });
    expect(message.split("\n").slice(1)).to.deep.equal([
      "  people[0].at: 700 s is not after the fixing of 3000 s: there is nothing yet to void",
      "  options.strikes.from: a strike is more than 0 %",
      "  studies.writer.strike: a strike is more than 0 %",
      "  options.unsold: 200% is more than all",
      "  studies.oracleError.dropped[1]: of 100% dropped nothing arrives",
      "  studies.writer.hedges[1]: 3 does not divide the largest, 7",
    ]);
  });

  it("reads a file with a mark at its start, as some editors leave it", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-scenario-"));
    try {
      const file = path.join(folder, "mine.json");
      writeFileSync(file, `\uFEFF${JSON.stringify(SMALL)}`);
      expect(readScenario(file).name).to.equal(SMALL.name);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("a sweep is every value of each axis with every value of the others", () => {
    const points = sweepPoints(small({ sweep: { heartbeat: [1, 2, 3], seed: [4, 5] } }));
    expect(points.map(({ oracle, seed }) => [oracle.heartbeat, seed])).to.deep.equal(
      [1, 2, 3].flatMap((heartbeat) => [4, 5].map((seed) => [heartbeat, seed])),
    );
    for (const point of points) expect(point.sweep).to.equal(undefined);
  });

  it("docs/lab.md shows sound scenarios, and the reference that it shows is the one that is tested", () => {
    const { blocks } = readPage("docs/lab.md");
    const scenarios = blocks
      .filter(({ language }) => language === "json")
      .map(({ code }) => JSON.parse(code) as unknown);
    expect(scenarios).to.have.length(2);
    for (const scenario of scenarios) expect(refusal(scenario)).to.equal("");
    const file = readFileSync(new URL("../../../oracle/lab/desk/straddle.ts", import.meta.url), "utf8");
    const [body = ""] = /const straddle: OwnPayoff[^]*/.exec(file) ?? [];
    expect(
      blocks.some(({ language, code }) => language === "ts" && code.trim().endsWith(body.trim())),
    ).to.equal(true);
  });

  it("docs/scenario.schema.json is the schema", async () => {
    const file = "docs/scenario.schema.json";
    if (process.env["UPDATE_SNAPSHOTS"] === "1") {
      const text = JSON.stringify(scenarioJsonSchema());
      writeFileSync(file, await format(text, { parser: "json", printWidth: 110 }));
    }
    expect(
      JSON.parse(readFileSync(file, "utf8")),
      `${file} is out of date; if that is meant, run this test with UPDATE_SNAPSHOTS=1`,
    ).to.deep.equal(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });
});
