/** What this KMS knows of a key spec: the uses it may be made for, and the members that describe it. */
export interface KeySpecFacts {
  readonly usages: readonly string[];
  /** Members of `KeyMetadata` that name the algorithms. */
  readonly algorithms: Readonly<Record<string, readonly string[]>>;
}

/** Signs; the others exist so that their misuse answers as AWS does. */
export const SIGNING_SPEC = "ECC_SECG_P256K1";
/** The one algorithm of that spec. */
export const SIGNING_ALGORITHM = "ECDSA_SHA_256";

/** The specs that can be created. */
export const KEY_SPECS: Readonly<Record<string, KeySpecFacts>> = {
  [SIGNING_SPEC]: { usages: ["SIGN_VERIFY"], algorithms: { SigningAlgorithms: [SIGNING_ALGORITHM] } },
  SYMMETRIC_DEFAULT: {
    usages: ["ENCRYPT_DECRYPT"],
    algorithms: { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] },
  },
  HMAC_224: { usages: ["GENERATE_VERIFY_MAC"], algorithms: { MacAlgorithms: ["HMAC_SHA_224"] } },
  HMAC_256: { usages: ["GENERATE_VERIFY_MAC"], algorithms: { MacAlgorithms: ["HMAC_SHA_256"] } },
  HMAC_384: { usages: ["GENERATE_VERIFY_MAC"], algorithms: { MacAlgorithms: ["HMAC_SHA_384"] } },
  HMAC_512: { usages: ["GENERATE_VERIFY_MAC"], algorithms: { MacAlgorithms: ["HMAC_SHA_512"] } },
};
