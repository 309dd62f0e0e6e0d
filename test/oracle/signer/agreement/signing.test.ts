import { expect } from "chai";

import { reportDigest } from "../../../../oracle/report/digest.ts";
import { decodeMessage } from "../../../../oracle/signer/agreement/decode-message.ts";
import { sealMessage } from "../../../../oracle/signer/agreement/encode-message.ts";
import { fromHex } from "../../../../oracle/signer/agreement/hex.ts";
import { Outbox } from "../../../../oracle/signer/agreement/outbox.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import type { Obs, Sig } from "../../../../oracle/signer/agreement/message.ts";
import { type Decision, Signing } from "../../../../oracle/signer/agreement/signing.ts";
import { FIXING } from "./epoch-for-tests.ts";
import { cheapCryptography, cheapReportSignature } from "./simulation/cheap-cryptography.ts";
import { epochOf } from "./simulation/network-of.ts";

const epoch = epochOf(4, RULES, FIXING - 300);
const [A, B, C] = ["aa", "bb", "cc"].map((byte) => byte.repeat(32)) as [string, string, string];

/** What a member says when its KMS key has signed a root. */
function sigOf(signer: number, root: string): Sig {
  const { identity, address } = epoch.members[signer]!;
  const compact = cheapReportSignature(address, reportDigest(epoch.domain, FIXING, fromHex(root)));
  const bytes = sealMessage(
    epoch,
    FIXING,
    signer,
    { kind: "sig", root, compact },
    cheapCryptography(identity),
  );
  return decodeMessage(bytes, epoch) as Sig;
}

describe("signatures of a liar that signs anything", () => {
  it("are kept for two roots, and for the decided one, which they may complete", () => {
    const cryptography = cheapCryptography(epoch.members[0]!.identity);
    const host = { cryptography, rules: RULES, out: new Outbox(), halted: () => false };
    const signing = new Signing(host, { epoch, time: FIXING, self: 0, votes: true });
    const liar = 3;
    for (const root of [A, B, C]) signing.add(sigOf(liar, root));
    expect(signing.sigs.map(({ root }) => root)).to.deep.equal([A, B]);
    for (const honest of [1, 2]) signing.add(sigOf(honest, C));
    expect(signing.quorumRoot()).to.equal(undefined);

    const decision = { round: 0, prop: { bytes: new Uint8Array() }, report: { root: C }, precommits: [] };
    signing.decide(decision as unknown as Decision);
    const evidence = signing.add(sigOf(liar, C));
    expect(evidence).to.include({ kind: "equivocation", accused: liar });
    expect(signing.quorumRoot()).to.equal(C);
    signing.add(sigOf(liar, C));
    expect(signing.sigs).to.have.length(5);
  });
});

describe("asking KMS", () => {
  const prices = BigInt64Array.of(1n, 2n, 3n, 4n, 5n);
  const own = { prices } as Obs;
  const now = 1000 * FIXING + 6_000;

  /** A signer that has decided a root it can vouch for. */
  function decided(root: string, intent?: string) {
    const [out, state] = [new Outbox(), { halted: false }];
    const cryptography = cheapCryptography(epoch.members[0]!.identity);
    const host = { cryptography, rules: RULES, out, halted: () => state.halted };
    const signing = new Signing(host, { epoch, time: FIXING, self: 0, votes: true });
    signing.restore(intent);
    const report = { root, prices };
    signing.decide({ round: 0, prop: { bytes: prices }, report, precommits: [] } as unknown as Decision);
    const advance = (at: number) => {
      signing.advance(own, at);
      return out.take(at).effects.filter(({ kind }) => kind === "sign" || kind === "page");
    };
    return { signing, state, advance };
  }

  it("never happens for a second root of one time, whatever was decided", () => {
    const { advance } = decided(B, A);
    const page = { reason: "conflict", time: FIXING, intended: A, decided: B };
    expect(advance(now)).to.deep.equal([{ kind: "page", page }]);
    expect(advance(now + 60_000)).to.deep.equal([]);
    expect(decided(A, A).advance(now)).to.have.nested.property("[0].root", A);
  });

  it("waits while an operator has halted the signer, which is said once", () => {
    const { state, advance } = decided(A);
    state.halted = true;
    expect(advance(now)).to.deep.equal([{ kind: "page", page: { reason: "halted", time: FIXING } }]);
    expect(advance(now + 1)).to.deep.equal([]);
    state.halted = false;
    expect(advance(now + 2)).to.have.nested.property("[0].kind", "sign");
  });

  it("is for naught where another signs with a key that is not its own: that counts for nothing", () => {
    const { signing } = decided(A);
    const { compact } = sigOf(2, A);
    expect(signing.add({ ...sigOf(1, A), compact })).to.equal(undefined);
    expect(signing.sigs).to.deep.equal([]);
    signing.add(sigOf(1, A));
    expect(signing.sigs).to.have.length(1);
  });
});
