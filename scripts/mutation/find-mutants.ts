import { child, fields, type Node, range } from "./ast.ts";
import type { Edit, Mutant, Site } from "./mutant.ts";
import { edits } from "./operators.ts";

const STATEMENTS = new Set([
  "ExpressionStatement",
  "Return",
  "EmitStatement",
  "RevertStatement",
  "Continue",
  "Break",
]);
/** Nothing in them can differ from run to run. */
const FIXED = new Set([
  "ArrayTypeName",
  "Mapping",
  "EventDefinition",
  "ErrorDefinition",
  "StructDefinition",
  "EnumDefinition",
  "UserDefinedValueTypeDefinition",
]);

/** A piece of source on one line, without its comments, and no longer in latin1. */
const oneLine = (text: string): string =>
  Buffer.from(text, "latin1")
    .toString("utf8")
    .replace(/\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim();

/** A statement's own text ends before its semicolon; this includes it. */
function withSemicolon(source: string, node: Node): [number, number] {
  const [from, to] = range(node);
  const rest = /^\s*;/.exec(source.slice(to));
  return [from, to + (rest?.[0].length ?? 0)];
}

/** The site that begins at `node`, reached through `field` of `parent`. */
function siteAt(source: string, node: Node, parent: Node | undefined, field: string): Site | undefined {
  const [from, to] = range(node);
  const expression: Site = { kind: "expression", from, to };
  if (field === "condition" && parent && /^(If|While|For)Statement$/.test(parent.nodeType)) return expression;
  if (parent?.nodeType === "ForStatement" && field === "loopExpression") return expression;
  if (parent?.nodeType === "VariableDeclarationStatement" && field === "initialValue") return expression;
  if (node.nodeType === "ModifierInvocation" && node["kind"] === "modifierInvocation")
    return { kind: "modifier", from, to };
  if (STATEMENTS.has(node.nodeType)) {
    const [start, end] = withSemicolon(source, node);
    return { kind: "statement", from: start, to: end };
  }
  if (node.nodeType === "YulExpressionStatement" || node.nodeType === "YulAssignment")
    return { kind: "yul", from, to };
  if (node.nodeType === "YulVariableDeclaration") return { kind: "yul-let", from, to };
  return undefined;
}

/**
 * Every mutant of a source, in the order of its text.
 * @param source The file's bytes as latin1, so that solc's byte offsets are offsets of the string.
 * @param used What some source of the unit refers to: a free function that none does is not in its code.
 * @param constants The ids of the constants of all files: their uses are mutated, one by one, not they themselves.
 */
export function findMutants(
  file: string,
  source: string,
  tree: Node,
  constants: ReadonlySet<number>,
  used: ReadonlySet<number>,
): Mutant[] {
  const mutants: Mutant[] = [];
  const seen = new Map<string, number>();

  const add = (site: Site, edit: Edit, place: string): void => {
    const shown = { from: Math.min(site.from, edit.from), to: Math.max(site.to, edit.to) };
    const before = source.slice(shown.from, shown.to);
    const after = source.slice(shown.from, edit.from) + edit.text + source.slice(edit.to, shown.to);
    const [was, is] = [oneLine(before), oneLine(after).replace(/^;$/, "")];
    if (was === is) return;
    const text = `${file} ${place}: ${was} → ${is === "" ? "nothing" : is}`;
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    const line = source.slice(0, edit.from).split("\n").length;
    mutants.push({ key: count === 1 ? text : `${text} (${count})`, file, line, site, edit });
  };

  const walk = (
    node: Node,
    parent: Node | undefined,
    field: string,
    around: Site | undefined,
    at: string,
  ) => {
    if (FIXED.has(node.nodeType)) return;
    if (node["kind"] === "freeFunction" && !used.has(Number(node["id"]))) return;
    if (node.nodeType === "VariableDeclaration" && around === undefined) return; // state, parameters, constants
    let place = at;
    if (/^(Function|Modifier)Definition$/.test(node.nodeType))
      place = String(node["name"]) === "" ? String(node["kind"]) : String(node["name"]);
    const site = around ?? siteAt(source, node, parent, field);
    if (site?.kind === "modifier") {
      add(site, { from: site.from, to: site.to, text: "" }, place);
      return;
    }
    if (site) {
      for (const edit of edits(source, node, constants)) add(site, edit, place);
    } else if (node.nodeType === "IfStatement") {
      const condition = child(node, "condition");
      if (condition) {
        const [from, to] = range(condition);
        for (const edit of edits(source, node, constants)) add({ kind: "expression", from, to }, edit, place);
      }
    }
    for (const [name, nodes] of fields(node)) for (const inner of nodes) walk(inner, node, name, site, place);
  };
  walk(tree, undefined, "", undefined, "");
  return mutants.sort((a, b) => a.edit.from - b.edit.from || a.edit.to - b.edit.to);
}

/** The ids of the constants that a file declares. */
export function constantsOf(tree: Node): number[] {
  const own =
    tree.nodeType === "VariableDeclaration" && tree["constant"] === true ? [Number(tree["id"])] : [];
  return [...own, ...fields(tree).flatMap(([, nodes]) => nodes.flatMap(constantsOf))];
}

/** The ids of all declarations that a file refers to. */
export function referencesOf(tree: Node): number[] {
  const own = [tree["referencedDeclaration"], tree["function"]].filter((id) => typeof id === "number");
  return [...own, ...fields(tree).flatMap(([, nodes]) => nodes.flatMap(referencesOf))];
}
