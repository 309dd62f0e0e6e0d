import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

/** The cost of deriving a key from the passphrase. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about half a second, once per start. */
export const DEFAULT_SCRYPT_COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** A key derived from a passphrase, with what is needed to derive it again. */
export interface SealingKey {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** What lies on disk. Byte strings are base64. */
interface Envelope {
  readonly version: 1;
  readonly kdf: "scrypt";
  readonly cost: ScryptCost;
  readonly salt: string;
  readonly cipher: "aes-256-gcm";
  readonly nonce: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/** The file cannot be opened: another passphrase, or not what was written. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/** Derives a key from a passphrase, with a new salt unless one is given. */
export function sealingKey(
  passphrase: string,
  cost: ScryptCost = DEFAULT_SCRYPT_COST,
  salt: Buffer = randomBytes(16),
): SealingKey {
  const key = scryptSync(passphrase.normalize("NFKC"), salt, 32, { ...cost, maxmem: 256 * cost.N * cost.r });
  return { cost, salt, key };
}

/** Encrypts and authenticates a text together with its own header, under a new nonce. */
export function seal(text: string, { cost, salt, key }: SealingKey): string {
  const nonce = randomBytes(12);
  const head = {
    version: 1,
    kdf: "scrypt",
    cost,
    salt: salt.toString("base64"),
    cipher: "aes-256-gcm",
    nonce: nonce.toString("base64"),
  } as const;
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(JSON.stringify(head)));
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]).toString("base64");
  const envelope: Envelope = { ...head, ciphertext, tag: cipher.getAuthTag().toString("base64") };
  return `${JSON.stringify(envelope, undefined, 2)}\n`;
}

/**
 * Opens what `seal` made.
 *
 * @returns the text, and the key to seal its successor with
 * @throws SealError when the passphrase is another or a byte was changed; GCM cannot tell which
 */
export function unseal(sealed: string, passphrase: string): { text: string; key: SealingKey } {
  const { ciphertext, tag, ...head } = parse(sealed);
  const key = sealingKey(passphrase, head.cost, Buffer.from(head.salt, "base64"));
  const decipher = createDecipheriv("aes-256-gcm", key.key, Buffer.from(head.nonce, "base64"), {
    authTagLength: 16,
  })
    .setAAD(Buffer.from(JSON.stringify(head)))
    .setAuthTag(Buffer.from(tag, "base64"));
  try {
    const text = Buffer.concat([decipher.update(ciphertext, "base64"), decipher.final()]).toString("utf8");
    return { text, key };
  } catch (cause) {
    throw new SealError("the passphrase is not the one the keys were sealed with, or the file was changed", {
      cause,
    });
  }
}

function parse(sealed: string): Envelope {
  let envelope: Partial<Envelope>;
  try {
    envelope = JSON.parse(sealed) as Partial<Envelope>;
  } catch (cause) {
    throw new SealError("the key file is not JSON", { cause });
  }
  const { version, kdf, cipher } = envelope;
  if (version !== 1 || kdf !== "scrypt" || cipher !== "aes-256-gcm") {
    throw new SealError(
      `expected version 1, scrypt, aes-256-gcm; the key file says ${String(version)}, ${String(kdf)}, ${String(cipher)}`,
    );
  }
  return envelope as Envelope;
}
