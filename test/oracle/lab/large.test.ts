import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { systemClock } from "../../../oracle/clock.ts";
import { shippedScenarios } from "../../../oracle/lab/read-scenario.ts";

interface Summary {
  readonly path: { readonly prices: number };
  readonly settlements: Record<string, number> & { readonly different: readonly number[] };
  readonly money: readonly {
    readonly stuck: number;
    readonly reverts: number;
    readonly dust: string;
    readonly left: string;
  }[];
}

/** Says at the end how much memory the process had, in KiB; its worker threads are part of it. */
const WATCH = `data:text/javascript,${encodeURIComponent(
  'import { isMainThread } from "node:worker_threads"; if (isMainThread) process.on("exit", () => console.error(process.resourceUsage().maxRSS));',
)}`;

/** Runs a shipped scenario as people do: what it says, in how many seconds, and its largest memory in bytes. */
function simulate(name: string): { summary: Summary; seconds: number; bytes: number } {
  const folder = mkdtempSync(path.join(tmpdir(), "nakane-large-"));
  try {
    const clock = systemClock();
    const began = clock.monotonic();
    const run = spawnSync(
      process.execPath,
      ["--import", WATCH, "oracle/cli.ts", "simulate", name, "--json", "--out", folder],
      { encoding: "utf8", maxBuffer: 2 ** 26 },
    );
    const seconds = (clock.monotonic() - began) / 1000;
    expect(run.status, run.stderr).to.equal(0);
    expect(readFileSync(path.join(folder, "report.html"), "utf8").length).to.be.below(2_000_000);
    const bytes = Number(run.stderr.trim().split("\n").at(-1)) * 1024;
    return { summary: JSON.parse(run.stdout) as Summary, seconds, bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Minutes of work on a machine with nothing else to do: a part of `npm run test:deep`. */
(process.env["DEEP"] === "1" ? describe : describe.skip)("the shipped scenarios, whole", function () {
  this.timeout(0);

  for (const { name } of shippedScenarios())
    it(`${name} runs to the last claim, within its time and memory`, () => {
      const { summary, seconds, bytes } = simulate(name);
      expect(summary.settlements.different).to.deep.equal([]);
      for (const { stuck, reverts, dust, left } of summary.money) {
        expect([stuck, reverts]).to.deep.equal([0, 0]);
        expect(left).to.equal(dust);
      }
      if (name === "many-options") {
        const { fixed = 0, split = 0, cancelled = 0 } = summary.settlements;
        expect(fixed + split + cancelled).to.equal(5_000);
        expect(seconds).to.be.at.most(180);
      }
      if (name === "heston-month") {
        expect(summary.path.prices).to.equal(43_200);
        expect(seconds).to.be.at.most(120);
        expect(bytes).to.be.at.most(2 ** 30);
      }
    });
});
