import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { hexlify } from "ethers";

import { RehearsalError } from "../../../oracle/config/refuse-production.ts";
import { networkSalt, type NetworkMode } from "../../../oracle/report/digest.ts";
import { UsageError } from "../../../oracle/usage-error.ts";
import { refuseBooks } from "../../../scripts/start/refuse-books.ts";
import { readStartOptions } from "../../../scripts/start/start-options.ts";

describe("refuseBooks", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nakane-books-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const entry = { address: `0x${"1".repeat(40)}`, codeHash: `0x${"2".repeat(64)}`, constructorArguments: [] };
  /** A book of a network, in a file. @returns its path */
  const book = (
    network: string,
    mode: NetworkMode,
    chainId: number,
    salt = networkSalt(network, mode),
  ): string => {
    const file = path.join(folder, `${network}-${mode}-${chainId}.json`);
    const contracts = { gate: entry, oracle: entry, catalog: entry };
    writeFileSync(
      file,
      JSON.stringify({ format: 1, network, mode, chainId, salt: hexlify(salt), block: 1, contracts }),
    );
    return file;
  };
  const start =
    (network: string, ...args: readonly string[]) =>
    () => {
      refuseBooks(readStartOptions(args)!, network);
    };

  it("lets a run pass whose salt and chain are its own", () => {
    start("rehearsal-1", "--book", book("tokyo", "production", 1))();
    start("rehearsal-1")();
  });

  it("refuses the chain of a production network, simulated or replayed", () => {
    const file = book("tokyo", "production", 31_337);
    const message = `the chain id 31337 is that of the production network tokyo (${file})`;
    expect(start("rehearsal-1", "--book", file)).to.throw(RehearsalError, message);
    expect(start("rehearsal-1", "--replay", "a.csv", "--book", file)).to.throw(RehearsalError, message);
    expect(start("rehearsal-1", "--chain-id", "5", "--book", book("osaka", "production", 5))).to.throw(
      RehearsalError,
    );
    start("rehearsal-1", "--chain-id", "6", "--book", file)();
  });

  it("refuses the salt of a production network, whatever that is called", () => {
    const file = book("tokyo", "production", 1, networkSalt("rehearsal-1", "test"));
    expect(start("rehearsal-1", "--book", file)).to.throw(
      RehearsalError,
      /the salt 0x[0-9a-f]{64} is that of/,
    );
  });

  it("minds all the books it is told of, and only production's", () => {
    const [test, production] = [book("nagoya", "test", 31_337), book("tokyo", "production", 31_337)];
    start("rehearsal-1", "--book", test)();
    expect(start("rehearsal-1", "--book", test, "--book", production)).to.throw(RehearsalError);
  });

  it("does not go on without a book that was named, or with one that is none", () => {
    expect(start("rehearsal-1", "--book", "nowhere.json")).to.throw(
      UsageError,
      "there is no address book nowhere.json",
    );
    const file = path.join(folder, "half.json");
    writeFileSync(file, JSON.stringify({ format: 1 }));
    expect(start("rehearsal-1", "--book", file)).to.throw(`${file} is not an address book`);
  });
});
