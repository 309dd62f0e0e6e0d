import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { startChain } from "../../utils/deploy-oracle.ts";
import { ServedChain } from "../../utils/serve-chain.ts";
import { type Finished, nakane } from "../signer/commands/cli.ts";
import { RunRig, UNREACHABLE, unreachableCatalog } from "./run-rig.ts";

const CLI = path.resolve("oracle/cli.ts");

describe("nakane run", function () {
  this.timeout(60_000);
  let rig: RunRig;
  before(async () => {
    rig = await RunRig.shared();
  });

  const file = () => ({ ...rig.file(), catalog: unreachableCatalog(60) });
  const run = (name: string, changed: object = file(), ...args: string[]): Promise<Finished> =>
    nakane(["run", "--config", rig.write(name, changed), ...args], rig.env, rig.folder);
  const chainOf = (change: object) => ({ ...file(), chains: [{ ...file().chains[0]!, ...change }] });

  it("checks everything and ends, or runs until it is told to stop; both end with 0", async () => {
    const checked = await run("cli", file(), "--check", "--json");
    expect(checked.stderr).to.equal("");
    expect(checked.code).to.equal(0);
    const events = checked.stdout.trim().split("\n");
    expect(events.map((line) => (JSON.parse(line) as { event: string }).event)).to.include.members([
      "checked",
      "draining",
      "stopped",
    ]);
    const child = spawn(
      process.execPath,
      [CLI, "run", "--lang", "en", "--config", rig.write("cli", file())],
      {
        cwd: rig.folder,
        env: { PATH: process.env["PATH"], ...rig.env },
      },
    );
    const ended = once(child, "close");
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      stdout += chunk.toString("utf8");
      // Every one of the three is told of once: its name has no address, or nobody who would say so answers in time.
      const told =
        UNREACHABLE.every((name) => stdout.includes(`source ${name}`)) && stdout.includes("running ");
      if (told && !child.killed) child.kill("SIGTERM");
    }
    await ended;
    expect([child.exitCode, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^\S+Z {2}running +api http:\/\/127\.0\.0\.1:\d+$/m);
    expect(stdout).to.match(
      /^\S+Z {2}source +of signer-1 {2}source two {2}problem (network|timeout) {2}message two\.invalid: /m,
    );
    expect(stdout).to.match(/^\S+Z {2}draining +\n\S+Z {2}stopped +\n$/m);
  });

  it("drains where whatever read its lines has ended, and says so by its exit code alone", async () => {
    const unread = 'mkfifo pipe && exec 3<>pipe 4>pipe 3<&- && exec "$0" "$1" run --config "$2" >&4';
    const command = ["-c", unread, process.execPath, CLI, rig.write("cli-unread", file())];
    const env = { PATH: process.env["PATH"], ...rig.env };
    const child = spawn("bash", command, { cwd: rig.folder, env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, stderr]).to.deep.equal([141, ""]);
    const { dataDirectory } = rig.config("cli-unread", file());
    expect(readdirSync(dataDirectory), "every database is closed").to.satisfy((names: string[]) =>
      names.every((name) => !name.endsWith("-wal")),
    );
  });

  it("refuses what it cannot start from with 1, says what is wrong and what to do, and leaves nothing behind", async () => {
    const html = await ServedChain.start(await startChain());
    html.interference.answer = (response) => {
      response.setHeader("content-type", "text/html");
      response.end("<html><title>Sign in</title></html>");
      return true;
    };
    const other = await ServedChain.start(await startChain());
    other.interference.before = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
    await rig.disable(rig.sender);
    const disabled = await run("cli-disabled");
    await rig.enable(rig.sender);
    const broken = { ...file(), instanse: "typo", send: { default: { deviation: "half" } } };
    const [config, json, wrong, sign] = await Promise.all([
      run("cli-config", { ...broken, instance: undefined }),
      nakane(["run", "--config", textFile("half.json", '{"instance": "a",')], rig.env, rig.folder),
      run("cli-wrong", chainOf({ rpcUrl: other.url })),
      run("cli-html", chainOf({ rpcUrl: html.url })),
    ]);
    await html.stop();
    await other.stop();

    expect(config.stderr)
      .to.match(/^nakane run: .*cli-config\.json cannot be used, it has \d+ problems:\n/)
      .and.to.contain('unknown key "instanse"; did you mean "instance"?')
      .and.to.match(/\n {2}send\.default\.deviation: expected a share such as 0\.5%/)
      .and.to.match(/\nNothing was started\. docs\/config\.md says of every key what it takes\.\n$/);
    expect(json.stderr).to.match(/expected JSON in .*half\.json, saw something else: .*line 1/);
    expect(wrong.stderr).to.contain(
      "serves chain 1, not 31337. Nothing was sent. Point the relayer at a node",
    );
    expect(sign.stderr)
      .to.contain("answered, but not in JSON-RPC")
      .and.to.contain("Is this the URL of a node");
    expect(disabled.stderr).to.contain(rig.sender.keyArn).and.to.contain("DisabledException");
    for (const { code, stdout } of [config, json, wrong, sign, disabled])
      expect([code, stdout]).to.deep.equal([1, ""]);
    for (const name of ["cli-config", "cli-wrong", "cli-html", "cli-disabled"])
      expect(rig.hasData(name), name).to.equal(false);
  });

  it("ends with 1 on a full disk, naming the file and the remedy, with nothing written by half", async function () {
    if (process.platform === "win32") this.skip(); // it has no limit for a process's files
    const config = rig.write("cli-full", file());
    const { dataDirectory } = rig.config("cli-full", file());
    expect((await run("cli-full", file(), "--check")).code).to.equal(0);
    // No file of the process may grow beyond the largest there is, and a little.
    const sizes = ["ledger.db", "signer-1.db"].map((name) => statSync(path.join(dataDirectory, name)).size);
    const limit = Math.ceil(Math.max(...sizes) / 1024) + 8;
    const command = `ulimit -f ${limit}; exec "$0" "$1" run --config "$2"`;
    const { PATH } = process.env;
    const child = spawn("bash", ["-c", command, process.execPath, CLI, config], {
      cwd: rig.folder,
      env: { PATH, ...rig.env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const [code] = (await once(child, "close")) as [number | null];
    expect(code, stderr).to.equal(1);
    expect(stderr)
      .to.match(/^nakane run: .*(ledger|signer-\d)\.db.*disk/s)
      .and.to.contain("by half");
    const ledger = await rig.ledger("cli-full");
    expect(await ledger.verifyAudit()).to.include({ intact: true });
    await ledger.close();
  });

  it("says how it is used, and refuses what it does not know with 2", async () => {
    const [help, option, word] = await Promise.all(
      [["--help"], ["--confg", "x"], ["now"]].map((args) => nakane(["run", ...args], {}, rig.folder)),
    );
    expect(help).to.include({ code: 0, stderr: "" });
    expect(help!.stdout).to.match(/^Usage: nakane run \[options\]/);
    expect([option!.code, word!.code]).to.deep.equal([2, 2]);
    expect(option!.stderr).to.match(/--confg/);
    expect(word!.stderr).to.match(/^nakane run: unexpected: now\n/);
    expect(existsSync(path.join(rig.folder, "data"))).to.equal(false);
  });

  function textFile(name: string, text: string): string {
    const place = path.join(rig.folder, name);
    writeFileSync(place, text);
    return place;
  }
});
