import type { ParseArgsConfig } from "node:util";

import { parseOptions } from "../../oracle/parse-options.ts";
import { UsageError } from "../../oracle/usage-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<T extends Options> = ReturnType<typeof parseOptions<T>>;

/** An npm script, as people call it. */
interface Script<T extends Options> {
  /** `npm run bench:core` */
  readonly name: string;
  /** Shown for --help, and with what is wrong. */
  readonly usage: string;
  readonly options: T;
  /** Whether it takes words that are no options, such as files. */
  readonly takesWords?: true;
}

/**
 * What a script was asked for. Where that makes no sense, says what is wrong and ends the process with 2, before the script
 * does anything; shows the usage where that was asked for, and ends it with 0.
 *
 * @param read takes what it needs from the options, and throws a UsageError for values that make no sense
 */
export function scriptOptions<T extends Options, R>(
  { name, usage, options, takesWords }: Script<T>,
  read: (parsed: Parsed<T>) => R,
): R {
  try {
    const args = process.argv.slice(2);
    if (args.includes("--help")) {
      console.log(usage);
      process.exit(0);
    }
    const parsed = parseOptions(args, options, usage);
    if (parsed.positionals.length > 0 && takesWords !== true)
      throw new UsageError(`unexpected: ${parsed.positionals.join(" ")}\n\n${usage}`);
    return read(parsed);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exit(2);
  }
}
