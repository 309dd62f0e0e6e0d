import { readdirSync, readFileSync } from "node:fs";

import { expect } from "chai";

const FOLDER = new URL("../../docs/decisions/", import.meta.url);

describe("the decision pages", () => {
  const pages = readdirSync(FOLDER).sort();

  it("are numbered from 1, each number once", () => {
    expect(pages.map((page) => Number(page.slice(0, 4)))).to.deep.equal(pages.map((_, i) => i + 1));
  });

  for (const page of pages) {
    it(`${page} begins with its number`, () => {
      const [heading] = readFileSync(new URL(page, FOLDER), "utf8").split("\n");
      expect(heading).to.match(new RegExp(`^# ${Number(page.slice(0, 4))}\\. \\S`));
    });
  }
});
