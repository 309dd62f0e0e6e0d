import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { inBuildTurn } from "../../../oracle/lab/world/build-turn.ts";

describe("inBuildTurn", () => {
  it("lets another process build only when this one has", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-turn-"));
    try {
      const log = path.join(folder, "log");
      const cache = path.join(folder, "cache");
      const module = new URL("../../../oracle/lab/world/build-turn.ts", import.meta.url).href;
      const other = `
        import { appendFileSync } from "node:fs";
        import { inBuildTurn } from ${JSON.stringify(module)};
        console.log("asks");
        await inBuildTurn(${JSON.stringify(cache)}, async () => appendFileSync(${JSON.stringify(log)}, "other\\n"));`;
      const ended = await inBuildTurn(cache, async () => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", other], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        await once(child.stdout, "data");
        // Time enough for the other one to go on, if nothing held it.
        for (let i = 0; i < 1_000; i++) await new Promise((resolve) => setImmediate(resolve));
        appendFileSync(log, "this\n");
        return { exit: once(child, "exit") };
      });
      expect(await ended.exit).to.deep.equal([0, null]);
      expect(readFileSync(log, "utf8")).to.equal("this\nother\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("lets go where the work fails", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-turn-"));
    try {
      const failed = await inBuildTurn(folder, () => Promise.reject(new Error("no"))).catch(String);
      expect(failed).to.equal("Error: no");
      expect(await inBuildTurn(folder, () => Promise.resolve("yes"))).to.equal("yes");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
