import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { commitOf } from "../../../oracle/lab/manifest.ts";

describe("the manifest's commit", () => {
  it("is the clone's own, whatever is not committed, and is none beside a clone or below one", function () {
    if (spawnSync("git", ["--version"]).status !== 0) this.skip(); // no git on this machine
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-commit-"));
    const { PATH = "" } = process.env;
    const env = { PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        encoding: "utf8",
        env,
        stdio: "pipe",
      }).trim();
    try {
      expect(commitOf(folder)).to.equal(null);
      git("init", "--quiet");
      expect(commitOf(folder)).to.equal(null); // nothing is in it yet
      writeFileSync(path.join(folder, "a.ts"), "1");
      git("add", "a.ts");
      git("commit", "--quiet", "--message", "a");
      const head = git("rev-parse", "HEAD");
      expect(commitOf(folder)).to.equal(head);
      mkdirSync(path.join(folder, "node_modules"));
      writeFileSync(path.join(folder, "node_modules", "b.ts"), "2"); // not the clone's
      expect(commitOf(folder)).to.equal(head);
      expect(commitOf(path.join(folder, "node_modules"))).to.equal(null);
      writeFileSync(path.join(folder, "a.ts"), "3");
      expect(commitOf(folder)).to.equal(head);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
