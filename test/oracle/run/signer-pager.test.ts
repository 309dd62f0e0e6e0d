import { expect } from "chai";

import { manualClock } from "../../../oracle/clock.ts";
import { SignerPager } from "../../../oracle/run/signer-pager.ts";

const TICK = 1_700_300_110;
const kms = (time: number) => ({ reason: "kms", time, detail: `request of ${time}` }) as const;

describe("calling people for a signer", () => {
  it("happens once for a trouble that lasts, and again after a minute without it", async () => {
    const clock = manualClock(1000 * TICK);
    const pager = new SignerPager(clock, 10);
    expect(pager.isNew("signer-1", kms(TICK))).to.equal(true);
    for (let tick = 1; tick <= 30; tick++) {
      await clock.advance(10_000);
      expect(pager.isNew("signer-1", kms(TICK + 10 * tick))).to.equal(false);
    }
    await clock.advance(60_000);
    expect(pager.isNew("signer-1", kms(TICK + 360))).to.equal(false);
    await clock.advance(60_001);
    expect(pager.isNew("signer-1", kms(TICK + 420))).to.equal(true);
  });

  it("happens once too where ticks are minutes apart", async () => {
    const clock = manualClock(0);
    const pager = new SignerPager(clock, 300);
    expect(pager.isNew("signer-1", kms(TICK))).to.equal(true);
    await clock.advance(300_000);
    expect(pager.isNew("signer-1", kms(TICK + 300))).to.equal(false);
  });

  it("tells members, reasons, the feeds of a dissent and fixings that were lost apart", () => {
    const pager = new SignerPager(manualClock(0), 10);
    const pages = [
      kms(TICK),
      { reason: "halted", time: TICK },
      { reason: "dissent", time: TICK, feeds: [256] },
      { reason: "dissent", time: TICK, feeds: [256, 257] },
      { reason: "absent", time: TICK },
      { reason: "absent", time: TICK + 300 },
    ] as const;
    for (const member of ["signer-1", "signer-2"])
      expect(pages.map((page) => pager.isNew(member, page))).to.deep.equal(pages.map(() => true));
    expect(pages.map((page) => pager.isNew("signer-1", page))).to.deep.equal(pages.map(() => false));
  });
});
