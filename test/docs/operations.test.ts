import { readFileSync } from "node:fs";

import { expect } from "chai";

import { EVIDENCE_PAGES, type Language, RELAYER_PAGES, SIGNER_PAGES } from "../../oracle/run/page-text.ts";

/** The rows of a table whose first cell is code: page and text. */
function rows(file: string): [string, string][] {
  return [...readFileSync(file, "utf8").matchAll(/^\| `([A-Za-z]+)` +\| (.+?) +\|$/gm)].map(
    ([, page = "", text = ""]) => [page, text],
  );
}

describe("docs/operations.md", () => {
  const texts = [SIGNER_PAGES, EVIDENCE_PAGES, RELAYER_PAGES].flatMap((pages) => Object.entries(pages));
  for (const [file, language] of [
    ["docs/operations.md", "en"],
    ["docs/operations.ja.md", "ja"],
  ] as [string, Language][]) {
    it(`${file} has every page, in the words in which it is raised, and no other`, () => {
      expect(rows(file)).to.deep.equal(texts.map(([page, text]) => [page, text[language]]));
    });
  }
});
