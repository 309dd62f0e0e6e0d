import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The variables that name folders of files which the project does not hold: recorded market data, published vectors. */
type Folder = "MARKET_DATA" | "TEST_VECTORS";

/** The text of a file of recorded market data; the test is skipped, saying so, where it is not at hand. */
export function marketData(test: Mocha.Context, name: string): string {
  return find("MARKET_DATA", name) ?? skip(test, "MARKET_DATA", name);
}

/** What a file of published vectors, in JSON, says; the test is skipped, saying so, where it is not at hand. */
export function testVectors(test: Mocha.Context, name: string): unknown {
  return JSON.parse(find("TEST_VECTORS", name) ?? skip(test, "TEST_VECTORS", name));
}

/** The same, or undefined: for a judge beside what a test is about. */
export function findTestVectors(name: string): unknown {
  const text = find("TEST_VECTORS", name);
  return text === undefined ? undefined : JSON.parse(text);
}

function find(folder: Folder, name: string): string | undefined {
  const file = path.join(process.env[folder] ?? "", name);
  return process.env[folder] === undefined || !existsSync(file) ? undefined : readFileSync(file, "utf8");
}

function skip(test: Mocha.Context, folder: Folder, name: string): never {
  console.log(`      skipped: set ${folder} to the folder that has ${name}`);
  return test.skip();
}
