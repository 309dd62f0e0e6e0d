import { createHash } from "node:crypto";

import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
  VerifyCommand,
  type CreateKeyCommandInput,
  type KeyMetadata,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";

import { systemClock } from "../../../../oracle/clock.ts";
import { publicKeyFromSpki } from "../../../../oracle/signer/public-key.ts";
import { rejection } from "../../../utils/rejection.ts";
import { ACCOUNT, REGION, Rig } from "../rig.ts";

const SIGNING = { KeySpec: "ECC_SECG_P256K1", KeyUsage: "SIGN_VERIFY" } as const;

function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

describe("local KMS through the unmodified SDK", () => {
  let rig: Rig;
  let client: KMSClient;
  let now: number;

  beforeEach(async () => {
    now = systemClock().wall();
    rig = await Rig.start({ clock: { ...systemClock(), wall: () => now } });
    client = rig.client();
  });

  afterEach(async () => {
    await rig.stop();
  });

  async function create(
    input: CreateKeyCommandInput = SIGNING,
  ): Promise<KeyMetadata & { Arn: string; KeyId: string }> {
    const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
    return KeyMetadata as KeyMetadata & { Arn: string; KeyId: string };
  }

  it("creates a secp256k1 key and describes it", async () => {
    const made = await create({ ...SIGNING, Description: "report key" });
    expect(made.Arn).to.equal(`arn:aws:kms:${REGION}:${ACCOUNT}:key/${made.KeyId}`);
    expect(made.CreationDate!.getTime()).to.be.closeTo(now, 1);
    expect(made).to.deep.include({
      AWSAccountId: ACCOUNT,
      Enabled: true,
      Description: "report key",
      KeyUsage: "SIGN_VERIFY",
      KeyState: "Enabled",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      KeySpec: "ECC_SECG_P256K1",
      SigningAlgorithms: ["ECDSA_SHA_256"],
      MultiRegion: false,
    });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: made.Arn }));
    expect(KeyMetadata).to.deep.equal(made);
  });

  it("signs RAW and DIGEST alike, and verifies both", async () => {
    const { KeyId, Arn } = await create();
    const { PublicKey, SigningAlgorithms } = await client.send(new GetPublicKeyCommand({ KeyId }));
    expect(SigningAlgorithms).to.deep.equal(["ECDSA_SHA_256"]);
    const key = publicKeyFromSpki(PublicKey!).toBytes();
    const text = "the message";
    for (const [MessageType, Message] of [
      ["RAW", Buffer.from(text)],
      [undefined, Buffer.from(text)],
      ["DIGEST", sha256(text)],
    ] as const) {
      const request = { KeyId, Message, MessageType, SigningAlgorithm: "ECDSA_SHA_256" } as const;
      const signed = await client.send(new SignCommand(request));
      expect(signed.KeyId).to.equal(Arn);
      expect(signed.SigningAlgorithm).to.equal("ECDSA_SHA_256");
      const options = { prehash: false, lowS: false, format: "der" } as const;
      expect(secp256k1.verify(signed.Signature!, sha256(text), key, options)).to.equal(true);
      const verified = await client.send(new VerifyCommand({ ...request, Signature: signed.Signature }));
      expect(verified).to.deep.include({ KeyId: Arn, SignatureValid: true });
    }
  });

  it("returns high s as often as low s", async () => {
    const { KeyId } = await create();
    let high = 0;
    for (let i = 0; i < 64; i++) {
      const request = { KeyId, Message: sha256(String(i)), MessageType: "DIGEST" } as const;
      const { Signature } = await client.send(
        new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" }),
      );
      if (secp256k1.Signature.fromBytes(Signature!, "der").hasHighS()) high++;
    }
    expect(high).to.be.within(12, 52);
  });

  it("names keys by id, ARN, alias and alias ARN, and answers Sign with the key's ARN", async () => {
    const { KeyId, Arn } = await create();
    await client.send(new CreateAliasCommand({ AliasName: "alias/report", TargetKeyId: KeyId }));
    for (const name of [KeyId, Arn, "alias/report", `arn:aws:kms:${REGION}:${ACCOUNT}:alias/report`]) {
      const request = { KeyId: name, Message: sha256("x"), MessageType: "DIGEST" } as const;
      const signed = await client.send(new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" }));
      expect(signed.KeyId).to.equal(Arn);
    }
  });

  it("moves, lists and deletes aliases", async () => {
    const one = await create();
    const two = await create();
    await client.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: one.KeyId }));
    await client.send(new CreateAliasCommand({ AliasName: "alias/b", TargetKeyId: one.Arn }));
    const again = new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: two.KeyId });
    expect(await rejection(client.send(again))).to.include({
      name: "AlreadyExistsException",
      message: `An alias with the name arn:aws:kms:${REGION}:${ACCOUNT}:alias/a already exists`,
    });
    await client.send(new UpdateAliasCommand({ AliasName: "alias/a", TargetKeyId: two.KeyId }));
    const moved = await client.send(new DescribeKeyCommand({ KeyId: "alias/a" }));
    expect(moved.KeyMetadata?.KeyId).to.equal(two.KeyId);
    const { Aliases } = await client.send(new ListAliasesCommand({ KeyId: one.KeyId }));
    expect(Aliases?.map(({ AliasName }) => AliasName)).to.deep.equal(["alias/b"]);
    await client.send(new DeleteAliasCommand({ AliasName: "alias/b" }));
    const all = await client.send(new ListAliasesCommand({}));
    expect(all.Aliases?.map(({ AliasName, TargetKeyId }) => [AliasName, TargetKeyId])).to.deep.equal([
      ["alias/a", two.KeyId],
    ]);
    const gone = new DeleteAliasCommand({ AliasName: "alias/b" });
    expect(await rejection(client.send(gone))).to.include({
      name: "NotFoundException",
      message: `Alias arn:aws:kms:${REGION}:${ACCOUNT}:alias/b is not found.`,
    });
    const other = await create({});
    const across = new UpdateAliasCommand({ AliasName: "alias/a", TargetKeyId: other.KeyId });
    expect(await rejection(client.send(across))).to.include({ name: "ValidationException" });
    const reserved = new CreateAliasCommand({ AliasName: "alias/aws/kms", TargetKeyId: one.KeyId });
    expect(await rejection(client.send(reserved))).to.include({ name: "InvalidAliasNameException" });
  });

  it("pages through keys, aliases and tags", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await create()).KeyId);
    const seen: string[] = [];
    let Marker: string | undefined;
    const sizes: number[] = [];
    do {
      const page = await client.send(new ListKeysCommand({ Limit: 2, Marker }));
      sizes.push(page.Keys!.length);
      seen.push(...page.Keys!.map(({ KeyId }) => KeyId!));
      expect(page.Truncated).to.equal(page.NextMarker !== undefined);
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(seen).to.deep.equal(ids);
    expect(sizes).to.deep.equal([2, 2, 1]);
    for (const name of ["alias/1", "alias/2"]) {
      await client.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: ids[0]! }));
    }
    const first = await client.send(new ListAliasesCommand({ Limit: 1 }));
    expect(first.Truncated).to.equal(true);
    const second = await client.send(new ListAliasesCommand({ Limit: 1, Marker: first.NextMarker }));
    expect(second.Truncated).to.equal(false);
    expect(second.Aliases?.[0]?.AliasName).to.equal("alias/2");
    const bad = new ListKeysCommand({ Marker: "bm9uZQ==" });
    expect(await rejection(client.send(bad))).to.include({ name: "InvalidMarkerException" });
  });

  it("tags, retags and untags", async () => {
    const { KeyId } = await create({ ...SIGNING, Tags: [{ TagKey: "role", TagValue: "report" }] });
    const more = [
      { TagKey: "role", TagValue: "sender" },
      { TagKey: "env", TagValue: "" },
    ];
    await client.send(new TagResourceCommand({ KeyId, Tags: more }));
    expect((await client.send(new ListResourceTagsCommand({ KeyId }))).Tags).to.deep.equal(more);
    const page = await client.send(new ListResourceTagsCommand({ KeyId, Limit: 1 }));
    expect(page).to.deep.include({ Truncated: true, Tags: [more[0]] });
    await client.send(new UntagResourceCommand({ KeyId, TagKeys: ["role", "unknown"] }));
    expect((await client.send(new ListResourceTagsCommand({ KeyId }))).Tags).to.deep.equal([more[1]]);
    const fifty = Array.from({ length: 50 }, (_, i) => ({ TagKey: `k${String(i)}`, TagValue: "v" }));
    const tooMany = new TagResourceCommand({ KeyId, Tags: fifty });
    expect(await rejection(client.send(tooMany))).to.include({
      name: "TagException",
      message: "Too many tags",
    });
  });

  it("keeps a description and a policy", async () => {
    const { KeyId } = await create();
    await client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "for reports" }));
    const described = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(described.KeyMetadata?.Description).to.equal("for reports");
    const before = await client.send(new GetKeyPolicyCommand({ KeyId }));
    expect(before.Policy).to.include(`arn:aws:iam::${ACCOUNT}:root`);
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow" }] });
    await client.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    expect((await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }))).Policy).to.equal(
      Policy,
    );
    for (const malformed of ["{", "null", '{"Statement":[]}']) {
      const put = new PutKeyPolicyCommand({ KeyId, Policy: malformed });
      expect(await rejection(client.send(put))).to.include({ name: "MalformedPolicyDocumentException" });
    }
  });

  it("refuses a disabled key and takes it back enabled", async () => {
    const { KeyId, Arn } = await create();
    const request = { KeyId, Message: sha256("x"), MessageType: "DIGEST" } as const;
    const sign = new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" });
    await client.send(new DisableKeyCommand({ KeyId }));
    expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).to.deep.include({
      Enabled: false,
      KeyState: "Disabled",
    });
    for (const command of [sign, new GetPublicKeyCommand({ KeyId })]) {
      expect(await rejection(client.send(command as SignCommand))).to.include({
        name: "DisabledException",
        message: `${Arn} is disabled.`,
      });
    }
    await client.send(new EnableKeyCommand({ KeyId }));
    expect((await client.send(sign)).KeyId).to.equal(Arn);
  });

  it("waits 7 to 30 days with a deletion, can cancel it, and then forgets the key and its aliases", async () => {
    const { KeyId, Arn } = await create();
    await client.send(new CreateAliasCommand({ AliasName: "alias/doomed", TargetKeyId: KeyId }));
    for (const PendingWindowInDays of [6, 31]) {
      const wrong = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays });
      expect(await rejection(client.send(wrong))).to.include({
        name: "ValidationException",
        message: "PendingWindowInDays must be between 7 and 30 (inclusive)",
      });
    }
    const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(scheduled).to.deep.include({ KeyId: Arn, KeyState: "PendingDeletion", PendingWindowInDays: 7 });
    expect(scheduled.DeletionDate!.getTime() - now).to.be.closeTo(7 * 86_400_000, 1000);
    const pending = { name: "KMSInvalidStateException", message: `${Arn} is pending deletion.` };
    const request = { KeyId, Message: sha256("x"), MessageType: "DIGEST" } as const;
    const sign = new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" });
    for (const command of [
      sign,
      new EnableKeyCommand({ KeyId }),
      new DisableKeyCommand({ KeyId }),
      new ScheduleKeyDeletionCommand({ KeyId }),
      new TagResourceCommand({ KeyId, Tags: [] }),
      new CreateAliasCommand({ AliasName: "alias/late", TargetKeyId: KeyId }),
      new UpdateKeyDescriptionCommand({ KeyId, Description: "" }),
    ]) {
      expect(await rejection(client.send(command as SignCommand))).to.include(pending);
    }
    expect((await client.send(new CancelKeyDeletionCommand({ KeyId }))).KeyId).to.equal(Arn);
    expect(await rejection(client.send(new CancelKeyDeletionCommand({ KeyId })))).to.include({
      message: `${Arn} is not pending deletion.`,
    });
    expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).to.equal("Disabled");
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    now += 30 * 86_400_000;
    // The SDK follows the service's clock, 30 days ahead, after its first refusal.
    const missing = { name: "NotFoundException", message: `Key '${Arn}' does not exist` };
    expect(await rejection(client.send(new DescribeKeyCommand({ KeyId })))).to.include(missing);
    expect((await client.send(new ListKeysCommand({}))).Keys).to.deep.equal([]);
    expect((await client.send(new ListAliasesCommand({}))).Aliases).to.deep.equal([]);
  });

  it("keeps Regions apart", async () => {
    const { KeyId, Arn } = await create();
    const elsewhere = rig.client({ region: "us-west-2" });
    expect((await elsewhere.send(new ListKeysCommand({}))).Keys).to.deep.equal([]);
    expect(await rejection(elsewhere.send(new DescribeKeyCommand({ KeyId })))).to.include({
      message: `Key 'arn:aws:kms:us-west-2:${ACCOUNT}:key/${KeyId}' does not exist`,
    });
    expect(await rejection(elsewhere.send(new DescribeKeyCommand({ KeyId: Arn })))).to.include({
      message: `Invalid arn ${REGION}`,
    });
  });

  it("answers DryRun only where the request would have succeeded", async () => {
    const { KeyId } = await create();
    const request = {
      KeyId,
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
      DryRun: true,
    } as const;
    const dry = new SignCommand({ ...request, Message: sha256("x") });
    expect(await rejection(client.send(dry))).to.include({
      name: "DryRunOperationException",
      message: "The request would have succeeded, but the DryRun option is set.",
    });
    const wrong = new SignCommand({ ...request, Message: Buffer.alloc(31) });
    expect(await rejection(client.send(wrong))).to.include({ name: "ValidationException" });
    await client.send(new DisableKeyCommand({ KeyId }));
    expect(await rejection(client.send(dry))).to.include({ name: "DisabledException" });
  });

  it("says which specs, uses and algorithms it has not", async () => {
    const rsa = new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
    expect(await rejection(client.send(rsa))).to.include({
      name: "UnsupportedOperationException",
      message: "The local KMS makes no keys of spec RSA_2048: it signs with ECC_SECG_P256K1 only.",
    });
    const usage = new CreateKeyCommand({ KeySpec: "ECC_SECG_P256K1", KeyUsage: "KEY_AGREEMENT" });
    expect(await rejection(client.send(usage))).to.include({
      name: "ValidationException",
      message: "KeyUsage KEY_AGREEMENT is not compatible with KeySpec ECC_SECG_P256K1",
    });
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- callers still send it
    const both = new CreateKeyCommand({ ...SIGNING, CustomerMasterKeySpec: "RSA_2048" });
    expect(await rejection(client.send(both))).to.include({ name: "ValidationException" });
    const imported = new CreateKeyCommand({ ...SIGNING, Origin: "EXTERNAL" });
    expect(await rejection(client.send(imported))).to.include({ name: "UnsupportedOperationException" });
    const symmetric = await create({});
    const publicKey = new GetPublicKeyCommand({ KeyId: symmetric.KeyId });
    expect(await rejection(client.send(publicKey))).to.include({ name: "UnsupportedOperationException" });
    const { KeyId } = await create();
    const algorithm = { KeyId, Message: sha256("x"), MessageType: "DIGEST" } as const;
    const sha512 = new SignCommand({ ...algorithm, SigningAlgorithm: "ECDSA_SHA_512" });
    expect(await rejection(client.send(sha512))).to.include({
      name: "InvalidKeyUsageException",
      message: "Algorithm ECDSA_SHA_512 is incompatible with key spec ECC_SECG_P256K1.",
    });
  });

  it("makes multi-Region keys", async () => {
    const made = await create({ ...SIGNING, MultiRegion: true });
    expect(made.KeyId).to.match(/^mrk-[0-9a-f]{32}$/);
    expect(made.MultiRegionConfiguration).to.deep.equal({
      MultiRegionKeyType: "PRIMARY",
      PrimaryKey: { Arn: made.Arn, Region: REGION },
      ReplicaKeys: [],
    });
  });

  it("writes a CloudTrail-shaped event for each use, failed or not", async () => {
    const { KeyId, Arn } = await create();
    const request = { KeyId, Message: sha256("x"), MessageType: "DIGEST" } as const;
    const sign = new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" });
    const signed = await client.send(sign);
    await client.send(new DisableKeyCommand({ KeyId }));
    const refused = await rejection(client.send(sign));
    const [createEvent, signEvent, disableEvent, refusedEvent] = rig.events;
    expect(signEvent).to.deep.include({
      eventVersion: "1.08",
      eventSource: "kms.amazonaws.com",
      eventName: "Sign",
      awsRegion: REGION,
      requestID: signed.$metadata.requestId,
      requestParameters: { keyId: KeyId, messageType: "DIGEST", signingAlgorithm: "ECDSA_SHA_256" },
      responseElements: null,
      readOnly: true,
      managementEvent: true,
      eventType: "AwsApiCall",
      recipientAccountId: ACCOUNT,
      resources: [{ accountId: ACCOUNT, type: "AWS::KMS::Key", ARN: Arn }],
    });
    expect(signEvent).not.to.have.property("errorCode");
    expect(signEvent?.["eventTime"]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(signEvent?.["userIdentity"]).to.include({ accessKeyId: "AKIATESTTESTTESTTEST" });
    expect(refusedEvent).to.deep.include({
      requestID: (refused as { $metadata?: { requestId?: string } }).$metadata?.requestId,
      errorCode: "DisabledException",
      errorMessage: `${Arn} is disabled.`,
    });
    expect(createEvent).to.deep.include({ eventName: "CreateKey", readOnly: false });
    expect(createEvent?.["responseElements"]).to.have.nested.property("KeyMetadata.KeyId", KeyId);
    expect(disableEvent).to.deep.include({
      eventName: "DisableKey",
      readOnly: false,
      responseElements: null,
    });
  });

  it("fails a use whose event cannot be written", async () => {
    const { KeyId } = await create();
    const full = await Rig.start({
      onEvent: () => {
        throw new Error("disk full");
      },
    });
    const request = { KeyId, Message: sha256("x"), MessageType: "DIGEST" } as const;
    const sign = new SignCommand({ ...request, SigningAlgorithm: "ECDSA_SHA_256" });
    const error = await rejection(full.client({ maxAttempts: 1 }).send(sign));
    expect(error).to.include({ name: "KMSInternalException" });
    expect(error.message).to.include("disk full");
    await full.stop();
  });
});
