import { createRequire } from "node:module";

import type { KMSClient } from "@aws-sdk/client-kms";
import type { KMSSigner as ReferenceSigner } from "@rumblefishdev/eth-signer-kms";
import { expect } from "chai";
import {
  recoverAddress,
  Transaction,
  TypedDataEncoder,
  verifyMessage,
  verifyTypedData,
  type JsonRpcApiProvider,
  type TransactionRequest,
} from "ethers";
import fc from "fast-check";

import { EthersSigner, SenderMismatchError } from "../../../oracle/signer/ethers-signer.ts";
import type { KmsSigner } from "../../../oracle/signer/kms-signer.ts";
import { rejection } from "../../utils/rejection.ts";
import { Rig } from "./rig.ts";

/** The package ships CommonJS built for another bundler's resolution; `require` takes it as it is. */
const reference = createRequire(import.meta.url)("@rumblefishdev/eth-signer-kms") as {
  KMSSigner: new (
    provider: JsonRpcApiProvider,
    address: string,
    keyId: string,
    kms: KMSClient,
  ) => ReferenceSigner;
};

const SEED = 0x6b6d73;
const RECIPIENT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const uint = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
const data = fc.uint8Array({ maxLength: 64 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
const common = {
  to: fc.constantFrom(RECIPIENT, null),
  nonce: fc.nat({ max: 1_000_000 }),
  gasLimit: uint(32),
  value: uint(96),
  chainId: fc.integer({ min: 1, max: 1_000_000 }).map(BigInt),
  data,
};
const legacy = fc.record({ ...common, type: fc.constant(0), gasPrice: uint(64) });
const eip1559 = fc
  .record({ ...common, type: fc.constant(2), maxPriorityFeePerGas: uint(40), more: uint(40) })
  .map(({ more, ...fields }) => ({ ...fields, maxFeePerGas: fields.maxPriorityFeePerGas + more }));
const transaction: fc.Arbitrary<TransactionRequest> = fc.oneof(legacy, eip1559);

const types = {
  Leg: [
    { name: "account", type: "address" },
    { name: "price", type: "int256" },
  ],
  Report: [
    { name: "root", type: "bytes32" },
    { name: "observedAt", type: "uint32" },
    { name: "note", type: "string" },
    { name: "legs", type: "Leg[]" },
  ],
};
const typed = fc.record({
  domain: fc.record({ name: fc.string(), version: fc.string(), chainId: fc.nat() }),
  value: fc.record({
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => `0x${Buffer.from(b).toString("hex")}`),
    observedAt: fc.nat({ max: 2 ** 31 - 1 }),
    note: fc.string(),
    legs: fc.array(fc.record({ account: fc.constant(RECIPIENT), price: uint(200).map((p) => -p) }), {
      maxLength: 3,
    }),
  }),
});

describe("ethers signer", () => {
  let rig: Rig;
  let kms: KmsSigner;
  let signer: EthersSigner;

  before(async () => {
    rig = await Rig.start();
    kms = await rig.signer();
    signer = new EthersSigner(kms);
  });

  after(async () => {
    await rig.stop();
  });

  it("signs legacy and EIP-1559 transactions alike as objects and as plain fields, with and without from", async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (fields) => {
        const plain = await signer.signTransaction(fields);
        const signed = Transaction.from(plain);
        expect(signed.from).to.equal(kms.address);
        expect(signed.unsignedSerialized).to.equal(Transaction.from(fields as never).unsignedSerialized);
        expect(await signer.signTransaction({ ...fields, from: kms.address })).to.equal(plain);
        expect(await signer.signTransaction(Transaction.from(fields as never))).to.equal(plain);
        expect(await signer.signTransaction(signed)).to.equal(plain);
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("refuses a transaction from someone else", async () => {
    const error = await rejection(signer.signTransaction({ from: RECIPIENT, to: RECIPIENT, chainId: 1n }));
    expect(error).to.be.instanceOf(SenderMismatchError);
    expect(error.message).to.include(RECIPIENT).and.to.include(kms.address);
  });

  it("signs typed data and messages that ethers verifies", async () => {
    await fc.assert(
      fc.asyncProperty(typed, async ({ domain, value }) => {
        const signature = await signer.signTypedData(domain, types, value);
        expect(verifyTypedData(domain, types, value, signature)).to.equal(kms.address);
      }),
      { seed: SEED, numRuns: 50 },
    );
    for (const message of ["仲値", Uint8Array.of(0, 255)]) {
      expect(verifyMessage(message, await signer.signMessage(message))).to.equal(kms.address);
    }
  });

  it("gives the same bytes as an independent KMS signer, for transactions and typed data", async () => {
    // The local KMS takes its nonces from RFC 6979, so equal digests have equal signatures.
    const theirs = new reference.KMSSigner(null as never, kms.address, rig.keyArn, rig.client());
    expect(await signer.getAddress()).to.equal(await theirs.getAddress());
    await fc.assert(
      fc.asyncProperty(transaction, typed, async (fields, { domain, value }) => {
        expect(await signer.signTransaction(fields)).to.equal(await theirs.signTransaction(fields));
        const mine = await signer.signTypedData(domain, types, value);
        expect(mine).to.equal(await theirs.signTypedData(domain, types, value));
        expect(recoverAddress(TypedDataEncoder.hash(domain, types, value), mine)).to.equal(kms.address);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it("keeps its key when connected to a provider, and does not delegate its account", async () => {
    expect(await signer.connect(null).getAddress()).to.equal(kms.address);
    const delegating = (async () => signer.authorize({ address: RECIPIENT }))();
    expect(await rejection(delegating)).to.include({ code: "UNSUPPORTED_OPERATION" });
  });
});
