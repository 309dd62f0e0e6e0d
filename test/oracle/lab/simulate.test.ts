import { execFileSync, spawn, spawnSync } from "node:child_process";
import { on, once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { expect } from "chai";

import { simulateCommand } from "../../../oracle/lab/simulate-command.ts";
import { systemClock } from "../../../oracle/clock.ts";
import { renderReport } from "../../../oracle/lab/report/render-report.ts";
import { readSeries } from "../../../oracle/lab/read-series.ts";
import { settle, simulate } from "../../../oracle/lab/simulate.ts";
import { writeResult } from "../../../oracle/lab/outputs/write-result.ts";
import { UsageError } from "../../../oracle/usage-error.ts";
import { SMALL } from "./small-scenario.ts";

const TINY = { ...SMALL, market: { points: 40 }, options: { count: 6, life: { from: 600, to: 1_200 } } };
const SWEPT = { ...TINY, sweep: { deviation: ["0.1%", "1%"], latency: [0, 30] } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "nakane-simulate-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function hashes(scenario: typeof TINY, seed?: number): Promise<string> {
  const result = await simulate({ scenario, ...(seed === undefined ? {} : { seed }) });
  writeResult(result, folder, await renderReport(result));
  return readFileSync(path.join(folder, "SHA256SUMS"), "utf8");
}

/** The command, as the command line runs it. */
async function command(...args: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const code = await simulateCommand.run(args, {
    env: {},
    clock: systemClock(),
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    stop: new AbortController().signal,
  });
  return { code, out: lines.join("\n") };
}

describe("simulate", function () {
  this.timeout(240_000);

  it("the same seed gives the same bytes in every file, another seed others", async () => {
    const first = await hashes(TINY);
    expect(first.trim().split("\n").length).to.be.at.least(15);
    expect(first).to.match(/^[0-9a-f]{64} {2}report\.html$/m);
    expect(await hashes(TINY)).to.equal(first);
    expect(await hashes(TINY, 12)).to.not.equal(first);
  });

  it("writes CSV that pandas loads with no flags: every row and column, numbers as numbers", async function () {
    const python = ["/usr/bin/python3", "python3"].find(
      (name) => spawnSync(name, ["-c", "import pandas"]).status === 0,
    );
    if (python === undefined) this.skip(); // no pandas on this machine
    await hashes(TINY);
    const script = `import pandas, glob, json, os, sys
print(json.dumps({os.path.basename(f): [len(d), list(d.columns), [str(t) for t in d.dtypes]]
  for f in sorted(glob.glob(sys.argv[1] + "/*.csv")) for d in [pandas.read_csv(f)]}))`;
    const loaded = JSON.parse(execFileSync(python, ["-c", script, folder], { encoding: "utf8" })) as Record<
      string,
      [number, string[], string[]]
    >;
    const files = readdirSync(folder).filter((file) => file.endsWith(".csv"));
    expect(Object.keys(loaded)).to.deep.equal(files.sort());
    for (const file of files) {
      const [header, ...rows] = readFileSync(path.join(folder, file), "utf8").trimEnd().split("\r\n");
      expect(loaded[file]!.slice(0, 2), file).to.deep.equal([rows.length, header!.split(",")]);
    }
    expect(loaded["prices.csv"]![2]).to.deep.equal(["int64", "int64"]);
  });

  it("a run that was killed goes on behind its finished parts, and comes to the same", async () => {
    const whole = await simulate({ scenario: SWEPT });
    const parts = path.join(folder, "parts");
    const stop = new AbortController();
    const killed = await simulate({
      scenario: SWEPT,
      parts,
      stop: stop.signal,
      onProgress: ({ what, done }) => {
        if (what === "sweep" && done === 1) stop.abort(new Error("killed"));
      },
    }).catch((error: unknown) => error);
    expect((killed as Error).message).to.equal("killed");
    const kept = readdirSync(parts);
    expect(kept.length).to.be.at.least(2).and.below(5);

    let reRun = false;
    const resumed = await simulate({
      scenario: SWEPT,
      parts,
      onProgress: ({ what }) => {
        reRun ||= what === "run";
      },
    });
    expect(reRun).to.equal(false);
    expect(resumed).to.deep.equal(whole);
  });

  it("as a command that is killed outright, resumed it writes the same bytes; and its standard output is one JSON", async () => {
    const scenario = path.join(folder, "swept.json");
    writeFileSync(scenario, JSON.stringify(SWEPT));
    const args = (out: string, ...more: string[]) => [
      ...["oracle/cli.ts", "simulate", scenario, "--json", "--out", path.join(folder, out), ...more],
    ];
    const sums = (out: string) => readFileSync(path.join(folder, out, "SHA256SUMS"), "utf8");
    // Three processes, and no git for them to ask: whoever commits meanwhile changes no byte.
    const env = { ...process.env, PATH: "" };
    const whole = execFileSync(process.execPath, args("whole"), { encoding: "utf8", env });
    expect(JSON.parse(whole)).to.have.property("settlements");

    mkdirSync(path.join(folder, "killed", ".parts"), { recursive: true });
    const kept = watch(path.join(folder, "killed", ".parts"));
    const killed = spawn(process.execPath, args("killed", "--resume"), { stdio: "ignore", env });
    const ended = once(killed, "exit");
    for await (const [, name] of on(kept, "change")) if (String(name).endsWith(".part")) break;
    kept.close();
    killed.kill("SIGKILL");
    expect(await ended).to.deep.equal([null, "SIGKILL"]);
    expect(readdirSync(path.join(folder, "killed"))).to.deep.equal([".parts"]);

    execFileSync(process.execPath, args("killed", "--resume"), { env });
    expect(sums("killed")).to.equal(sums("whole"));
  });

  it("a sweep has a row for each combination, in their order", async () => {
    const { studies } = await simulate({ scenario: SWEPT });
    const sweep = studies.find(({ name }) => name === "sweep");
    expect(sweep?.rows.map(([deviation, , latency]) => [deviation, latency])).to.deep.equal([
      ["0.1", 0],
      ["0.1", 30],
      ["1", 0],
      ["1", 30],
    ]);
    const worst = sweep!.columns.findIndex(({ name }) => name === "latest_p95");
    expect(Number(sweep!.rows[0]![worst])).to.be.below(Number(sweep!.rows[3]![worst]));
  });

  it("reads a CSV of one's own by the names of its columns, tells of gaps and outliers, and fills nothing", async () => {
    const file = path.join(folder, "mine.csv");
    const scenario = path.join(folder, "tiny.json");
    const from = Date.UTC(2026, 0, 5) / 1000;
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${from + i * 60},x,${i === 50 ? 200 : 100 + (i % 3)}.5`,
    );
    rows.splice(20, 7);
    writeFileSync(file, ["when,what,worth", ...rows].join("\n"));
    writeFileSync(scenario, JSON.stringify(TINY));
    const out = path.join(folder, "out");
    const own = ["--file", file, "--symbol", "BTC/USD", "--time-column", "when", "--price-column", "worth"];
    const { code, out: said } = await command(scenario, ...own, "--out", out);
    expect(code).to.equal(0);
    expect(said).to.match(
      /volatility [\d.]+ a year, [\d.]+ % of its variance in jumps, autocorrelation -?0[\d.]* ± 0\.\d+/,
    );
    expect(said).to.include("53 of mine.csv, columns when and worth; 1 gap, 2 outliers");
    const summary = JSON.parse(readFileSync(path.join(out, "summary.json"), "utf8")) as {
      gaps: { missing: number }[];
      manifest: { data: { sha256: string }; provenance: string };
      fixings: Record<string, number>;
    };
    expect(summary.gaps.map(({ missing }) => missing)).to.deep.equal([7]);
    expect(summary.manifest.provenance).to.equal("replay");
    expect(summary.manifest.data.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(summary.fixings["no-price"]).to.equal(1);
    expect(readdirSync(out)).to.include.members(["trades.csv", "rounds.csv", "settlements.csv", "gas.csv"]);
    expect(readdirSync(out)).to.not.include(".parts");
  });

  it("on prices of one's own the bytes are the same in every folder, and nothing of another run is left there", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${1_767_571_200 + i * 60},${100 + (i % 3)}.5`);
    const scenario = path.join(folder, "tiny.json");
    writeFileSync(scenario, JSON.stringify(TINY));
    const sums = ["here", "there"].map(async (name) => {
      const place = path.join(folder, name);
      mkdirSync(path.join(place, "out"), { recursive: true });
      writeFileSync(path.join(place, "mine.csv"), ["time,close", ...rows].join("\n"));
      writeFileSync(path.join(place, "out", "study-sweep.csv"), "of another run");
      writeFileSync(path.join(place, "out", "notes.txt"), "of the user's");
      writeFileSync(path.join(place, "out", "SHA256SUMS"), `${"0".repeat(64)}  study-sweep.csv\n`);
      const file = ["--file", path.join(place, "mine.csv"), "--symbol", "BTC/USD"];
      await command(scenario, ...file, "--out", path.join(place, "out"));
      expect(readdirSync(path.join(place, "out")))
        .to.include("notes.txt")
        .and.not.include("study-sweep.csv");
      const report = readFileSync(path.join(place, "out", "report.html"), "utf8");
      expect(report).to.not.include(folder);
      expect(report)
        .to.include("<h1>Small on mine.csv</h1>")
        .and.include("Prices of mine.csv, and all else as");
      return readFileSync(path.join(place, "out", "SHA256SUMS"), "utf8");
    });
    const [here, there] = await Promise.all(sums);
    expect(there).to.equal(here);
  });

  it("a path that is drawn from a file is not said to be the file's", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${1_767_571_200 + i * 60},${100 + (i % 3)}.5`);
    writeFileSync(path.join(folder, "btcusd.csv"), ["time,close", ...rows].join("\n"));
    const drawn = {
      ...TINY,
      market: { points: 40, path: { kind: "bootstrap", of: "btcusd.csv", block: 5 } },
    };
    writeFileSync(path.join(folder, "drawn.json"), JSON.stringify(drawn));
    const { out } = await command(path.join(folder, "drawn.json"), "--out", path.join(folder, "out"));
    expect(out).to.include("40 of BTC/JPY, a synthetic path drawn from btcusd.csv;");
    const report = readFileSync(path.join(folder, "out", "report.html"), "utf8");
    expect(report).to.include("Its returns are drawn from btcusd.csv (bars with a time and a close).");
    expect(report).to.not.include("has no gaps");
  });

  it("what gzip packed is read, whatever it is called, and half of it is refused", () => {
    const packed = gzipSync("time,close\n1767571200,1\n1767571260,2\n");
    const read = (name: string, bytes: Buffer) => {
      writeFileSync(path.join(folder, name), bytes);
      const { scenario } = settle({ scenario: TINY, file: { path: path.join(folder, name) } });
      return readSeries(scenario, folder).file.points.length;
    };
    for (const name of ["btcusd.csv.gz", "btcusd.csv"]) expect(read(name, packed)).to.equal(2);
    expect(() => read("ethusd.csv.gz", packed.subarray(0, 30))).to.throw(
      UsageError,
      `${path.join(folder, "ethusd.csv.gz")} cannot be unpacked: unexpected end of file`,
    );
  });

  it("says what there is where something is asked for that is not there", async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const error: unknown = await command(...args).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UsageError);
      return (error as Error).message;
    };
    expect(await refused("quite-day")).to.include('did you mean "quiet-day"?');
    expect(await refused("quiet-day", "--seed", "1.5")).to.include("whole number");
    expect(await refused("quiet-day", "--symbol", "BTC/USD")).to.include("--file");
    expect(await refused("quiet-day", "--file", path.join(folder, "none.csv"), "--out", folder)).to.include(
      "there is no file",
    );
    const unpaired: unknown = await command("quiet-day", "--file", "mine.csv", "--symbol", "btcusd").catch(
      (thrown: unknown) => thrown,
    );
    expect((unpaired as Error).message).to.include(
      'market.path.symbol: a pair in capitals, such as BTC/JPY, saw "btcusd"',
    );
    expect((await command("--list")).out.split("\n")).to.have.length(8);
  });

  it("refuses a folder that cannot be made before it runs anything, and leaves no empty one behind", async () => {
    const file = path.join(folder, "a-file");
    writeFileSync(file, "");
    const tell = (...args: string[]) =>
      command("quiet-day", ...args).then(
        () => "done",
        (error: unknown) => (error as Error).message,
      );
    expect(await tell("--out", path.join(file, "out"))).to.include(`cannot make the folder ${file}`);
    const prices = path.join(folder, "btcusd.csv");
    writeFileSync(prices, "time,close\n2026-01-05T00:00:00Z,soon\n");
    const own = path.join(folder, "own");
    expect(await tell("--file", prices, "--out", path.join(own, "out"))).to.include("btcusd.csv, line 2");
    expect(existsSync(own)).to.equal(false);
  });
});
