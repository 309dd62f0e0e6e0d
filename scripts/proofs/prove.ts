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
}

interface Compiler {
  compile(input: string, callbacks: { readonly smtSolver: Solve }): string;
}

const MILLISECONDS = 60_000;
const solc = createRequire(import.meta.url)("solc") as Compiler;

/** What solc's model checker says of each property of a file: it asks, the solver answers, it reads the answers. */
export function prove(file: string, solve: Solve): Property[] {
  const content = readFileSync(file, "utf8");
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
  const input = JSON.stringify({ language: "Solidity", sources: { [file]: { content } }, settings });
  const output = JSON.parse(solc.compile(input, { smtSolver: solve })) as Output;
  const { errors = [] } = output;
  const failed = errors.find(({ severity }) => severity === "error");
  if (failed) throw new Error(failed.formattedMessage);

  const source = Buffer.from(content, "utf8");
  const names = [...source.toString("latin1").matchAll(/function (\w+)\([^)]*\) external/g)];
  return names.map(({ index, 1: name = "" }, i) => {
    const end = names[i + 1]?.index ?? source.length;
    const said = errors.filter(({ sourceLocation: at }) => at && at.start >= index && at.start < end);
    const [refuted, open, safe] = [
      /violation happens/,
      /violation might happen/,
      /violation check is safe/,
    ].map((words) => said.find(({ message }) => words.test(message)));
    // Silence proves nothing: of a function that asserts nothing, solc has nothing to say.
    const verdict: Verdict = refuted ? "refuted" : safe && !open ? "proved" : "not proved";
    const counterexample = refuted?.formattedMessage.split("Counterexample:\n")[1]?.split("\n\n")[0] ?? "";
    return { name, verdict, counterexample: counterexample.trim().replaceAll(/\n\s*/g, ", ") };
  });
}
