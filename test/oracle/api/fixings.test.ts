import { expect } from "chai";

import { FIXING_STATUSES, type FixingStatus } from "../../../oracle/api/oracle-view.ts";
import { readPart } from "../../../oracle/report/part.ts";
import { laneOf } from "../../../oracle/report/word.ts";
import { foldProof } from "../../../oracle/report/trie.ts";
import {
  BTC,
  CRYPTO,
  DEFINITIONS,
  ETH,
  final,
  FIXING,
  NEWEST,
  NOW,
  signedReport,
  USD,
  World,
  XRP,
} from "./world.ts";

interface Fixing {
  status: FixingStatus;
  price: { decimal: string } | null;
  finalAt: { unix: number } | null;
  report: {
    root: string;
    price: { units: string } | null;
    part: string | null;
    absence: string[] | null;
  } | null;
}
const inject = (world: World, feed: number, time = FIXING) =>
  world.api().inject(`/v1/feeds/${feed}/fixings/${time}`);
const fixing = async (world: World, feed: number, time = FIXING) =>
  (await inject(world, feed, time)).json<Fixing>();
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

describe("/v1/feeds/:feed/fixings/:time", () => {
  it("says what the chain has, and gives the part that proves it", async () => {
    const world = new World();
    world.fixings.set(ETH, final(50_000_050n));
    const { statusCode, body } = await inject(world, ETH);
    expect(statusCode).to.equal(200);
    const { report, ...rest } = JSON.parse(body) as Fixing;
    expect(rest).to.deep.equal({
      feed: { id: 257, symbol: "ETH/JPY", decimals: 2, path: "/v1/feeds/ETH-JPY" },
      time: { unix: FIXING, iso: "2027-01-15T08:00:00Z" },
      status: "final",
      price: { decimal: "500000.50", units: "50000050", provenance: "live", mark: null },
      since: { unix: FIXING + 7, iso: "2027-01-15T08:00:07Z" },
      finalAt: { unix: FIXING + 3_607, iso: "2027-01-15T09:00:07Z" },
      block: 100,
    });
    const { part, root, end } = readPart(bytes(report!.part!), 0, DEFINITIONS);
    expect(`0x${Buffer.from(root).toString("hex")}`).to.equal(report!.root);
    expect([end, report!.absence]).to.deep.equal([bytes(report!.part!).length, null]);
    expect(laneOf(part.words, 1)).to.equal(50_000_050n);
    expect(report!.price!.units).to.equal("50000050");
  });

  it("passes every status of the contract on, with a price only where the contract has one", async () => {
    const world = new World();
    for (const status of FIXING_STATUSES) {
      const price = status === "final" || status === "provisional" ? CRYPTO[0]! : null;
      const feed = status === "no-price" ? XRP : BTC;
      world.fixings.set(feed, { status, block: 5, price, since: FIXING, finalAt: FIXING + 60 });
      const answer = await fixing(world, feed);
      expect(answer.status).to.equal(status);
      expect(answer.price?.decimal, status).to.equal(price?.toString());
      expect(answer.report === null, status).to.equal(status === "void");
      const shown = !["void", "expired", "no-price"].includes(status);
      expect(answer.report?.price?.units, status).to.equal(shown ? "15000000" : undefined);
    }
  });

  it("says of a provisional fixing without a price what it is", async () => {
    const world = new World();
    world.fixings.set(XRP, { ...final(1n), status: "provisional", price: null });
    const answer = await fixing(world, XRP);
    expect([answer.status, answer.price, answer.report?.price]).to.deep.equal(["provisional", null, null]);
  });

  it("has no report where none is kept, and says what the chain says", async () => {
    expect(await fixing(new World(), BTC, FIXING + 300)).to.deep.include({
      status: "none",
      price: null,
      finalAt: null,
      report: null,
    });
  });

  it("proves that a bundle was left out", async () => {
    const world = new World();
    world.reports.clear();
    world.keep(signedReport(FIXING, new Map([[1, CRYPTO]])));
    const { report } = await fixing(world, USD);
    expect([report!.price, report!.part]).to.deep.equal([null, null]);
    const folded = foldProof(2, new Uint8Array(32), report!.absence!.map(bytes));
    expect(`0x${Buffer.from(folded).toString("hex")}`).to.equal(report!.root);
  });

  it("refuses a time between fixings, and names those around it", async () => {
    const { statusCode, body } = await inject(new World(), BTC, NEWEST);
    expect([statusCode, JSON.parse(body)]).to.deep.equal([
      400,
      {
        error: {
          code: "NOT_A_FIXING_TIME",
          status: 400,
          message: `${NEWEST} is no fixing time: fixing times are multiples of 300 s.`,
          remedy: `Ask for ${FIXING} or ${FIXING + 300}.`,
        },
      },
    ]);
  });

  it("shows neither of two prices that contradict each other", async () => {
    const world = new World();
    for (const [feed, chain, message] of [
      [
        ETH,
        final(50_000_051n),
        "ETH/JPY at 2027-01-15T08:00:00Z is 500000.51 on chain and 500000.50 in the kept report",
      ],
      [
        XRP,
        final(1n),
        "XRP/JPY at 2027-01-15T08:00:00Z is 0.000001 on chain and no price in the kept report",
      ],
      [
        BTC,
        { ...final(1n), status: "no-price", price: null },
        "BTC/JPY at 2027-01-15T08:00:00Z is no price on chain and 15000000 in the kept report",
      ],
      [
        BTC,
        { ...final(1n), status: "provisional", price: null },
        "BTC/JPY at 2027-01-15T08:00:00Z is no price on chain and 15000000 in the kept report",
      ],
    ] as const) {
      world.fixings.set(feed, chain);
      const { statusCode, body } = await inject(world, feed);
      const { error } = JSON.parse(body) as { error: { code: string; message: string } };
      expect([statusCode, error.code]).to.deep.equal([500, "CONTRADICTION"]);
      expect(error.message).to.equal(`The fixing of ${message}, so neither is shown.`);
    }
    expect(world.faults.map(({ request }) => request)).to.deep.equal(
      [ETH, XRP, BTC, BTC].map((feed) => `GET /v1/feeds/${feed}/fixings/${FIXING}`),
    );
  });

  it("shows no report whose prices do not give its root, nor one of another provenance", async () => {
    const world = new World();
    const kept = world.reports.get(FIXING)!;
    world.keep({ ...kept, prices: kept.prices.map((price, i) => (i === 0 ? price + 1n : price)) });
    const { error } = (await inject(world, BTC)).json<{ error: { message: string } }>();
    expect(error.message).to.match(
      /^The root of 2027-01-15T08:00:00Z is 0x[0-9a-f]{64} by its prices and 0x[0-9a-f]{64} as it was signed, so/,
    );
    world.keep({ ...kept, provenance: "simulated" });
    expect((await inject(world, BTC)).json()).to.deep.nested.include({
      "error.message":
        "The provenance of the report of 2027-01-15T08:00:00Z is simulated in the ledger and live in this instance, so neither is shown.",
    });
  });

  it("is for ever an hour after it became final, and not before", async () => {
    const world = new World();
    const finalAt = NOW - 3_599;
    world.fixings.set(BTC, { ...final(CRYPTO[0]!), finalAt });
    const caching = async () => (await inject(world, BTC)).headers["cache-control"];
    expect(await caching()).to.equal("no-cache");
    await world.clock.advance(1_000);
    expect(await caching()).to.equal("public, max-age=31536000, immutable");
    world.fixings.set(BTC, { ...final(CRYPTO[0]!), status: "provisional", finalAt });
    expect(await caching()).to.equal("no-cache");
    world.fixings.set(BTC, { ...final(CRYPTO[0]!), finalAt });
    world.reports.clear();
    expect(await caching(), "the proof may still come").to.equal("no-cache");
  });

  it("asks to try again where the chain cannot be read, and keeps to itself what it tried", async () => {
    const world = new World();
    world.chainAnswers = false;
    const { statusCode, body } = await inject(world, BTC);
    expect([statusCode, (JSON.parse(body) as { error: { code: string } }).error.code]).to.deep.equal([
      503,
      "CHAIN_UNREACHABLE",
    ]);
    expect(body).not.to.include("10.1.2.3");
    expect(String(world.faults[0]!.error)).to.include("10.1.2.3");
  });
});
