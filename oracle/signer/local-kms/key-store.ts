import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { makeFolder } from "../../make-folder.ts";
import { DEFAULT_SCRYPT_COST, seal, sealingKey, unseal, type ScryptCost, type SealingKey } from "./seal.ts";
import type { AliasRecord, KeyRecord, KmsState } from "./state.ts";

/** Another process holds the folder. */
export class KeyFolderBusyError extends Error {
  override readonly name = "KeyFolderBusyError";
}

/** The keys and aliases of all Regions, in memory and, sealed, in one file that is replaced as a whole. */
export class KeyStore {
  readonly #keys = new Map<string, KeyRecord>();
  readonly #aliases = new Map<string, AliasRecord>();
  readonly #persist: (state: KmsState) => void;
  readonly #release: () => void;

  private constructor(state: KmsState, persist: (state: KmsState) => void, release: () => void) {
    for (const key of state.keys) this.#keys.set(keyIndex(key.region, key.keyId), key);
    for (const alias of state.aliases) this.#aliases.set(keyIndex(alias.region, alias.name), alias);
    this.#persist = persist;
    this.#release = release;
  }

  /** A store that forgets everything when the process ends. */
  static inMemory(): KeyStore {
    return new KeyStore(
      { keys: [], aliases: [] },
      () => undefined,
      () => undefined,
    );
  }

  /**
   * Opens the store in a folder, making both if absent. One process at a time.
   *
   * @throws SealError when the passphrase is another; KeyFolderBusyError when the folder is in use
   */
  static open(folder: string, passphrase: string, cost: ScryptCost = DEFAULT_SCRYPT_COST): KeyStore {
    makeFolder(folder, 0o700);
    const release = lock(join(folder, "lock"));
    try {
      const path = join(folder, "keys.json");
      let key: SealingKey;
      let state: KmsState = { keys: [], aliases: [] };
      if (existsSync(path)) {
        const opened = unseal(readFileSync(path, "utf8"), passphrase);
        key = opened.key;
        state = JSON.parse(opened.text) as KmsState;
      } else {
        key = sealingKey(passphrase, cost);
      }
      const persist = (next: KmsState): void => {
        replaceFile(path, seal(JSON.stringify(next), key));
      };
      return new KeyStore(state, persist, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Lets another process have the folder. */
  close(): void {
    this.#release();
  }

  /** The keys of a Region, oldest first. */
  keys(region: string): KeyRecord[] {
    return [...this.#keys.values()].filter((key) => key.region === region);
  }

  key(region: string, keyId: string): KeyRecord | undefined {
    return this.#keys.get(keyIndex(region, keyId));
  }

  /** The aliases of a Region, by name. */
  aliases(region: string): AliasRecord[] {
    return [...this.#aliases.values()]
      .filter((alias) => alias.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  alias(region: string, name: string): AliasRecord | undefined {
    return this.#aliases.get(keyIndex(region, name));
  }

  /** Adds or replaces a key, on disk first. */
  putKey(key: KeyRecord): void {
    this.#change(() => this.#keys.set(keyIndex(key.region, key.keyId), key));
  }

  /** Removes a key, its material and its aliases for good. */
  removeKey(region: string, keyId: string): void {
    this.#change(() => {
      this.#keys.delete(keyIndex(region, keyId));
      for (const [index, alias] of this.#aliases) {
        if (alias.region === region && alias.targetKeyId === keyId) this.#aliases.delete(index);
      }
    });
  }

  putAlias(alias: AliasRecord): void {
    this.#change(() => this.#aliases.set(keyIndex(alias.region, alias.name), alias));
  }

  removeAlias(region: string, name: string): void {
    this.#change(() => this.#aliases.delete(keyIndex(region, name)));
  }

  /** Memory never gets ahead of the disk: if the file cannot be written, the change is taken back. */
  #change(apply: () => unknown): void {
    const keys = [...this.#keys];
    const aliases = [...this.#aliases];
    apply();
    try {
      this.#persist({ keys: [...this.#keys.values()], aliases: [...this.#aliases.values()] });
    } catch (error) {
      restore(this.#keys, keys);
      restore(this.#aliases, aliases);
      throw error;
    }
  }
}

function restore<V>(map: Map<string, V>, entries: readonly (readonly [string, V])[]): void {
  map.clear();
  for (const [index, value] of entries) map.set(index, value);
}

function keyIndex(region: string, id: string): string {
  return `${region}/${id}`;
}

/** A reader sees the old file or the new one, never a part. */
function replaceFile(path: string, text: string): void {
  const next = `${path}.next`;
  const file = openSync(next, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

function lock(path: string): () => void {
  const take = (): void => {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
  };
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = Number(readFileSync(path, "utf8"));
    if (isAlive(holder)) {
      throw new KeyFolderBusyError(
        `process ${String(holder)} uses this key folder; stop it first, or remove ${path} if it is no local KMS`,
        {
          cause: error,
        },
      );
    }
    rmSync(path, { force: true });
    take();
  }
  return () => {
    rmSync(path, { force: true });
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
