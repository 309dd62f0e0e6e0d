import { expect } from "chai";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { readPage } from "../docs/markdown.ts";

const run = promisify(execFile);

describe("npm start", function () {
  this.timeout(600_000); // it compiles the contracts when they changed;
  let output = "";

  before(async () => {
    output = (await run(process.execPath, ["scripts/start.ts"], { env: { ...process.env, NO_COLOR: "1" } }))
      .stdout;
  });

  it("says that prices are simulated and keys in memory, first of all", () => {
    expect(output.split("\n")[0]).to.include("simulated prices, keys in memory");
  });

  it("reads the price that was recorded, when it was observed", () => {
    expect(output).to.match(/latest +BTC\/JPY 10,480,000\.00, observed 2026-02-27 10:00:00 JST/);
    expect(output).to.match(/latest +BTC\/JPY 11,250,000\.25, observed 2026-02-27 16:00:00 JST/);
  });

  it("settles the option on the fixing and pays both sides to the last hundredth", () => {
    // Locked: 2 · (12,000,000 − 10,000,000) = 4,000,000.
    expect(output).to.match(/locked +¥4,000,000\.00,/);
    expect(output).to.match(/fixing +BTC\/JPY 11,250,000\.25, final for ever/);
    // Buyer: 2 · (11,250,000.25 − 10,000,000.00) = 2,500,000.50; seller: 4,000,000.00 − 2,500,000.50 = 1,499,999.50.
    expect(output).to.match(/buyer +¥2,500,000\.50 /);
    expect(output).to.match(/seller +¥1,499,999\.50 /);
    expect(output).to.match(/contract +¥0\.00 left/);
  });

  it("prints what README shows of it", () => {
    const shown = readPage("README.md").blocks.find(({ language }) => language === "text");
    expect(shown?.code.length ?? 0).to.be.greaterThan(100);
    expect(output).to.include(shown!.code);
  });
});
