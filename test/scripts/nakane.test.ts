import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

describe("npx nakane", function () {
  this.timeout(60_000);
  let home: string;

  beforeEach(() => {
    home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "nakane-test-")));
    write("package.json", '{ "type": "module" }');
    fs.mkdirSync(path.join(home, "scripts"));
    fs.copyFileSync("scripts/nakane.mjs", path.join(home, "scripts/nakane.mjs"));
  });
  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });

  function write(file: string, content: string, mode = 0o644): void {
    const target = path.join(home, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content, { mode });
  }

  /** Starts it under this Node, or under one that says it is `version`. */
  function start(args: string[], version = process.versions.node) {
    write("version.cjs", `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
    const older = ["--require", path.join(home, "version.cjs")];
    return spawn(process.execPath, [...older, path.join(home, "scripts/nakane.mjs"), ...args], {
      cwd: os.tmpdir(),
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async function run(args: string[], version?: string) {
    const child = start(args, version);
    const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { out, err, code, signal };
  }

  /** An installation: the pinned Node, and a command line that does `code`. */
  function installed(code: string): void {
    write("node_modules/node/bin/node", `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, 0o755);
    write("oracle/cli.ts", code);
  }

  it("hands its arguments to the pinned Node, and ends as it ends", async () => {
    installed("console.log(JSON.stringify(process.argv.slice(2))); process.exit(7);");
    for (const version of ["20.11.0", process.versions.node])
      expect(await run(["status", "--json", "two words"], version), version).to.deep.equal({
        out: '["status","--json","two words"]\n',
        err: "",
        code: 7,
        signal: null,
      });
    installed("process.kill(process.pid, 'SIGKILL'); setInterval(() => 0, 1000);");
    expect(await run([], "20.11.0")).to.include({ code: null, signal: "SIGKILL" });
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    it(`passes ${signal} on, and waits for the answer`, async () => {
      installed(
        `process.on("${signal}", () => { console.log("got it"); process.exit(5); }); console.log("up"); setInterval(() => 0, 1000);`,
      );
      const child = start([], "20.11.0");
      await once(child.stdout, "data");
      const rest = text(child.stdout);
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number];
      expect([await rest, code]).to.deep.equal(["got it\n", 5]);
    });

  it("says what to run first where nothing is installed, under any Node", async () => {
    const first = `Run this first: node ${path.join(home, "scripts/ready.mjs")}\n`;
    expect(await run(["--help"], "20.11.0")).to.deep.equal({
      out: "",
      err: `nakane: this is Node 20.11.0, and Node 24, which it needs, is not installed. ${first}`,
      code: 1,
      signal: null,
    });
    write("oracle/cli.ts", 'import "zod-that-is-not-there";');
    const { out, err, code } = await run(["--help"]);
    expect([out, code]).to.deep.equal(["", 1]);
    expect(err).to.match(/^nakane: something is not installed \(Cannot find package 'zod-that-is-not-there'/);
    expect(err.endsWith(first), err).to.equal(true);
  });
});
