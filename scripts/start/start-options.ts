import { parseOptions } from "../../oracle/parse-options.ts";
import { UsageError } from "../../oracle/usage-error.ts";
import { wholeNumber } from "../../oracle/whole-number.ts";

export const USAGE = `Usage: npm start -- [options]

Runs the whole oracle on this machine: venues, four signers, a local KMS, a chain, options sold and settled.

  --simulated        venues simulated from a seed: two hours at full speed, then the wall clock (the default)
  --replay FILE      the prices of a file (docs/price-files.md), as they became known
  --live             the real venues, from now on
  --until-settled    end once the options are settled and paid
  --json             one line of JSON at the end; the story goes to standard error
  --seed N           of the simulated prices (6)
  --symbol A/B       what a replayed file has prices of, where it does not say so itself
  --size N           how much of the base each option is on (2)
  --port N           of the API (8080, or the next free one)
  --rpc-port N       of the chain (8545, or the next free one)
  --network NAME     of the signers' network (a new one for each start)
  --chain-id N       of the chain in this process (31337)
  --book FILE        an address book to keep away from; may be given more than once
  --help`;

const OPTIONS = {
  simulated: { type: "boolean", default: false },
  replay: { type: "string" },
  live: { type: "boolean", default: false },
  "until-settled": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  seed: { type: "string", default: "6" },
  symbol: { type: "string" },
  size: { type: "string", default: "2" },
  port: { type: "string" },
  "rpc-port": { type: "string" },
  network: { type: "string" },
  "chain-id": { type: "string", default: "31337" },
  book: { type: "string", multiple: true },
  help: { type: "boolean", default: false },
} as const;

/** Where prices come from. */
export type Mode =
  | { readonly kind: "simulated"; readonly seed: number }
  | { readonly kind: "replay"; readonly file: string; readonly symbol: string | undefined }
  | { readonly kind: "live" };

/** What was asked of `npm start`. */
export interface StartOptions {
  readonly mode: Mode;
  readonly untilSettled: boolean;
  readonly json: boolean;
  readonly size: bigint;
  /** Undefined where the default, or a free one, will do. */
  readonly apiPort: number | undefined;
  readonly rpcPort: number | undefined;
  readonly network: string | undefined;
  readonly chainId: number;
  readonly books: readonly string[];
}

/**
 * Reads the options.
 * @returns undefined where help was asked for
 * @throws UsageError
 */
export function readStartOptions(args: readonly string[]): StartOptions | undefined {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return undefined;
  if (positionals.length > 0) throw new UsageError(`unexpected: ${positionals.join(" ")}\n\n${USAGE}`);
  const modes = [values.simulated && "--simulated", values.live && "--live", values.replay && "--replay"];
  const named = modes.filter(Boolean);
  if (named.length > 1) throw new UsageError(`${named.join(" and ")} do not go together`);
  if (values.symbol !== undefined && values.replay === undefined)
    throw new UsageError("--symbol says what a file is of: it goes with --replay");
  if (values.symbol !== undefined && !/^[A-Z0-9]{1,15}\/[A-Z0-9]{1,15}$/.test(values.symbol))
    throw new UsageError(`--symbol takes a pair in capitals, such as BTC/USD, got ${values.symbol}`);
  const mode: Mode =
    values.replay !== undefined
      ? { kind: "replay", file: values.replay, symbol: values.symbol }
      : values.live
        ? { kind: "live" }
        : { kind: "simulated", seed: wholeNumber("--seed", values.seed, 0, 2 ** 31 - 1) };
  if (values.network !== undefined && !/^[a-z0-9-]{1,32}$/.test(values.network))
    throw new UsageError(`--network takes 1 to 32 of a-z, 0-9 and -, got ${values.network}`);
  const [apiPort, rpcPort] = [port("--port", values.port), port("--rpc-port", values["rpc-port"])];
  if (apiPort !== undefined && apiPort !== 0 && apiPort === rpcPort)
    throw new UsageError(`--port and --rpc-port are both ${apiPort}; each needs one of its own`);
  return {
    mode,
    untilSettled: values["until-settled"],
    json: values.json,
    size: BigInt(wholeNumber("--size", values.size, 1, 1_000_000)),
    apiPort,
    rpcPort,
    network: values.network,
    chainId: wholeNumber("--chain-id", values["chain-id"], 1, 2 ** 31 - 1),
    books: values.book ?? [],
  };
}

function port(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(option, text, 0, 65_535);
}
