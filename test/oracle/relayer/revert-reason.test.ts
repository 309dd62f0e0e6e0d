import { expect } from "chai";

import { ORACLE } from "../../../oracle/relayer/oracle-abi.ts";
import { revertName, revertReason } from "../../../oracle/relayer/revert-reason.ts";

describe("revertReason", () => {
  it("names the contract's error, and its arguments", () => {
    const data = ORACLE.encodeErrorResult("FutureReport", [20, 10]);
    expect(revertReason(data)).to.equal("FutureReport(observedAt 20, now_ 10)");
    expect(revertName(data)).to.equal("FutureReport");
  });

  it("says so where there is no reason, or one that is not the contract's", () => {
    expect(revertReason(undefined)).to.equal("without a reason");
    expect(revertReason("0x")).to.equal("without a reason");
    expect(revertReason("0xdeadbeef")).to.equal("with 0xdeadbeef, which is no error of the oracle");
    expect(revertName(undefined)).to.equal(undefined);
    expect(revertName("0xdeadbeef")).to.equal(undefined);
  });
});
