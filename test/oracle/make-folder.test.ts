import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { makeFolder } from "../../oracle/make-folder.ts";

describe("makeFolder", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "make-folder-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it("makes what is missing, with the mode asked for, and says where that begins", () => {
    const folder = path.join(home, "a", "b");
    expect(makeFolder(folder, 0o700)).to.equal(path.join(home, "a"));
    for (const made of [folder, path.dirname(folder)]) expect(statSync(made).mode & 0o777).to.equal(0o700);
    expect(makeFolder(folder)).to.equal(undefined);
    expect(makeFolder(path.join(folder, "c", "..", "d"))).to.equal(path.join(folder, "d"));
  });

  it("names the folder that was asked for, and the file that is in the way", () => {
    const file = path.join(home, "file");
    writeFileSync(file, "");
    const folder = path.join(file, "a", "b");
    expect(() => makeFolder(folder)).to.throw(
      `cannot make the folder ${folder}: EEXIST: file already exists, mkdir '${file}'; name another one`,
    );
    expect(() => makeFolder(file)).to.throw("EEXIST");
  });

  it("ends where a file system says that the folder above is missing while it is there", function () {
    if (!existsSync("/proc/self")) this.skip(); // Linux has such a one
    const cli = path.resolve("oracle/cli.ts");
    for (const args of [
      ["kms", "--port", "0", "--dir", "/proc/keys-of-mine/a"],
      ["simulate", "quiet-day", "--out", "/proc/keys-of-mine/a"],
    ]) {
      // A process of its own, and one that can be ended: it would hang in the file system.
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        cwd: home,
        encoding: "utf8",
        timeout: 60_000,
        killSignal: "SIGKILL",
      });
      expect([status, stdout], args[0]).to.deep.equal([1, ""]);
      expect(stderr).to.match(/^nakane \w+: cannot make the folder \/proc\/keys-of-mine\/a.*: ENOENT: .*\n$/);
    }
  });
});
