import { expect } from "chai";
import fc from "fast-check";

import { recordCalldata } from "../../../oracle/relayer/calldata.ts";
import { ORACLE } from "../../../oracle/relayer/oracle-abi.ts";

describe("recordCalldata", () => {
  it("is what ethers encodes, whatever the length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (report) => {
        expect(recordCalldata(report)).to.equal(ORACLE.encodeFunctionData("record", [report]));
      }),
    );
  });
});
