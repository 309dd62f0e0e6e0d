import { readFileSync } from "node:fs";

import { expect } from "chai";

/** A body of an acceptance line: the tests of `file` with these titles (or names, in Solidity) show it. */
export function shownBy(file: string, ...titles: readonly string[]): () => void {
  return () => {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
    for (const title of titles) expect(text).to.include(title);
  };
}
