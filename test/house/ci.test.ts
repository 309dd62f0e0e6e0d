import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

const CI = path.resolve(".ci/run");
const SUITES = `
== tests on a chain

  7 passing (3s)

  contracts               2.4 s   ok     0 passed, 0 failed
  tests on a chain       61.6 s   ok     7 passed, 0 failed
  TypeScript tests        8.0 s   ok     5 passed, 0 failed, 1 skipped

12 passed, 0 failed, 1 skipped
`;

describe(".ci/run", function () {
  this.timeout(30_000);
  let home: string;

  beforeEach(() => {
    home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "ci-test-")));
    for (const folder of [".ci", "scripts", "bin"]) fs.mkdirSync(path.join(home, folder));
    fs.copyFileSync(CI, path.join(home, ".ci/run"));
    fs.writeFileSync(
      path.join(home, "scripts/ready.mjs"),
      `import fs from "node:fs"; fs.appendFileSync("calls", "ready\\n"); process.exit(Number(process.env.READY ?? 0));`,
    );
  });
  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });

  /** Runs a copy of it where npm only notes what it was asked, prints `suites` for its tests, and ends as `ends` says. */
  function run(suites: string, ends: Record<string, number> = {}, env: NodeJS.ProcessEnv = {}) {
    fs.writeFileSync(path.join(home, "suites"), suites);
    const cases = Object.entries(ends).map(([args, code]) => `"${args}") exit ${code};;`);
    fs.writeFileSync(
      path.join(home, "bin/npm"),
      `#!/bin/sh\necho "npm $*" >> calls\n[ "$*" = test ] && cat suites\ncase "$*" in ${cases.join(" ")} esac\nexit 0\n`,
      { mode: 0o755 },
    );
    const { status, stdout } = spawnSync("bash", [path.join(home, ".ci/run")], {
      cwd: os.tmpdir(),
      encoding: "utf8",
      env: { ...process.env, PATH: `${home}/bin${path.delimiter}${process.env["PATH"] ?? ""}`, ...env },
    });
    const calls = fs.readFileSync(path.join(home, "calls"), "utf8").trimEnd().split("\n");
    return { status, stdout, calls, last: stdout.trimEnd().split("\n").at(-1) };
  }

  it("installs as npm start and npm test do, then checks all that there is to check", () => {
    const { status, calls, last } = run(SUITES);
    expect(calls).to.deep.equal([
      "ready",
      "npm test",
      "npm run --silent lint",
      "npm run --silent types",
      "npm run --silent format:check",
      "npm run --silent prove",
      "npm run --silent snapshots:check",
    ]);
    const scripts = (
      JSON.parse(fs.readFileSync("package.json", "utf8")) as { scripts: Record<string, string> }
    ).scripts;
    for (const call of calls.slice(1)) expect(scripts).to.have.property(call.split(" ").at(-1)!);
    expect([status, last]).to.deep.equal([0, "18 passed, 0 failed, 1 skipped"]); // 12 tests, install and five checks
  });

  it("prints the seconds each suite took, with its count, and those of every check", () => {
    const { stdout } = run(SUITES);
    expect(stdout).to.match(/^ {2}contracts +2 s +ok +0 passed, 0 failed$/m);
    expect(stdout).to.match(/^ {2}tests on a chain +62 s +ok +7 passed, 0 failed$/m);
    expect(stdout).to.match(/^ {2}TypeScript tests +8 s +ok +5 passed, 0 failed, 1 skipped$/m);
    for (const name of ["install", "lint", "types", "formatting", "proofs", "gas snapshots"])
      expect(stdout).to.match(new RegExp(`^  ${name} +\\d+ s +ok$`, "m"));
    expect(stdout).to.match(/^ {2}all +\d+ s$/m);
  });

  it("fails by one for a check that does not hold, and names it", () => {
    const { status, stdout, last } = run(SUITES, { "run --silent lint": 1 });
    expect([status, last]).to.deep.equal([1, "17 passed, 1 failed, 1 skipped"]);
    expect(stdout).to.match(/^ {2}lint +\d+ s +FAILED$/m);
  });

  it("fails where tests fail, where they end badly without a failure, and where they never come to a count", () => {
    expect(run("11 passed, 1 failed\n", { test: 1 })).to.include({ status: 1, last: "17 passed, 1 failed" });
    expect(run("12 passed, 0 failed\n", { test: 3 })).to.include({ status: 1, last: "18 passed, 1 failed" });
    expect(run("12 passed, 0 failed\nKilled\n")).to.include({ status: 1, last: "6 passed, 1 failed" });
  });

  it("tests nothing where the installation failed", () => {
    const { status, calls, last } = run(SUITES, {}, { READY: "1" });
    expect({ status, calls, last }).to.deep.equal({
      status: 1,
      calls: ["ready"],
      last: "0 passed, 1 failed",
    });
  });
});
