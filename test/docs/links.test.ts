import { expect } from "chai";
import { existsSync } from "node:fs";
import path from "node:path";

import { anchor, pages, readPage } from "./markdown.ts";

describe("links in the documentation", () => {
  for (const file of pages())
    it(file, () => {
      for (const link of readPage(file).links) {
        if (/^https?:/.test(link)) continue;
        const [target, fragment] = link.split("#") as [string, string | undefined];
        const place = target === "" ? file : path.join(path.dirname(file), target);
        expect(existsSync(place), `${file}: ${link} leads nowhere`).to.equal(true);
        if (fragment === undefined) continue;
        const anchors = readPage(place).headings.map(([, text]) => anchor(text));
        expect(anchors, `${file}: ${link}`).to.include(fragment);
      }
    });
});
