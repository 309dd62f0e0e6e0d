import { expect } from "chai";

import { NO_PRICE } from "../../../../oracle/report/word.ts";
import { Agreement } from "../../../../oracle/signer/agreement/agreement.ts";
import type { Effect, Output } from "../../../../oracle/signer/agreement/effects.ts";
import { decodeHeader, decodeMessage } from "../../../../oracle/signer/agreement/decode-message.ts";
import { encodeBody, sealMessage } from "../../../../oracle/signer/agreement/encode-message.ts";
import { epochAt, leaderOf } from "../../../../oracle/signer/agreement/epoch.ts";
import { type Content, NIL, type Obs, type Prevote } from "../../../../oracle/signer/agreement/message.ts";
import { priceReport } from "../../../../oracle/signer/agreement/price-report.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { dissentFrom } from "../../../../oracle/signer/agreement/vouch.ts";
import { MemoryStore } from "../../../../oracle/signer/store/memory-store.ts";
import { cheapCryptography, cheapReportSignature } from "./simulation/cheap-cryptography.ts";
import { bundleOf, epochFor, keysOf } from "./epoch-for-tests.ts";
import { epochOf } from "./simulation/network-of.ts";

const FIXING = 1_700_300_100;
const one = epochOf(1, undefined, FIXING - 300);

/** A machine alone, n = 1, with a store. */
function alone(store = new MemoryStore(true)) {
  const identity = one.members[0]!.identity;
  const machine = new Agreement({
    identity,
    epochs: [one],
    cryptography: cheapCryptography(identity),
    stored: store.load(0),
  });
  const handle = (event: Parameters<Agreement["handle"]>[0]): Output => {
    const output = machine.handle(event);
    store.write(output.records);
    return output;
  };
  return { store, handle };
}

function of<K extends Effect["kind"]>(output: Output, kind: K): Extract<Effect, { kind: K }>[] {
  return output.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
}

const prices = BigInt64Array.of(1n, 2n, NO_PRICE, 4n, 5n);
const start = 1000 * (FIXING - 3);
const tick = FIXING + 10;
const observed = { kind: "observation", time: tick, prices } as const;

describe("the machine, one signer alone", () => {
  it("observes, decides, stores the intent before it asks KMS, and reports", () => {
    const { handle, store } = alone();
    handle({ kind: "start", now: start });
    const due = handle({ kind: "clock", now: 1000 * tick + 500 });
    expect(of(due, "observe").map(({ time }) => time)).to.include(tick);
    const decided = handle({ ...observed, now: 1000 * tick + 600 });
    const [sign] = of(decided, "sign");
    const kinds = decided.records.map(({ kind }) => kind);
    expect(kinds).to.deep.equal(["obs", "vote", "vote", "lock", "vote", "decision", "intent"]);
    expect(store.load(0).open.find(({ time }) => time === tick)?.intent).to.equal(sign!.root);

    const compact = cheapReportSignature(one.members[0]!.address, sign!.digest);
    const reported = handle({ kind: "signed", now: 1000 * tick + 900, time: tick, compact });
    const [report] = of(reported, "report");
    expect([...report!.report.prices]).to.deep.equal([...prices]);
    expect(report!.report.signatures).to.have.length(1);
    expect(store.load(0).closed).to.include(tick);
  });

  it("says the same for the same events", () => {
    const run = () => {
      const { handle } = alone();
      return [
        handle({ kind: "start", now: start }),
        handle({ kind: "clock", now: 1000 * tick + 500 }),
        handle({ ...observed, now: 1000 * tick + 600 }),
      ];
    };
    expect(run()).to.deep.equal(run());
  });

  it("asks KMS again after a failure and after a restart, for the same root", () => {
    const { handle, store } = alone();
    handle({ kind: "start", now: start });
    handle({ kind: "clock", now: 1000 * tick + 500 });
    const [first] = of(handle({ ...observed, now: 1000 * tick + 600 }), "sign");
    const failed = handle({ kind: "signFailed", now: 1000 * tick + 700, time: tick, reason: "throttled" });
    expect(of(failed, "page")[0]?.page).to.deep.equal({ reason: "kms", time: tick, detail: "throttled" });
    const [again] = of(handle({ kind: "clock", now: 1000 * tick + 10_700 }), "sign");
    expect(again).to.deep.equal(first);
    const restarted = alone(store);
    const [after] = of(restarted.handle({ kind: "start", now: 1000 * tick + 12_000 }), "sign");
    expect(after).to.deep.equal(first);
  });

  it("refuses a signature that is not by the pinned key", () => {
    const { handle } = alone();
    handle({ kind: "start", now: start });
    handle({ kind: "clock", now: 1000 * tick + 500 });
    handle({ ...observed, now: 1000 * tick + 600 });
    const compact = new Uint8Array(64);
    const output = handle({ kind: "signed", now: 1000 * tick + 900, time: tick, compact });
    expect(of(output, "page")[0]?.page).to.deep.equal({ reason: "wrongSignature", time: tick });
    expect(of(output, "report")).to.deep.equal([]);
  });

  it("vouches for nothing while halted, and signs when it may again", () => {
    const { handle } = alone();
    handle({ kind: "start", now: start });
    handle({ kind: "clock", now: 1000 * tick + 500 });
    const [sign] = of(handle({ ...observed, now: 1000 * tick + 600 }), "sign");
    expect(sign).not.to.equal(undefined);
    handle({ kind: "halt", halted: true, now: 1000 * tick + 5_000 });
    handle({ kind: "clock", now: 1000 * (tick + 10) + 500 });
    const next = handle({ ...observed, time: tick + 10, now: 1000 * (tick + 10) + 600 });
    expect(of(next, "sign")).to.deep.equal([]);
    expect(next.records.some(({ kind }) => kind === "decision")).to.equal(false);
  });

  it("does not observe with a clock that is more than a second off, nor too late, nor twice", () => {
    const { handle } = alone();
    handle({ kind: "start", now: start });
    handle({ kind: "offset", offset: 1_001, now: start + 1 });
    const off = handle({ kind: "clock", now: 1000 * tick + 500 });
    expect(of(off, "observe")).to.deep.equal([]);
    expect(of(off, "page").map(({ page }) => page.reason)).to.deep.equal(["clock"]);
    handle({ kind: "offset", offset: -1_000, now: 1000 * tick + 600 });
    handle({ kind: "clock", now: 1000 * (tick + 10) + 500 });
    const late = handle({ ...observed, time: tick + 10, now: 1000 * (tick + 10) + 2_501 });
    expect(late.records).to.deep.equal([]);
    handle({ kind: "clock", now: 1000 * (tick + 20) + 500 });
    handle({ ...observed, time: tick + 20, now: 1000 * (tick + 20) + 2_500 });
    const twice = handle({ ...observed, time: tick + 20, now: 1000 * (tick + 20) + 2_500 });
    expect(twice.records).to.deep.equal([]);
  });

  it("sits out two ticks with a new store, and remembers that over restarts", () => {
    const { handle, store } = alone(new MemoryStore());
    const begun = handle({ kind: "start", now: start });
    const until = FIXING - 3 + 20;
    expect(begun.records[0]).to.deep.equal({ kind: "sitOut", until });
    const restarted = alone(store);
    restarted.handle({ kind: "start", now: start + 5_000 });
    restarted.handle({ kind: "clock", now: 1000 * tick + 500 });
    const first = restarted.handle({ ...observed, now: 1000 * tick + 600 });
    expect(first.records.map(({ kind }) => kind)).to.deep.equal(["obs"]);
    restarted.handle({ kind: "clock", now: 1000 * (tick + 10) + 500 });
    const later = restarted.handle({ ...observed, time: tick + 10, now: 1000 * (tick + 10) + 600 });
    expect(later.records.map(({ kind }) => kind)).to.include("vote");
  });

  it("takes up an epoch that two people approved an hour before, and uses it from its first time on", () => {
    const next = { ...one, number: 1, from: FIXING + 4_200, id: new Uint8Array(32).fill(5) };
    const { handle } = alone();
    handle({ kind: "start", now: start });
    const add = (epoch: typeof next, approvedBy: string[]) => () =>
      handle({ kind: "epoch", epoch, approvedBy, now: start });
    expect(add(next, ["one", "one"])).to.throw("is approved by 1, but needs two people");
    expect(add({ ...next, from: FIXING + 3_000 }, ["one", "two"])).to.throw("announced now it may begin at");
    expect(add({ ...next, number: 2 }, ["one", "two"])).to.throw("epoch 2 cannot follow, 1 can");
    add(next, ["one", "two"])();
    const at = next.from;
    handle({ kind: "clock", now: 1000 * at + 5_000 });
    const output = handle({ ...observed, time: at, now: 1000 * at + 5_100 });
    const [send] = of(output, "send");
    expect([...send!.messages[0]!.subarray(2, 6)]).to.deep.equal([0, 0, 0, 1]);
    expect(epochAt([one, next], at - 1)).to.equal(one);
  });
});

describe("the machine, alone of four", () => {
  const four = epochOf(4, undefined, FIXING - 300);
  const leader = leaderOf(four, tick, 0);
  const [self, ...others] = [1, 2, 3, 4].map((i) => (leader + i) % 4) as [number, number, number, number];
  const said = (signer: number, content: Content) =>
    sealMessage(four, tick, signer, content, cheapCryptography(four.members[signer]!.identity));

  /** A member that does not lead the first round of the tick. */
  function member() {
    const { identity } = four.members[self]!;
    const stored = new MemoryStore(true).load(0);
    const cryptography = cheapCryptography(identity);
    const machine = new Agreement({ identity, epochs: [four], cryptography, stored });
    machine.handle({ kind: "start", now: start });
    const output = (event: Parameters<Agreement["handle"]>[0]) => machine.handle(event);
    /** What it says of the tick in answer. */
    const says = (event: Parameters<Agreement["handle"]>[0]) =>
      of(output(event), "send")
        .flatMap(({ messages }) => messages)
        .filter((bytes) => decodeHeader(bytes).time === tick)
        .map((bytes) => decodeMessage(bytes, four));
    return { says, output };
  }

  it("takes in what is said of times to come at most two seconds ahead of its clock", () => {
    const messages = others.map((signer) => said(signer, { kind: "obs", prices }));
    const asksAfter = (ahead: number) => {
      const { says } = member();
      says({ kind: "messages", messages, now: 1000 * tick - ahead });
      return says({ kind: "clock", now: 1000 * tick - ahead + 1_000 }).map(({ kind }) => kind);
    };
    expect(asksAfter(2_000)).to.include("ask");
    expect(asksAfter(2_001)).to.deep.equal([]);
  });

  const now = 1000 * tick + 600;
  const round0 = { round: 0, validRound: -1, drop: [], dissents: [] };

  /** A member that has observed with everybody else, and the content of the round's proposal. */
  function observer() {
    const { says, output } = member();
    says({ kind: "clock", now: 1000 * tick + 500 });
    const [own] = says({ ...observed, now });
    const messages = others.map((signer) => said(signer, { kind: "obs", prices }));
    const observations = [own!.bytes, ...messages].map((bytes) => decodeMessage(bytes, four) as Obs);
    observations.sort((a, b) => a.signer - b.signer);
    const seen = observations.map((obs) => obs.prices);
    const { root } = priceReport(four, tick, seen, new Set());
    const hashes = observations.map(({ hash }) => hash);
    says({ kind: "messages", messages, now });
    return { says, output, content: { kind: "prop", root, observations: hashes, ...round0 } as const };
  }

  /** The same, when it has prevoted the leader's proposal: also the proposal's value. */
  function voter() {
    const { says, output, content } = observer();
    const [vote] = says({ kind: "messages", messages: [said(leader, content)], now });
    return { says, output, value: (vote as Prevote).value };
  }
  const prevote = (signer: number, value: string) =>
    said(signer, { kind: "prevote", round: 0, value, dissent: [], missing: [] });

  it("votes for the proposal of a round's leader, and never for another's", () => {
    const votesFor = (proposer: number) => {
      const { says, content } = observer();
      return says({ kind: "messages", messages: [said(proposer, content)], now });
    };
    expect(votesFor(leader).map(({ kind }) => kind)).to.deep.equal(["prevote"]);
    expect(votesFor(others.find((signer) => signer !== leader)!)).to.deep.equal([]);
  });

  it("goes to a later round when f + 1 members are seen there: one liar takes nobody along", () => {
    const roundAfter = (seen: readonly number[]) => {
      const { says } = observer();
      const ahead = (signer: number) => said(signer, { kind: "precommit", round: 3, value: NIL });
      says({ kind: "messages", messages: seen.map(ahead), now });
      const [vote] = says({ kind: "clock", now: now + 10_000 }).filter(({ kind }) => kind === "prevote");
      return (vote as Prevote).round;
    };
    expect(roundAfter(others.slice(0, 1))).to.equal(0);
    expect(roundAfter(others.slice(0, 2))).to.equal(3);
  });

  it("sends the votes that made a value valid again and again, however late the round", () => {
    const { says, value } = voter();
    const messages = others.map((signer) => prevote(signer, value));
    says({ kind: "messages", messages, now });
    const later = others
      .slice(0, 2)
      .map((signer) => said(signer, { kind: "precommit", round: 3, value: NIL }));
    says({ kind: "messages", messages: later, now: now + 100 });
    const again = says({ kind: "clock", now: now + 2_000 });
    const voters = again.flatMap((message) =>
      message.kind === "prevote" && message.round === 0 ? message.signer : [],
    );
    expect(voters).to.have.members([self, ...others]);
    expect(again.filter(({ kind }) => kind === "prop")).to.have.length(1);
  });

  it("notes a value as valid whose prevotes came too late to lock it", () => {
    const { says, output, value } = voter();
    const [first, second, late] = others.map((signer, i) => prevote(signer, i === 0 ? NIL : value));
    says({ kind: "messages", messages: [first!, second!], now });
    const gaveUp = says({ kind: "clock", now: now + 1_000 });
    expect(gaveUp.find(({ kind }) => kind === "precommit")).to.include({ value: NIL });
    const { records } = output({ kind: "messages", messages: [late!], now: now + 1_001 });
    const lock = records.find(({ kind }) => kind === "lock");
    expect(lock).to.deep.nested.include({ "lock.locked": undefined, "lock.valid": { round: 0, value } });
  });

  it("keeps at most two ordinary ticks under way", () => {
    const identity = four.members[0]!.identity;
    const stored = new MemoryStore(true).load(0);
    const machine = new Agreement({
      identity,
      epochs: [four],
      cryptography: cheapCryptography(identity),
      stored,
    });
    machine.handle({ kind: "start", now: start });
    for (const time of [tick, tick + 10, tick + 20]) {
      machine.handle({ kind: "clock", now: 1000 * time + 500 });
      machine.handle({ ...observed, time, now: 1000 * time + 600 });
    }
    const sent = of(machine.handle({ kind: "clock", now: 1000 * (tick + 20) + 1_700 }), "send");
    const times = sent.flatMap(({ messages }) => messages.map((bytes) => decodeHeader(bytes).time));
    expect([...new Set(times)].filter((time) => time !== FIXING)).to.have.members([tick + 10, tick + 20]);
  });
});

describe("drops", () => {
  it("take in the first round as many dissents as block a decision, then one fewer each, and never none", () => {
    const needed = [4, 5, 7, 10].map((n) => [0, 1, 2, 3, 9].map((round) => RULES.dissentsToDrop(n, round)));
    expect(needed).to.deep.equal([
      [2, 1, 1, 1, 1],
      [2, 1, 1, 1, 1],
      [3, 2, 1, 1, 1],
      [4, 3, 2, 1, 1],
    ]);
  });
});

describe("epochs", () => {
  it("draw leaders by hash: over a day of fixings everybody leads about as often", () => {
    const four = epochOf(4);
    const times = Array.from({ length: 288 }, (_, i) => leaderOf(four, FIXING + 300 * i, 0));
    for (const member of [0, 1, 2, 3]) {
      expect(times.filter((leader) => leader === member).length).to.be.within(45, 100);
    }
    expect(leaderOf(four, FIXING, 1)).to.equal((leaderOf(four, FIXING, 0) + 1) % 4);
  });

  it("have an id that changes with every parameter", () => {
    const keys = keysOf(4);
    const base = epochFor(keys);
    const others = [
      epochFor(keys, { number: 1 }),
      epochFor(keys, { from: base.from - 300 }),
      epochFor(keys, { salt: new Uint8Array(32) }),
      epochFor(keys, { bundles: [bundleOf(1, 3, { week: [[0, 5]], exceptions: [] })] }),
      epochFor(keys, { timing: { ...base.timing, fixingDelay: 6_000 } }),
    ].map(({ id }) => Buffer.from(id).toString("hex"));
    expect(new Set([...others, Buffer.from(base.id).toString("hex")]).size).to.equal(6);
  });

  it("refuse what no network should run with", () => {
    const keys = keysOf(4);
    const timing = epochFor(keys).timing;
    expect(() => epochFor(keys, { from: FIXING + 1 })).to.throw("which is no fixing time");
    expect(() => epochFor(keys, { timing: { ...timing, tick: 7 } })).to.throw("does not divide");
    expect(() => epochFor(keys, { timing: { ...timing, fixingDelay: 120_001 } })).to.throw("at most 120000");
    expect(() => epochFor(keys, { bundles: [] })).to.throw("1 to 65535 feeds, not 0");
    expect(() => epochFor([...keys].reverse())).to.throw("addresses must ascend");
  });
});

describe("vouching", () => {
  const four = epochFor(keysOf(4)); // hard band 5 %
  const feeds = four.feeds.map(({ id }) => id);

  it("dissents from feeds that are priced outside of the hard band around the own view", () => {
    const own = BigInt64Array.of(1000n, 1000n, 1000n);
    expect(dissentFrom(four, BigInt64Array.of(1050n, 950n, 1000n), own)).to.deep.equal([]);
    expect(dissentFrom(four, BigInt64Array.of(1051n, 1000n, 949n), own)).to.deep.equal([feeds[0], feeds[2]]);
  });

  it("has no view of feeds that one side does not price", () => {
    const own = BigInt64Array.of(NO_PRICE, 1000n, 1000n);
    expect(dissentFrom(four, BigInt64Array.of(7n, NO_PRICE, 1000n), own)).to.deep.equal([]);
  });

  it("encodes its dissent by feed", () => {
    const vote = {
      kind: "prevote",
      round: 0,
      value: "00".repeat(32),
      dissent: [feeds[1]!],
      missing: [],
    } as const;
    expect(encodeBody(four, FIXING, 0, vote).length).to.equal(11 + 2 + 32 + 2 + 4 + 2);
  });
});
