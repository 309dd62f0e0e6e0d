import { fields, type Node, range } from "./ast.ts";
import type { Mutant, Site } from "./mutant.ts";

/** The source of the library whose address, put in when the code is linked, says which mutant runs. */
export const SWITCH_FILE = "contracts/MutantSwitch.sol";
export const SWITCH = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
library MutantSwitch { function link() external pure {} }
function mutant_() pure returns (uint256) { return uint160(address(MutantSwitch)); }
`;

/** A source in which each of some mutants can be chosen when the code is linked, and where they stand in it. */
export interface Schema {
  readonly text: string;
  readonly places: readonly { readonly from: number; readonly to: number; readonly id: number }[];
}

/** A mutant and the number by which it is chosen, from 1. */
export type Numbered = readonly [id: number, mutant: Mutant];

interface Insert {
  readonly from: number;
  readonly to: number;
  /** Parts of text; those with an id belong to that mutant. */
  readonly parts: readonly (string | readonly [text: string, id: number])[];
}

function mutated(source: string, { site, edit }: Mutant): string {
  return source.slice(site.from, edit.from) + edit.text + source.slice(edit.to, site.to);
}

function chosen(source: string, site: Site, list: readonly Numbered[]): Insert {
  const original = source.slice(site.from, site.to);
  const texts = list.map(([id, mutant]): readonly [string, number] => [mutated(source, mutant), id]);
  const bare = (text: string): string => (/^\s*;?\s*$/.test(text) ? "" : text);
  switch (site.kind) {
    case "statement": {
      const parts = texts.flatMap(([text, id]) => [
        `if (mutant_() == ${id}) {`,
        [bare(text), id] as const,
        "} else ",
      ]);
      return { ...site, parts: ["{", ...parts, "{", original, "}}"] };
    }
    case "expression": {
      const parts = texts.flatMap(([text, id]) => [`mutant_() == ${id} ? (`, [text, id] as const, ") : "]);
      return { ...site, parts: ["(", ...parts, "(", original, "))"] };
    }
    case "yul":
    case "yul-let": {
      const names = /^let\s+([^:]*?)\s*:=\s*/.exec(original);
      const value = (text: string): string =>
        names ? `${names[1] ?? ""} := ${text.replace(/^let\s+([^:]*?)\s*:=\s*/, "")}` : text;
      const parts = texts.flatMap(([text, id]) => [`case ${id} {`, [value(text), id] as const, "} "]);
      const declared = names ? `let ${names[1] ?? ""} ` : "";
      return { ...site, parts: [`${declared}switch mutant__ `, ...parts, `default {${value(original)}}`] };
    }
    case "modifier": {
      const id = list[0]?.[0] ?? 0;
      return { ...site, parts: [original.replace(/^\w+/, (name) => `${name}_${id}`)] };
    }
  }
}

function all(node: Node, type: string): Node[] {
  const own = node.nodeType === type ? [node] : [];
  return [...own, ...fields(node).flatMap(([, nodes]) => nodes.flatMap((inner) => all(inner, type)))];
}

/** The names of the modifiers that a file declares. */
export function modifiersOf(tree: Node): string[] {
  return all(tree, "ModifierDefinition").map((node) => String(node["name"]));
}

/** Beside each modifier whose uses are mutated, a copy that does nothing in that mutant. */
function modifierCopies(
  source: string,
  tree: Node,
  wanted: ReadonlyMap<string, readonly number[]>,
): Insert[] {
  return all(tree, "ModifierDefinition").flatMap((node) => {
    const [from, to] = range(node);
    const text = source.slice(from, to);
    const name = String(node["name"]);
    return (wanted.get(name) ?? []).map((id): Insert => {
      const open = text.indexOf("{");
      const copy = `${text.slice(0, open).replace(name, `${name}_${id}`)}{ if (mutant_() == ${id}) { _; } else ${text.slice(open)} }\n`;
      return { from, to: from, parts: [copy] };
    });
  });
}

/**
 * The source with all of `list` in it: one compilation serves them all. With the switch at 0 it does what it did.
 * @param list Mutants of this file.
 * @param modifiers For each modifier, the numbers of the mutants, of any file, in which a use of it does nothing.
 * @param path To the switch, relative to this file.
 */
export function schema(
  source: string,
  tree: Node,
  list: readonly Numbered[],
  modifiers: ReadonlyMap<string, readonly number[]>,
  path: string,
): Schema {
  const bySite = new Map<string, Numbered[]>();
  for (const entry of list) {
    const { site } = entry[1];
    const place = `${site.kind} ${site.from} ${site.to}`;
    bySite.set(place, [...(bySite.get(place) ?? []), entry]);
  }
  const inserts = [...bySite.values()].flatMap((entries) => {
    const site = entries[0]?.[1].site;
    return site ? [chosen(source, site, entries)] : [];
  });
  for (const node of all(tree, "InlineAssembly")) {
    const [from, to] = range(node);
    if (!list.some(([, { site }]) => site.kind.startsWith("yul") && site.from >= from && site.to <= to))
      continue;
    inserts.push({ from, to: from, parts: ["{ uint256 mutant__ = mutant_(); "] });
    inserts.push({ from: to, to, parts: [" }"] });
  }
  inserts.push(...modifierCopies(source, tree, modifiers));
  if (list.length > 0 || inserts.length > 0) {
    const pragma = /pragma solidity [^;]*;/.exec(source);
    const at = pragma ? pragma.index + pragma[0].length : 0;
    inserts.push({ from: at, to: at, parts: [`\nimport {mutant_} from "${path}";`] });
  }
  inserts.sort((a, b) => a.from - b.from || a.to - b.to);

  let text = "";
  let done = 0;
  const places: { from: number; to: number; id: number }[] = [];
  for (const { from, to, parts } of inserts) {
    text += source.slice(done, from);
    for (const part of parts) {
      if (typeof part === "string") text += part;
      else {
        places.push({ from: text.length, to: text.length + part[0].length, id: part[1] });
        text += part[0];
      }
    }
    done = to;
  }
  return { text: text + source.slice(done), places };
}
