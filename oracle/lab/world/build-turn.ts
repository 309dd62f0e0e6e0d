import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { makeFolder } from "../../make-folder.ts";

/** Milliseconds for which nothing else happens here while another process builds; then signals are heard. */
const DEAF = 200;
/** SQLite's code for a lock that somebody else has. */
const SQLITE_BUSY = 5;

/**
 * Does the work while no other process does any in the same folder: two builds at once take each other's files away. The lock
 * is one of SQLite's, which ends with its process however that ends.
 * @param folder Hardhat's cache; it is made where it is not there
 */
export async function inBuildTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder);
  const lock = new DatabaseSync(path.join(folder, "build-turn.db"), { timeout: DEAF });
  try {
    while (!takes(lock)) await new Promise((resolve) => setImmediate(resolve));
    return await work();
  } finally {
    lock.close();
  }
}

function takes(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
