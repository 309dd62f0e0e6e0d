import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { settle } from "../../../oracle/lab/simulate.ts";
import { runScenario } from "../../../oracle/lab/run-scenario.ts";
import { SMALL } from "./small-scenario.ts";

const data = process.env["MARKET_DATA"];
const LINES = 45;

describe("a scenario on files of market data", function () {
  this.timeout(60_000);

  const files = data === undefined ? [] : readdirSync(data).filter((name) => /\.(csv|json)$/.test(name));
  if (files.length === 0) it.skip("MARKET_DATA names no folder of price files");

  for (const name of files)
    it(`runs on ${name}: every option is settled and paid`, async () => {
      const folder = mkdtempSync(path.join(tmpdir(), "nakane-own-"));
      try {
        const text = readFileSync(path.join(data ?? "", name), "utf8");
        const head = name.endsWith(".json") ? text : text.split("\n").slice(0, LINES).join("\n");
        const file = path.join(folder, name);
        writeFileSync(file, head);
        const { scenario } = settle({
          scenario: { ...SMALL, options: { count: 6, life: { from: 0, to: 0 } } },
          file: { path: file },
        });
        const { settlements, money, manifest } = await runScenario(scenario, { folder });
        expect(manifest).to.include({ provenance: "replay" });
        expect(settlements).to.have.length(6);
        expect(settlements.some(({ outcome }) => outcome === "fixed")).to.equal(true);
        for (const { collateral, payouts, refunds, dust, left } of money) {
          expect(payouts + refunds + dust).to.equal(collateral);
          expect(left).to.equal(dust);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
});
