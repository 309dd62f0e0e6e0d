import { expect } from "chai";

import { btc, DAY, HOUR, MINUTE, OptionMarket, Phase, price, yen } from "./utils/option-market.ts";

const { EXPIRY, DISPUTE } = OptionMarket;
const FINAL = EXPIRY + 30 + DISPUTE;
const DEADLINE = EXPIRY + 7 * DAY;

/**
 * What all of this is for, on one page: a seller creates and sells options on BTC/JPY, the oracle records a report that
 * three of four signers signed, and what it says at the expiry settles them. The seller and the buyer start with
 * 20,000,000 yen each. Every amount is worked out in a comment.
 */
describe("An option, from its sale to its payout", () => {
  let market: OptionMarket;

  beforeEach(async () => {
    market = await OptionMarket.open();
  });

  it("sells a call and a put, records a signed report, settles both and pays both sides", async () => {
    const { options, oracle, seller, buyer, stranger, yenToken } = market;

    // A call on 2 BTC at 10,000,000 yen, which pays up to a price of 12,000,000 yen.
    const call = await market.call({
      strike: price("10,000,000"),
      cap: price("12,000,000"),
      size: yen("2"), // a yen of price is worth 2 yen
      premium: yen("900,000"),
    });
    // A put on 1 BTC at 12,000,000 yen.
    const put = await market.put({ strike: price("12,000,000"), size: yen("1"), premium: yen("600,000") });

    // The seller locks the most they can pay: 2 · (12,000,000 − 10,000,000) = 4,000,000 yen and 12,000,000 yen.
    await options.connect(seller).create(call);
    await options.connect(seller).create(put);
    expect(await yenToken.balanceOf(seller)).to.equal(yen("4,000,000")); // 20,000,000 − 4,000,000 − 12,000,000

    // The buyer pays 900,000 + 600,000 yen of premium to the seller.
    await options.connect(buyer).buy(call);
    await options.connect(buyer).buy(put);
    expect(await yenToken.balanceOf(buyer)).to.equal(yen("18,500,000"));
    expect(await yenToken.balanceOf(seller)).to.equal(yen("5,500,000"));

    // At 16:00 in Tokyo BTC/JPY is 11,250,000.25. Anyone may bring the signed report.
    await market.at(EXPIRY + 30);
    await oracle.connect(stranger).record(market.report(EXPIRY, price("11,250,000.25")));

    // After the dispute window of an hour anyone may settle.
    await market.at(FINAL);
    await options.connect(stranger).settle(call, []);
    await options.connect(stranger).settle(put, []);

    // Call: 2 · (11,250,000.25 − 10,000,000) = 2,500,000.50 yen; of the 4,000,000 locked 1,499,999.50 are left.
    expect(await market.claimBoth(call)).to.deep.equal({
      buyer: yen("2,500,000.50"),
      seller: yen("1,499,999.50"),
    });
    // Put: 12,000,000 − 11,250,000.25 = 749,999.75 yen; of the 12,000,000 locked 11,250,000.25 are left.
    expect(await market.claimBoth(put)).to.deep.equal({
      buyer: yen("749,999.75"),
      seller: yen("11,250,000.25"),
    });

    expect(await yenToken.balanceOf(buyer)).to.equal(yen("21,750,000.25")); // 18,500,000 + 2,500,000.50 + 749,999.75
    expect(await yenToken.balanceOf(seller)).to.equal(yen("18,249,999.75")); // 5,500,000 + 1,499,999.50 + 11,250,000.25
    expect(await yenToken.balanceOf(options)).to.equal(0n);
  });

  it("pays no more than was locked: above the cap, and below zero", async () => {
    const call = await market.call({
      strike: price("10,000,000"),
      cap: price("12,000,000"),
      size: yen("2"),
      premium: yen("900,000"),
    });
    const put = await market.put({ strike: price("3"), size: yen("1,000"), premium: yen("10") });
    await market.sell(call);
    await market.sell(put);

    // 2 · (12,000,000 − 10,000,000) = 4,000,000 yen at 99,000,000 as at 12,000,000.
    expect(await market.options.payoutAt(call, price("99,000,000"))).to.equal(yen("4,000,000"));
    // Oil has been below zero; a put then pays its strike: 1,000 · 3 = 3,000 yen at −37.63 as at 0.
    await market.at(EXPIRY + 30);
    await market.oracle.record(market.report(EXPIRY, price("-37.63")));
    await market.at(FINAL);
    await market.options.settle(put, []);
    await market.options.settle(call, []);

    expect(await market.claimBoth(put)).to.deep.equal({ buyer: yen("3,000"), seller: 0n });
    expect(await market.claimBoth(call)).to.deep.equal({ buyer: 0n, seller: yen("4,000,000") });
  });

  it("pays a call in bitcoin, without a cap, when bitcoin is what was locked", async () => {
    const { options, oracle, btcToken, seller } = market;
    const call = await market.baseCall({
      strike: price("10,000,000"),
      size: btc("3"),
      premium: yen("500,000"),
    });
    await market.sell(call);
    expect(await btcToken.balanceOf(seller)).to.equal(btc("7")); // 10 − 3

    await market.at(EXPIRY + 30);
    await oracle.record(market.report(EXPIRY, price("14,000,000")));
    await market.at(FINAL);
    await options.settle(call, []);

    // 3 · (14,000,000 − 10,000,000) / 14,000,000 = 0.857142857… BTC, rounded down; the seller has the rest of 3.
    expect(await market.claimBoth(call)).to.deep.equal({
      buyer: btc("0.85714285"),
      seller: btc("2.14285715"),
    });
  });

  it("pays nothing at the money", async () => {
    const call = await sellCall();

    await market.at(EXPIRY + 30);
    await market.oracle.record(market.report(EXPIRY, price("10,000,000")));
    await market.at(FINAL);
    await market.options.settle(call, []);

    expect(await market.claimBoth(call)).to.deep.equal({ buyer: 0n, seller: yen("2,000,000") });
  });

  it("splits the collateral by the share in the terms where no fixing came", async () => {
    const { options } = market;
    const call = await sellCall();

    // Until 7 days after the expiry a fixing may still come.
    await market.at(DEADLINE);
    await expect(options.settle(call, []))
      .to.be.revertedWithCustomError(options, "FixingPending")
      .withArgs(EXPIRY, DEADLINE);
    await market.at(DEADLINE + 1);
    await options.settle(call, []);

    // The buyer's share is 25 %: 2,000,000 · 25 / 100 = 500,000 yen. The premium stays with the seller.
    expect(await market.claimBoth(call)).to.deep.equal({ buyer: yen("500,000"), seller: yen("1,500,000") });
  });

  it("takes no notice of a halt across the expiry, which closes latest prices only", async () => {
    const { options, oracle, rig } = market;
    const call = await sellCall();

    await market.at(EXPIRY - 10 * MINUTE);
    await rig.govern("halt", [1]);
    await market.at(EXPIRY + 30);
    await oracle.record(market.report(EXPIRY, price("10,400,000")));
    await expect(oracle["latest(uint256)"](call.feed))
      .to.be.revertedWithCustomError(oracle, "Halted")
      .withArgs(1);
    await market.at(FINAL);
    await options.settle(call, []);

    // 10,400,000 − 10,000,000 = 400,000 yen.
    expect(await market.claimBoth(call)).to.deep.equal({ buyer: yen("400,000"), seller: yen("1,600,000") });
  });

  it("settles on the newest good fixing before, where the one at the expiry was voided", async () => {
    const { options, oracle, rig } = market;
    const call = await sellCall();

    // Ten minutes before, a price; five minutes before, no BTC/JPY in the report; at the expiry, a digit is lost.
    await market.at(EXPIRY - 10 * MINUTE + 30);
    await oracle.record(market.report(EXPIRY - 10 * MINUTE, price("10,300,000")));
    await market.at(EXPIRY - 5 * MINUTE + 30);
    await oracle.record(market.report(EXPIRY - 5 * MINUTE));
    await market.at(EXPIRY + 30);
    await oracle.record(market.report(EXPIRY, price("1,030,000")));

    // For an hour two persons can void it, so nobody can settle; and they do.
    await expect(options.settle(call, []))
      .to.be.revertedWithCustomError(options, "FixingProvisional")
      .withArgs(EXPIRY, FINAL);
    await rig.govern("voidFixing", [EXPIRY, 1]);

    // Five minutes before: the caller proves that the report left BTC/JPY out. Ten minutes before: 10,300,000.
    await market.at(FINAL);
    await expect(options.settle(call, []))
      .to.be.revertedWithCustomError(options, "ProofNeeded")
      .withArgs(EXPIRY - 5 * MINUTE, 1);
    await options.settle(call, [market.nothing, market.absence()]);

    // 10,300,000 − 10,000,000 = 300,000 yen.
    expect(await market.claimBoth(call)).to.deep.equal({ buyer: yen("300,000"), seller: yen("1,700,000") });
  });

  it("counts a fixing that is recorded days later, and even if only its root is on chain", async () => {
    const { options, oracle } = market;
    const call = await sellCall();

    // On the sixth day somebody records the report, but not the fixing of BTC/JPY; the root vouches for it.
    await market.at(EXPIRY + 6 * DAY);
    await oracle.record(market.reportOfOthers(EXPIRY, price("10,700,000")));
    await market.at(EXPIRY + 6 * DAY + DISPUTE);
    await options.settle(call, [market.proof(price("10,700,000"))]);

    // 10,700,000 − 10,000,000 = 700,000 yen.
    expect(await market.claimBoth(call)).to.deep.equal({ buyer: yen("700,000"), seller: yen("1,300,000") });
  });

  it("does not count a fixing that is recorded after 7 days, whoever settles when", async () => {
    const { options, oracle } = market;
    const call = await sellCall();

    // Five minutes before the expiry: 10,200,000, in time. At the expiry: 11,900,000, a second too late.
    await market.at(EXPIRY - 5 * MINUTE + 30);
    await oracle.record(market.report(EXPIRY - 5 * MINUTE, price("10,200,000")));
    await market.at(DEADLINE + 1);
    await oracle.record(market.report(EXPIRY, price("11,900,000")));
    await market.at(DEADLINE + 10 * DAY);
    await options.settle(call, []);

    // 10,200,000 − 10,000,000 = 200,000 yen.
    expect(await market.claimBoth(call)).to.deep.equal({ buyer: yen("200,000"), seller: yen("1,800,000") });
  });

  it("gives the collateral of an option that nobody bought back to the seller", async () => {
    const { options, seller, buyer, yenToken } = market;
    const put = await market.put({ strike: price("12,000,000"), size: yen("1"), premium: yen("600,000") });
    await options.connect(seller).create(put);

    await market.at(EXPIRY - HOUR);
    await expect(options.connect(buyer).buy(put))
      .to.be.revertedWithCustomError(options, "OfferEnded")
      .withArgs(EXPIRY - HOUR, EXPIRY - HOUR);
    await options.connect(seller).cancel(put);

    expect(await yenToken.balanceOf(seller)).to.equal(yen("20,000,000"));
    expect((await options.stateOf(await options.idOf(put))).phase).to.equal(Phase.Cancelled);
  });

  /** A call on 1 BTC at 10,000,000 yen with a cap of 12,000,000: 2,000,000 yen are locked. */
  async function sellCall() {
    const call = await market.call({
      strike: price("10,000,000"),
      cap: price("12,000,000"),
      size: yen("1"),
      premium: yen("450,000"),
    });
    await market.sell(call);
    return call;
  }
});
