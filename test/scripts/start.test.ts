import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import { hexlify } from "ethers";

import { systemClock } from "../../oracle/clock.ts";
import { formatUnits } from "../../oracle/decimal.ts";
import { openLedger } from "../../oracle/ledger/open-ledger.ts";
import { readAddressBook } from "../../oracle/relayer/address-book.ts";
import { networkSalt } from "../../oracle/report/digest.ts";
import { NO_PRICE } from "../../oracle/report/word.ts";
import { readPage } from "../docs/markdown.ts";
import { marketData } from "../utils/outside-files.ts";
import { StartFolder, StartProcess, startAndEnd } from "./start-process.ts";

const run = promisify(execFile);

/** What `--json` ends with, as far as these tests look. */
interface Summary {
  readonly mark: string | null;
  readonly reports: number;
  readonly recorded: number;
  readonly feeds: readonly string[];
  readonly latest: readonly {
    readonly feed: string;
    readonly agreed: string | null;
    readonly onChain: string | null;
  }[];
  readonly fixing: { readonly feed: string; readonly time: number; readonly price: string };
  readonly options: readonly Paid[];
  readonly option: (Paid & { readonly expectedPayoff: string }) | null;
  readonly gas: Readonly<Record<string, unknown>>;
}
interface Paid {
  readonly feed: string;
  readonly decimals: number;
  readonly kind: string;
  readonly strike: string;
  readonly expiry: number;
  readonly size: string;
  readonly fixing: string | null;
  readonly payoff: string;
}

/** The line that the output ends with. */
function summaryOf(stdout: string): Summary {
  const lines = stdout.trimEnd().split("\n");
  expect(lines, "nothing but the line goes to standard output").to.have.length(1);
  return JSON.parse(lines[0]!) as Summary;
}

/** "11,245,406.25" in units, whatever its decimals. */
const units = (text: string): bigint => BigInt(text.replace(/[,.]/g, ""));

describe("npm start", function () {
  this.timeout(300_000); // it compiles the contracts when they changed
  const folder = new StartFolder();
  after(() => {
    folder.remove();
  });

  describe("as it is", () => {
    const taken = createServer();
    let output = "";
    let screen: string[] = [];
    let started: StartProcess;
    const commands = () => screen.filter((line) => line.startsWith("  curl "));
    const api = () => /http:\/\/127\.0\.0\.1:\d+/.exec(commands()[0] ?? "")?.[0] ?? "";

    before(async () => {
      // By us, or by somebody else already. Not events.once: where that waits for listening, an error rejects it.
      await new Promise((settled) =>
        taken.once("listening", settled).once("error", settled).listen(8080, "127.0.0.1"),
      );
      for (const day of [1, 2, 3, 4])
        mkdirSync(path.join(folder.path, `.nakane/2026-01-0${day}T000000Z`), { recursive: true });
      started = new StartProcess(folder);
      await started.until("Ctrl-C");
      output = started.stdout;
      screen = output
        .slice(output.lastIndexOf("\nPrices") + 1)
        .trimEnd()
        .split("\n");
    });
    after(async () => {
      await started.interrupt();
      taken.close();
    });

    it("says that prices are simulated, first of all and wherever one shows", () => {
      expect(output.split("\n")[0]).to.match(/^Nakane: .* SIMULATED$/);
      const priced = output.split("\n").filter((line) => /(BTC|ETH)\/(JPY|BTC) +[\d,.]+/.test(line));
      expect(priced.length).to.be.greaterThan(8);
      for (const line of [...priced, ...output.split("\n").filter((each) => /^( {2}sold |Paid)/.test(each))])
        expect(line).to.contain("SIMULATED");
    });

    it("leaves the venue that lies out, and lets it back in", () => {
      const lie = /bitbank says BTC\/JPY ([\d,]+) SIMULATED; the others agree on ([\d,]+): left out/.exec(
        output,
      );
      expect(Number(units(lie![1]!)) / Number(units(lie![2]!))).to.be.within(9.9, 10.1);
      expect(output).to.match(/bitbank is back with the others after \d+ s/);
      expect(output.match(/left out/g)).to.have.length(1);
    });

    it("signs by three of four, and has a forged report refused", () => {
      expect(output).to.match(/first report: root [0-9a-f]{16}…, signed by signers \d, \d, \d of 4/);
      expect(output).to.match(/forged .*the chain says BadSignature\(\d\)/);
    });

    it("sells a call and a put, settles the option on the fixing and pays both sides: exactly one pays, by arithmetic that is right", () => {
      const settled = [...output.matchAll(/the (call|put): ([\d,]+) .*to the buyer, ([\d,]+)/g)];
      expect(settled.map(([, kind]) => kind)).to.deep.equal(["call", "put"]);
      const locked = [...output.matchAll(/: locked ([\d,]+)/g)].map(([, amount]) => units(amount!));
      const paidOut = [...output.matchAll(/the (?:call|put): ([\d,]+)[^,]* to the buyer, ([\d,]+)/g)];
      expect(paidOut.map(([, buyer, seller]) => units(buyer!) + units(seller!))).to.deep.equal(locked);
      const [paying, ...more] = settled.filter(([, , paid]) => paid !== "0");
      expect(more).to.deep.equal([]);
      const line = screen.find((one) => one.startsWith("  payoff"))!;
      const [, kind, payoff, size, from, less] =
        /the (call|put) pays ([\d,]+)\D* = ([\d,]+)\D* × \(([\d,]+) − ([\d,]+)\)/.exec(line)!;
      expect([kind, payoff]).to.deep.equal([paying![1], paying![2]]);
      expect(units(payoff!)).to.equal(units(size!) * (units(from!) - units(less!)));
      const [, strike] = /first fixing: BTC\/JPY ([\d,]+)/.exec(output)!;
      const [, fixing] = /last fixing: BTC\/JPY ([\d,]+)/.exec(output)!;
      expect(kind === "call" ? [less, from] : [from, less]).to.deep.equal([strike, fixing]);
    });

    it("prints what README shows of it, but for the numbers", () => {
      const shape = (line: string) => line.replace(/[▁-█]+/g, "~").replace(/\d[\d,.]*/g, "#");
      const printed = new Set(output.split("\n").map(shape));
      const shown = readPage("README.md").blocks.find(({ language }) => language === "text");
      const lines = shown!.code.trimEnd().split("\n");
      expect(lines.length).to.be.greaterThan(15);
      for (const line of lines) expect(printed, line).to.include(shape(line));
    });

    it("ends with a screen of at most 24 lines", () => {
      expect(screen[0]).to.match(/^Prices/);
      const rows = screen.map((line) => Math.max(1, Math.ceil(line.length / 80)));
      expect(
        rows.reduce((sum, each) => sum + each),
        "lines of 80 characters",
      ).to.be.at.most(24);
      expect(screen.at(-1)).to.contain("Ctrl-C");
    });

    it("passes over the port that is taken, and prints the new one", async () => {
      expect(Number(new URL(api()).port)).to.be.greaterThan(8080);
      const { feeds } = (await (await fetch(`${api()}/v1/feeds`)).json()) as { feeds: { symbol: string }[] };
      expect(feeds.map(({ symbol }) => symbol)).to.deep.equal(["BTC/JPY", "ETH/JPY", "ETH/BTC"]);
    });

    it("prints four commands that work as they are, one of which reads the price that was recorded", async () => {
      const answers = await Promise.all(
        commands().map(async (command) => JSON.parse((await run("bash", ["-c", command])).stdout) as object),
      );
      expect(answers).to.have.length(4);
      const [latest, fixing, ready, call] = answers;
      const [, last] = /last fixing: BTC\/JPY ([\d,]+)/.exec(output)!;
      expect(latest).to.deep.nested.include({
        "feed.symbol": "BTC/JPY",
        "agreed.status": "priced",
        "agreed.price.mark": "SIMULATED",
        "chain.status": "recorded",
      });
      expect(fixing).to.nested.include({ status: "final", "price.units": String(units(last!)) });
      expect(ready).to.include({ ready: true });
      expect(BigInt((call as { result: string }).result)).to.equal(units(last!));
    });

    it("keeps the newest three folders, with everything of this run in its own", () => {
      const runs = folder.runs();
      expect(runs).to.have.length(3);
      expect(runs.slice(0, 2)).to.deep.equal(["2026-01-03T000000Z", "2026-01-04T000000Z"]);
      expect(output).to.contain(path.join(".nakane", runs[2]!));
      const files = ["address-book.json", "kms-events.jsonl", "ledger.db", "signer-1.db", "signer-4.db"];
      expect(readdirSync(path.join(folder.path, ".nakane", runs[2]!))).to.include.members(files);
      const book = readAddressBook(folder.file("address-book.json"));
      expect(book).to.include({ mode: "test", chainId: 31_337 });
      expect(output).to.contain(book.contracts.oracle.address);
    });

    it("ends with 0 within three seconds of Ctrl-C, all of it on disk", async () => {
      // What takes longer than that, it ends itself, with 1.
      expect(await started.interrupt(), started.stdout + started.stderr).to.equal(0);
      const ledger = await openLedger({
        file: folder.file("ledger.db"),
        instance: "start",
        clock: systemClock(),
      });
      expect(await ledger.verifyAudit()).to.include({ intact: true });
      const newest = (await ledger.newestReport())!;
      expect(newest.provenance).to.equal("simulated");
      expect((await ledger.fixingTimes(0, newest.observedAt)).length).to.be.at.least(24);
      await ledger.close();
    });
  });

  describe("--replay", () => {
    /** 2026-01-05 00:00 UTC. Forty minutes; the bar of minute i begins there, and is known a minute later. */
    const BEGIN = Date.UTC(2026, 0, 5) / 1000;
    const minutes = Array.from({ length: 40 }, (_, i) => i);
    const csv = (hundredths: (i: number) => number, without: readonly number[] = []) =>
      [
        "time,close",
        ...minutes
          .filter((i) => !without.includes(i))
          .map((i) => `${BEGIN + 60 * i},${formatUnits(BigInt(hundredths(i)), 2)}`),
      ].join("\n");
    const rise = (i: number) => 10_000 + 25 * i;
    const fall = (i: number) => 20_000 - 50 * i;
    const GAP = [12, 13];

    const replay = async (own: StartFolder, text: string, ...args: readonly string[]) => {
      const file = path.join(own.path, "btcusd-minutes.csv");
      writeFileSync(file, text);
      const ports = ["--port", "0", "--rpc-port", "0"];
      return startAndEnd(own, "--replay", file, "--until-settled", "--json", ...ports, ...args);
    };
    const [rising, falling] = [new StartFolder(), new StartFolder()];
    let rose: Awaited<ReturnType<typeof replay>>;
    let fell: Awaited<ReturnType<typeof replay>>;
    before(async () => {
      [rose, fell] = await Promise.all([
        replay(rising, csv(rise), "--size", "3"),
        replay(falling, csv(fall, GAP), "--size", "3"),
      ]);
    });
    after(() => {
      rising.remove();
      falling.remove();
    });

    it("ends with 0 and one line of JSON, marked as what it is", () => {
      expect([rose.code, fell.code], rose.stderr + fell.stderr).to.deep.equal([0, 0]);
      const { mark, reports, recorded, feeds, latest, gas } = summaryOf(rose.stdout);
      expect(mark).to.equal("REPLAY");
      expect(feeds).to.deep.equal(["BTC/USD"]);
      expect(reports).to.equal(40); // one for each minute
      expect(recorded).to.be.within(8, reports); // at least every fixing
      const [newest] = latest;
      expect(newest).to.include({ feed: "BTC/USD", agreed: "109.75", observedAt: BEGIN + 2_400 });
      // The chain has what was last worth sending: less than half a percent away.
      expect(Number(newest!.onChain)).to.be.within(109.21, 109.75);
      expect(Object.keys(gas)).to.include.members(["record", "create", "buy", "settle", "claim"]);
      expect(rose.stderr).to.match(/^Nakane: BTC\/USD .* REPLAY$/m);
    });

    it("pays the call of a file that rises, as the file alone says", () => {
      const { option, options, fixing } = summaryOf(rose.stdout);
      // Struck at 00:05 with the close of 00:04, settled at 00:40 with that of 00:39:
      // 101.00 and 109.75, of which 3 are 3 × 8.75 = 26.25.
      const terms = { feed: "BTC/USD", decimals: 2, expiry: BEGIN + 2_400, size: "3" };
      const prices = { strike: "101.00", fixing: "109.75" };
      expect(option).to.deep.equal({
        ...terms,
        kind: "call",
        ...prices,
        payoff: "26.25",
        expectedPayoff: "26.25",
      });
      expect(options.map(({ kind, payoff }) => [kind, payoff])).to.deep.equal([
        ["call", "26.25"],
        ["put", "0.00"],
      ]);
      expect(fixing).to.deep.equal({ feed: "BTC/USD", time: BEGIN + 2_400, price: "109.75" });
    });

    it("pays the put of a file that falls", () => {
      const { option, options } = summaryOf(fell.stdout);
      // 198.00 at 00:05 and 180.50 at 00:40: 3 × 17.50 = 52.50.
      expect(option).to.deep.include({
        kind: "put",
        strike: "198.00",
        fixing: "180.50",
        payoff: "52.50",
        expectedPayoff: "52.50",
      });
      expect(options.map(({ payoff }) => payoff)).to.deep.equal(["0.00", "52.50"]);
    });

    it("knows a bar at its end and never before, and reports a gap instead of filling it", async () => {
      expect(fell.stderr).to.match(
        /gap +2 missing between 2026-01-05T00:11:00\.000Z and 2026-01-05T00:14:00\.000Z: no price there, nothing is filled in/,
      );
      const file = falling.file("ledger.db");
      const ledger = await openLedger({ file, instance: "start", clock: systemClock() });
      for (const i of minutes) {
        const report = (await ledger.report(BEGIN + 60 * (i + 1)))!;
        expect(report.provenance).to.equal("replay");
        expect(report.prices[0], `minute ${i}`).to.equal(GAP.includes(i) ? NO_PRICE : BigInt(fall(i)));
      }
      expect(await ledger.verifyAudit()).to.include({ intact: true });
      await ledger.close();
    });

    it("replays recorded trades, and pays what the file says", async function () {
      const name = "btcusd-bitstamp-trades-1h-2019-06-14.json";
      const text = marketData(this, name);
      const own = new StartFolder();
      try {
        const file = path.join(own.path, name);
        writeFileSync(file, text);
        const ports = ["--port", "0", "--rpc-port", "0"];
        const { code, stdout, stderr } = await startAndEnd(
          own,
          "--replay",
          file,
          "--until-settled",
          "--json",
          ...ports,
        );
        expect(code, stderr).to.equal(0);
        const { option } = summaryOf(stdout);
        expect(Number(option!.payoff)).to.be.greaterThan(0);
        expect(Number(option!.payoff)).to.equal(Number(option!.expectedPayoff));
      } finally {
        own.remove();
      }
    });
  });

  describe("what it cannot do", () => {
    const own = new StartFolder();
    after(() => {
      own.remove();
    });

    it("is said at once, with what to do, before anything is made", async () => {
      const file = path.join(own.path, "btcusd.csv");
      writeFileSync(file, "time,close\n2026-01-05T00:00:00Z,100\n2026-01-05T00:01:00Z,soon\n");
      const book = path.join(own.path, "mainnet.json");
      const entry = {
        address: `0x${"1".repeat(40)}`,
        codeHash: `0x${"2".repeat(64)}`,
        constructorArguments: [],
      };
      const contracts = { gate: entry, oracle: entry, catalog: entry };
      const salt = hexlify(networkSalt("tokyo", "production"));
      const production = {
        format: 1,
        network: "tokyo",
        mode: "production",
        chainId: 31_337,
        salt,
        block: 1,
        contracts,
      };
      writeFileSync(book, JSON.stringify(production));
      const [malformed, rehearsal, option, modes] = await Promise.all([
        startAndEnd(own, "--replay", file),
        startAndEnd(own, "--book", book),
        startAndEnd(own, "--untilsettled"),
        startAndEnd(own, "--live", "--simulated"),
      ]);
      expect(malformed).to.deep.include({ code: 1, stdout: "" });
      expect(malformed.stderr).to.match(/^\nnpm start: btcusd\.csv, line 3: close: .*"?soon/);
      expect(rehearsal).to.deep.include({ code: 1, stdout: "" });
      expect(rehearsal.stderr)
        .to.contain("npm start: a rehearsal must not be able to sign real history")
        .and.to.contain(`the chain id 31337 is that of the production network tokyo (${book})`)
        .and.to.contain("Rehearse with a network of mode test, a chain of your own");
      expect([option.code, modes.code]).to.deep.equal([2, 2]);
      expect(option.stderr).to.contain("--untilsettled").and.to.contain("Usage: npm start -- [options]");
      expect(modes.stderr).to.equal("\nnpm start: --simulated and --live do not go together\n");
      expect(existsSync(path.join(own.path, ".nakane")), "no folder was made").to.equal(false);
    });

    it("ends with 1 on a full disk, naming the file and the remedy, and nothing hangs", async function () {
      if (process.platform === "win32") this.skip(); // it has no limit for a process's files
      const full = new StartFolder();
      const command = `ulimit -f 1000; exec "$0" "$1" --until-settled --json --port 0 --rpc-port 0`;
      const args = ["-c", command, process.execPath, path.resolve("scripts/start.ts")];
      const ended = run("bash", args, { cwd: full.path, env: { ...process.env, NO_COLOR: "1" } });
      const failure = await ended.then(
        () => undefined,
        (error: unknown) => error as { code: number; stdout: string; stderr: string },
      );
      const ledger = await openLedger({
        file: full.file("ledger.db"),
        instance: "start",
        clock: systemClock(),
      });
      expect(await ledger.verifyAudit()).to.include({ intact: true });
      await ledger.close();
      full.remove();
      expect(failure, "it ended with 0").not.to.equal(undefined);
      expect([failure!.code, failure!.stdout]).to.deep.equal([1, ""]);
      expect(failure!.stderr)
        .to.match(/\nnpm start: .*(ledger|signer-\d)\.db.*\n$/s)
        .and.to.contain("first fixing")
        .and.not.to.contain("did not end in time");
    });

    it("ends with 1 at Ctrl-C where it was to wait until the options are settled", async () => {
      const early = new StartFolder();
      const started = new StartProcess(early, "--until-settled", "--port", "0", "--rpc-port", "0");
      await started.until("at full speed");
      expect(await started.interrupt(), started.stderr).to.equal(1);
      expect(started.stdout).to.contain("\nStopped before the options were settled.\n");
      early.remove();
    });

    it("ends without a word where nobody reads on", async () => {
      const early = new StartFolder();
      const started = new StartProcess(early, "--until-settled", "--port", "0", "--rpc-port", "0");
      await started.until("at full speed");
      expect([await started.leave(), started.stderr]).to.deep.equal([141, ""]);
      early.remove();
    });

    it("refuses a port that was named and is taken", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const { code, stderr } = await startAndEnd(own, "--rpc-port", String(port), "--port", "0");
      server.close();
      expect(code).to.equal(1);
      expect(stderr).to.match(
        new RegExp(
          `npm start: port ${port} is taken by another program; give --rpc-port another one, or leave it away`,
        ),
      );
    });
  });

  it("imports nothing of ours to say what an option should pay", () => {
    expect(readFileSync("scripts/expected-payoff.ts", "utf8")).not.to.match(/from "\.\.?\//);
  });
});
