import { expect } from "chai";

import { closest, didYouMean } from "../../oracle/did-you-mean.ts";

describe("closest", () => {
  it("finds slips of the hand", () => {
    const known = ["minSources", "maxSpread", "sources", "kind"];
    expect(closest("minSource", known)).to.equal("minSources");
    expect(closest("MaxSpraed", known)).to.equal("maxSpread");
    expect(closest("soruces", known)).to.equal("sources");
    expect(closest("knid", known)).to.equal("kind");
  });

  it("does not guess wildly", () => {
    expect(closest("tolerance", ["minSources", "kind"])).to.equal(undefined);
    expect(closest("x", [])).to.equal(undefined);
  });

  it("prefers the nearest, and the first of equals", () => {
    expect(closest("bitflyr", ["bitbank", "bitflyer"])).to.equal("bitflyer");
    expect(closest("ab", ["ac", "ad"])).to.equal("ac");
  });
});

describe("didYouMean", () => {
  it("is a clause, or nothing", () => {
    expect(didYouMean("bitflyr", ["bitflyer"])).to.equal('; did you mean "bitflyer"?');
    expect(didYouMean("nasdaq", ["bitflyer"])).to.equal("");
  });
});
