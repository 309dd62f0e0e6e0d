import { expect } from "chai";

import { sparkline } from "../../../scripts/start/narrate.ts";

describe("sparkline", () => {
  it("draws the lowest price lowest and the highest highest", () => {
    expect(sparkline([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n], 16)).to.equal("▁▂▃▄▅▆▇█");
    expect(sparkline([11_250_700n, 11_250_000n, 11_250_350n], 16)).to.equal("█▁▄");
    expect(sparkline([-7n, 0n], 16)).to.equal("▁█");
  });

  it("is as wide as it may be at the most, whatever there is to draw", () => {
    for (const many of [15, 16, 17, 31, 33, 90, 1_000]) {
      const drawn = sparkline(
        Array.from({ length: many }, (_, i) => BigInt(i)),
        16,
      );
      expect(drawn.length, `${many} prices`).to.be.within(8, 16);
      expect(drawn).to.match(/^▁.*[▇█]$/);
    }
  });

  it("is flat where nothing moves, and nothing where there is nothing", () => {
    expect(sparkline([5n, 5n, 5n], 16)).to.equal("▁▁▁");
    expect(sparkline([], 16)).to.equal("");
  });
});
