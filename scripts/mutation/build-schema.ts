import path from "node:path";

import { compile, withImports } from "./compile.ts";
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

/** Compiles some mutants into one contract, leaving out those that the compiler refuses. */
export function build(parsed: Parsed, list: readonly Numbered[]): Batch {
  const broken: Batch["broken"][number][] = [];
  let running = [...list];
  while (running.length > 0) {
    const sources = new Map(parsed.sources).set(SWITCH_FILE, SWITCH);
    const schemas = new Map<string, Schema>();
    const modifiers = new Map<string, number[]>();
    for (const [id, { site, file }] of running) {
      if (site.kind !== "modifier") continue;
      const name = /^\w+/.exec(
        (parsed.sources.get(file) ?? "").slice(0) && latin1(parsed.sources.get(file) ?? "").slice(site.from),
      )?.[0];
      if (name) modifiers.set(name, [...(modifiers.get(name) ?? []), id]);
    }
    for (const [file, tree] of parsed.trees) {
      // Beside the unit's own sources, those of others whose modifiers it uses.
      const mutated =
        parsed.unit.sources.includes(file) || modifiersOf(tree).some((name) => modifiers.has(name));
      if (!mutated) continue;
      const mine = running.filter(([, mutant]) => mutant.file === file);
      const to = path.posix.relative(path.posix.dirname(file), SWITCH_FILE);
      const made = schema(
        latin1(parsed.sources.get(file) ?? ""),
        tree,
        mine,
        modifiers,
        to.startsWith(".") ? to : `./${to}`,
      );
      schemas.set(file, made);
      sources.set(file, utf8(made.text));
    }
    const output = compile(sources, [parsed.unit.contract]);
    const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
    if (errors.length === 0) return { code: switchable(output, parsed.unit.contract), running, broken };

    const guilty = new Map<number, string>();
    for (const { sourceLocation, formattedMessage } of errors) {
      if (!sourceLocation) continue;
      const places = schemas.get(sourceLocation.file)?.places ?? [];
      const inside = places.filter(
        ({ from, to }) => from <= sourceLocation.start && sourceLocation.end <= to,
      );
      const around = places.filter(
        ({ from, to }) => sourceLocation.start <= from && to <= sourceLocation.end,
      );
      for (const { id } of inside.length > 0 ? inside : around.slice(0, 1))
        guilty.set(id, formattedMessage.split("\n")[0] ?? "");
    }
    if (guilty.size === 0) {
      if (running.length === 1 || list.length > running.length + 200)
        throw new Error(errors[0]?.formattedMessage ?? "The compiler failed.");
      throw new Error(`A batch does not compile: ${errors[0]?.formattedMessage ?? ""}`);
    }
    for (const [id, mutant] of running) {
      const why = guilty.get(id);
      if (why !== undefined) broken.push({ mutant, why });
    }
    running = running.filter(([id]) => !guilty.has(id));
  }
  return { running, broken };
}
