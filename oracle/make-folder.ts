import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Makes a folder, and those above it that are missing. Node's own recursive `mkdir` never ends where the file system takes no
 * folder and says that one above it is missing, as /proc does.
 *
 * @param mode of every folder that is made
 * @returns the uppermost folder that was made; undefined where all were there
 * @throws Error that names the folder and what is in the way
 */
export function makeFolder(folder: string, mode = 0o777): string | undefined {
  try {
    return make(path.resolve(folder), mode);
  } catch (cause) {
    throw new Error(`cannot make the folder ${folder}: ${(cause as Error).message}; name another one`, {
      cause,
    });
  }
}

function make(folder: string, mode: number): string | undefined {
  if (isFolder(folder)) return undefined;
  const parent = path.dirname(folder);
  const made = parent === folder ? undefined : make(parent, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (!isFolder(folder)) throw error; // else another process was a moment faster
  }
  return made ?? folder;
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}
