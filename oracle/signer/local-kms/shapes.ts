/** What a request member may be. Lengths are characters, bytes (blob) or members (list); bounds are inclusive. */
export type Shape =
  | {
      readonly type: "string";
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: string;
      readonly enum?: readonly string[];
    }
  | { readonly type: "blob"; readonly min?: number; readonly max?: number }
  | { readonly type: "integer"; readonly min?: number; readonly max?: number }
  | { readonly type: "boolean" }
  | { readonly type: "list"; readonly member: Shape; readonly min?: number; readonly max?: number }
  | StructureShape;

/** A structure: its members, and which of them must be present. */
export interface StructureShape {
  readonly type: "structure";
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, Shape>>;
}

const keyId: Shape = { type: "string", min: 1, max: 2048 };
const grantTokens: Shape = {
  type: "list",
  min: 0,
  max: 10,
  member: { type: "string", min: 1, max: 8192 },
};
const limit: Shape = { type: "integer", min: 1, max: 1000 };
const marker: Shape = { type: "string", min: 1, max: 1024, pattern: "[\\u0020-\\u00FF]*" };
const aliasName: Shape = { type: "string", min: 1, max: 256, pattern: "^[a-zA-Z0-9:/_-]+$" };
const tagKey: Shape = { type: "string", min: 1, max: 128 };
const tags: Shape = {
  type: "list",
  member: {
    type: "structure",
    required: ["TagKey", "TagValue"],
    members: { TagKey: tagKey, TagValue: { type: "string", min: 0, max: 256 } },
  },
};
const description: Shape = { type: "string", min: 0, max: 8192 };
const policy: Shape = {
  type: "string",
  min: 1,
  max: 131_072,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
};
const policyName: Shape = { type: "string", min: 1, max: 128, pattern: "[\\w]+" };
const message: Shape = { type: "blob", min: 1, max: 4096 };
const messageType: Shape = { type: "string", enum: ["RAW", "DIGEST", "EXTERNAL_MU"] };
const signingAlgorithm: Shape = {
  type: "string",
  enum: [
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "ECDSA_SHA_256",
    "ECDSA_SHA_384",
    "ECDSA_SHA_512",
    "SM2DSA",
    "ML_DSA_SHAKE_256",
    "ED25519_SHA_512",
    "ED25519_PH_SHA_512",
  ],
};
const oldKeySpecs = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "SYMMETRIC_DEFAULT",
  "HMAC_224",
  "HMAC_256",
  "HMAC_384",
  "HMAC_512",
  "SM2",
];
const boolean: Shape = { type: "boolean" };

function structure(members: Record<string, Shape>, ...required: string[]): StructureShape {
  return { type: "structure", members, required };
}

const justKeyId = structure({ KeyId: keyId }, "KeyId");

/** The request shapes of the operations this KMS has. A test holds them to AWS's published service model. */
export const REQUEST_SHAPES = {
  CancelKeyDeletion: justKeyId,
  CreateAlias: structure({ AliasName: aliasName, TargetKeyId: keyId }, "AliasName", "TargetKeyId"),
  CreateKey: structure({
    Policy: policy,
    Description: description,
    KeyUsage: {
      type: "string",
      enum: ["SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"],
    },
    CustomerMasterKeySpec: { type: "string", enum: oldKeySpecs },
    KeySpec: {
      type: "string",
      enum: [...oldKeySpecs, "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ECC_NIST_EDWARDS25519"],
    },
    Origin: { type: "string", enum: ["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"] },
    CustomKeyStoreId: { type: "string", min: 1, max: 64 },
    BypassPolicyLockoutSafetyCheck: boolean,
    Tags: tags,
    MultiRegion: boolean,
    XksKeyId: { type: "string", min: 1, max: 128, pattern: "^[a-zA-Z0-9-_.]+$" },
  }),
  DeleteAlias: structure({ AliasName: aliasName }, "AliasName"),
  DescribeKey: structure({ KeyId: keyId, GrantTokens: grantTokens }, "KeyId"),
  DisableKey: justKeyId,
  EnableKey: justKeyId,
  GetKeyPolicy: structure({ KeyId: keyId, PolicyName: policyName }, "KeyId"),
  GetPublicKey: structure({ KeyId: keyId, GrantTokens: grantTokens }, "KeyId"),
  ListAliases: structure({ KeyId: keyId, Limit: limit, Marker: marker }),
  ListKeys: structure({ Limit: limit, Marker: marker }),
  ListResourceTags: structure({ KeyId: keyId, Limit: limit, Marker: marker }, "KeyId"),
  PutKeyPolicy: structure(
    { KeyId: keyId, PolicyName: policyName, Policy: policy, BypassPolicyLockoutSafetyCheck: boolean },
    "KeyId",
    "Policy",
  ),
  ScheduleKeyDeletion: structure(
    { KeyId: keyId, PendingWindowInDays: { type: "integer", min: 1, max: 365 } },
    "KeyId",
  ),
  Sign: structure(
    {
      KeyId: keyId,
      Message: message,
      MessageType: messageType,
      GrantTokens: grantTokens,
      SigningAlgorithm: signingAlgorithm,
      DryRun: boolean,
    },
    "KeyId",
    "Message",
    "SigningAlgorithm",
  ),
  TagResource: structure({ KeyId: keyId, Tags: tags }, "KeyId", "Tags"),
  UntagResource: structure({ KeyId: keyId, TagKeys: { type: "list", member: tagKey } }, "KeyId", "TagKeys"),
  UpdateAlias: structure({ AliasName: aliasName, TargetKeyId: keyId }, "AliasName", "TargetKeyId"),
  UpdateKeyDescription: structure({ KeyId: keyId, Description: description }, "KeyId", "Description"),
  Verify: structure(
    {
      KeyId: keyId,
      Message: message,
      MessageType: messageType,
      Signature: { type: "blob", min: 1, max: 6144 },
      SigningAlgorithm: signingAlgorithm,
      GrantTokens: grantTokens,
      DryRun: boolean,
    },
    "KeyId",
    "Message",
    "Signature",
    "SigningAlgorithm",
  ),
} satisfies Record<string, StructureShape>;

/** An operation this KMS has. */
export type OperationName = keyof typeof REQUEST_SHAPES;
