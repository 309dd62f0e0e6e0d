import { child, children, type Node, range, typeOf } from "./ast.ts";
import type { Edit } from "./mutant.ts";

/** What stands for an operator in its mutants. */
const BINARY: Record<string, readonly string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "&&": ["||"],
  "||": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["/"],
  "&": ["|"],
  "|": ["&"],
  "^": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
};
const ASSIGN: Record<string, string> = { "+=": "-=", "-=": "+=", "*=": "/=", "<<=": ">>=", ">>=": "<<=" };
const YUL: Record<string, string> = {
  add: "sub",
  sub: "add",
  shl: "shr",
  shr: "shl",
  and: "or",
  or: "and",
  xor: "or",
  lt: "gt",
  gt: "lt",
  mul: "add",
  iszero: "not",
  mload: "calldataload",
};
/** Their arguments are worth swapping. */
const ORDERED = new Set(["sub", "shl", "shr", "lt", "gt", "mstore", "div", "keccak256"]);

const replace = (node: Node, text: string): Edit => ({ from: range(node)[0], to: range(node)[1], text });

/** The operator between two operands; comments may stand there too, operators in comments may not. */
function between(source: string, left: Node, right: Node, operator: string, text: string): Edit {
  const from = source.indexOf(operator, range(left)[1]);
  if (from < 0 || from >= range(right)[0]) throw new Error(`No ${operator} at byte ${range(left)[1]}.`);
  return { from, to: from + operator.length, text };
}

/** A number one higher and, unless it is 0, one lower, written in its own base. */
function neighbours(node: Node, written: string): Edit[] {
  if (!/^(0x[0-9a-fA-F_]+|[0-9_]+)$/.test(written)) return [];
  const value = BigInt(written.replaceAll("_", ""));
  const show = (n: bigint) => (written.startsWith("0x") ? `0x0${n.toString(16)}` : n.toString());
  return (value === 0n ? [1n] : [value + 1n, value - 1n]).map((n) => replace(node, show(n)));
}

/** Each two neighbours of one type change places. */
function swaps(source: string, list: readonly Node[], sameType: boolean): Edit[] {
  const text = (node: Node) => source.slice(...range(node));
  return list.slice(1).flatMap((right, i) => {
    const left = list[i] ?? right;
    if (text(left) === text(right) || (sameType && typeOf(left) !== typeOf(right))) return [];
    const [from, to] = [range(left)[0], range(right)[1]];
    return [{ from, to, text: text(right) + source.slice(range(left)[1], range(right)[0]) + text(left) }];
  });
}

/** The mutants of one expression or statement itself, not of what it contains. */
export function edits(source: string, node: Node, constants: ReadonlySet<number>): Edit[] {
  const operator = String(node["operator"]);
  const text = source.slice(...range(node));
  switch (node.nodeType) {
    case "BinaryOperation": {
      const [left, right] = [child(node, "leftExpression"), child(node, "rightExpression")];
      if (!left || !right) return [];
      return (BINARY[operator] ?? []).map((other) => between(source, left, right, operator, other));
    }
    case "Assignment": {
      const [left, right, other] = [
        child(node, "leftHandSide"),
        child(node, "rightHandSide"),
        ASSIGN[operator],
      ];
      return left && right && other ? [between(source, left, right, operator, other)] : [];
    }
    case "UnaryOperation": {
      if (operator === "++" || operator === "--")
        return [replace(node, text.replace(operator, operator === "++" ? "--" : "++"))];
      return operator === "!" || operator === "-" ? [replace(node, text.slice(1))] : [];
    }
    case "Literal":
      if (node["kind"] === "bool") return [replace(node, text === "true" ? "false" : "true")];
      return node["kind"] === "number" && node["subdenomination"] == null ? neighbours(node, text) : [];
    case "Identifier":
      if (!constants.has(Number(node["referencedDeclaration"])) || !typeOf(node).startsWith("uint"))
        return [];
      return [replace(node, `(${text} + 1)`), replace(node, `(${text} - 1)`)];
    case "Conditional": {
      const condition = child(node, "condition");
      return condition ? [replace(condition, `!(${source.slice(...range(condition))})`)] : [];
    }
    case "FunctionCall":
      return swaps(source, children(node, "arguments"), true);
    case "TupleExpression":
      return node["lValueRequested"] === true ? [] : swaps(source, children(node, "components"), true);
    case "IfStatement": {
      const condition = child(node, "condition");
      return condition ? [replace(condition, "true"), replace(condition, "false")] : [];
    }
    case "ExpressionStatement":
    case "EmitStatement":
    case "RevertStatement":
    case "Continue":
    case "Break":
    case "YulExpressionStatement":
    case "YulAssignment":
      return [replace(node, "")];
    case "YulFunctionCall": {
      const name = child(node, "functionName");
      const opcode = String(name?.["name"]);
      const other = YUL[opcode];
      const renamed = name && other ? [replace(name, other)] : [];
      return ORDERED.has(opcode)
        ? [...renamed, ...swaps(source, children(node, "arguments"), false)]
        : renamed;
    }
    case "YulLiteral":
      return neighbours(node, text);
    default:
      return [];
  }
}
