import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";

import { canonicalJson } from "../ledger/canonical-json.ts";
import { makeFolder } from "../make-folder.ts";

/** What a run has finished so far, by what it was made from. */
export interface Parts {
  /** Undefined where it is not there. */
  readonly get: (kind: string, from: unknown) => unknown;
  readonly put: (kind: string, from: unknown, part: unknown) => void;
}

/**
 * Finished parts of a run, in files: a run that was killed goes on behind them. A part is the same whenever it is made, so what
 * comes out does not depend on how often a run was killed. A part that was not whole when the process died has another name
 * and is not seen.
 * @param versions what else a part depends on: of other versions none is taken
 */
export function partsIn(folder: string, versions: unknown): Parts {
  const fileOf = (kind: string, from: unknown): string => {
    const hash = createHash("sha256")
      .update(canonicalJson([kind, from, versions]))
      .digest("hex");
    return path.join(folder, `${kind}-${hash}.part`);
  };
  return {
    get: (kind, from) => {
      const file = fileOf(kind, from);
      return existsSync(file) ? (deserialize(readFileSync(file)) as unknown) : undefined;
    },
    put: (kind, from, part) => {
      makeFolder(folder);
      const file = fileOf(kind, from);
      writeFileSync(`${file}.new`, serialize(part));
      renameSync(`${file}.new`, file);
    },
  };
}

/** For a run that is not kept. */
export const NO_PARTS: Parts = { get: () => undefined, put: () => undefined };
