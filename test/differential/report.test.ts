import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { getBytes, id } from "ethers";

import { concat, writeUint } from "../../oracle/report/bytes.ts";
import { chainSigners, setInForce } from "../../oracle/report/chain-signers.ts";
import { decodeReport } from "../../oracle/report/decode.ts";
import { definitionHash } from "../../oracle/report/definition.ts";
import { domainSeparator, networkSalt, reportDigest } from "../../oracle/report/digest.ts";
import { encodeReport } from "../../oracle/report/encode.ts";
import { feedId } from "../../oracle/report/feed-id.ts";
import { leafHash } from "../../oracle/report/leaf.ts";
import { REASONS, type Reason, type Rejection } from "../../oracle/report/rejection.ts";
import { type ReportPart, reportPart } from "../../oracle/report/report.ts";
import { reportTree, type ReportTree } from "../../oracle/report/report-tree.ts";
import { addressOf, MAX_S, splitSignature } from "../../oracle/report/signature.ts";
import { encodeSignerSet, signerSetHash } from "../../oracle/report/signer-set.ts";
import { PERIOD, SPAN, verifyReport } from "../../oracle/report/verify.ts";
import { packWords } from "../../oracle/report/word.ts";
import vectors from "../oracle/report/vectors.json" with { type: "json" };
import { startChain } from "../utils/deploy-oracle.ts";
import { corrupt, fieldsOf, type Sample } from "./corrupt.ts";
import { Dice } from "./dice.ts";
import { ChainModel, type Slots } from "./model.ts";
import { catalogs, DEFINITIONS, newSigners, sign, type Signers } from "./world.ts";

const DEEP = process.env["DEEP"] === "1";
const REPORTS = DEEP ? 100_000 : 10_000;

/** Reports between two changes of the chain (its clock, its signers, a void, a halt). */
const REPORTS_PER_ERA = 250;

/** Each good report is also tried spoilt in this many ways. */
const SPOILT_PER_GOOD = 9;

const SEED = 0x6e616b61;
const DISPUTE = 86_400;
const LATEST_DELAY = 120;
const NOT_A_NUMBER = -(2n ** 255n);

const SELECTORS = Object.fromEntries(
  Object.entries(REASONS).map(([reason, args]) => [
    reason,
    id(`${reason}(${args.map(() => "uint256").join()})`).slice(0, 10),
  ]),
) as Record<Reason, string>;

/** What the contract returns when it refuses so. */
function revertData({ reason, args }: Rejection): string {
  return SELECTORS[reason] + args.map((arg) => arg.toString(16).padStart(64, "0")).join("");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The call `record(bytes)`. */
function recordCall(report: Uint8Array): string {
  const length = report.length.toString(16).padStart(64, "0");
  const padding = "00".repeat((32 - (report.length % 32)) % 32);
  return `${id("record(bytes)").slice(0, 10)}${"20".padStart(64, "0")}${length}${hex(report)}${padding}`;
}

describe("verifyReport and Oracle.record", function () {
  this.timeout(DEEP ? 3_600_000 : 300_000);

  it(`judge ${REPORTS.toLocaleString("en")} reports alike, and store what the rules say`, async () => {
    const { ethers, provider, networkHelpers } = await startChain();
    const [governor] = await ethers.getSigners();
    const salt = networkSalt("hardhat", "test");
    const oracle = await ethers.deployContract("Oracle", [governor!.address, salt, DISPUTE, LATEST_DELAY]);
    const to = await oracle.getAddress();
    const from = governor!.address;
    const domain = domainSeparator(salt);
    const dice = new Dice(SEED);

    const definitions = new Map(DEFINITIONS.map((each) => [each.bundle, definitionHash(each)]));
    for (const { bundle, feeds } of DEFINITIONS) {
      await oracle.defineBundle(
        bundle,
        feeds.map(({ symbol }) => symbol),
        feeds.map(({ decimals }) => decimals),
        feeds.map(({ method }) => method),
        feeds.map(({ maxInputAge }) => maxInputAge),
      );
      expect(await oracle.definition(bundle)).to.equal(`0x${hex(definitions.get(bundle)!)}`);
    }

    const model = new ChainModel(LATEST_DELAY, domain, definitions);
    const plans = catalogs(dice);
    /** Every set that ever signed, by its hash; and fixing times whose root is kept. */
    const everySet = new Map<string, Signers>();
    const keptTimes: number[] = [];
    const tally = new Map<string, number>();
    const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

    const call = async (data: string): Promise<string | undefined> => {
      try {
        await provider.request({ method: "eth_call", params: [{ from, to, data }, "latest"] });
        return undefined;
      } catch (error) {
        return (error as { data: string }).data;
      }
    };

    const compareSlots = async (slots: Slots, what: string) => {
      for (const [slot, expected] of slots) {
        const params = [to, `0x${slot.toString(16)}`, "latest"];
        const value = (await provider.request({ method: "eth_getStorageAt", params })) as string;
        if (BigInt(value) !== expected) {
          expect.fail(`slot ${slot} holds ${value}, not 0x${expected.toString(16)}: ${what}`);
        }
      }
    };

    const rotate = async () => {
      const now = await networkHelpers.time.latest();
      const signers = newSigners(dice, dice.pick([1, 1, 1, 1, 2, 3, 4, 4, 7]));
      const activeFrom = now + 1 + (dice.chance(30) ? dice.below(3600) : 0);
      const overlap = dice.chance(20) ? 0 : SPAN - dice.below(dice.pick([1, PERIOD, SPAN]));
      await networkHelpers.time.setNextBlockTimestamp(now + 1);
      const set = encodeSignerSet(signers.set);
      await oracle.setSigners(set, activeFrom, overlap);
      everySet.set(hex(signerSetHash(set)), signers);
      const [current, retired] = await oracle.config();
      model.signers = chainSigners(current, retired);
    };

    const passTime = async () => {
      const now = await networkHelpers.time.latest();
      const seconds = dice.pick([1, 10, 10, 100, 100, 300, 3_000, 3_000, 86_400, SPAN]);
      const next = now + 1 + dice.below(seconds);
      await networkHelpers.time.increaseTo(dice.chance(20) ? next - (next % PERIOD) + PERIOD : next);
    };

    const voidSomeRoot = async () => {
      const now = await networkHelpers.time.latest();
      const time = keptTimes.findLast((each) => {
        const kept = model.keptRoot(each);
        return kept && kept.root !== 0n && now + 1 < kept.since + DISPUTE && now + 1 - each < SPAN;
      });
      if (time === undefined) return;
      await networkHelpers.time.setNextBlockTimestamp(now + 1);
      await oracle.voidRoot(time);
      model.voidRoot(time);
      count("voided root");
    };

    /** A time of every kind: just now, a fixing time, one that is kept, at an edge, too old, in the future. */
    const someTime = (now: number): number => {
      const fixingTime =
        now - (now % PERIOD) - PERIOD * dice.below(dice.chance(80) ? 200 : SPAN / PERIOD + 2);
      const { current, retired } = model.signers!;
      const edges = [now, now - LATEST_DELAY, now - LATEST_DELAY - 1, now - (now % PERIOD), now - SPAN];
      const handovers = [
        current.activeFrom,
        current.activeFrom - 1,
        retired.activeFrom,
        retired.activeFrom - 1,
      ];
      switch (dice.below(10)) {
        case 0:
        case 1:
        case 2:
          return now - dice.below(2 * LATEST_DELAY);
        case 3:
        case 4:
        case 5:
          return fixingTime;
        case 6:
          return keptTimes.length > 0 ? dice.pick(keptTimes.slice(-20)) : fixingTime;
        case 7:
          return dice.pick(edges);
        case 8:
          return Math.max(0, dice.pick(handovers));
        default:
          return dice.chance(30) ? now + 1 + dice.below(1000) : dice.below(now);
      }
    };

    /** A time with the signers in force at it; seldom one that has none, or with others. */
    const timeAndSigners = (now: number): { observedAt: number; signers: Signers } => {
      for (let tries = 0; ; tries++) {
        const observedAt = someTime(now);
        const hash = setInForce(model.signers!, observedAt, now);
        const right = hash && everySet.get(hex(hash));
        if (right && !dice.chance(3)) return { observedAt, signers: right };
        if (tries === 0 ? dice.chance(15) : tries > 20) {
          return { observedAt, signers: dice.pick([...everySet.values()]) };
        }
      }
    };

    const someParts = (tree: ReportTree): { chosen: ReportPart[]; unused: ReportPart[] } => {
      const open = tree.plan.bundles.filter((_, place) => tree.words[place]);
      const parts = open.map(({ bundle, wordBytes }) => {
        const words = BigInt(wordBytes / 28);
        const any = BigInt(`0x${hex(dice.bytes(9))}`) & (2n ** (words + 1n) - 1n);
        return reportPart(tree, bundle, dice.pick([any, any, 0n, 1n, 2n ** (words + 1n) - 1n]));
      });
      const chosen = dice.some(parts, 40);
      return { chosen, unused: parts.filter((part) => !chosen.includes(part)) };
    };

    /** A good report, if its set is in force: any catalog, any bundles open, any lanes. */
    const someReport = (now: number): Sample => {
      const plan = dice.pick(plans);
      const treeOf = () => {
        const open = dice.some(plan.bundles, 70);
        return reportTree(
          plan,
          new Map(open.map(({ bundle, wordBytes }) => [bundle, dice.bytes(wordBytes)])),
        );
      };
      const tree = treeOf();
      const { observedAt, signers } = timeAndSigners(now);
      const { set, keys } = signers;
      const digest = reportDigest(domain, observedAt, tree.root);
      const indices = [...keys.keys()];
      while (indices.length > set.quorum) indices.splice(dice.below(indices.length), 1);
      const signatures = indices.map((index) => ({ index, compact: sign(digest, keys[index]!) }));
      const { chosen, unused } = someParts(tree);
      const report = { observedAt, set, signatures, parts: chosen };
      return { bytes: encodeReport(report), report, digest, unused, foreign: someParts(treeOf()).chosen };
    };

    /** Puts an accepted report on chain at the next second, and compares what it left there. */
    const send = async (bytes: Uint8Array, what: string) => {
      const now = (await networkHelpers.time.latest()) + 1;
      const verdict = verifyReport(bytes, model.view(now));
      if (!verdict.accepted) return; // its set retired in this second, or it left the span of fixings
      await networkHelpers.time.setNextBlockTimestamp(now);
      const params = [{ from, to, data: recordCall(bytes), gas: "0xf00000" }];
      const hash = (await provider.request({ method: "eth_sendTransaction", params })) as string;
      const { report, root } = verdict;
      const wasKept = model.keptRoot(report.observedAt);
      const { changed, bundles, event } = model.record(report, root, now);
      if (!wasKept && model.keptRoot(report.observedAt)) keptTimes.push(report.observedAt);
      await compareSlots(changed, what);

      const receipt = await ethers.provider.getTransactionReceipt(hash);
      const logs = receipt!.logs.map((log) => oracle.interface.parseLog(log)?.args.toArray());
      const named = `0x${bundles.map((bundle) => bundle.toString(16).padStart(6, "0")).join("")}`;
      expect(logs, what).to.deep.equal(event ? [[BigInt(report.observedAt), `0x${hex(root)}`, named]] : []);
      count(event ? "sent, changed something" : "sent, changed nothing");
    };

    const judge = async (bytes: Uint8Array, now: number, what: string): Promise<boolean> => {
      const verdict = verifyReport(bytes, model.view(now));
      const reverted = await call(recordCall(bytes));
      const expected = verdict.accepted ? undefined : revertData(verdict.rejection);
      if (reverted !== expected) {
        const ours = verdict.accepted ? "accepted" : verdict.rejection.message;
        const error = reverted === undefined ? undefined : oracle.interface.parseError(reverted);
        const theirs = error ? `${error.name}(${error.args.join(", ")})` : (reverted ?? "accepted");
        expect.fail(`verifyReport: ${ours}; Oracle: ${theirs}; ${what}; report 0x${hex(bytes)}`);
      }
      count(verdict.accepted ? "accepted" : verdict.rejection.reason);
      if (verdict.accepted) {
        const { report } = decodeReport(bytes, (bundle) => definitions.get(bundle));
        expect(hex(encodeReport(report)), `one encoding: ${what}`).to.equal(hex(bytes));
      }
      return verdict.accepted;
    };

    for (let n = 0; n < REPORTS;) {
      await passTime();
      if (n === 0 || dice.chance(25)) await rotate();
      if (dice.chance(30)) await voidSomeRoot();
      for (const end = n + REPORTS_PER_ERA; n < end;) {
        const now = await networkHelpers.time.latest();
        const sample = someReport(now);
        expect(fieldsOf(sample).at(-1)!.to, "every byte of a report belongs to a field").to.equal(
          sample.bytes.length,
        );
        const what = `report ${n} of seed ${SEED}`;
        const accepted = await judge(sample.bytes, now, what);
        n += 1;
        for (let i = 0; i < SPOILT_PER_GOOD; i++, n++) {
          const { bytes, how } = corrupt(sample, dice);
          await judge(bytes, now, `report ${n} of seed ${SEED}, ${how}`);
        }
        if (accepted && dice.chance(60)) await send(sample.bytes, what);
      }
    }
    await compareSlots(model.slots, "after all");

    for (const [what, times] of [...tally].sort())
      console.log(`      ${what}: ${times.toLocaleString("en")}`);
    for (const reason of Object.keys(REASONS)) {
      expect(tally.get(reason) ?? 0, `refused with ${reason}`).to.be.at.least(REPORTS / 1000);
    }
    expect(tally.get("accepted")).to.be.at.least(REPORTS / 20);
    expect(tally.get("sent, changed something")).to.be.at.least(REPORTS / 100);
  });

  it("agree on the published vectors", async () => {
    const { ethers, networkHelpers } = await startChain();
    const [governor] = await ethers.getSigners();
    const oracle = await ethers.deployContract("Oracle", [
      governor!.address,
      vectors.salt,
      DISPUTE,
      LATEST_DELAY,
    ]);
    for (const { bundle, symbols, decimals, methods, maxInputAge, definition } of vectors.bundles) {
      await oracle.defineBundle(bundle, symbols, decimals, methods, maxInputAge);
      expect(await oracle.definition(bundle)).to.equal(definition);
    }
    const now = await networkHelpers.time.latest();
    await oracle.setSigners(vectors.set, now + 1, 0);
    await networkHelpers.time.increaseTo(vectors.observedAt);
    await expect(oracle.record(vectors.report))
      .to.emit(oracle, "Recorded")
      .withArgs(vectors.observedAt, vectors.root, "0x000001000003");
    for (const { bundle, prices, siblings } of vectors.bundles) {
      for (const [position, price] of (prices ?? []).entries()) {
        const latest = await oracle.tryLatest(feedId(bundle, position));
        expect(latest.ok).to.equal(price !== null);
        expect(latest.price).to.equal(price === null ? NOT_A_NUMBER : BigInt(price));
        expect(latest.observedAt).to.equal(vectors.observedAt);
      }
      const absent = oracle.proveAbsent(vectors.observedAt, bundle, siblings);
      if (prices) await expect(absent).to.revertedWithCustomError(oracle, "RootMismatch");
      else expect(await absent).to.equal(await networkHelpers.time.latest());
    }
    const part = vectors.parts.find(({ bundle }) => bundle === 3)!;
    await expect(oracle.recordFixing(vectors.observedAt, part.bytes))
      .to.emit(oracle, "FixingRecorded")
      .withArgs(vectors.observedAt, 3);
  });

  it("refuse s above half the group's order, even where the curve agrees", async () => {
    const { ethers, networkHelpers } = await startChain();
    const [governor] = await ethers.getSigners();
    const salt = networkSalt("hardhat", "test");
    const oracle = await ethers.deployContract("Oracle", [governor!.address, salt, DISPUTE, LATEST_DELAY]);
    const { bundle, symbols, decimals, methods, maxInputAge, definition } = vectors.bundles[1]!;
    await oracle.defineBundle(bundle, symbols, decimals, methods, maxInputAge);
    const words = packWords([1n]);
    const definitions = () => getBytes(definition);
    const root = leafHash(bundle, getBytes(definition), words);
    const { r } = splitSignature(getBytes(vectors.signatures[0]!.compact));

    for (const s of [MAX_S, MAX_S + 1n]) {
      const observedAt = 1 + (await networkHelpers.time.latest());
      const digest = reportDigest(domainSeparator(salt), observedAt, root);
      // Any r and s are somebody's signature: that somebody is the only signer here.
      const key = new secp256k1.Signature(r, s, 0).recoverPublicKey(digest).toBytes(false);
      const set = { quorum: 1, signers: [addressOf(key)] };
      await networkHelpers.time.setNextBlockTimestamp(observedAt);
      await oracle.setSigners(encodeSignerSet(set), observedAt, 0);
      const report = encodeReport({
        observedAt,
        set,
        signatures: [{ index: 0, compact: concat([writeUint(r, 32), writeUint(s, 32)]) }],
        parts: [{ bundle, mask: 2n, siblings: [], words }],
      });
      const [current, retired] = await oracle.config();
      const verdict = verifyReport(report, {
        now: observedAt,
        domain: domainSeparator(salt),
        signers: chainSigners(current, retired),
        definitions,
        keptRoot: () => undefined,
      });
      expect(verdict.accepted).to.equal(s === MAX_S);
      if (verdict.accepted) await oracle.record(report);
      else await expect(oracle.record(report)).to.revertedWithCustomError(oracle, "BadSignature").withArgs(0);
    }
  });
});
