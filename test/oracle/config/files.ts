import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Config } from "../../../oracle/config/config.ts";
import { ConfigError } from "../../../oracle/config/config-error.ts";
import type { configSchema } from "../../../oracle/config/config-schema.ts";
import { readConfig } from "../../../oracle/config/read-config.ts";
import type { z } from "zod";

export const EXAMPLE = "deploy/nakane.example.json";
/** The private key of the example's first member, for everybody to see. */
export const ENV = { NAKANE_IDENTITY_KEY: "01".repeat(32) };

export type File = z.input<typeof configSchema>;

/** The example as an object, its catalog in it, that may be changed. */
export function exampleFile(): File {
  return {
    ...(JSON.parse(readFileSync(EXAMPLE, "utf8")) as File),
    catalog: JSON.parse(readFileSync("deploy/catalog.example.json", "utf8")) as File["catalog"],
  };
}

/** Reads a configuration from a file of its own. */
export function read(file: unknown, env: Record<string, string> = ENV): Config {
  const folder = mkdtempSync(path.join(tmpdir(), "nakane-config-"));
  try {
    const name = path.join(folder, "nakane.json");
    writeFileSync(name, typeof file === "string" ? file : JSON.stringify(file));
    return readConfig(name, env);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All that is wrong with the example once it is changed, as `path: message`. */
export function problems(change: (file: File) => unknown, env?: Record<string, string>): string[] {
  const file = exampleFile();
  change(file);
  return problemsOf(() => read(file, env));
}

export function problemsOf(reading: () => unknown): string[] {
  try {
    reading();
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ path: place, message }) => `${place}: ${message}`);
    throw error;
  }
  return [];
}
