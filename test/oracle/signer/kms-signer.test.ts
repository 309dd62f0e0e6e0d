import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  type KMSClient,
  SignCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { getBytes, hashMessage, keccak256, recoverAddress, toUtf8Bytes } from "ethers";

import { manualClock } from "../../../oracle/clock.ts";
import { KmsPinError } from "../../../oracle/signer/key-pin.ts";
import { KmsSigner, KmsSigningError, type KmsAttempt } from "../../../oracle/signer/kms-signer.ts";
import type { FaultInput } from "../../../oracle/signer/local-kms/faults.ts";
import { ErrorTable, type ErrorCase } from "./error-table.ts";
import { rejection } from "../../utils/rejection.ts";
import { ACCESS_KEY, ACCOUNT, REGION, Rig } from "./rig.ts";

const HALF_N = secp256k1.Point.Fn.ORDER / 2n;

/** Through the whole stack; the release check alone is shown 10,000 every time. */
const DIGESTS = process.env["DEEP"] === "1" ? 10_000 : 1_000;

function digestOf(text: string): Uint8Array {
  return getBytes(keccak256(toUtf8Bytes(text)));
}

async function signingError(promise: Promise<unknown>): Promise<KmsSigningError> {
  const error = await rejection(promise);
  if (!(error instanceof KmsSigningError)) throw error;
  return error;
}

describe("KMS signer", () => {
  let rig: Rig;

  beforeEach(async () => {
    rig = await Rig.start();
  });

  afterEach(async () => {
    await rig.stop();
  });

  function signRequests(): number {
    return rig.exchanges.filter(({ operation }) => operation === "Sign").length;
  }

  it("signs a report digest and keeps the request id that CloudTrail has", async () => {
    const signer = await rig.signer();
    const digest = digestOf("a report");
    const signed = await signer.signDigest(digest);
    expect(recoverAddress(digest, signed)).to.equal(signer.address);
    expect(signed).to.include({ address: signer.address, keyArn: rig.keyArn });
    const event = rig.events.at(-1);
    expect(event).to.include({ eventName: "Sign", requestID: signed.requestId });
  });

  it("refuses a digest that is not 32 bytes before it asks KMS", async () => {
    const signer = await rig.signer();
    for (const length of [0, 31, 33]) {
      expect(await rejection(signer.signDigest(new Uint8Array(length)))).to.be.instanceOf(RangeError);
    }
    expect(signRequests()).to.equal(0);
  });

  it("releases a hundred at once each for its own digest, and never what another key made among them", async () => {
    const signer = await rig.signer();
    const digests = Array.from({ length: 100 }, (_, i) => digestOf(`report ${i}`));
    const signed = await Promise.all(digests.map((digest) => signer.signDigest(digest)));
    for (const [i, { serialized }] of signed.entries())
      expect(recoverAddress(digests[i]!, serialized)).to.equal(signer.address);
    rig.kms.faults.set([
      { fault: "high-s", operation: "Sign", times: 30 },
      { fault: "wrong-key", operation: "Sign", after: 30, times: 1 },
    ]);
    const settled = await Promise.allSettled(digests.map((digest) => signer.signDigest(digest)));
    const failed = settled.filter(({ status }) => status === "rejected");
    expect(failed).to.have.length(1);
    expect(String((failed[0] as PromiseRejectedResult).reason)).to.include("not the pinned key's");
    for (const [i, outcome] of settled.entries())
      if (outcome.status === "fulfilled")
        expect(recoverAddress(digests[i]!, outcome.value)).to.equal(signer.address);
  });

  it("signs what the digest was when it was asked", async () => {
    const signer = await rig.signer();
    const digest = digestOf("before");
    const signing = signer.signDigest(digest);
    digest.fill(0);
    expect(recoverAddress(digestOf("before"), await signing)).to.equal(signer.address);
  });

  it(`releases none of ${DIGESTS} digests' signatures that does not recover or has high s`, async function () {
    this.timeout(600_000);
    const signer = await rig.signer();
    rig.exchanges.length = 0;
    let next = 0;
    let high = 0;
    const requestIds = new Set<string>();
    const work = async (): Promise<void> => {
      while (next < DIGESTS) {
        const digest = digestOf(`digest ${next++}`);
        const signed = await signer.signDigest(digest);
        if (BigInt(signed.s) > HALF_N) high++;
        // Tried the long way on every tenth: recovery by another library costs more than all the rest.
        if (next % 10 === 0) expect(recoverAddress(digest, signed)).to.equal(signer.address);
        requestIds.add(signed.requestId);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
    expect(high).to.equal(0);
    expect(requestIds.size).to.equal(DIGESTS);
    const highFromKms = rig.exchanges.filter(({ response }) => {
      const { Signature } = JSON.parse(response) as { Signature: string };
      return secp256k1.Signature.fromBytes(Buffer.from(Signature, "base64"), "der").hasHighS();
    });
    expect(highFromKms.length).to.be.within(0.4 * DIGESTS, 0.6 * DIGESTS);
  });

  describe("with signatures forced into every shape", () => {
    it("normalises high s, and pads short r and s to 32 bytes", async () => {
      const signer = await rig.signer();
      for (const fault of ["high-s", "short-r", "short-s"] as const) {
        rig.kms.faults.set([{ fault, operation: "Sign" }]);
        const digest = digestOf(fault);
        const signed = await signer.signDigest(digest);
        expect(recoverAddress(digest, signed)).to.equal(signer.address);
        expect(BigInt(signed.s) <= HALF_N).to.equal(true);
        expect(signed.r).to.match(fault === "short-r" ? /^0x00[0-9a-f]{62}$/ : /^0x[0-9a-f]{64}$/);
        if (fault === "short-s") expect(signed.s).to.match(/^0x00[0-9a-f]{62}$/);
        expect(signed.serialized).to.have.length(132);
      }
    });

    for (const variant of ["trailing", "truncated", "length", "negative", "padded", "empty"] as const) {
      it(`releases nothing from corrupt DER: ${variant}`, async () => {
        const signer = await rig.signer();
        rig.kms.faults.set([{ fault: "corrupt-der", variant, operation: "Sign" }]);
        const error = await signingError(signer.signDigest(digestOf(variant)));
        expect(error.kind).to.equal("stop");
        expect(error.cause).to.be.instanceOf(Error);
        expect(["DerError", "SignatureMismatchError"]).to.include((error.cause as Error).name);
        expect(signRequests()).to.equal(1);
      });
    }

    it("releases nothing made by another key", async () => {
      const signer = await rig.signer();
      rig.kms.faults.set([{ fault: "wrong-key", operation: "Sign" }]);
      const error = await signingError(signer.signDigest(digestOf("x")));
      expect(error.kind).to.equal("stop");
      expect((error.cause as Error).name).to.equal("SignatureMismatchError");
    });
  });

  describe("pins", () => {
    it("releases nothing when the answer names another key than the pinned ARN", async () => {
      const signer = await rig.signer();
      rig.kms.faults.set([{ fault: "wrong-key-id", operation: "Sign" }]);
      const error = await signingError(signer.signDigest(digestOf("x")));
      expect(error.kind).to.equal("stop");
      expect(error.cause).to.be.instanceOf(KmsPinError);
      expect(error.message).to.include(rig.keyArn).and.to.include("00000000-0000-4000-8000-000000000000");
    });

    it("releases nothing through an alias that was moved to another key", async () => {
      await rig.signer();
      const { address } = await rig.signer();
      const client = rig.signerClient();
      await client.send(new CreateAliasCommand({ AliasName: "alias/report", TargetKeyId: rig.keyArn }));
      const signer = await KmsSigner.open({
        address,
        routes: [{ client, keyArn: rig.keyArn, requestAs: "alias/report" }],
        clock: manualClock(0),
      });
      expect((await signer.signDigest(digestOf("x"))).keyArn).to.equal(rig.keyArn);
      const other = await client.send(
        new CreateKeyCommand({ KeySpec: "ECC_SECG_P256K1", KeyUsage: "SIGN_VERIFY" }),
      );
      const TargetKeyId = other.KeyMetadata!.KeyId!;
      await client.send(new UpdateAliasCommand({ AliasName: "alias/report", TargetKeyId }));
      expect((await signingError(signer.signDigest(digestOf("x")))).cause).to.be.instanceOf(KmsPinError);
      expect(await rejection(signer.reopen())).to.include({ kind: "stop" });
    });

    it("opens only on the pinned address, the pinned ARN and a signing key", async () => {
      const { address } = await rig.signer();
      const client = rig.signerClient();
      const clock = manualClock(0);
      const open = (of: string, keyArn: string): Promise<KmsSigner> =>
        KmsSigner.open({ address: of, routes: [{ client, keyArn }], clock });
      const stranger = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
      const mismatch = await signingError(open(stranger, rig.keyArn));
      expect(mismatch.message).to.include(stranger).and.to.include(address);
      for (const keyArn of ["alias/report", rig.keyArn.replace(":key/", ":alias/"), "1234"]) {
        expect(await rejection(open(address, keyArn))).to.be.instanceOf(KmsPinError);
      }
      expect(await rejection(open("0x123", rig.keyArn))).to.be.instanceOf(KmsPinError);
      const unknown = `arn:aws:kms:${REGION}:${ACCOUNT}:key/00000000-0000-4000-8000-000000000000`;
      expect((await signingError(open(address, unknown))).attempts[0]?.error?.name).to.equal(
        "NotFoundException",
      );
    });
  });

  describe("an answer", () => {
    /** A client whose answers are changed on the way. */
    function changed(change: (output: Record<string, unknown>) => void): KMSClient {
      const client = rig.signerClient();
      client.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          change(result.output as unknown as Record<string, unknown>);
          return result;
        },
        { step: "initialize" },
      );
      return client;
    }

    it("without a request id releases nothing: CloudTrail could not be asked about it", async () => {
      const { address } = await rig.signer();
      let tampered = false;
      const client = changed(({ $metadata }) => {
        if (tampered) Reflect.deleteProperty($metadata as object, "requestId");
      });
      const signer = await KmsSigner.open({
        address,
        routes: [{ client, keyArn: rig.keyArn }],
        clock: manualClock(0),
      });
      tampered = true;
      const error = await signingError(signer.signDigest(digestOf("x")));
      expect(error.message).to.include("without a request id");
      expect(error.kind).to.equal("stop");
    });

    it("of a key of another spec or use opens no signer", async () => {
      const { address } = await rig.signer();
      for (const other of [{ KeySpec: "ECC_NIST_P256" }, { KeyUsage: "KEY_AGREEMENT" }]) {
        const client = changed((output) => Object.assign(output, other));
        const routes = [{ client, keyArn: rig.keyArn }] as const;
        const error = await signingError(KmsSigner.open({ address, routes, clock: manualClock(0) }));
        expect(error.message).to.include("must be ECC_SECG_P256K1 for SIGN_VERIFY");
      }
    });
  });

  describe("every error of the table", () => {
    for (const row of ErrorTable) {
      it(`${row.name}: ${row.does}`, async () => {
        await showRow(row);
      });
    }

    async function showRow({ fault, name, requests, kind }: ErrorCase): Promise<void> {
      const attempts: KmsAttempt[] = [];
      const stops: KmsSigningError[] = [];
      const signer = await rig.signer({
        onAttempt: (attempt) => attempts.push(attempt),
        onStop: (error) => stops.push(error),
      });
      attempts.length = 0;
      const digest = digestOf(name);
      if (kind !== "stop") {
        // Once or twice in trouble, then well: the signature comes all the same.
        rig.kms.faults.set([{ ...fault, operation: "Sign", times: 2 }]);
        const signed = await signer.signDigest(digest);
        expect(recoverAddress(digest, signed)).to.equal(signer.address);
        expect(attempts.map(({ error }) => error?.kind)).to.deep.equal([kind, kind, undefined]);
      }
      rig.kms.faults.set([{ ...fault, operation: "Sign" }]);
      const before = signRequests();
      const error = await signingError(signer.signDigest(digest));
      expect(signRequests() - before).to.equal(requests);
      expect(error.kind).to.equal(kind);
      expect(error.attempts).to.have.length(requests);
      for (const attempt of error.attempts) {
        expect(attempt.error?.name).to.equal(name);
        if (attempt.requestId !== undefined) {
          expect(rig.exchanges.map(({ requestId }) => requestId)).to.include(attempt.requestId);
        }
      }
      expect(stops).to.have.length(kind === "stop" ? 1 : 0);
      expect(signer.stopped === undefined).to.equal(kind !== "stop");
      if (kind !== "stop") return;
      // A stopped key asks KMS nothing more, even if KMS would sign again, until people reopen it.
      rig.kms.faults.set([]);
      await signingError(signer.signDigest(digest));
      expect(signRequests() - before).to.equal(requests);
      expect(stops).to.have.length(1);
      await signer.reopen();
      expect((await signer.signDigest(digest)).address).to.equal(signer.address);
    }

    it("asks the credential provider for new credentials once the session has ended, and then stops", async () => {
      const expired = {
        ...ACCESS_KEY,
        accessKeyId: "ASIAEXPIREDEXPIREDEX",
        sessionToken: "old",
        expiresAt: 1,
      };
      const fresh = { ...ACCESS_KEY, accessKeyId: "ASIAFRESHFRESHFRESHF", sessionToken: "new" };
      const other = await Rig.start({ accessKeys: [ACCESS_KEY, expired, fresh] });
      const { address } = await other.signer();
      const given: (typeof fresh)[] = [];
      let next: (typeof fresh)[] = [fresh, expired, fresh];
      const client = other.signerClient(() => {
        const credentials = next.shift() ?? expired;
        given.push(credentials);
        return Promise.resolve({ ...credentials });
      });
      const routes = [{ client, keyArn: other.keyArn }] as const;
      const signer = await KmsSigner.open({ address, routes, clock: manualClock(0), random: () => 0 });
      await client.config.credentials({ forceRefresh: true });
      expect((await signer.signDigest(digestOf("x"))).address).to.equal(address);
      expect(given.map(({ sessionToken }) => sessionToken)).to.deep.equal(["new", "old", "new"]);
      next = [expired, expired];
      await client.config.credentials({ forceRefresh: true });
      const error = await signingError(signer.signDigest(digestOf("x")));
      expect(error.attempts.map((attempt) => attempt.error?.name)).to.deep.equal([
        "ExpiredTokenException",
        "ExpiredTokenException",
      ]);
      expect(error.kind).to.equal("stop");
      await other.stop();
    });
  });

  describe("deadlines", () => {
    it("ends a hanging attempt at its deadline and goes on", async () => {
      const clock = manualClock(0);
      const signer = await rig.signer({ clock });
      rig.kms.faults.set([{ fault: "hang", operation: "Sign", times: 1 }]);
      const signing = signer.signDigest(digestOf("x"));
      await rig.received(({ fault }) => fault?.fault === "hang");
      await clock.advance(1999);
      expect(signRequests()).to.equal(1);
      await clock.advance(1);
      const signed = await signing;
      expect(signRequests()).to.equal(2);
      expect(signed.address).to.equal(signer.address);
    });

    it("ends at 6 s in all when nothing ever answers", async () => {
      const clock = manualClock(0);
      const signer = await rig.signer({ clock, random: () => 0.5 });
      rig.kms.faults.set([{ fault: "hang", operation: "Sign" }]);
      const signing = signingError(signer.signDigest(digestOf("x")));
      for (let sent = 1; sent <= 3; sent++) {
        await rig.received(() => signRequests() === sent);
        await clock.advance(sent === 3 ? 2000 : 2000 + 50 * sent);
      }
      const error = await signing;
      expect(error.kind).to.equal("retry-here");
      expect(error.message).to.include("no time left of 6000 ms");
      expect(error.attempts.map(({ milliseconds }) => milliseconds)).to.deep.equal([2000, 2000, 1850]);
      expect(signer.stopped).to.equal(undefined);
    });

    it("ends a credential provider that hangs, too", async () => {
      const expired = {
        ...ACCESS_KEY,
        accessKeyId: "ASIAEXPIREDEXPIREDEX",
        sessionToken: "old",
        expiresAt: 1,
      };
      const other = await Rig.start({ accessKeys: [ACCESS_KEY, expired] });
      const { address } = await other.signer();
      let given = ACCESS_KEY;
      let hang: (() => void) | undefined;
      const client = other.signerClient(() => {
        if (hang === undefined) return Promise.resolve({ ...given });
        hang();
        return new Promise(() => undefined);
      });
      const clock = manualClock(0);
      const routes = [{ client, keyArn: other.keyArn }] as const;
      const signer = await KmsSigner.open({ address, routes, clock, random: () => 0 });
      given = expired;
      await client.config.credentials({ forceRefresh: true });
      const hangs = new Promise<void>((resolve) => (hang = resolve));
      const signing = signingError(signer.signDigest(digestOf("x")));
      await hangs;
      await clock.advance(2000);
      expect((await signing).attempts.map(({ error }) => error?.name)).to.deep.equal([
        "ExpiredTokenException",
        "ExpiredTokenException",
      ]);
      expect(clock.monotonic()).to.equal(2000);
      await other.stop();
    });

    it("counts opening too", async () => {
      const clock = manualClock(0);
      const { address } = await rig.signer();
      rig.kms.faults.set([{ fault: "hang", operation: "GetPublicKey" }]);
      const routes = [{ client: rig.signerClient(), keyArn: rig.keyArn }] as const;
      const deadlines = { attempt: 100, total: 250 };
      const opening = signingError(KmsSigner.open({ address, routes, clock, deadlines, random: () => 0 }));
      const hung = (): number => rig.exchanges.filter(({ fault }) => fault?.fault === "hang").length;
      for (let sent = 1; sent <= 3; sent++) {
        await rig.received(() => hung() === sent);
        await clock.advance(100);
      }
      expect((await opening).attempts.map(({ milliseconds }) => milliseconds)).to.deep.equal([100, 100, 50]);
    });

    it("allows no longer deadlines than 2 s and 6 s", async () => {
      for (const deadlines of [
        { attempt: 2001, total: 6000 },
        { attempt: 2000, total: 6001 },
        { attempt: 0, total: 1 },
        { attempt: Number.NaN, total: 1 },
      ]) {
        expect(await rejection(rig.signer({ deadlines }))).to.be.instanceOf(RangeError);
      }
    });
  });

  describe("with a replica in another Region", () => {
    it("goes there when a Region is in trouble, and keeps to the address", async () => {
      const signer = await rig.signer();
      // A replica has the same material under its own ARN.
      const there = rig.replicate("us-west-2");
      const routes = [
        { client: rig.signerClient(), keyArn: rig.keyArn },
        { client: rig.signerClient(ACCESS_KEY, "us-west-2"), keyArn: there },
      ] as const;
      const clock = manualClock(0);
      const both = await KmsSigner.open({ address: signer.address, routes, clock, random: () => 0 });
      expect((await both.signDigest(digestOf("x"))).keyArn).to.equal(rig.keyArn);
      const here = { operation: "Sign", keyId: rig.keyArn } as const;
      rig.kms.faults.set([{ ...here, fault: "unavailable" }]);
      const signed = await both.signDigest(digestOf("x"));
      expect(signed.keyArn).to.equal(there);
      expect(recoverAddress(digestOf("x"), signed)).to.equal(signer.address);
      rig.kms.faults.set([{ operation: "GetPublicKey", keyId: rig.keyArn, fault: "unavailable" }]);
      await both.reopen();
      // Disabling a key stops it everywhere: a replica is no way round people.
      rig.kms.faults.set([{ ...here, fault: "disabled" }]);
      expect(await signingError(both.signDigest(digestOf("x")))).to.include({ kind: "stop" });
    });

    it("does not open with a replica that is another key", async () => {
      const { address } = await rig.signer();
      const first = { client: rig.signerClient(), keyArn: rig.keyArn };
      await rig.signer();
      const other = { client: rig.signerClient(), keyArn: rig.keyArn };
      const error = await signingError(
        KmsSigner.open({ address, routes: [first, other], clock: manualClock(0) }),
      );
      expect(error.message).to.include(address);
    });
  });

  it("recovers from a service clock that is off, by the time in the refusal", async () => {
    const { address } = await rig.signer();
    const skew: FaultInput[] = [{ fault: "clock-skew", ms: 10 * 60_000 }];
    rig.kms.faults.set(skew);
    const message = {
      Message: digestOf("x"),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    } as const;
    const sign = new SignCommand({ KeyId: rig.keyArn, ...message });
    const raw = rig.client();
    const signed = await raw.send(sign);
    expect(signed.$metadata.attempts).to.equal(2);
    expect(rig.exchanges.at(-2)?.response).to.include("Signature expired");
    const slow = [{ fault: "clock-skew", ms: -10 * 60_000 }] as const;
    rig.kms.faults.set(slow);
    const error = await rejection(rig.client({ maxAttempts: 1 }).send(sign));
    expect(error).to.include({ name: "InvalidSignatureException" });
    expect(error.message).to.include("Signature not yet current");
    expect(address).to.match(/^0x/);
  });

  it("signs again once a disabled key is enabled and the signer reopened", async () => {
    const signer = await rig.signer();
    const client = rig.client();
    await client.send(new DisableKeyCommand({ KeyId: rig.keyArn }));
    const error = await signingError(signer.signDigest(digestOf("x")));
    expect(error.message).to.include("is disabled").and.to.include("find out who did it");
    await client.send(new EnableKeyCommand({ KeyId: rig.keyArn }));
    expect((await signingError(signer.signDigest(digestOf("x")))).message).to.include("is stopped");
    await signer.reopen();
    expect((await signer.signDigest(getBytes(hashMessage("x")))).address).to.equal(signer.address);
  });

  it("releases nothing that its observer could not write down", async () => {
    let full = false;
    const signer = await rig.signer({
      onAttempt: () => {
        if (full) throw new Error("disk full");
      },
    });
    full = true;
    expect(await rejection(signer.signDigest(digestOf("x")))).to.include({ message: "disk full" });
  });
});
