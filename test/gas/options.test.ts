import { expect } from "chai";

import { btc, DAY, MINUTE, OptionMarket, price, Side, yen } from "../utils/option-market.ts";
import { checkSnapshot } from "../utils/gas-snapshot.ts";

const { EXPIRY, DISPUTE } = OptionMarket;

const NONE: never[] = []; // proofs

/** What each action costs, as whole receipts; where the accounts have held the token before, if nothing else is said. */
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
    gas["settle on a stored fixing"] = await used(options.settle(call, NONE));
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

    const all = { ...gas, ...(await firstTime()), ...(await outage()) };
    for (const [action, most] of Object.entries(BUDGET))
      for (const [name, given] of Object.entries(all))
        if (name.startsWith(action) && !BEYOND.has(name)) expect(given, name).to.be.at.most(most);
    checkSnapshot("Options", all);
  });
});

const BUDGET = { create: 150_000, buy: 90_000, settle: 90_000, claim: 80_000 };
/** Thirteen times are looked at, each in slots that were cold. */
const BEYOND = new Set(["settle without a fixing", "settle past twelve proofs of absence"]);

/** Who receives a token that he has none of pays for its slot: of each kind of collateral, on both sides. */
async function firstTime() {
  const market = await OptionMarket.open();
  const { options, seller, buyer } = market;
  const deal = { strike: price("10,000,000"), size: yen("2"), premium: yen("100,000") };
  const call = await market.call({ ...deal, cap: price("12,000,000") });
  const base = await market.baseCall({ ...deal, size: btc("10") });
  await options.connect(seller).create(call);
  await options.connect(seller).create(base);
  await market.empty(seller);
  const gas: Record<string, number> = {};
  gas["buy, from a seller without the premium's token"] = await used(options.connect(buyer).buy(call));
  await options.connect(buyer).buy(base);
  await market.empty(seller);
  await market.empty(buyer);
  await market.at(EXPIRY);
  await market.oracle.record(market.report(EXPIRY, price("10,400,000")));
  await market.at(EXPIRY + DISPUTE);
  await options.settle(call, NONE);
  await options.settle(base, NONE);
  for (const [name, terms] of Object.entries({ call, "call on the base": base })) {
    gas[`claim of a ${name}, by a buyer without its token`] = await used(
      options.connect(buyer).claim(terms, Side.Buyer),
    );
    gas[`claim of a ${name}, by a seller without its token`] = await used(
      options.connect(seller).claim(terms, Side.Seller),
    );
  }
  return gas;
}

/** The oracle has nothing of the hour; or the market was closed and only the first of the thirteen has a price. */
async function outage() {
  const gas: Record<string, number> = {};
  const market = await OptionMarket.open();
  const deal = { strike: price("10,000,000"), size: yen("2"), premium: yen("100,000") };
  const call = await market.call({ ...deal, cap: price("12,000,000") });
  await market.sell(call);
  const sold = await market.rig.chain.networkHelpers.takeSnapshot();
  await market.at(EXPIRY + 8 * DAY);
  gas["settle without a fixing"] = await used(market.options.settle(call, NONE));
  gas["claim without a fixing"] = await used(market.options.connect(market.buyer).claim(call, Side.Buyer));
  await sold.restore();
  const proofs = await market.closeBefore(EXPIRY, price("10,400,000"));
  gas["settle past twelve proofs of absence"] = await used(market.options.settle(call, proofs));
  return gas;
}

async function used(sent: Promise<{ wait: () => Promise<{ gasUsed: bigint } | null> }>): Promise<number> {
  const receipt = await (await sent).wait();
  return Number(receipt!.gasUsed);
}
