import type { Command, CommandContext } from "../command.ts";
import { readConfig } from "../config/read-config.ts";
import { parseOptions } from "../parse-options.ts";
import { UsageError } from "../usage-error.ts";
import type { InstancePage } from "./instance.ts";
import { type OpenInstance, openInstance } from "./open-instance.ts";
import { type Language, languageOf, pageText } from "./page-text.ts";
import { sourceTeller } from "./source-teller.ts";

const USAGE = `Usage: nakane run [options]

Runs an instance until it is stopped: its signers, its relayer, its API.

Options:
  --config FILE     the configuration (nakane.json); docs/config.md says what it takes
  --check           open and check everything, then end
  --lang ja|en      the language of what it tells (that of the system)
  --json            one JSON object per line, always in English

Ctrl-C, or SIGTERM, drains it: what is under way is finished or left where the next start finds it.`;

const OPTIONS = {
  config: { type: "string", default: "nakane.json" },
  check: { type: "boolean", default: false },
  lang: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** `nakane run`: an instance, from its configuration. */
export const runCommand: Command = {
  run: async (args, context) => {
    const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
    if (values.help) {
      context.out(USAGE);
      return 0;
    }
    if (positionals.length > 0) throw new UsageError(`unexpected: ${positionals.join(" ")}\n\n${USAGE}`);
    if (values.lang !== undefined && values.lang !== "ja" && values.lang !== "en")
      throw new UsageError(`--lang takes ja or en, got ${values.lang}`);
    const language = languageOf(values.lang);
    const config = readConfig(values.config, context.env);
    const tell = teller(context, values.json, language);
    let failed: ((error: Error) => void) | undefined;
    const failure = new Promise<never>((_, reject) => {
      failed = reject;
    });
    failure.catch(() => undefined); // whoever waits for it below is told
    const opened = await openInstance(config, {
      env: context.env,
      clock: context.clock,
      checkOnly: values.check,
      listener: {
        onReport: ({ time, root, signatures }) => {
          if (time % 300 === 0)
            tell("fixing", { time, root, signers: signatures.map(({ index }) => index + 1) });
        },
        onTransmission: ({ kind, transmission }) => {
          if (kind !== "closed") return;
          const { id, observedAt, outcome } = transmission;
          tell("transmission", { id, observedAt, outcome: outcome?.kind, ...hashOf(outcome) });
        },
        onSource: sourceTeller((facts) => {
          tell("source", facts);
        }),
        onPage: (page) => {
          tell("page", values.json ? plainPage(page) : { text: pageText(page, language) });
        },
        onFailure: (error) => failed?.(error),
      },
    });
    return runUntilStopped(opened, context, values.check, tell, failure);
  },
};

const EVENTS = {
  running: { en: "running", ja: "稼働開始" },
  checked: { en: "checked", ja: "確認完了" },
  fixing: { en: "fixing", ja: "フィキシング" },
  transmission: { en: "sent", ja: "送信" },
  source: { en: "source", ja: "取得元" },
  page: { en: "page", ja: "呼出" },
  draining: { en: "draining", ja: "停止処理中" },
  stopped: { en: "stopped", ja: "停止" },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

type Tell = (event: keyof typeof EVENTS, facts: Readonly<Record<string, unknown>>) => void;

async function runUntilStopped(
  { apiUrl, close }: OpenInstance,
  { stop }: CommandContext,
  check: boolean,
  tell: Tell,
  failure: Promise<never>,
): Promise<number> {
  try {
    tell(check ? "checked" : "running", { api: apiUrl });
    if (!check) await Promise.race([aborted(stop), failure]);
    return 0;
  } finally {
    tell("draining", {});
    await close();
    tell("stopped", {});
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
}

/** A line for people, or an object for programs; times are the clock's. */
function teller({ clock, out }: CommandContext, json: boolean, language: Language): Tell {
  return (event, facts) => {
    const at = new Date(clock.wall()).toISOString();
    if (json) {
      out(JSON.stringify({ at, event, ...facts }));
      return;
    }
    const words = Object.entries(facts).map(([name, value]) =>
      name === "text" ? text(value) : `${name} ${text(value)}`,
    );
    out(`${at}  ${EVENTS[event][language].padEnd(language === "ja" ? 7 : 9)}  ${words.join("  ")}`);
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function hashOf(outcome: unknown): Readonly<Record<string, unknown>> {
  const { hash, reason } = (outcome ?? {}) as { hash?: string; reason?: string };
  return { ...(hash === undefined ? {} : { hash }), ...(reason === undefined ? {} : { reason }) };
}

function plainPage(page: InstancePage): Readonly<Record<string, unknown>> {
  if (page.from === "relayer")
    return { from: page.from, reason: page.page.reason, message: page.page.message };
  if ("evidence" in page) {
    const { kind, accused, time, about } = page.evidence;
    return { from: page.member, reason: "evidence", kind, accused: accused + 1, time, about };
  }
  return { from: page.member, ...page.page };
}
