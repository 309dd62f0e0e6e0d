import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { findAccessKey } from "../../../../oracle/signer/local-kms/credentials.ts";
import { KeyFolderBusyError, KeyStore } from "../../../../oracle/signer/local-kms/key-store.ts";
import { findPassphrase, PASSPHRASE_VARIABLE } from "../../../../oracle/signer/local-kms/passphrase.ts";
import { SealError } from "../../../../oracle/signer/local-kms/seal.ts";
import type { KeyRecord } from "../../../../oracle/signer/local-kms/state.ts";
import { REGION } from "../rig.ts";

/** Cheap: these tests are not about how slow scrypt is. */
const COST = { N: 1024, r: 8, p: 1 };
const SECRET = "5ec2e7".repeat(10) + "abcd";

const key: KeyRecord = {
  keyId: "8b6f0c4e-1a2b-4c3d-8e9f-000000000001",
  region: REGION,
  keySpec: "ECC_SECG_P256K1",
  keyUsage: "SIGN_VERIFY",
  multiRegion: false,
  createdAt: 1,
  description: "",
  policy: "{}",
  tags: [],
  state: "Enabled",
  secret: SECRET,
};
const alias = { name: "alias/a", region: REGION, targetKeyId: key.keyId, createdAt: 1, updatedAt: 1 };

describe("local KMS keys on disk", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nakane-kms-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function fill(): void {
    const store = KeyStore.open(folder, "correct horse", COST);
    store.putKey(key);
    store.putAlias(alias);
    store.close();
  }

  it("come back after a restart, with the same passphrase", () => {
    fill();
    const store = KeyStore.open(folder, "correct horse", COST);
    expect(store.keys(REGION)).to.deep.equal([key]);
    expect(store.aliases(REGION)).to.deep.equal([alias]);
    store.removeKey(REGION, key.keyId);
    store.close();
    const empty = KeyStore.open(folder, "correct horse", COST);
    expect(empty.keys(REGION)).to.deep.equal([]);
    expect(empty.aliases(REGION)).to.deep.equal([]);
    empty.close();
  });

  it("are readable by their owner only, and never in the clear", () => {
    fill();
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      expect(statSync(path).mode & 0o077, name).to.equal(0);
      const text = readFileSync(path, "latin1");
      expect(text).not.to.include(SECRET);
      expect(text).not.to.include(Buffer.from(SECRET, "hex").toString("base64"));
      expect(text).not.to.include(key.keyId);
    }
    const first = readFileSync(join(folder, "keys.json"), "utf8");
    const store = KeyStore.open(folder, "correct horse", COST);
    store.putKey(key);
    store.close();
    const [one, two] = [first, readFileSync(join(folder, "keys.json"), "utf8")].map(
      (text) => JSON.parse(text) as { nonce: string; salt: string },
    );
    expect(one?.salt).to.equal(two?.salt);
    expect(one?.nonce).not.to.equal(two?.nonce);
  });

  it("stay closed to another passphrase and to a changed file, and the folder is let go", () => {
    fill();
    expect(() => KeyStore.open(folder, "wrong horse", COST)).to.throw(SealError, "passphrase");
    const path = join(folder, "keys.json");
    const good = readFileSync(path, "utf8");
    const envelope = JSON.parse(good) as Record<string, unknown>;
    for (const [member, value] of [
      ["ciphertext", Buffer.from("{}").toString("base64")],
      ["tag", Buffer.alloc(16).toString("base64")],
      ["nonce", Buffer.alloc(12).toString("base64")],
      ["salt", Buffer.alloc(16).toString("base64")],
      ["cost", { N: 2048, r: 8, p: 1 }],
      ["version", 2],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...envelope, [member]: value }));
      expect(() => KeyStore.open(folder, "correct horse", COST), member).to.throw(SealError);
    }
    writeFileSync(path, "not json");
    expect(() => KeyStore.open(folder, "correct horse", COST)).to.throw(SealError, "not JSON");
    writeFileSync(path, good);
    KeyStore.open(folder, "correct horse", COST).close();
  });

  it("belong to one process at a time; a dead one's lock is taken over", () => {
    const store = KeyStore.open(folder, "p", COST);
    expect(() => KeyStore.open(folder, "p", COST)).to.throw(KeyFolderBusyError, String(process.pid));
    store.close();
    writeFileSync(join(folder, "lock"), "4194305");
    KeyStore.open(folder, "p", COST).close();
    expect(readdirSync(folder)).not.to.include("lock");
  });

  it("never get ahead of the disk", () => {
    const store = KeyStore.open(folder, "p", COST);
    store.putKey(key);
    rmSync(join(folder, "keys.json"));
    rmSync(folder, { recursive: true });
    expect(() => {
      store.putKey({ ...key, state: "Disabled" });
    }).to.throw("ENOENT");
    expect(() => {
      store.removeKey(REGION, key.keyId);
    }).to.throw("ENOENT");
    expect(store.keys(REGION)).to.deep.equal([key]);
    folder = mkdtempSync(join(tmpdir(), "nakane-kms-"));
  });

  it("take the passphrase from the environment, or keep one beside them with a warning", () => {
    expect(findPassphrase(folder, { [PASSPHRASE_VARIABLE]: "given" })).to.deep.equal({
      passphrase: "given",
      warning: undefined,
    });
    expect(readdirSync(folder)).to.deep.equal([]);
    const made = findPassphrase(folder, {});
    expect(made.passphrase).to.have.length.greaterThan(30);
    expect(made.warning).to.include(folder).and.to.include(PASSPHRASE_VARIABLE);
    expect(statSync(join(folder, "passphrase")).mode & 0o777).to.equal(0o600);
    expect(findPassphrase(folder, {}).passphrase).to.equal(made.passphrase);
  });

  it("keep an access key in a file that AWS tools read", () => {
    const { accessKey, path } = findAccessKey(folder);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readFileSync(path, "utf8")).to.match(/^\[nakane-local\]\n/);
    expect(accessKey.accessKeyId).to.match(/^AKIA[0-9A-Z]{16}$/);
    expect(findAccessKey(folder).accessKey).to.deep.equal(accessKey);
    writeFileSync(path, "[nakane-local]\n");
    expect(() => findAccessKey(folder)).to.throw("aws_access_key_id");
  });
});
