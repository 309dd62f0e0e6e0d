import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { expect } from "chai";

import { REASONS } from "../../oracle/report/rejection.ts";
import { smallestQuorum } from "../../oracle/report/signer-set.ts";
import vectors from "../oracle/report/vectors.json" with { type: "json" };

describe("docs/report-format.md", () => {
  const page = readFileSync("docs/report-format.md", "utf8");
  const rows = new Map(
    [...page.matchAll(/^\| (.+?) +\| `(0x[0-9a-f]+)` +\|$/gm)].map(([, name, value]) => [name, value]),
  );
  const bundle = (number: number) => vectors.bundles.find((each) => each.bundle === number)!;

  it("shows the published vectors", () => {
    expect(Object.fromEntries(rows)).to.deep.equal({
      "definition of bundle 1": bundle(1).definition,
      "words of bundle 3": bundle(3).words,
      "leaf of bundle 1": bundle(1).leaf,
      "leaf of bundle 3": bundle(3).leaf,
      root: vectors.root,
      "domain of `sepolia`, `test`": vectors.domain,
      "digest at 1800000000": vectors.digest,
      "hash of the signer set": vectors.setHash,
    });
    expect(vectors.observedAt).to.equal(1_800_000_000);
  });

  it("shows code that prints what it says", () => {
    const [, code, printed] = /```ts\n(.*?)```.*?```text\n(.*?)```/s.exec(page)!;
    const output = execFileSync(process.execPath, ["--input-type=module-typescript"], {
      input: code,
      encoding: "utf8",
    });
    expect(output).to.equal(printed);
    expect(output.split("\n")[0]).to.equal(bundle(3).leaf!.slice(2));
  });

  it("lists every error, with its arguments", () => {
    const listed = new Set([...page.matchAll(/^\| `(\w+\([\w, ]*\))` /gm)].map(([, error]) => error));
    expect([...listed].sort()).to.deep.equal(
      Object.entries(REASONS)
        .map(([reason, args]) => `${reason}(${args.join(", ")})`)
        .sort(),
    );
  });

  it("lists the smallest quorums", () => {
    const list = /: (1\s+of 1.*?) are the smallest quorums/s.exec(page)![1]!.replace(/\s+/g, " ");
    expect(list).to.equal([1, 2, 3, 4, 5, 7, 10].map((n) => `${smallestQuorum(n)} of ${n}`).join(", "));
  });
});
