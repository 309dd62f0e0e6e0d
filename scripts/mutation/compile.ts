import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import type { Node } from "./ast.ts";

/** What this project uses of solc's standard JSON. */
export interface SolcError {
  readonly severity: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
}
interface Bytecode {
  readonly object: string;
  readonly linkReferences: Record<string, Record<string, { start: number; length: number }[]>>;
}
export interface SolcOutput {
  readonly errors?: readonly SolcError[];
  readonly sources?: Record<string, { readonly ast: Node }>;
  readonly contracts?: Record<string, Record<string, { readonly evm: { readonly bytecode: Bytecode } }>>;
}

const require = createRequire(import.meta.url);

/** The imports of a Solidity source, as written. */
const imports = (text: string): string[] =>
  [...text.matchAll(/^import\s[^;]*?"([^"]+)";/gm)].flatMap(([, from]) => (from === undefined ? [] : [from]));

/** A source and all that it imports, by name; packages are read from node_modules. */
export function withImports(
  file: string,
  known: Map<string, string> = new Map<string, string>(),
): Map<string, string> {
  if (known.has(file)) return known;
  const text = readFileSync(file.startsWith("@") ? path.join("node_modules", file) : file, "utf8");
  known.set(file, text);
  for (const from of imports(text))
    withImports(from.startsWith(".") ? path.posix.join(path.posix.dirname(file), from) : from, known);
  return known;
}

/** Of "ast" the trees of all files; of "file:contract" its code. */
function selection(outputs: readonly string[]): Record<string, Record<string, string[]>> {
  if (outputs.includes("ast")) return { "*": { "": ["ast"] } };
  return Object.fromEntries(
    outputs.map((output) => {
      const [file = "", contract = ""] = output.split(":");
      return [file, { [contract]: ["evm.bytecode"] }];
    }),
  );
}

/** Compiles as a release is compiled, but for size: a switchable contract is large. */
export function compile(sources: ReadonlyMap<string, string>, outputs: readonly string[]): SolcOutput {
  const solc = require("solc") as { compile(input: string): string };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      viaIR: true,
      evmVersion: "prague",
      optimizer: { enabled: true, runs: 1 },
      metadata: { bytecodeHash: "none" },
      outputSelection: selection(outputs),
    },
  };
  return JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
}
