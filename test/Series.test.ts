import { expect } from "chai";

import { btc, DAY, OptionMarket, price, yen } from "./utils/option-market.ts";
import { SeriesMarket, timeList } from "./utils/series-market.ts";

const { EXPIRY } = OptionMarket;
const NONE: never[] = []; // proofs

/** The story of docs/settlement.md's series, told with reports signed by three of four. */
describe("A series, from its first writer to the last claim", () => {
  it("is written, sold in parts, closed in part, settled on the fixing, and both sides are paid", async () => {
    const series = await SeriesMarket.open();
    const { desk, market } = series;
    const { seller, buyer, yenToken } = market;
    const call = await series.terms({
      kind: "Call",
      strike: price("10,000,000"),
      bound: price("12,000,000"),
    });

    await desk.connect(seller).create(call, "0x", yen("2"));
    const offer = await series.offer(call, yen("1"), yen("150,000"));
    await desk.connect(seller).offer(offer, yen("2"));
    await desk.connect(buyer).buy(offer, yen("0.5"));
    await desk.connect(buyer).buy(offer, yen("1"));
    await desk.connect(seller).close(call, yen("0.5"));
    expect(await yenToken.balanceOf(desk)).to.equal(yen("3,000,000"));
    expect(await yenToken.balanceOf(buyer)).to.equal(yen("20,000,000") - yen("225,000"));

    await series.fix(EXPIRY, "11,250,000.25");
    await desk.settle(call, NONE);
    await desk.connect(buyer).claim(call);
    await desk.connect(seller).claim(call);
    expect(await yenToken.balanceOf(buyer)).to.equal(yen("21,650,000.375"));
    expect(await yenToken.balanceOf(seller)).to.equal(yen("18,349,999.625"));
    expect(await yenToken.balanceOf(desk)).to.equal(0n);
  });

  it("gathers the fixings of a list as they come, one of them by proof, and pays the mean", async () => {
    const series = await SeriesMarket.open();
    const { desk, market } = series;
    const times = [EXPIRY - 2 * DAY, EXPIRY - DAY, EXPIRY];
    const list = timeList(times);
    const asian = await series.terms({
      kind: "AsianCall",
      strike: price("10,000,000"),
      bound: price("12,000,000"),
      times,
    });
    await desk.connect(market.seller).create(asian, list, yen("2"));
    await desk
      .connect(market.seller)
      .safeTransferFrom(market.seller, market.buyer, await desk.seriesOf(asian), yen("2"), "0x");

    await series.fix(times[0]!, "10,400,000");
    await desk.observe(asian, list, 0, NONE);
    await market.at(times[1]!);
    await market.oracle.record(market.reportOfOthers(times[1]!, price("10,500,000")));
    await series.fix(times[2]!, "9,900,000");
    await desk.observe(asian, list, 2, NONE);
    await desk.connect(market.stranger).observe(asian, list, 1, [market.proof(price("10,500,000"))]);

    const claims = await Promise.all(
      [market.buyer, market.seller].map(async (holder) => desk.connect(holder).claim.staticCall(asian)),
    );
    expect(claims).to.deep.equal([yen("533,333.333333333333333333"), yen("3,466,666.666666666666666666")]);
    await desk.connect(market.buyer).claim(asian);
    await desk.connect(market.seller).claim(asian);
    expect(await market.yenToken.balanceOf(desk)).to.equal(1n);
  });

  it("pays a call in bitcoin, without a cap, when bitcoin is what was locked", async () => {
    const series = await SeriesMarket.open();
    const { desk, market } = series;
    const call = await series.terms({ kind: "BaseCall", strike: price("10,000,000") });
    await desk.connect(market.seller).create(call, "0x", btc("3"));
    await series.fix(EXPIRY, "14,000,000");
    await desk.settle(call, NONE);
    expect(await desk.connect(market.seller).claim.staticCall(call)).to.equal(btc("3")); // he holds both sides
  });
});
