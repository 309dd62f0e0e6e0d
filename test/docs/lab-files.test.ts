import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { tables } from "../../oracle/lab/outputs/tables.ts";
import type { Result } from "../../oracle/lab/result.ts";
import type { ScenarioInput } from "../../oracle/lab/scenario.ts";
import { simulate } from "../../oracle/lab/simulate.ts";
import { SMALL } from "../oracle/lab/small-scenario.ts";

/** What the page has of each file: the first two cells of each row of its table. */
const documented = Object.fromEntries(
  readFileSync("docs/lab-files.md", "utf8")
    .split("\n## ")
    .slice(1)
    .map((section) => {
      const [file = "", ...lines] = section.split("\n");
      const rows = lines.filter((line) => line.startsWith("| ")).slice(2);
      return [
        file,
        rows.map((row) => {
          const [, column = "", unit = ""] = row.split("|").map((cell) => cell.trim());
          return { name: column, unit };
        }),
      ];
    }),
);

/** On a file of trades, of which there is one more study. */
async function ofTrades(scenario: ScenarioInput): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), "nakane-trades-"));
  try {
    const file = path.join(folder, "btcusd.json");
    const trade = (i: number) => ({
      ...{ date: 1_767_571_200 + 10 * i, tid: i, price: 100 + (i % 3), amount: "0.5" },
    });
    writeFileSync(file, JSON.stringify(Array.from({ length: 240 }, (_, i) => trade(i))));
    return await simulate({ scenario, file: { path: file } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("docs/lab-files.md", function () {
  this.timeout(120_000);

  it("has every column of every file, in its order, and of studies the units that they say", async () => {
    const scenario = { ...SMALL, options: { count: 2, life: { from: 600, to: 1_200 } } };
    const whole = await simulate({ scenario: { ...scenario, sweep: { seed: [1] } } });
    const short = await simulate({ scenario: { ...scenario, market: { points: 25 } } });
    const trades = await ofTrades(scenario);
    const studies = new Map(
      [...whole.studies, ...short.studies, ...trades.studies].map((study) => [
        `study-${study.name}.csv`,
        study,
      ]),
    );
    const written = new Map(
      [...tables(whole), ...tables(short), ...tables(trades)].map(({ file, columns }) => [file, columns]),
    );
    expect([...written.keys()].sort()).to.deep.equal(Object.keys(documented).sort());
    for (const [file, columns] of written) {
      const said = documented[file] ?? [];
      expect(
        said.map(({ name }) => name),
        file,
      ).to.deep.equal(columns);
      const study = studies.get(file);
      if (study !== undefined) expect(said, file).to.deep.equal(study.columns);
    }
  });
});
