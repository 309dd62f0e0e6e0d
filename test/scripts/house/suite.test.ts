import { expect } from "chai";

import { formatCounts, readCounts, runSuite, summarise } from "../../../scripts/house/suite.ts";

/** Runs something while what it prints is kept instead of shown. */
async function quietly<T>(action: () => T | Promise<T>): Promise<[T, string]> {
  const { log } = console;
  const write = process.stdout.write.bind(process.stdout);
  let printed = "";
  console.log = (line = "") => void (printed += `${String(line)}\n`);
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text.toString();
    return true;
  };
  try {
    return [await action(), printed];
  } finally {
    console.log = log;
    process.stdout.write = write;
  }
}

const node = (code: string) => () => runSuite("a suite", process.execPath, ["-e", code]);

describe("suite", () => {
  it("reads the totals of mocha and of Hardhat's Solidity tests, the last ones printed", () => {
    expect(readCounts("  1 passing (5ms)\n\n  12 passing (1s)\n  3 pending\n  2 failing\n")).to.deep.equal({
      passed: 12,
      failed: 2,
      skipped: 3,
    });
    expect(readCounts("\u001b[32m7 passing\u001b[39m\n\u001b[36m1 skipped\u001b[39m\n")).to.deep.equal({
      passed: 7,
      failed: 0,
      skipped: 1,
    });
  });

  it("takes a test's title that speaks of passing for no total", () => {
    expect(readCounts("    ✔ counts 9 passing cars\n  1 passing\n").passed).to.equal(1);
  });

  it("prints skipped ones only where there are some", () => {
    expect(formatCounts({ passed: 5, failed: 0, skipped: 0 })).to.equal("5 passed, 0 failed");
    expect(formatCounts({ passed: 5, failed: 1, skipped: 2 })).to.equal("5 passed, 1 failed, 2 skipped");
  });

  it("counts what a suite printed, and shows it as it comes", async () => {
    const [result, printed] = await quietly(node("console.log('  4 passing')"));
    expect(result).to.include({ name: "a suite", ok: true, passed: 4, failed: 0 });
    expect(printed).to.include("4 passing");
  });

  it("a suite that ends badly has failed, even without a failed test", async () => {
    const [crashed] = await quietly(node("console.log('  4 passing'); process.exit(3)"));
    expect(crashed).to.include({ ok: false, passed: 4, failed: 1 });
    const [failed] = await quietly(node("console.log('  4 passing\\n  2 failing'); process.exit(2)"));
    expect(failed).to.include({ ok: false, passed: 4, failed: 2 });
    const [lying] = await quietly(node("console.log('  4 passing\\n  2 failing')"));
    expect(lying).to.include({ ok: false });
  });

  it("a suite that has said all and does not end is ended, and has failed", async () => {
    const [hanging, printed] = await quietly(() =>
      runSuite(
        "a suite",
        process.execPath,
        ["-e", "console.log('  4 passing'); setInterval(() => 0, 1000)"],
        process.env,
        { timeToEnd: 50 },
      ),
    );
    expect(hanging).to.include({ ok: false, passed: 4, failed: 1 });
    expect(printed).to.include("a suite has said all and does not end");
  });

  it("a suite that says nothing for long is said to be at it still, and none that speaks", async () => {
    const [, silent] = await quietly(() =>
      runSuite(
        "a suite",
        process.execPath,
        ["-e", "setTimeout(() => console.log('  4 passing'), 300)"],
        process.env,
        {
          silence: 20,
        },
      ),
    );
    expect(silent).to.match(/^ {2}a suite: still at it, \d+ s$/m);
    const [result, spoken] = await quietly(node("console.log('  4 passing')"));
    expect(spoken).not.to.include("still at it");
    expect(result).to.include({ passed: 4, failed: 0 });
  });

  it("the sum is the last line, and one bad suite fails the whole", async () => {
    const suite = (name: string, ok: boolean, failed: number) => ({
      name,
      ok,
      seconds: 1.25,
      passed: 3,
      failed,
      skipped: 1,
    });
    const [code, printed] = await quietly(() => summarise([suite("one", true, 0), suite("two", false, 2)]));
    expect(code).to.equal(1);
    expect(printed.trimEnd().split("\n").at(-1)).to.equal("6 passed, 2 failed, 2 skipped");
    expect(printed)
      .to.match(/one +1\.3 s +ok/)
      .and.match(/two +1\.3 s +FAILED/);
    expect((await quietly(() => summarise([suite("one", true, 0)])))[0]).to.equal(0);
  });
});
