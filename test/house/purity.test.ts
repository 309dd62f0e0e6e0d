import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const PURE = [
  "oracle/report/**/*.ts",
  "oracle/options/**/*.ts",
  "oracle/signer/agreement/**/*.ts",
  "oracle/ledger/decision/**/*.ts",
];
const PACKAGES = /^(@noble\/[a-z-]+\/|hash-wasm$|zod$|pure-rand\/)/;

/** What a file takes from elsewhere when it runs: imports and re-exports of values, not of types. */
function imports(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, false);
  return source.statements.flatMap((statement) => {
    const typeOnly =
      (ts.isImportDeclaration(statement) &&
        statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly);
    if (typeOnly || !(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return [];
    const from = statement.moduleSpecifier;
    return from !== undefined && ts.isStringLiteral(from) ? [from.text] : [];
  });
}

/** Every way from a file to a package that pure code may not use, each as the chain of files that leads there. */
function leaks(file: string, seen: Set<string>, way: readonly string[] = []): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const chain = [...way, file];
  return imports(file).flatMap((name) => {
    if (name.startsWith(".")) return leaks(path.join(path.dirname(file), name), seen, chain);
    return PACKAGES.test(name) ? [] : [[...chain, name].join(" -> ")];
  });
}

describe("pure rooms", () => {
  it("reach no I/O through any chain of imports", () => {
    const files = PURE.flatMap((pattern) => globSync(pattern));
    expect(files.length).to.be.greaterThan(10);
    expect(files.flatMap((file) => leaks(file, new Set()))).to.deep.equal([]);
  });

  it("would be caught: the walk sees the lint rules' own file reach the disk", () => {
    expect(leaks("test/house/purity.test.ts", new Set())).to.include("test/house/purity.test.ts -> node:fs");
  });
});
