import { expect } from "chai";
import { existsSync } from "node:fs";

import { type Page, pages, readPage } from "./markdown.ts";

const japanese = pages().filter((file) => file.endsWith(".ja.md"));
/** A link to a page's Japanese twin counts as the link to the page. */
const plain = (link: string): string => link.replace(/\.ja\.md$/, ".md");

describe("twins: English and Japanese pages", () => {
  it("README has a twin", () => {
    expect(japanese).to.include("README.ja.md");
  });

  for (const file of japanese) {
    const twin = file.replace(/\.ja\.md$/, ".md");
    it(`${twin} and ${file} have the same headings, and the same code where both show some`, () => {
      expect(existsSync(twin), twin).to.equal(true);
      const [english, other] = [readPage(twin), readPage(file)];
      expect(other.headings.map(([level]) => level)).to.deep.equal(english.headings.map(([level]) => level));
      const code = (page: Page): string[] => page.blocks.map((block) => `${block.language}: ${block.code}`);
      expect(code(english)).to.include.members(code(other));
      if (file === "README.ja.md") {
        expect(code(other)).to.deep.equal(code(english));
        expect(other.links.map(plain).sort()).to.deep.equal(english.links.map(plain).sort());
        expect([other.links[0], english.links[0]]).to.deep.equal(["README.md", "README.ja.md"]);
      }
    });

    it(`${file} is in Japanese: its headings have kana or kanji`, () => {
      expect(
        readPage(file).headings.filter(([, text]) => /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u.test(text)),
      ).to.have.length.greaterThan(0);
    });
  }
});
