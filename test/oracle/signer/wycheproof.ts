import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One case of the published file, with the key of its group. */
export interface WycheproofCase {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly message: Uint8Array;
  readonly der: Uint8Array;
  readonly valid: boolean;
}

interface File {
  testGroups: {
    publicKeyDer: string;
    tests: { tcId: number; comment: string; flags: string[]; msg: string; sig: string; result: string }[];
  }[];
}

/** Reads the Wycheproof cases for ECDSA over secp256k1 with the low-s rule; undefined where they are not installed. */
export function wycheproofCases(): WycheproofCase[] | undefined {
  const folder = process.env["TEST_VECTORS"];
  const path = join(folder ?? "", "wycheproof-ecdsa-secp256k1-sha256-bitcoin.json");
  if (folder === undefined || !existsSync(path)) return undefined;
  const file = JSON.parse(readFileSync(path, "utf8")) as File;
  return file.testGroups.flatMap(({ publicKeyDer, tests }) =>
    tests.map(({ tcId, comment, flags, msg, sig, result }) => ({
      tcId,
      comment,
      flags,
      spki: Buffer.from(publicKeyDer, "hex"),
      message: Buffer.from(msg, "hex"),
      der: Buffer.from(sig, "hex"),
      valid: result === "valid",
    })),
  );
}
