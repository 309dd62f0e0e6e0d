import { expect } from "chai";
import fc from "fast-check";

import { bundleOf, feedId, positionOf } from "../../../oracle/report/feed-id.ts";
import { bundleNumber, RUNS } from "./random.ts";

describe("feed ids", () => {
  it("hold bundle and position", () => {
    fc.assert(
      fc.property(bundleNumber, fc.nat(255), (bundle, position) => {
        const id = feedId(bundle, position);
        expect(id).to.equal(Number((BigInt(bundle) << 8n) | BigInt(position)));
        expect(bundleOf(id)).to.equal(bundle);
        expect(positionOf(id)).to.equal(position);
      }),
      RUNS,
    );
  });

  it("are refused out of range", () => {
    for (const wrong of [-1, 256, 0.5]) {
      expect(() => feedId(1, wrong)).to.throw(RangeError, `position ${wrong}`);
    }
    for (const wrong of [-1, 2 ** 24, 0.5]) {
      expect(() => feedId(wrong, 0)).to.throw(RangeError, `bundle ${wrong}`);
    }
    for (const wrong of [-1, 2 ** 32, 0.5]) {
      expect(() => bundleOf(wrong)).to.throw(RangeError, `feed id ${wrong}`);
      expect(() => positionOf(wrong)).to.throw(RangeError, `feed id ${wrong}`);
    }
  });
});
