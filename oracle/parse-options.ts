import { parseArgs, type ParseArgsConfig } from "node:util";

import { UsageError } from "./usage-error.ts";

/**
 * Parses a command's options strictly.
 *
 * @param usage shown with every error
 * @throws UsageError for an option that is unknown or lacks its value
 */
export function parseOptions<T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
  usage: string,
): ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // What follows is about words that begin with "-", which nothing here takes.
    const [problem = ""] = (error as Error).message.split(". To specify a positional argument", 1);
    throw new UsageError(`${problem}\n\n${usage}`);
  }
}
