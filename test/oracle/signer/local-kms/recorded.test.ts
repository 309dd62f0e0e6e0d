import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  ListResourceTagsCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  VerifyCommand,
  type CreateKeyCommandInput,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { expect } from "chai";

import { testVectors } from "../../../utils/outside-files.ts";
import { rejection } from "../../../utils/rejection.ts";
import { ACCOUNT, REGION, Rig } from "../rig.ts";

type Recorded = Readonly<Record<string, unknown>>;

interface RecordedError {
  readonly Error: { readonly Code: string; readonly Message: string };
  readonly ResponseMetadata: { readonly HTTPStatusCode: number };
}

const PREFIX = "tests/aws/services/kms/test_kms.py::TestKMS::";
const ELSEWHERE = "us-west-2";
const SIGNING = { KeySpec: "ECC_SECG_P256K1", KeyUsage: "SIGN_VERIFY" } as const;
const DIGEST = { MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256" } as const;

/** Whatever differs from run to run, replaced as the recordings have it replaced. */
function masked(value: unknown, names: Readonly<Record<string, string>>): unknown {
  let text = JSON.stringify(value, (name, member: unknown) =>
    /^(CreationDate|DeletionDate)$/.test(name) ? "datetime" : member,
  );
  const longestFirst = Object.entries(names).sort(([a], [b]) => b.length - a.length);
  for (const [actual, mask] of longestFirst) text = text.replaceAll(actual, mask);
  return JSON.parse(text) as unknown;
}

describe("local KMS beside responses recorded from the real service", () => {
  let recordings: Readonly<Record<string, { readonly "recorded-content": Recorded }>> | undefined;
  let rig: Rig;
  let client: KMSClient;
  const compared = new Set<string>();

  before(function () {
    recordings = testVectors(this, "aws-kms-recorded-responses.json") as typeof recordings;
  });

  beforeEach(async () => {
    rig = await Rig.start();
    client = rig.client();
  });

  afterEach(async () => {
    await rig.stop();
  });

  function recording(test: string, entry: string): unknown {
    const found = Object.entries(recordings!).find(([name]) => name.endsWith(`::${test}`));
    const content = found?.[1]["recorded-content"][entry];
    if (content === undefined) throw new Error(`no recording ${test} ${entry} (${PREFIX}…)`);
    compared.add(`${test} ${entry}`);
    return content;
  }

  async function create(input: CreateKeyCommandInput = SIGNING): Promise<{ Arn: string; KeyId: string }> {
    const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
    return KeyMetadata as { Arn: string; KeyId: string };
  }

  /** Compares code, message and status of a failure with a recording. */
  async function sameError(
    attempt: Promise<unknown>,
    [test, entry]: readonly [string, string],
    names: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const error = (await rejection(attempt)) as Error & { $metadata: { httpStatusCode: number } };
    const { Error: expected, ResponseMetadata } = recording(test, entry) as RecordedError;
    // The SDK puts "UnknownError" where the body has no message; the recordings have the empty string.
    const wire = JSON.parse(rig.exchanges.at(-1)!.response) as { __type: string; message?: string };
    expect(error.name, `${test} ${entry}`).to.equal(expected.Code);
    expect(masked(wire.message ?? "", names), `${test} ${entry}`).to.equal(expected.Message);
    expect(error.$metadata.httpStatusCode, `${test} ${entry}`).to.equal(ResponseMetadata.HTTPStatusCode);
  }

  function keyNames({ Arn, KeyId }: { Arn: string; KeyId: string }): Record<string, string> {
    return {
      [Arn]: "<key-arn>",
      [KeyId]: "<key-id:1>",
      [ACCOUNT]: "111111111111",
      [`arn:aws:kms:${REGION}:`]: "arn:<partition>:kms:<region>:",
    };
  }

  async function described(keyId: string, materialId?: string): Promise<unknown> {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    return masked(KeyMetadata, {
      [KeyMetadata!.KeyId!]: "<key-id:1>",
      [ACCOUNT]: "111111111111",
      [`arn:aws:kms:${REGION}:`]: "arn:<partition>:kms:<region>:",
      [`"${REGION}"`]: '"<region>"',
      ...(materialId === undefined ? {} : { [materialId]: "<current-key-material-id:1>" }),
    });
  }

  it("describes symmetric, HMAC, multi-Region and aliased keys as recorded", async () => {
    const cases: [string, string, CreateKeyCommandInput][] = [
      ["test_create_key", "describe-key", { Description: "test key 123" }],
      [
        "test_hmac_create_key",
        "describe-key",
        { Description: "test key", KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
      ],
      [
        "test_hmac_create_key",
        "create-hmac-key",
        { Description: "test key", KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
      ],
      [
        "test_create_multi_region_key",
        "create_multi_region_key",
        { Description: "test multi region key", MultiRegion: true },
      ],
      [
        "test_non_multi_region_keys_should_not_have_multi_region_properties",
        "non_multi_region_keys_should_not_have_multi_region_properties",
        { Description: "test non multi region key" },
      ],
      ["test_describe_with_alias_arn", "created-key", { Description: "test - description" }],
    ];
    for (const [test, entry, input] of cases) {
      const { KeyId } = await create(input);
      const material = rig.store.key(REGION, KeyId)?.materialId;
      expect(await described(KeyId, material), test).to.deep.equal(recording(test, entry));
    }
    const { KeyId } = await create({ Description: "test - description" });
    await client.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: KeyId }));
    const material = rig.store.key(REGION, KeyId)?.materialId;
    const byAlias = await described(`arn:aws:kms:${REGION}:${ACCOUNT}:alias/a`, material);
    const expected = recording("test_describe_with_alias_arn", "describe-key") as { KeyMetadata: unknown };
    expect(byAlias).to.deep.equal(expected.KeyMetadata);
  });

  it("finds no key in the words recorded", async () => {
    const id = "11111111-2222-4333-8444-555555555555";
    const names = (keyId: string, mask: string): Record<string, string> => ({
      [`arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}`]: mask,
    });
    const describe = (KeyId: string): Promise<unknown> => client.send(new DescribeKeyCommand({ KeyId }));
    const absent = "test_get_key_does_not_exist";
    await sameError(describe(id), [absent, "describe-nonexistent-key-with-id"], names(id, "<key-arn>"));
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
    await sameError(describe(arn), [absent, "describe-nonexistent-with-arn"], names(id, "<key-arn>"));
    const mrk = `mrk-${"0".repeat(32)}`;
    await sameError(describe(mrk), [absent, "describe-key-with-valid-id-mrk"], names(mrk, "<mrk-key-arn>"));
    const invalid = "test_get_key_invalid_uuid";
    await sameError(describe("fake-key-id"), [invalid, "describe-key-with-invalid-uuid"]);
    await sameError(describe("134f2428cec14b25a1ae9048164dba47"), [
      invalid,
      "describe-key-with-invalid-uuid-2",
    ]);
    await sameError(describe("mrk-fake-key-id"), [invalid, "describe-key-with-invalid-uuid-mrk"]);
    await sameError(client.send(new SignCommand({ KeyId: "key_id", Message: Buffer.alloc(32), ...DIGEST })), [
      "test_generate_and_verify_mac[HMAC_224-HMAC_SHA_224]",
      "generate-mac-invalid-key-id",
    ]);
  });

  it("keeps Regions apart as recorded", async () => {
    const made = await rig
      .client({ region: ELSEWHERE })
      .send(new CreateKeyCommand({ Description: "test key 123" }));
    const { KeyId, Arn } = made.KeyMetadata!;
    const test = "test_get_key_in_different_region";
    await sameError(
      client.send(new DescribeKeyCommand({ KeyId })),
      [test, "describe-key-diff-region-with-id"],
      {
        [KeyId!]: "<key-id:1>",
        [ACCOUNT]: "111111111111",
        [`arn:aws:kms:${REGION}:`]: "arn:<partition>:kms:<region>:",
      },
    );
    await sameError(
      client.send(new DescribeKeyCommand({ KeyId: Arn })),
      [test, "describe-key-diff-region-with-arn"],
      {
        [ELSEWHERE]: "<secondary-region>",
      },
    );
    for (const entry of [
      "describe-key-same-specific-region-with-id",
      "describe-key-same-specific-region-with-arn",
    ]) {
      const there = rig.client({ region: ELSEWHERE });
      const { KeyMetadata } = await there.send(
        new DescribeKeyCommand({ KeyId: entry.endsWith("id") ? KeyId : Arn }),
      );
      const found = masked(KeyMetadata, {
        [KeyId!]: "<key-id:1>",
        [ACCOUNT]: "111111111111",
        [`arn:aws:kms:${ELSEWHERE}:`]: "arn:<partition>:kms:<secondary-region>:",
        [rig.store.key(ELSEWHERE, KeyId!)!.materialId!]: "<current-key-material-id:1>",
      });
      expect(found).to.deep.equal((recording(test, entry) as { KeyMetadata: unknown }).KeyMetadata);
    }
  });

  it("signs and verifies as recorded, and refuses bad digests and signatures so", async () => {
    const test = "test_sign_verify[ECC_SECG_P256K1-ECDSA_SHA_256]";
    const { KeyId, Arn } = await create();
    const request = { KeyId, Message: Buffer.alloc(32, 1), ...DIGEST };
    const { $metadata, ...signature } = await client.send(new SignCommand(request));
    const { $metadata: verified, ...verification } = await client.send(
      new VerifyCommand({ ...request, Signature: signature.Signature }),
    );
    const names = { [Arn]: "<key-id:1>" };
    for (const [entry, answer, status] of [
      ["signature", { ...signature, Signature: "<signature>" }, $metadata.httpStatusCode],
      ["verification", verification, verified.httpStatusCode],
    ] as const) {
      const { ResponseMetadata, ...rest } = recording(test, entry) as RecordedError & Recorded;
      expect(masked(answer, names)).to.deep.equal(rest);
      expect(status).to.equal(ResponseMetadata.HTTPStatusCode);
    }
    const short = { ...request, Message: Buffer.from("bad digest") };
    await sameError(client.send(new SignCommand(short)), [test, "bad-digest"]);
    for (const bad of [Buffer.from("bad signature"), Buffer.from(signature.Signature!).reverse()]) {
      await sameError(client.send(new VerifyCommand({ ...request, Signature: bad })), [
        test,
        "bad-signature",
      ]);
    }
  });

  it("refuses keys of the wrong use and disabled keys as recorded", async () => {
    const test = "test_error_messaging_for_invalid_keys";
    const mac = await create({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    const sign = new SignCommand({ KeyId: mac.KeyId, Message: Buffer.alloc(32), ...DIGEST });
    await sameError(client.send(sign), [test, "sign-invalid-key-id"], keyNames(mac));
    const symmetric = await create({});
    const verify = {
      KeyId: symmetric.KeyId,
      Message: Buffer.alloc(32),
      Signature: Buffer.alloc(70),
      ...DIGEST,
    };
    await sameError(
      client.send(new VerifyCommand(verify)),
      [test, "verify-invalid-key-id"],
      keyNames(symmetric),
    );
    const disabled = await create();
    await client.send(new DisableKeyCommand({ KeyId: disabled.KeyId }));
    await sameError(
      client.send(new SignCommand({ KeyId: disabled.KeyId, Message: Buffer.alloc(32), ...DIGEST })),
      ["test_rotate_key_on_demand_raises_error_given_key_is_disabled", "error-response"],
      keyNames(disabled),
    );
    const dry = await create();
    await sameError(
      client.send(new SignCommand({ KeyId: dry.KeyId, Message: Buffer.alloc(32), ...DIGEST, DryRun: true })),
      ["test_generate_data_key_pair_dry_run", "dryrun_exception"],
    );
  });

  it("refuses to create keys and aliases as recorded", async () => {
    const test = "test_hmac_create_key_invalid_operations";
    const make = (input: CreateKeyCommandInput): Promise<unknown> => client.send(new CreateKeyCommand(input));
    await sameError(make({ KeySpec: "HMAC_256" }), [test, "create-hmac-key-without-key-usage"]);
    const spec = { KeySpec: "HMAC_random" as KeySpec, KeyUsage: "GENERATE_VERIFY_MAC" } as const;
    await sameError(make(spec), [test, "create-hmac-key-invalid-spec"]);
    const usage = { KeySpec: "HMAC_256", KeyUsage: "RANDOM" as KeyUsageType } as const;
    await sameError(make(usage), [test, "create-hmac-key-invalid-key-usage"]);
    const { KeyId } = await create();
    const alias = new CreateAliasCommand({ AliasName: "no_prefix", TargetKeyId: KeyId });
    await sameError(client.send(alias), ["test_create_alias", "create_alias"]);
  });

  it("tags, untags and refuses tags as recorded", async () => {
    const tag = (n: number, value = `value${n}`): { TagKey: string; TagValue: string } => ({
      TagKey: `tag${n}`,
      TagValue: value,
    });
    const tagsOf = async (KeyId: string): Promise<unknown> =>
      (await client.send(new ListResourceTagsCommand({ KeyId }))).Tags;
    const existing = await create();
    await client.send(new TagResourceCommand({ KeyId: existing.KeyId, Tags: [tag(1), tag(2)] }));
    const created = await create({ ...SIGNING, Tags: [tag(1), tag(2)] });
    for (const [test, { KeyId }] of [
      ["test_tag_existing_key_and_untag", existing],
      ["test_create_key_with_tag_and_untag", created],
    ] as const) {
      expect(await tagsOf(KeyId)).to.deep.equal(recording(test, "list-resource-tags"));
      await client.send(new UntagResourceCommand({ KeyId, TagKeys: ["tag1", "tag2"] }));
      expect(await tagsOf(KeyId)).to.deep.equal(recording(test, "list-resource-tags-after-all-untagged"));
    }
    const three = await create({ ...SIGNING, Tags: [tag(1), tag(2), tag(3)] });
    const partly = "test_untag_key_partially";
    expect(await tagsOf(three.KeyId)).to.deep.equal(recording(partly, "list-resource-tags"));
    await client.send(new UntagResourceCommand({ KeyId: three.KeyId, TagKeys: ["tag2"] }));
    expect(await tagsOf(three.KeyId)).to.deep.equal(
      recording(partly, "list-resource-tags-after-partially-untagged"),
    );
    const updated = await create({ ...SIGNING, Tags: [tag(1), tag(2), tag(3)] });
    const update = "test_update_and_add_tags_on_tagged_key";
    expect(await tagsOf(updated.KeyId)).to.deep.equal(recording(update, "list-resource-tags"));
    const Tags = [tag(2, "updated_value2"), tag(4), tag(5)];
    await client.send(new TagResourceCommand({ KeyId: updated.KeyId, Tags }));
    expect(await tagsOf(updated.KeyId)).to.deep.equal(
      recording(update, "list-resource-tags-after-tags-updated"),
    );

    const { KeyId } = await create();
    const put = (...tags: { TagKey: string; TagValue: string }[]): Promise<unknown> =>
      client.send(new TagResourceCommand({ KeyId, Tags: tags }));
    await sameError(put(tag(1), tag(1, "x")), [
      "test_tag_key_with_duplicate_tag_keys_raises_error",
      "duplicate-tag-keys",
    ]);
    const reserved = { TagKey: "aws:key1", TagValue: "v" };
    await sameError(put(reserved), ["test_tag_existing_key_with_invalid_tag_key", "invalid-tag-key"]);
    const longValue = recording(
      "test_key_with_long_tag_value_raises_error",
      "too-long-tag-value",
    ) as RecordedError;
    const value = /Value '(v+)'/.exec(longValue.Error.Message)![1]!;
    await sameError(put(tag(1, value)), ["test_key_with_long_tag_value_raises_error", "too-long-tag-value"]);
    const make = (...tags: { TagKey: string; TagValue: string }[]): Promise<unknown> =>
      client.send(new CreateKeyCommand({ ...SIGNING, Tags: tags }));
    const many = Array.from({ length: 51 }, (_, n) => tag(n));
    await sameError(make(...many), ["test_create_key_with_too_many_tags_raises_error", "invalid-tag-key"]);
    const invalid = "test_create_key_with_invalid_tag_key";
    await sameError(make(reserved), [`${invalid}[lowercase_prefix]`, "invalid-tag-key"]);
    await sameError(make({ TagKey: "AWS:key1", TagValue: "v" }), [
      `${invalid}[uppercase_prefix]`,
      "invalid-tag-key",
    ]);
    const longKey = recording(`${invalid}[too_long_key]`, "invalid-tag-key") as RecordedError;
    const TagKey = /Value '(a+)'/.exec(longKey.Error.Message)![1]!;
    await sameError(make({ TagKey, TagValue: "v" }), [`${invalid}[too_long_key]`, "invalid-tag-key"]);
  });

  after(() => {
    if (recordings === undefined) return;
    // Every recorded answer of an operation that this KMS has, on a key spec that it has.
    expect(compared.size).to.equal(45);
    console.log(`      ${compared.size} recorded answers compared`);
  });
});
