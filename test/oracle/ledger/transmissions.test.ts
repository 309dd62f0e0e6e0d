import { expect } from "chai";
import fc from "fast-check";

import { type Ledger, LedgerConflict } from "../../../oracle/ledger/ledger.ts";
import type { Inclusion } from "../../../oracle/ledger/transmission.ts";
import { rejection } from "../../utils/rejection.ts";
import { attempt, FIXING, intentAt, Rig, SENDER } from "./rig.ts";

const CHAIN = 31_337;
const abandoned: Inclusion = { kind: "abandoned", reason: "the report is too old" };
const included = (hash: string): Inclusion => ({
  kind: "included",
  hash,
  block: 77,
  blockHash: `0x${"d".repeat(64)}`,
  blockTime: FIXING + 12,
  gasUsed: 123_456n,
  effectiveGasPrice: 2n ** 80n,
});

describe("transmissions in the ledger", () => {
  let rig: Rig;
  let ledger: Ledger;
  beforeEach(async () => {
    rig = new Rig();
    ledger = await rig.open();
  });
  afterEach(() => rig.end());

  const nonceOf = async (chainNonce: number, over = {}): Promise<number> =>
    (await ledger.openTransmission(intentAt(FIXING, over), chainNonce)).nonce;

  it("keep the intent, every attempt in its order, and the outcome, also in a file opened again", async () => {
    await rig.clock.advance(250);
    const { id } = await ledger.openTransmission(intentAt(FIXING), 9);
    const attempts = [attempt("f"), attempt("a", { maxFeePerGas: 2n ** 71n })];
    for (const one of attempts) await ledger.putAttempt(id, one);
    const open = {
      ...intentAt(FIXING),
      id,
      nonce: 9,
      openedAt: FIXING * 1000 + 250,
      attempts,
      outcome: null,
    };
    expect(await ledger.transmission(id)).to.deep.equal(open);
    expect(await ledger.openTransmissions(CHAIN, SENDER)).to.deep.equal([open]);
    const outcome = included(attempts[1]!.hash);
    await ledger.closeTransmission(id, outcome);
    await ledger.close();
    const again = await rig.open();
    expect(await again.transmission(id)).to.deep.equal({ ...open, outcome });
    expect(await again.openTransmissions(CHAIN, SENDER)).to.deep.equal([]);
    expect(await again.transmission(id + 1)).to.equal(null);
  });

  it("are listed open by nonce, and all the newest first", async () => {
    const [a, b, c] = [await nonceOf(7), await nonceOf(7), await nonceOf(7)];
    await ledger.openTransmission(intentAt(FIXING, { chainId: 1 }), 0);
    await ledger.closeTransmission(2, abandoned);
    const d = await nonceOf(7);
    expect([a, b, c, d]).to.deep.equal([7, 8, 9, 8]);
    const open = await ledger.openTransmissions(CHAIN, SENDER.toLowerCase());
    expect(open.map(({ id, nonce }) => [id, nonce])).to.deep.equal([
      [1, 7],
      [5, 8],
      [3, 9],
    ]);
    expect((await ledger.transmissions(3)).map(({ id }) => id)).to.deep.equal([5, 4, 3]);
  });

  it("opened at the same time never share a nonce", async () => {
    const nonces = await Promise.all(Array.from({ length: 50 }, () => nonceOf(3)));
    expect(nonces).to.deep.equal(Array.from({ length: 50 }, (_, i) => 3 + i));
  });

  it("count nonces by chain and sender, whichever way an address is written", async () => {
    const other = "0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec";
    expect(await nonceOf(0)).to.equal(0);
    expect(await nonceOf(0, { sender: other })).to.equal(0);
    expect(await nonceOf(0, { chainId: 1 })).to.equal(0);
    expect(await nonceOf(0, { sender: SENDER.toLowerCase() })).to.equal(1);
  });

  it("take the chain's nonce where it is ahead, and pass over those held where it is behind", async () => {
    expect(await nonceOf(5)).to.equal(5);
    expect(await nonceOf(20)).to.equal(20);
    expect(await nonceOf(5)).to.equal(6);
    expect(await nonceOf(20)).to.equal(21);
  });

  it("hold each nonce once, whatever is opened, included, reverted and abandoned in whatever order", async () => {
    const step = fc.oneof(
      fc.record({ open: fc.nat({ max: 3 }) }),
      fc.record({
        end: fc.nat(),
        as: fc.constantFrom("included" as const, "reverted" as const, "abandoned" as const),
      }),
    );
    let chainId = 1;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        chainId++;
        const held = new Map<number, number>(); // nonce to id
        const open: number[] = [];
        for (const one of steps) {
          if ("open" in one) {
            const { id, nonce } = await ledger.openTransmission(intentAt(FIXING, { chainId }), one.open);
            let lowest = one.open;
            while (held.has(lowest)) lowest++;
            expect(nonce).to.equal(lowest);
            held.set(nonce, id);
            open.push(id);
          } else if (open.length > 0) {
            const [id] = open.splice(one.end % open.length, 1);
            const { hash } = attempt(String(id));
            if (one.as === "abandoned") {
              await ledger.closeTransmission(id!, abandoned);
              for (const [nonce, holder] of held) if (holder === id) held.delete(nonce);
            } else {
              await ledger.putAttempt(id!, attempt(String(id)));
              await ledger.closeTransmission(
                id!,
                one.as === "included"
                  ? included(hash)
                  : { kind: "reverted", hash, block: 3, reason: "Stale" },
              );
            }
          }
        }
        const left = await ledger.openTransmissions(chainId, SENDER);
        expect(left.map(({ id }) => id).sort((a, b) => a - b)).to.deep.equal(open.sort((a, b) => a - b));
      }),
      { seed: 20261126, numRuns: 40 },
    );
    expect(await ledger.verifyAudit()).to.include({ intact: true });
  });

  it("take an attempt once, and a hash for one attempt only", async () => {
    const { id } = await ledger.openTransmission(intentAt(FIXING), 0);
    const { id: other } = await ledger.openTransmission(intentAt(FIXING), 0);
    await ledger.putAttempt(id, attempt("1"));
    await ledger.putAttempt(id, attempt("1"));
    expect((await ledger.transmission(id))?.attempts).to.deep.equal([attempt("1")]);
    for (const refused of [
      ledger.putAttempt(other, attempt("1")),
      ledger.putAttempt(id, attempt("1", { gasLimit: 1n })),
      ledger.putAttempt(99, attempt("2")),
    ])
      expect(await rejection(refused)).to.be.instanceOf(LedgerConflict);
  });

  it("end once, by one of their own attempts", async () => {
    const { id } = await ledger.openTransmission(intentAt(FIXING), 0);
    await ledger.putAttempt(id, attempt("1"));
    const foreign = await rejection(ledger.closeTransmission(id, included(attempt("2").hash)));
    expect(foreign).to.be.instanceOf(LedgerConflict);
    expect(foreign.message).to.contain(attempt("1").hash).and.to.contain(attempt("2").hash);
    await ledger.closeTransmission(id, included(attempt("1").hash));
    await ledger.closeTransmission(id, included(attempt("1").hash));
    for (const refused of [
      ledger.closeTransmission(id, abandoned),
      ledger.closeTransmission(id, { ...included(attempt("1").hash), block: 78 } as Inclusion),
      ledger.putAttempt(id, attempt("3")),
      ledger.closeTransmission(99, abandoned),
    ])
      expect(await rejection(refused)).to.be.instanceOf(LedgerConflict);
    expect((await ledger.transmission(id))?.outcome).to.deep.equal(included(attempt("1").hash));
    const kinds = (await ledger.auditRows(ledger.writer, 0, 100)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(["started", "intent", "attempt", "outcome"]);
  });
});
