import { testVectors } from "../../utils/outside-files.ts";

/** One case of the published file, with the key of its group. */
export interface WycheproofCase {
  readonly tcId: number;
  readonly comment: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly message: Uint8Array;
  readonly der: Uint8Array;
  readonly valid: boolean;
}

interface File {
  testGroups: {
    publicKeyDer: string;
    tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[];
  }[];
}

/** The Wycheproof cases for ECDSA over secp256k1 with the low-s rule; the test is skipped where they are not at hand. */
export function wycheproofCases(test: Mocha.Context): WycheproofCase[] {
  const file = testVectors(test, "wycheproof-ecdsa-secp256k1-sha256-bitcoin.json") as File;
  return file.testGroups.flatMap(({ publicKeyDer, tests }) =>
    tests.map(({ tcId, comment, msg, sig, result }) => ({
      tcId,
      comment,
      spki: Buffer.from(publicKeyDer, "hex"),
      message: Buffer.from(msg, "hex"),
      der: Buffer.from(sig, "hex"),
      valid: result === "valid",
    })),
  );
}
