import { expect } from "chai";

import { UsageError } from "../../../oracle/usage-error.ts";
import { readStartOptions, USAGE } from "../../../scripts/start/start-options.ts";

const read = (line: string) => readStartOptions(line === "" ? [] : line.split(" "));

function complaint(line: string): string {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "none";
}

describe("readStartOptions", () => {
  it("simulates from the seed that its usage names where nothing is asked for", () => {
    const seed = Number(/--seed N .*\((\d+)\)/.exec(USAGE)?.[1]);
    const expected = {
      mode: { kind: "simulated", seed },
      untilSettled: false,
      json: false,
      size: 2n,
      apiPort: undefined,
      rpcPort: undefined,
      network: undefined,
      chainId: 31_337,
      books: [],
    };
    expect(read("")).to.deep.equal(expected);
    expect(read("--simulated")).to.deep.equal(expected);
  });

  it("takes every option of its usage", () => {
    expect(
      read(
        "--replay a.csv --symbol BTC/EUR --until-settled --json --size 7 --port 0 --rpc-port 9545 --network tokyo-2 --chain-id 5 --book a.json --book b.json",
      ),
    ).to.deep.equal({
      mode: { kind: "replay", file: "a.csv", symbol: "BTC/EUR" },
      untilSettled: true,
      json: true,
      size: 7n,
      apiPort: 0,
      rpcPort: 9545,
      network: "tokyo-2",
      chainId: 5,
      books: ["a.json", "b.json"],
    });
    expect(read("--live")?.mode).to.deep.equal({ kind: "live" });
    expect(read("--seed 77")?.mode).to.deep.equal({ kind: "simulated", seed: 77 });
    expect(read("--replay a.csv")?.mode).to.deep.equal({ kind: "replay", file: "a.csv", symbol: undefined });
  });

  it("says nothing to options but help where help is asked for", () => {
    expect(read("--help")).to.equal(undefined);
  });

  it("refuses two modes at once", () => {
    expect(complaint("--live --simulated")).to.equal("--simulated and --live do not go together");
    expect(complaint("--replay a.csv --live")).to.equal("--live and --replay do not go together");
    expect(complaint("--replay a.csv --simulated --live")).to.equal(
      "--simulated and --live and --replay do not go together",
    );
  });

  it("refuses what it does not know, with how it is used", () => {
    expect(complaint("--untilsettled")).to.contain("'--untilsettled'").and.to.contain(USAGE);
    expect(complaint("file.csv")).to.equal(`unexpected: file.csv\n\n${USAGE}`);
    expect(complaint("--replay")).to.contain("argument missing").and.to.contain(USAGE);
  });

  it("takes a symbol for a file only", () => {
    const expected = "--symbol says what a file is of: it goes with --replay";
    expect(complaint("--symbol BTC/USD")).to.equal(expected);
    expect(complaint("--symbol BTC/USD --live")).to.equal(expected);
  });

  it("takes a pair for a symbol", () => {
    for (const text of ["nonsense", "btc/usd", "BTC-USD", "BTC/", "BTC/USD/JPY"])
      expect(complaint(`--replay a.csv --symbol ${text}`)).to.equal(
        `--symbol takes a pair in capitals, such as BTC/USD, got ${text}`,
      );
  });

  it("refuses one port for two, but lets both be any", () => {
    expect(complaint("--port 9000 --rpc-port 9000")).to.equal(
      "--port and --rpc-port are both 9000; each needs one of its own",
    );
    expect(readStartOptions(["--port", "0", "--rpc-port", "0"])).to.include({ apiPort: 0, rpcPort: 0 });
  });

  it("refuses numbers that cannot be, with the limits", () => {
    expect(complaint("--seed -1")).to.contain("--seed");
    expect(complaint("--seed 2147483648")).to.equal(
      "--seed takes a whole number from 0 to 2147483647, got 2147483648",
    );
    expect(complaint("--size 0")).to.equal("--size takes a whole number from 1 to 1000000, got 0");
    expect(complaint("--size 1.5")).to.equal("--size takes a whole number from 1 to 1000000, got 1.5");
    expect(complaint("--port 65536")).to.equal("--port takes a whole number from 0 to 65535, got 65536");
    expect(complaint("--rpc-port x")).to.equal("--rpc-port takes a whole number from 0 to 65535, got x");
    expect(complaint("--chain-id 0")).to.equal("--chain-id takes a whole number from 1 to 2147483647, got 0");
  });

  it("refuses a network's name that no network has", () => {
    for (const name of ["Tokyo", "to kyo", "", "a".repeat(33)])
      expect(() => readStartOptions(["--network", name])).to.throw(
        UsageError,
        "--network takes 1 to 32 of a-z, 0-9",
      );
    expect(readStartOptions(["--network", "a".repeat(32)])?.network).to.have.length(32);
  });
});
