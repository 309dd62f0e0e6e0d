import { expect } from "chai";
import { id } from "ethers";

import { DAY, MINUTE, OptionMarket, price, yen } from "../utils/option-market.ts";
import { checkSnapshot } from "../utils/gas-snapshot.ts";
import { SeriesMarket, timeList } from "../utils/series-market.ts";

const { EXPIRY, DISPUTE } = OptionMarket;
const NONE: never[] = []; // proofs

/** What each action costs, as whole receipts, where the accounts have held the collateral before. */
describe("gas of the series", () => {
  it("is as committed in snapshots/Series.json, and within its budget", async () => {
    const { market, desk, ...rest } = await world();
    const { seller, buyer } = market;
    const gas: Record<string, number> = {};
    const call = await rest.terms({ kind: "Call", strike: price("10,000,000"), bound: price("12,000,000") });
    const put = await rest.terms({ kind: "Put", strike: price("12,000,000") });
    const asSeller = desk.connect(seller);
    const asBuyer = desk.connect(buyer);
    const offer = await rest.offer(call, yen("1"));

    gas["create, the first in its token"] = await used(asSeller.create(put, "0x", yen("0.1")));
    gas["create"] = await used(asSeller.create(call, "0x", yen("2")));
    gas["write more"] = await used(asSeller.write(call, yen("1")));
    gas["close"] = await used(asSeller.close(call, yen("1")));
    gas["offer"] = await used(asSeller.offer(offer, yen("2")));
    gas["buy a half"] = await used(asBuyer.buy(offer, yen("1")));
    gas["buy the rest"] = await used(asBuyer.buy(offer, yen("1")));
    await asSeller.offer(offer, yen("1"));
    gas["cancel"] = await used(asSeller.cancel(offer));
    gas["transfer"] = await used(
      asBuyer.safeTransferFrom(buyer, market.stranger, offer.token, yen("0.5"), "0x"),
    );
    await rest.fix(EXPIRY, "10,400,000");
    gas["settle on a stored fixing"] = await used(desk.settle(call, NONE));
    gas["claim, long"] = await used(asBuyer.claim(call));
    gas["claim, short"] = await used(asSeller.claim(call));

    expect(gas["create, the first in its token"]).to.be.at.most(150_000);
    expect(gas["buy a half"]).to.be.at.most(90_000);
    expect(gas["settle on a stored fixing"]).to.be.at.most(90_000);
    expect(gas["claim, long"]).to.be.at.most(80_000);
    expect(gas["claim, short"]).to.be.at.most(80_000);
    checkSnapshot("Series", { ...gas, ...(await proven()), ...(await gathered()), ...(await cloned()) });
  });
});

async function world() {
  const series = await SeriesMarket.open();
  return {
    market: series.market,
    desk: series.desk,
    terms: series.terms.bind(series),
    offer: series.offer.bind(series),
    fix: series.fix.bind(series),
  };
}

async function proven() {
  const { market, desk, terms } = await world();
  const put = await terms({ kind: "Put", strike: price("12,000,000") });
  await desk.connect(market.seller).create(put, "0x", yen("0.1"));
  await market.at(EXPIRY + 5 * MINUTE);
  await market.oracle.record(market.reportOfOthers(EXPIRY, price("9,000,000")));
  await market.at(EXPIRY + 5 * MINUTE + DISPUTE);
  return {
    "settle on a proven fixing": await used(desk.settle(put, [market.proof(price("9,000,000"))])),
  };
}

/** An Asian over a month of days. */
async function gathered() {
  const { market, desk, terms, fix } = await world();
  const times = Array.from({ length: 30 }, (_, i) => EXPIRY + (i - 29) * DAY);
  const list = timeList(times);
  const idea = { strike: price("10,000,000"), bound: price("12,000,000"), times };
  const asian = await terms({ kind: "AsianCall", ...idea });
  const gas = {
    "create, with a list of 30 times": await used(desk.connect(market.seller).create(asian, list, yen("1"))),
  };
  await fix(times[0]!, "10,400,000");
  const first = await used(desk.observe(asian, list, 0, NONE));
  await fix(times[1]!, "10,500,000");
  const next = await used(desk.observe(asian, list, 1, NONE));
  return { ...gas, "observe, the first of 30": first, "observe, another of 30": next };
}

/** What the measurement needs of the clones: types are generated for `contracts/` only. */
interface ClonedSides {
  make(series: string, amount: bigint): Promise<Sent>;
  mint(amount: bigint): Promise<Sent>;
}

/** The same two tokens as clones of an ERC-20, without anything else. */
async function cloned() {
  const { market } = await world();
  const deployed = await market.rig.chain.ethers.deployContract("ClonedSides");
  const sides = deployed as unknown as ClonedSides;
  await sides.make(id("first"), yen("1"));
  return {
    "two ERC-20 clones, made and minted": await used(sides.make(id("second"), yen("1"))),
    "two ERC-20 clones, minted more": await used(sides.mint(yen("1"))),
  };
}

interface Sent {
  wait: () => Promise<{ gasUsed: bigint } | null>;
}

async function used(sent: Promise<Sent>): Promise<number> {
  const receipt = await (await sent).wait();
  return Number(receipt!.gasUsed);
}
