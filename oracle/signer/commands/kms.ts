import { chmodSync, closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Command, CommandContext } from "../../command.ts";
import { makeFolder } from "../../make-folder.ts";
import { parseOptions } from "../../parse-options.ts";
import { UsageError } from "../../usage-error.ts";
import { wholeNumber } from "../../whole-number.ts";
import { CONTROL_HEADER, CONTROL_PATH } from "../local-kms/control.ts";
import { findAccessKey, LOCAL_PROFILE } from "../local-kms/credentials.ts";
import { FAULT_KINDS, type FaultInput, FaultScript } from "../local-kms/faults.ts";
import { KeyStore } from "../local-kms/key-store.ts";
import { LocalKms } from "../local-kms/local-kms.ts";
import { loopbackAddress } from "../local-kms/loopback.ts";
import { findPassphrase, PASSPHRASE_VARIABLE } from "../local-kms/passphrase.ts";

/** Where the local KMS listens unless told otherwise. */
export const DEFAULT_KMS_PORT = 4566;

/** The Region that is named to AWS tools; the local KMS takes any, by the request's signature. */
const REGION = "ap-northeast-1";

/** Requests that a fault lets pass or fails at the most; milliseconds of a day, the longest that one delays or shifts. */
const [MANY, A_DAY] = [999_999_999, 86_400_000];

const USAGE = `Usage: nakane kms [options]            run a local KMS until stopped
       nakane kms faults [KIND] [options]  make a running one fail on purpose

Options:
  --dir FOLDER      where keys, credentials and events are kept (.nakane/kms)
  --host ADDRESS    a loopback address (127.0.0.1)
  --port PORT       0 for any free one (${DEFAULT_KMS_PORT})
  --faults FILE     a fault script to start with, a JSON array
  --json            one JSON object per line
Options of faults:
  --endpoint URL    the running KMS (AWS_ENDPOINT_URL_KMS, else http://127.0.0.1:${DEFAULT_KMS_PORT})
  --file FILE       replace the script by a JSON array
  --clear           end all faults
  --operation NAME --key KEY --after N --times N --ms N --variant NAME --code NAME --message TEXT --status N
                    of KIND, which replaces the script
Without KIND, --file or --clear, faults shows the script with the number of requests each line has matched.
KIND is one of: ${FAULT_KINDS.join(" ")}

The keys are sealed with a passphrase from ${PASSPHRASE_VARIABLE}, or one kept beside them.`;

const OPTIONS = {
  dir: { type: "string", default: ".nakane/kms" },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: String(DEFAULT_KMS_PORT) },
  faults: { type: "string" },
  endpoint: { type: "string" },
  file: { type: "string" },
  clear: { type: "boolean", default: false },
  operation: { type: "string" },
  key: { type: "string" },
  after: { type: "string" },
  times: { type: "string" },
  ms: { type: "string" },
  variant: { type: "string" },
  code: { type: "string" },
  message: { type: "string" },
  status: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** `nakane kms`: the local KMS, and its fault script. */
export const kmsCommand: Command = {
  run: async (args, context) => {
    const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
    if (values.help) {
      context.out(USAGE);
      return 0;
    }
    const [verb, kind, ...rest] = positionals;
    if (rest.length > 0 || (verb !== undefined && verb !== "faults")) {
      throw new UsageError(`unexpected: ${positionals.join(" ")}\n\n${USAGE}`);
    }
    if (verb === "faults") return faults(kind, values, context);
    return serve(values, context);
  },
};

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

async function serve(values: Values, { env, clock, out, err, stop }: CommandContext): Promise<number> {
  const { dir, host, json } = values;
  const port = wholeNumber("--port", values.port, 0, 65_535);
  loopbackAddress(host);
  const script = values.faults === undefined ? [] : readScript(values.faults);
  makeFolder(dir, 0o700);
  const { passphrase, warning } = findPassphrase(dir, env);
  if (warning !== undefined) err(`Warning: ${warning}`);
  const { accessKey, path } = findAccessKey(dir);
  const store = KeyStore.open(dir, passphrase);
  const events = join(dir, "events.jsonl");
  const log = openSync(events, "a", 0o600);
  try {
    chmodSync(events, 0o600);
    const kms = new LocalKms({
      store,
      accessKeys: [accessKey],
      clock,
      onEvent: (event) => {
        writeSync(log, `${JSON.stringify(event)}\n`);
      },
    });
    kms.faults.set(script);
    const endpoint = await listen(kms, port, host);
    if (json) {
      out(JSON.stringify({ endpoint, region: REGION, credentials: path, profile: LOCAL_PROFILE, events }));
    } else {
      const variables = {
        AWS_ENDPOINT_URL_KMS: endpoint,
        AWS_REGION: REGION,
        AWS_SHARED_CREDENTIALS_FILE: forShell(resolve(path)),
        AWS_PROFILE: LOCAL_PROFILE,
      };
      const exported = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      out(
        `Local KMS on ${endpoint}. For any AWS tool:\n  export ${exported.join(" ")}\nEvents of every use: ${events}`,
      );
    }
    await new Promise<void>((stopped) => {
      if (stop.aborted) stopped();
      stop.addEventListener("abort", () => {
        stopped();
      });
    });
    await kms.close();
    return 0;
  } finally {
    closeSync(log);
    store.close();
  }
}

async function listen(kms: LocalKms, port: number, host: string): Promise<string> {
  try {
    return await kms.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Error(`something listens on ${host} port ${port} already; stop it, or give another --port`, {
      cause: error,
    });
  }
}

/** As one word of a shell. */
function forShell(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function faults(
  kind: string | undefined,
  values: Values,
  { env, out }: CommandContext,
): Promise<number> {
  const endpoint = values.endpoint ?? env["AWS_ENDPOINT_URL_KMS"] ?? `http://127.0.0.1:${DEFAULT_KMS_PORT}`;
  const url = `${endpoint}${CONTROL_PATH}`;
  const headers = { [CONTROL_HEADER]: "1" };
  let request: RequestInit = { headers };
  if (values.clear) request = { headers, method: "DELETE" };
  else if (values.file !== undefined) {
    request = { headers, method: "PUT", body: JSON.stringify(readScript(values.file)) };
  } else if (kind !== undefined) {
    request = { headers, method: "PUT", body: JSON.stringify([faultOf(kind, values)]) };
  }
  let response: Response;
  try {
    response = await fetch(url, request);
  } catch (cause) {
    throw new Error(`no local KMS answers at ${endpoint}; start one with \`nakane kms\``, { cause });
  }
  const answer = (await response.json()) as { error?: string } | Record<string, unknown>[];
  if (!Array.isArray(answer))
    throw new UsageError(answer.error ?? `the local KMS answered ${response.status}`);
  if (values.json) out(JSON.stringify(answer));
  else if (answer.length === 0) out("No faults.");
  else for (const line of answer) out(JSON.stringify(line));
  return 0;
}

function faultOf(
  kind: string,
  { operation, key, after, times, ms, variant, code, message, status }: Values,
): Record<string, unknown> {
  return {
    fault: kind,
    ...(operation === undefined ? {} : { operation }),
    ...(key === undefined ? {} : { keyId: key }),
    ...(after === undefined ? {} : { after: wholeNumber("--after", after, 0, MANY) }),
    ...(times === undefined ? {} : { times: wholeNumber("--times", times, 1, MANY) }),
    ...(ms === undefined ? {} : { ms: wholeNumber("--ms", ms, -A_DAY, A_DAY) }),
    ...(variant === undefined ? {} : { variant }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(status === undefined ? {} : { status: wholeNumber("--status", status, 400, 599) }),
  };
}

function readScript(path: string): FaultInput[] {
  try {
    const script = JSON.parse(readFileSync(path, "utf8")) as FaultInput[];
    new FaultScript().set(script);
    return script;
  } catch (cause) {
    throw new UsageError(`cannot read the fault script ${path}: ${(cause as Error).message}`);
  }
}
