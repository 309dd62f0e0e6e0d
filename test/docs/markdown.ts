import { globSync, readFileSync } from "node:fs";

/** A fenced code block. */
export interface Block {
  /** "sh" of "```sh" */
  language: string;
  code: string;
  /** Where its fence stands, counted from 1. */
  line: number;
}

export interface Page {
  file: string;
  /** `## Two` -> [2, "Two"], in order. */
  headings: [level: number, text: string][];
  blocks: Block[];
  /** Targets of links and images as written, in order, code left out. */
  links: string[];
}

/** Every page of documentation in the project. */
export function pages(): string[] {
  const skip = /(^|\/)(node_modules|artifacts|cache|coverage|types|\.nakane)(\/|$)/;
  return globSync("**/*.md", { exclude: (name) => skip.test(name) }).sort();
}

/** The parts of a page that tests look at. Fences must be closed, or everything after one would go unchecked. */
export function readPage(file: string): Page {
  const page: Page = { file, headings: [], blocks: [], links: [] };
  let open: Block | undefined;
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    const fence = /^ *```(.*)$/.exec(line);
    if (fence !== null) {
      if (open === undefined) open = { language: fence[1]!.trim(), code: "", line: index + 1 };
      else {
        page.blocks.push(open);
        open = undefined;
      }
    } else if (open !== undefined) open.code += `${line}\n`;
    else {
      const heading = /^(#+) (.*)$/.exec(line);
      if (heading !== null) page.headings.push([heading[1]!.length, heading[2]!]);
      for (const [, target] of line.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g))
        page.links.push(target!);
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: this code block is never closed.`);
  return page;
}

/** GitHub's anchor of a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}
