import { expect } from "chai";

import type { SourceReport } from "../../../oracle/market/market.ts";
import { sourceTeller } from "../../../oracle/run/source-teller.ts";

const quotes = (...newFields: string[]): SourceReport => ({
  kind: "quotes",
  source: "bitflyer",
  venue: "bitflyer",
  taken: 1,
  refusals: [],
  notTaken: [],
  newFields,
});
const failed = (problem: "status" | "not-json", expected = false): SourceReport => ({
  kind: "failed",
  source: "bitflyer",
  venue: "bitflyer",
  problem,
  message: `bitflyer: ${problem}`,
  expected,
});

describe("sourceTeller", () => {
  /** What is told of these reports, one after the other, by one signer. */
  const told = (...reports: SourceReport[]) => {
    const said: Readonly<Record<string, unknown>>[] = [];
    const tell = sourceTeller((facts) => said.push(facts));
    for (const report of reports) tell(report, { name: "signer-1" });
    return said.map(({ of, source, ...rest }) => {
      expect([of, source]).to.deep.equal(["signer-1", "bitflyer"]);
      return rest;
    });
  };

  it("tells once that a source fails, again when it fails in another way, and when it is back", () => {
    expect(
      told(
        failed("status"),
        failed("status"),
        failed("not-json"),
        failed("not-json"),
        quotes(),
        quotes(),
        failed("status"),
      ),
    ).to.deep.equal([
      { problem: "status", message: "bitflyer: status" },
      { problem: "not-json", message: "bitflyer: not-json" },
      { message: "answers again" },
      { problem: "status", message: "bitflyer: status" },
    ]);
  });

  it("says nothing of a source that is well, waits, or is in maintenance", () => {
    const waiting: SourceReport = { kind: "waiting", source: "bitflyer", venue: "bitflyer", wait: 100 };
    expect(told(quotes(), waiting, failed("status", true), quotes())).to.deep.equal([]);
  });

  it("names fields that a reader does not know", () => {
    const [first, ...more] = told(quotes("state", "fee"), quotes());
    expect(first).to.deep.include({ newFields: ["state", "fee"] });
    expect(first!["message"]).to.match(/does not know and does not use; .* the reader must learn it/);
    expect(more).to.deep.equal([]);
  });

  it("keeps signers apart: each has a market view of its own", () => {
    const said: unknown[] = [];
    const tell = sourceTeller((facts) => said.push(facts["of"]));
    for (const name of ["signer-1", "signer-2", "signer-1"]) tell(failed("status"), { name });
    expect(said).to.deep.equal(["signer-1", "signer-2"]);
  });
});
