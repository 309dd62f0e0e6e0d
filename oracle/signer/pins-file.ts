import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

import { z } from "zod";

import { checkPin } from "./key-pin.ts";
import type { KeyRole } from "./key-policies.ts";

/** A pinned key, and what it is for. */
export interface PinnedKey {
  readonly role: KeyRole;
  readonly alias: string;
  readonly keyArn: string;
  readonly address: string;
}

const schema = z.strictObject({
  pins: z.array(
    z.strictObject({
      role: z.enum(["report", "sender"]),
      alias: z.string(),
      keyArn: z.string(),
      address: z.string(),
    }),
  ),
});

/**
 * Reads the pinned keys.
 *
 * @returns none when there is no such file
 * @throws Error naming the file and what is wrong with it
 */
export function readPins(path: string): PinnedKey[] {
  if (!existsSync(path)) return [];
  try {
    const { pins } = schema.parse(JSON.parse(readFileSync(path, "utf8")));
    return pins.map((pin) => ({ ...pin, ...checkPin(pin) }));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new Error(`${path} is not a file of pins: ${what}`, { cause });
  }
}

/** Adds a pin. A reader sees the old file or the new one. */
export function addPin(path: string, pin: PinnedKey): void {
  const pins = [...readPins(path), pin];
  writeFileSync(`${path}.next`, `${JSON.stringify({ pins }, undefined, 2)}\n`);
  renameSync(`${path}.next`, path);
}
