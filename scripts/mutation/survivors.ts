import { existsSync, readFileSync } from "node:fs";

const PAGE = "docs/mutation.md";

/** The mutants that docs/mutation.md explains: in code blocks, each line the key of a mutant. */
export function explainedSurvivors(page = PAGE): Set<string> {
  if (!existsSync(page)) return new Set();
  const blocks = readFileSync(page, "utf8").matchAll(/^```text\n([\s\S]*?)^```$/gm);
  return new Set([...blocks].flatMap(([, block = ""]) => block.split("\n").filter((line) => line !== "")));
}
