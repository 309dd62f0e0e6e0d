import { expect } from "chai";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const PAGE = "docs/pricing.md";
const blocks = [...readFileSync(PAGE, "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(
  (match) => match[1] ?? "",
);

/** Runs a block as a module of the project's root; what it logs must be what its comments say. */
async function run(block: string): Promise<{ said: string[]; promised: string[] }> {
  const said: string[] = [];
  const source = block.replaceAll(
    /from "(\.[^"]+)"/g,
    (_, file: string) => `from ${JSON.stringify(pathToFileURL(path.resolve(file)).href)}`,
  );
  const log = console.log;
  console.log = (...values: unknown[]) => void said.push(values.map(String).join(" "));
  try {
    await import(`data:text/javascript,${encodeURIComponent(source)}`);
  } finally {
    console.log = log;
  }
  const promised = [...block.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1] ?? "");
  return { said, promised };
}

describe(PAGE, () => {
  it("has examples, and each logs what it says", async function () {
    this.timeout(60_000);
    expect(blocks.length).to.be.at.least(6);
    for (const block of blocks) {
      const { said, promised } = await run(block);
      expect(promised.length, block).to.be.above(0);
      expect(said, block).to.deep.equal(promised);
    }
  });
});
