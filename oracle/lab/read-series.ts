import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { type PriceFile, readPriceFile } from "../market/simulated/price-file.ts";
import { GENERATOR } from "../options/montecarlo/normal-source.ts";
import { UsageError } from "../usage-error.ts";
import { blockBootstrap } from "./paths/block-bootstrap.ts";
import { priceSeries, returnsOf } from "./paths/price-series.ts";
import { logReturns } from "./paths/synthetic-path.ts";
import type { Manifest } from "./result.ts";
import type { Scenario } from "./scenario.ts";

/** What a run prices. */
export interface Series {
  readonly file: PriceFile;
  readonly data: Manifest["data"];
  readonly generator: string;
  readonly provenance: "simulated" | "replay";
}

/** A file as the scenario's `market.path` names it. */
type FilePath = Extract<Scenario["market"]["path"], { kind: "file" }>;

/**
 * The true prices of a scenario: of a file, or of a process.
 * @param folder where files are that are named without one: the scenario's
 * @throws UsageError, PriceFileError where a file cannot be read
 */
export function readSeries({ market, seed }: Scenario, folder: string): Series {
  const { path: source, symbol, decimals, price, start, step, points } = market;
  if (source.kind === "file") {
    const { file, sha256 } = readFile(source, folder);
    const data = { name: path.basename(source.file), format: file.format, sha256 };
    return { file, data, generator: GENERATOR, provenance: "replay" };
  }
  const shape = { symbol, decimals, price, start: Date.parse(start) / 1000, step, points };
  const synthetic = (format: string, returns: Iterator<number, number>): PriceFile =>
    priceSeries({ ...shape, format }, returns);
  if (source.kind !== "bootstrap") {
    const file = synthetic(`synthetic: ${source.kind}`, logReturns(source, seed, step));
    return { file, data: null, generator: GENERATOR, provenance: "simulated" };
  }
  const { of, block } = source;
  if (typeof of === "string") {
    const { file: from, sha256 } = readFile({ kind: "file", file: of }, folder);
    const file = synthetic("synthetic: bootstrap of a file", blockBootstrap(returnsOf(from), block, seed));
    const data = { name: path.basename(of), format: from.format, sha256 };
    return { file, data, generator: GENERATOR, provenance: "simulated" };
  }
  const from = priceSeries({ ...shape, format: of.kind }, logReturns(of, seed, step));
  const file = synthetic(`synthetic: bootstrap of ${of.kind}`, blockBootstrap(returnsOf(from), block, seed));
  return { file, data: null, generator: GENERATOR, provenance: "simulated" };
}

function readFile(
  { file, symbol, columns }: FilePath,
  folder: string,
): { readonly file: PriceFile; readonly sha256: string } {
  const place = path.resolve(folder, file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(place);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === "ENOENT" ? `there is no file ${place}` : `${place} cannot be read: ${message}`,
    );
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const name = path.basename(file);
  const text = unpacked(bytes, place).toString("utf8");
  const options = {
    ...(symbol === undefined ? {} : { symbol }),
    ...(columns === undefined ? {} : { columns }),
  };
  return { file: readPriceFile(name.replace(/\.gz$/, ""), text, options), sha256 };
}

/** As it is, or what gzip packed, whatever the file is called. */
function unpacked(bytes: Buffer, place: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UsageError(`${place} cannot be unpacked: ${(error as Error).message}; bring the whole file`);
  }
}
