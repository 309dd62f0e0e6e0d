import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { makeFolder } from "../../make-folder.ts";
import type { Result } from "../result.ts";
import { csv } from "./csv.ts";
import { summary } from "./summary.ts";
import { tables } from "./tables.ts";

/** A file that was written. */
export interface Output {
  readonly file: string;
  readonly sha256: string;
}

/**
 * Writes a result: a CSV for each table, `summary.json`, `report.html`, and `SHA256SUMS` of all of them.
 * @param folder made where there is none; what an earlier result has there is taken away
 * @param report the HTML; null where there is none
 * @returns what was written, in the order of the names
 */
export function writeResult(result: Result, folder: string, report: string | null): readonly Output[] {
  makeFolder(folder);
  const sumsFile = path.join(folder, "SHA256SUMS");
  // What another run wrote there and this one does not is no part of this result.
  const before = existsSync(sumsFile) ? readFileSync(sumsFile, "utf8") : "";
  for (const [, file = ""] of before.matchAll(/^[0-9a-f]{64} {2}([a-z][a-z0-9.-]*)$/gm))
    rmSync(path.join(folder, file), { force: true });
  const contents = new Map(tables(result).map(({ file, columns, rows }) => [file, csv(columns, rows)]));
  contents.set("summary.json", `${JSON.stringify(summary(result), undefined, 2)}\n`);
  if (report !== null) contents.set("report.html", report);
  const outputs = [...contents]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]): Output => {
      writeFileSync(path.join(folder, file), text);
      return { file, sha256: createHash("sha256").update(text).digest("hex") };
    });
  const sums = outputs.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join("");
  writeFileSync(sumsFile, sums);
  return outputs;
}
