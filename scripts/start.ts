/**
 * `npm start`: one option from its sale to its payout, on an Ethereum chain inside this process. Prices are simulated and keys
 * stand in memory; the contracts and the codec are the real ones.
 */
import { hexlify, ZeroHash } from "ethers";
import hre from "hardhat";
import { styleText } from "node:util";

import { memorySigners } from "../oracle/signer/memory-signers.ts";
import { BTC_JPY, BUNDLES, METHOD } from "./start/catalog.ts";
import { deployWorld, DISPUTE } from "./start/deploy.ts";
import { decimal, showYen, tokyoTime, yen } from "./start/money.ts";
import { type Prices, signedReport } from "./start/report.ts";
import { deployYen } from "./start/token.ts";

const HOUR = 3_600;
/** 2026-02-27 16:00 in Tokyo, a fixing time. */
const EXPIRY = Date.UTC(2026, 1, 27, 7) / 1000;
const START = EXPIRY - 8 * HOUR;
const STRIKE = 10_000_000_00n;
const CAP = 12_000_000_00n;
const CALL = 0n;
const [BUYER, SELLER] = [0n, 1n];
const MORNING: Prices = { usdJpy: 150_123n, btcJpy: 10_480_000_00n, ethJpy: 512_300_00n };
const AFTERNOON: Prices = { usdJpy: 150_087n, btcJpy: 11_250_000_25n, ethJpy: 547_900_00n };

const head = (text: string): void => {
  console.log(`\n${styleText("bold", text)}`);
};
const say = (name: string, text: string): void => {
  console.log(`  ${name.padEnd(11)}${text}`);
};
const price = (value: bigint): string => decimal(value, 2);

console.log("Nakane on one machine: a chain in this process, simulated prices, keys in memory.");
await hre.tasks.getTask("build").run({ quiet: true });

const signers = memorySigners(4, "npm start");
const { chain, gate, oracle, catalog, options, people } = await deployWorld(START, signers.set);
const { networkHelpers } = chain;
const { relayer, seller, buyer, deployer } = people;
/** The next transaction happens at this time. */
const at = (time: number): Promise<void> => networkHelpers.time.setNextBlockTimestamp(time);

head("Deployed, the gate first; whoever deployed holds no right");
say("gate", `${await gate.getAddress()}  ${people.members.length} members, two of them for every operation`);
say("oracle", `${await oracle.getAddress()}  fixings may be voided for ${DISPUTE / 60} minutes, then never`);
say(
  "catalog",
  `${await catalog.getAddress()}  ${BUNDLES.flatMap(({ feeds }) => feeds.map(({ symbol }) => symbol)).join(", ")}`,
);
say("options", await options.getAddress());
say("signers", `${signers.set.signers.length}, of whom ${signers.set.quorum} sign each report`);

/** Brings a report to the chain, as anyone may. */
async function record(observedAt: number, prices: Prices): Promise<void> {
  const { report, root } = signedReport(signers, observedAt, prices);
  await at(observedAt + 6);
  const receipt = await (await oracle.connect(relayer).record(report)).wait();
  say("observed", tokyoTime(observedAt));
  say("root", `${hexlify(root)}  ${report.length} bytes with ${signers.set.quorum} signatures`);
  say(
    "recorded",
    `6 s later, for ${(receipt?.gasUsed ?? 0n).toLocaleString("en")} gas, by someone without any right`,
  );
  const [latest, time] = await oracle["latest(uint256,uint256)"](BTC_JPY, 60);
  say("latest", `BTC/JPY ${price(latest)}, observed ${tokyoTime(Number(time))}`);
}

head("A signed report in the morning");
await record(EXPIRY - 6 * HOUR, MORNING);

head("A call on 2 BTC, created by the seller and bought");
const token = await deployYen(chain, deployer);
for (const person of [seller, buyer]) {
  await token.mint(person, yen(20_000_000n));
  await token.connect(person).approve(options, yen(20_000_000n));
}
const terms = {
  seller: seller.address,
  kind: CALL,
  feed: BTC_JPY,
  decimals: 2,
  method: METHOD,
  strike: STRIKE,
  bound: CAP,
  size: yen(2n), // a difference of ¥1 in the price is worth ¥2
  token: await token.getAddress(),
  premium: yen(900_000n),
  premiumToken: await token.getAddress(),
  buyBefore: EXPIRY - HOUR,
  expiry: EXPIRY,
  buyerShare: 5_000, // half each, should no fixing ever come
  salt: ZeroHash,
};
await options.connect(seller).create(terms);
say("terms", `strike ${price(STRIKE)}, pays up to ${price(CAP)}, expires ${tokyoTime(EXPIRY)}`);
say("locked", `${showYen(await options.collateralOf(terms))}, the most it can ever pay`);
await options.connect(buyer).buy(terms);
say("premium", `${showYen(terms.premium)} from the buyer to the seller`);

head("The fixing at its expiry");
await record(EXPIRY, AFTERNOON);
await at(EXPIRY + 6 + DISPUTE);
await options.connect(deployer).settle(terms, []);
say("fixing", `BTC/JPY ${price(await oracle.fixing(BTC_JPY, EXPIRY))}, final for ever`);

head("Settled, and both sides paid");
/** One side takes what is its own. */
async function claim(side: bigint, person: typeof buyer): Promise<bigint> {
  const before = await token.balanceOf(person);
  await options.connect(person).claim(terms, side);
  return (await token.balanceOf(person)) - before;
}
const [bought, sold] = [await claim(BUYER, buyer), await claim(SELLER, seller)];
say("buyer", `${showYen(bought)} = 2 × (${price(AFTERNOON.btcJpy)} − ${price(STRIKE)})`);
say("seller", `${showYen(sold)} = what was locked, less that`);
say("contract", `${showYen(await token.balanceOf(options))} left`);
console.log(
  "\nDone: deployed, signed, recorded, read, sold, settled, paid. test/Option.test.ts has the rest of the story.",
);
