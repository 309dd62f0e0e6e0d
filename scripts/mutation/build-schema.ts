import path from "node:path";

import { compile, type SolcError, type SolcOutput, withImports } from "./compile.ts";
import type { Node } from "./ast.ts";
import { constantsOf, findMutants, referencesOf } from "./find-mutants.ts";
import { link as linkCode, type Switchable, switchable } from "./link.ts";
import type { Mutant } from "./mutant.ts";
import { modifiersOf, type Numbered, schema, type Schema, SWITCH, SWITCH_FILE } from "./schema.ts";
import type { Unit } from "./units.ts";

export const link = linkCode;

/** A unit's sources, read and understood. */
export interface Parsed {
  readonly unit: Unit;
  readonly sources: ReadonlyMap<string, string>;
  readonly trees: ReadonlyMap<string, Node>;
  readonly mutants: readonly Mutant[];
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
const utf8 = (text: string): string => Buffer.from(text, "latin1").toString("utf8");

const EMPTY: Node = { nodeType: "SourceUnit", src: "0:0:0" };

/** @param sources those of the contract and all that it imports; from the disk if left out */
export function parse(
  unit: Unit,
  sources: ReadonlyMap<string, string> = withImports(unit.contract.split(":")[0] ?? ""),
): Parsed {
  const output = compile(sources, ["ast"]);
  const trees = new Map(Object.entries(output.sources ?? {}).map(([file, { ast }]) => [file, ast]));
  const constants = new Set([...trees.values()].flatMap(constantsOf));
  const used = new Set(unit.sources.flatMap((file) => referencesOf(trees.get(file) ?? EMPTY)));
  const mutants = unit.sources.flatMap((file) => {
    const tree = trees.get(file);
    if (!tree) throw new Error(`${unit.contract} does not import ${file}.`);
    const found = findMutants(file, latin1(sources.get(file) ?? ""), tree, constants, used);
    return found.map((mutant) => ({ ...mutant, edit: { ...mutant.edit, text: latin1(mutant.edit.text) } }));
  });
  return { unit, sources, trees, mutants };
}

/** Compiled mutants, each chosen by its number; and those that do not compile. */
export interface Batch {
  readonly code?: Switchable;
  readonly running: readonly Numbered[];
  readonly broken: readonly { readonly mutant: Mutant; readonly why: string }[];
}

/** The sources with all of `list` in them. */
function planted(
  parsed: Parsed,
  list: readonly Numbered[],
): { sources: Map<string, string>; schemas: Map<string, Schema> } {
  const sources = new Map(parsed.sources).set(SWITCH_FILE, SWITCH);
  const schemas = new Map<string, Schema>();
  const modifiers = new Map<string, number[]>();
  for (const [id, { site, file }] of list) {
    if (site.kind !== "modifier") continue;
    const name = /^\w+/.exec(latin1(parsed.sources.get(file) ?? "").slice(site.from))?.[0];
    if (name) modifiers.set(name, [...(modifiers.get(name) ?? []), id]);
  }
  for (const [file, tree] of parsed.trees) {
    // Beside the unit's own sources, those of others whose modifiers it uses.
    const mutated =
      parsed.unit.sources.includes(file) || modifiersOf(tree).some((name) => modifiers.has(name));
    if (!mutated) continue;
    const mine = list.filter(([, mutant]) => mutant.file === file);
    const to = path.posix.relative(path.posix.dirname(file), SWITCH_FILE);
    const from = to.startsWith(".") ? to : `./${to}`;
    const made = schema(latin1(parsed.sources.get(file) ?? ""), tree, mine, modifiers, from);
    schemas.set(file, made);
    sources.set(file, utf8(made.text));
  }
  return { sources, schemas };
}

const errorsOf = ({ errors = [] }: SolcOutput): SolcError[] =>
  errors.filter(({ severity }) => severity === "error");

/** Why the compiler refuses these mutants, if it does; without generating code, which takes most of its time. */
function refusal(parsed: Parsed, list: readonly Numbered[]): string | undefined {
  const [error] = errorsOf(compile(planted(parsed, list).sources, []));
  return error && (error.formattedMessage.split("\n")[0] ?? "");
}

/** Those that the compiler refuses by themselves, found by halves. */
function refused(parsed: Parsed, list: readonly Numbered[]): (readonly [Numbered, string])[] {
  const why = refusal(parsed, list);
  const [first] = list;
  if (why === undefined || !first) return [];
  if (list.length === 1) return [[first, why]];
  const half = Math.ceil(list.length / 2);
  return [...refused(parsed, list.slice(0, half)), ...refused(parsed, list.slice(half))];
}

/** Compiles some mutants into one contract, leaving out those that the compiler refuses. */
export function build(parsed: Parsed, list: readonly Numbered[]): Batch {
  const broken: Batch["broken"][number][] = [];
  let running = [...list];
  while (running.length > 0) {
    const { sources, schemas } = planted(parsed, running);
    const output = compile(sources, [parsed.unit.contract]);
    const errors = errorsOf(output);
    if (errors.length === 0) return { code: switchable(output, parsed.unit.contract), running, broken };

    const suspects = new Set<number>();
    for (const { sourceLocation } of errors) {
      if (!sourceLocation) continue;
      const places = schemas.get(sourceLocation.file)?.places ?? [];
      const inside = places.filter(
        ({ from, to }) => from <= sourceLocation.start && sourceLocation.end <= to,
      );
      const around = places.filter(
        ({ from, to }) => sourceLocation.start <= from && to <= sourceLocation.end,
      );
      for (const { id } of inside.length > 0 ? inside : around.slice(0, 1)) suspects.add(id);
    }
    // Where a mutant takes an assignment away, the compiler complains of what reads the variable, maybe in another mutant.
    const suspected = running.filter(([id]) => suspects.has(id)).flatMap((one) => refused(parsed, [one]));
    const guilty = suspected.length > 0 ? suspected : refused(parsed, running);
    if (guilty.length === 0)
      throw new Error(`A batch does not compile: ${errors[0]?.formattedMessage ?? "the compiler failed"}`);
    for (const [[, mutant], why] of guilty) broken.push({ mutant, why });
    running = running.filter((one) => !guilty.some(([[id]]) => id === one[0]));
  }
  return { running, broken };
}
