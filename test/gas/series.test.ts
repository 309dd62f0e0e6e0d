import { expect } from "chai";
import { id } from "ethers";

import { btc, DAY, MINUTE, OptionMarket, price, yen } from "../utils/option-market.ts";
import { checkSnapshot } from "../utils/gas-snapshot.ts";
import { SeriesKind, SeriesMarket, timeList } from "../utils/series-market.ts";

const { EXPIRY, DISPUTE } = OptionMarket;
const NONE: never[] = []; // proofs

/** What each action costs, as whole receipts; where the accounts have held the token before, if nothing else is said. */
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

    const all = {
      ...gas,
      ...(await proven()),
      ...(await gathered()),
      ...(await beyond()),
      ...(await cloned()),
    };
    for (const [action, most] of Object.entries(BUDGET))
      for (const [name, given] of Object.entries(all))
        if (name.startsWith(action) && !BEYOND.has(name)) expect(given, name).to.be.at.most(most);
    checkSnapshot("Series", all);
  });

  it("is within its budget for every kind, also where who is paid has none of the collateral", async () => {
    const { market, desk, ...rest } = await world();
    const { seller, buyer } = market;
    const fresh = await market.rig.chain.networkHelpers.takeSnapshot();
    for (const kind of Object.keys(SeriesKind) as (keyof typeof SeriesKind)[]) {
      const overTimes = /^(Asian|Touch)/.test(kind);
      const times = overTimes ? [EXPIRY - DAY, EXPIRY] : undefined;
      const list = times === undefined ? "0x" : timeList(times);
      const bound = kind === "Call" || kind === "AsianCall" ? price("12,000,000") : 0n;
      const terms = await rest.terms({ kind, strike: price("10,000,000"), bound, ...(times && { times }) });
      const amount = kind === "BaseCall" ? btc("1") : yen("1");
      const offer = await rest.offer(terms, amount);
      const check = async (action: keyof typeof BUDGET, sent: Promise<Sent>) => {
        expect(await used(sent), `${action} of ${kind}`).to.be.at.most(BUDGET[action]);
      };

      await check("create", desk.connect(seller).create(terms, list, amount));
      await desk.connect(seller).offer(offer, amount);
      await check("buy", desk.connect(buyer).buy(offer, amount / 2n));
      await market.empty(seller);
      await market.empty(buyer);
      for (const [i, time] of (times ?? [EXPIRY]).entries()) {
        await rest.fix(time, kind === "TouchDown" ? "10,400,000" : "9,900,000");
        await check("settle", overTimes ? desk.observe(terms, list, i, NONE) : desk.settle(terms, NONE));
      }
      await check("claim", desk.connect(buyer).claim(terms));
      await check("claim", desk.connect(seller).claim(terms));
      await fresh.restore();
    }
  });
});

const BUDGET = { create: 150_000, buy: 90_000, settle: 90_000, claim: 80_000 };
/** What takes more, and why: docs/decisions/0022-series-with-two-tokens-in-one-slot.md. */
const BEYOND = new Set([
  "create, with a list of 30 times",
  "create, with a list of 1,024 times",
  "buy a half, from a seller without the premium's token",
  "settle without a fixing",
  "settle past twelve proofs of absence",
]);

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

/** The longest list; a first premium; an outage. */
async function beyond() {
  const { market, desk, ...rest } = await world();
  const { seller, buyer } = market;
  const fresh = await market.rig.chain.networkHelpers.takeSnapshot();
  const gas: Record<string, number> = {};
  const call = await rest.terms({ kind: "Call", strike: price("10,000,000"), bound: price("12,000,000") });

  const times = Array.from({ length: 1_024 }, (_, i) => EXPIRY + i * DAY);
  const list = timeList(times);
  const asian = await rest.terms({ kind: "AsianPut", strike: price("12,000,000"), times });
  gas["create, with a list of 1,024 times"] = await used(
    desk.connect(seller).create(asian, list, yen("0.1")),
  );
  await rest.fix(EXPIRY, "10,400,000");
  gas["observe, the first of 1,024"] = await used(desk.observe(asian, list, 0, NONE));
  await fresh.restore();

  await desk.connect(seller).create(call, "0x", yen("2"));
  const offer = await rest.offer(call, yen("1"));
  await desk.connect(seller).offer(offer, yen("2"));
  await market.empty(seller);
  gas["buy a half, from a seller without the premium's token"] = await used(
    desk.connect(buyer).buy(offer, yen("1")),
  );
  await market.empty(seller);
  await market.empty(buyer);
  const sold = await market.rig.chain.networkHelpers.takeSnapshot();

  await market.at(EXPIRY + 8 * DAY);
  gas["settle without a fixing"] = await used(desk.settle(call, NONE));
  gas["claim without a fixing, both sides, by a seller without the collateral"] = await used(
    desk.connect(seller).claim(call),
  );
  gas["claim without a fixing, by a buyer without the collateral"] = await used(
    desk.connect(buyer).claim(call),
  );
  await sold.restore();
  const proofs = await market.closeBefore(EXPIRY, price("10,400,000"));
  gas["settle past twelve proofs of absence"] = await used(desk.settle(call, proofs));
  gas["claim, long, by a buyer without the collateral"] = await used(desk.connect(buyer).claim(call));
  return gas;
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
