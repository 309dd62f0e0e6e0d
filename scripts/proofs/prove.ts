import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Solve } from "./solver.ts";

export type Verdict = "proved" | "refuted" | "not proved";

/** A function of test/proofs whose only assertion is a property. */
export interface Property {
  readonly name: string;
  readonly verdict: Verdict;
  /** The numbers that refute it, as solc shows them. */
  readonly counterexample: string;
}

interface Output {
  readonly errors?: readonly {
    readonly severity: string;
    readonly message: string;
    readonly formattedMessage: string;
    readonly sourceLocation?: { readonly start: number };
  }[];
  readonly auxiliaryInputRequested?: { readonly smtlib2queries?: Record<string, string> };
}

const PASSES = 12;
const ANSWER_LENGTH = 20_000;
const MILLISECONDS = 60_000;
const require = createRequire(import.meta.url);

/** A compiler with a memory of its own: the order of a query's lines depends on what it did before. */
function freshCompiler(): { compile(input: string): string } {
  for (const file of Object.keys(require.cache))
    if (/[\\/]solc[\\/]/.test(file)) Reflect.deleteProperty(require.cache, file);
  const solc = require("solc") as { compile(input: string): string };
  process.removeAllListeners("unhandledRejection"); // each compiler adds one, that only throws, as Node does anyway
  return solc;
}

function check(file: string, content: string, smtlib2responses: Record<string, string>): Output {
  const solc = freshCompiler();
  const modelChecker = {
    // CHC asks in Horn clauses, over which Z3 does not finish these bit operations. The properties have no state and no
    // loops, so BMC, which unrolls, proves them whole.
    engine: "bmc",
    solvers: ["smtlib2"],
    targets: ["assert"],
    showProvedSafe: true,
    showUnproved: true,
    timeout: MILLISECONDS,
  };
  const settings = { modelChecker, outputSelection: { "*": { "*": ["abi"] } } };
  const sources = { [file]: { content } };
  return JSON.parse(
    solc.compile(
      JSON.stringify({ language: "Solidity", sources, settings, auxiliaryInput: { smtlib2responses } }),
    ),
  ) as Output;
}

const hasQueries = ({ auxiliaryInputRequested: asked }: Output): boolean =>
  Object.keys(asked?.smtlib2queries ?? {}).length > 0;

/** What solc's model checker says of each property of a file: it asks, the solver answers, it reads the answers. */
export async function prove(file: string, solve: Solve): Promise<Property[]> {
  const content = readFileSync(file, "utf8");
  // The queries of two runs are the same but for the order of their lines, which changes with the size of the input. So
  // they are known by their sorted lines, and asked for, with answers of one length, until all of them are answered.
  const known = new Map<string, string>();
  let given = new Map<string, string>(); // sorted lines -> hash
  let output = check(file, content, {});
  for (let pass = 0; pass < PASSES && hasQueries(output); pass++) {
    const answers: Record<string, string> = {};
    const next = new Map(given);
    for (const [hash, query] of Object.entries(output.auxiliaryInputRequested?.smtlib2queries ?? {})) {
      const lines = query.split("\n").sort().join("\n");
      if (!known.has(lines)) known.set(lines, await solve(query));
      next.set(lines, hash);
    }
    given = next;
    for (const [lines, hash] of given) answers[hash] = (known.get(lines) ?? "").padEnd(ANSWER_LENGTH);
    output = check(file, content, answers);
  }
  if (hasQueries(output)) throw new Error(`${file}: after ${PASSES} passes solc still asks.`);
  const { errors = [] } = output;
  const failed = errors.find(({ severity }) => severity === "error");
  if (failed) throw new Error(failed.formattedMessage);

  const source = Buffer.from(content, "utf8");
  const names = [...source.toString("latin1").matchAll(/function (\w+)\([^)]*\) external/g)];
  return names.map(({ index, 1: name = "" }, i) => {
    const end = names[i + 1]?.index ?? source.length;
    const found = errors.find(
      ({ sourceLocation: at, message }) =>
        at !== undefined &&
        at.start >= index &&
        at.start < end &&
        /Assertion violation (happens|might happen)/.test(message),
    );
    const verdict: Verdict =
      found === undefined ? "proved" : found.message.includes("happens here") ? "refuted" : "not proved";
    const counterexample = found?.formattedMessage.split("Counterexample:\n")[1]?.split("\n\n")[0] ?? "";
    return { name, verdict, counterexample: counterexample.trim().replaceAll(/\n\s*/g, ", ") };
  });
}
