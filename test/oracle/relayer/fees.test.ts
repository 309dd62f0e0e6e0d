import { expect } from "chai";

import { feesFor, gwei } from "../../../oracle/relayer/fees.ts";

describe("feesFor", () => {
  it("offers twice the base fee and the tip", () => {
    expect(feesFor(30n, { cap: 100n, tip: 2n })).to.deep.equal({
      maxFeePerGas: 62n,
      maxPriorityFeePerGas: 2n,
    });
  });

  it("offers no more than the cap, while the next block can be paid within it", () => {
    expect(feesFor(60n, { cap: 100n, tip: 2n })).to.deep.equal({
      maxFeePerGas: 100n,
      maxPriorityFeePerGas: 2n,
    });
    expect(feesFor(98n, { cap: 100n, tip: 2n })?.maxFeePerGas).to.equal(100n);
  });

  it("offers nothing above it", () => {
    expect(feesFor(99n, { cap: 100n, tip: 2n })).to.equal(null);
  });
});

describe("gwei", () => {
  it("writes wei as people read them, and loses none", () => {
    expect(gwei(12_500_000_000n)).to.equal("12.5 gwei");
    expect(gwei(1n)).to.equal("0.000000001 gwei");
    expect(gwei(3_000_000_000n)).to.equal("3 gwei");
  });
});
