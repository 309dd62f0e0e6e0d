import { expect } from "chai";
import fc from "fast-check";

import { derive } from "../../../oracle/market/derive.ts";

const price = (units: bigint, decimals: number) => ({ units, decimals });
const NOTHING = price(0n, 0);

describe("derive", () => {
  it("multiplies, divides and inverts at any decimals", () => {
    // 14,000,000 JPY per BTC, 155.2500 JPY per USD
    const [btc, usd] = [price(14_000_000n, 0), price(1_552_500n, 4)];
    expect(derive("ratio", btc, usd, 2)).to.equal(9_017_713n); // 90,177.133…
    expect(derive("ratio", btc, usd, 8)).to.equal(9_017_713_365_539n); // 90,177.13365539…
    expect(derive("inverse", usd, NOTHING, 10)).to.equal(64_412_238n); // 0.0064412238…
    expect(derive("product", btc, price(64_412_238n, 10), 2)).to.equal(9_017_713n);
    expect(derive("product", price(15n, 1), price(5n, 1), 0)).to.equal(1n); // 0.75
    expect(derive("product", price(2n, 0), price(3n, 0), 4)).to.equal(60_000n);
  });

  it("rounds once, half to even", () => {
    expect(derive("product", price(5n, 1), price(1n, 0), 0)).to.equal(0n);
    expect(derive("product", price(15n, 1), price(1n, 0), 0)).to.equal(2n);
    expect(derive("ratio", price(5n, 0), price(2n, 0), 0)).to.equal(2n);
    expect(derive("ratio", price(-7n, 0), price(2n, 0), 0)).to.equal(-4n);
    expect(derive("inverse", price(8n, 0), NOTHING, 2)).to.equal(12n); // 0.125
  });

  it("does not divide by zero", () => {
    expect(derive("ratio", price(1n, 0), price(0n, 4), 2)).to.equal(null);
    expect(derive("inverse", price(0n, 4), NOTHING, 2)).to.equal(null);
  });

  it("is never off by more than half a unit", () => {
    const units = fc.bigInt(1n, 10n ** 14n);
    const decimals = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(units, decimals, units, decimals, decimals, (a, da, b, db, d) => {
        const ten = (power: number) => 10n ** BigInt(power);
        const near = (result: bigint, numerator: bigint, denominator: bigint) => {
          const twice = 2n * (result * denominator - numerator);
          expect((twice < 0n ? -twice : twice) <= denominator).to.equal(true);
        };
        near(derive("product", price(a, da), price(b, db), d)!, a * b * ten(d), ten(da + db));
        near(derive("ratio", price(a, da), price(b, db), d)!, a * ten(db) * ten(d), b * ten(da));
        near(derive("inverse", price(a, da), NOTHING, d)!, ten(da) * ten(d), a);
      }),
      { seed: 20201122, numRuns: 500 },
    );
  });
});
