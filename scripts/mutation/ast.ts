/** A node of solc's syntax tree, of Solidity or of Yul; which further fields it has depends on `nodeType`. */
export interface Node {
  readonly nodeType: string;
  /** "start:length:file" in bytes */
  readonly src: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "nodeType" in value && "src" in value;

/** The node in a field, if there is one. */
export function child(node: Node, field: string): Node | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** The nodes in a field that is a list. */
export function children(node: Node, field: string): Node[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every field of a node that leads to other nodes. Assembly has its tree in `AST`. */
export function fields(node: Node): [field: string, nodes: Node[]][] {
  return Object.keys(node)
    .map((field): [string, Node[]] => {
      const one = child(node, field);
      return [field, one ? [one] : children(node, field)];
    })
    .filter(([, nodes]) => nodes.length > 0);
}

/** Where a node stands: bytes from and to, `to` excluded. */
export function range(node: Node): [from: number, to: number] {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return [start, start + length];
}

/** What type the compiler gave to an expression, as text: "uint256", "int_const 300". */
export function typeOf(node: Node): string {
  const description = node["typeDescriptions"] as { typeString?: string } | undefined;
  return description?.typeString ?? "";
}
