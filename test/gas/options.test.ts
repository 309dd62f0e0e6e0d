import { expect } from "chai";

import { btc, MINUTE, OptionMarket, price, Side, yen } from "../utils/option-market.ts";
import { checkSnapshot } from "../utils/gas-snapshot.ts";

const { EXPIRY, DISPUTE } = OptionMarket;

/** What each action costs, as whole receipts, where the accounts have held the token before. */
describe("gas of the options", () => {
  it("is as committed in snapshots/Options.json, and within its budget", async () => {
    const market = await OptionMarket.open();
    const { options, seller, buyer, oracle } = market;
    const deal = { strike: price("10,000,000"), size: yen("2"), premium: yen("100,000") };
    const first = await market.put({ ...deal, size: yen("0.1") });
    const call = await market.call({ ...deal, cap: price("12,000,000") });
    const base = await market.baseCall({ ...deal, size: btc("1") });
    const asSeller = options.connect(seller);
    const asBuyer = options.connect(buyer);
    const gas: Record<string, number> = {};

    gas["create, the first in its token"] = await used(asSeller.create(first));
    gas["create"] = await used(asSeller.create(call));
    gas["buy"] = await used(asBuyer.buy(call));
    await asSeller.create(base);
    gas["cancel"] = await used(asSeller.cancel(base));
    await market.at(EXPIRY);
    await oracle.record(market.report(EXPIRY, price("10,400,000")));
    await market.at(EXPIRY + DISPUTE);
    gas["settle on a stored fixing"] = await used(options.settle(call, []));
    gas["transferSide, the seller's"] = await used(asSeller.transferSide(call, Side.Seller, seller));
    gas["claim, the buyer's side"] = await used(asBuyer.claim(call, Side.Buyer));
    gas["claim, the seller's side"] = await used(asSeller.claim(call, Side.Seller));

    const late = await OptionMarket.open();
    const proven = await late.put({ ...deal, size: yen("1") });
    await late.sell(proven);
    await late.at(EXPIRY + 5 * MINUTE);
    await late.oracle.record(late.reportOfOthers(EXPIRY, price("9,000,000")));
    await late.at(EXPIRY + 5 * MINUTE + DISPUTE);
    gas["settle on a proven fixing"] = await used(
      late.options.settle(proven, [late.proof(price("9,000,000"))]),
    );

    expect(gas["create"]).to.be.at.most(150_000);
    expect(gas["buy"]).to.be.at.most(90_000);
    expect(gas["settle on a stored fixing"]).to.be.at.most(90_000);
    expect(gas["claim, the buyer's side"]).to.be.at.most(80_000);
    expect(gas["claim, the seller's side"]).to.be.at.most(80_000);
    checkSnapshot("Options", gas);
  });
});

async function used(sent: Promise<{ wait: () => Promise<{ gasUsed: bigint } | null> }>): Promise<number> {
  const receipt = await (await sent).wait();
  return Number(receipt!.gasUsed);
}
