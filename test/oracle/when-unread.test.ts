import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

const NAKANE = path.resolve("scripts/nakane.mjs");

/** A pipe that nobody reads, from before the command begins. */
const NO_READER = 'mkfifo pipe && exec 3<>pipe 4>pipe 3<&- && exec "$@" >&4';

describe("a command that nobody reads any more", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nakane-unread-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function run(shell: string, ...args: string[]) {
    const command = ["-c", shell, "bash", process.execPath, NAKANE, ...args];
    const { status, stderr } = spawnSync("bash", command, { cwd: folder, encoding: "utf8" });
    return { status, stderr };
  }

  it("ends without a word where the reader has left, with the exit code that shells know", () => {
    for (const args of [["help"], ["run", "--help"], ["simulate", "--list"]]) {
      expect(run(NO_READER, ...args), args.join(" ")).to.deep.equal({ status: 141, stderr: "" });
      rmSync(path.join(folder, "pipe"));
    }
  });

  it("ends what runs until it is stopped, and lets go of what it held", () => {
    const { status, stderr } = run(NO_READER, "kms", "--port", "0", "--dir", "kms");
    expect(status).to.equal(141);
    expect(stderr).to.match(/^Warning: .*\n$/);
    const left = readdirSync(path.join(folder, "kms"));
    expect(left).to.include("credentials").and.not.to.include("lock");
  });

  it("says why where writing fails for another reason", function () {
    if (!existsSync("/dev/full")) this.skip(); // Linux has it: a disk that is always full
    const { status, stderr } = run('exec "$@" >/dev/full', "simulate", "--list");
    expect(status).to.equal(1);
    expect(stderr).to.match(/^cannot write to standard output: ENOSPC: .*\n$/);
  });
});
