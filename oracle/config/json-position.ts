const TOKEN =
  /\s+|[{}[\]:,]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/**
 * Where a text ends being JSON, in words for people. What stands there may be a secret, so it is not repeated, as
 * JSON.parse's own message would.
 * @param error what JSON.parse threw
 */
export function jsonPosition(text: string, error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? [];
  if (line !== undefined) return `look at line ${line}, column ${column ?? "1"}`;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) {
      const before = text.slice(0, at).split("\n");
      return `look at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    }
    at += token[0].length;
  }
  return "a comma or a bracket is missing or too many";
}
