import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

import { expect } from "chai";

import { rejection } from "../../utils/rejection.ts";

const run = promisify(execFile);

/** The scripts that take options of their own, by what npm calls them; `lint` and `types` hand theirs on to tools. */
const SCRIPTS = {
  "npm test": "test",
  "npm run prove": "prove",
  "npm run test:mutation": "mutation",
  "npm run test:clone": "clone",
  "npm run bench:core": "bench-core",
  "npm run bench:sign": "bench-sign",
  "npm run bench:agreement": "bench-agreement",
  "npm run bench:tick": "bench-tick",
  "npm run bench:lab": "bench-lab",
  "npm run snapshots": "snapshots",
} as const;
type Name = keyof typeof SCRIPTS;

const WRONG: readonly (readonly [Name, readonly string[], string])[] = [
  ["npm run bench:core", ["--seconds", "x"], "--seconds takes a whole number from 0 to 3600, got x"],
  ["npm run bench:core", ["fast"], "unexpected: fast"],
  ["npm run bench:sign", ["--signatures", "0"], "--signatures takes a whole number from 1 to 1000000, got 0"],
  ["npm run bench:sign", ["--rounds", "1.5"], "--rounds takes a whole number from 1 to 1000, got 1.5"],
  ["npm run bench:sign", ["--bursts="], "--bursts takes a whole number from 1 to 1000, got "],
  ["npm run bench:tick", ["--feeds", "100,150"], "--feeds takes multiples of 100, got 150"],
  ["npm run bench:tick", ["--feeds", ","], "--feeds takes a whole number from 100 to 100000, got "],
  ["npm run bench:tick", ["--ticks", "19"], "--ticks takes a whole number from 20 to 10000000, got 19"],
  ["npm run bench:tick", ["--seconds=-1"], "--seconds takes a whole number from 0 to 3600, got -1"],
  ["npm run bench:lab", ["--updates", "x"], "--updates takes a whole number from 2 to 200000, got x"],
  ["npm run bench:lab", ["--updates=-1"], "--updates takes a whole number from 2 to 200000, got -1"],
  ["npm run bench:lab", ["--updates", "-1"], "Option '--updates' argument is ambiguous."],
  ["npm run bench:lab", ["--options", "0"], "--options takes a whole number from 1 to 20000, got 0"],
  ["npm run test:mutation", ["--jobs", "0"], "--jobs takes a whole number from 1 to 256, got 0"],
  ["npm run test:mutation", ["--sample", "x"], "--sample takes a whole number from 1 to 1000000, got x"],
  ["npm run test:mutation", ["--seed", "x"], "--seed takes a whole number from 0 to 4294967295, got x"],
  [
    "npm run test:mutation",
    ["--only", "No.sol"],
    "--only No.sol: no contract under test has that in its path",
  ],
  ["npm run test:mutation", ["--artifacts", "nowhere"], "--artifacts nowhere: no such folder"],
  ["npm run test:clone", ["--only", "22"], "--only takes 20 or 24, got 22"],
  ["npm run prove", ["Trie.sol", "No.sol", "test"], "test/proofs has no No.sol, test; it has "],
];

describe("options of npm scripts", function () {
  this.timeout(300_000); // a score of processes

  async function wrong(name: Name, args: readonly string[]) {
    const error = await rejection(run(process.execPath, [`scripts/${SCRIPTS[name]}.ts`, ...args]));
    return error as Error & { code: number; stdout: string; stderr: string };
  }

  it("are told for --help", async () => {
    for (const [name, script] of Object.entries(SCRIPTS)) {
      const { stdout, stderr } = await run(process.execPath, [`scripts/${script}.ts`, "--help"]);
      expect(stdout.split("\n")[0], name).to.match(new RegExp(`^Usage: ${name}\\b`));
      expect(stderr, name).to.equal("");
    }
  });

  it("are refused with 2 where there is no such one, in a line before those that there are", async () => {
    for (const name of Object.keys(SCRIPTS) as Name[]) {
      const { code, stdout, stderr } = await wrong(name, ["--nope"]);
      expect([code, stdout], name).to.deep.equal([2, ""]);
      expect(stderr).to.match(new RegExp(`^${name}: Unknown option '--nope'\n\nUsage: ${name}\\b`));
      expect(stderr).not.to.match(/^ +at /m);
    }
  });

  it("are refused with 2 where a value makes no sense, before anything is run", async () => {
    const told = await Promise.all(WRONG.map(([name, args]) => wrong(name, args)));
    for (const [i, [name, args, what]] of WRONG.entries()) {
      const { code, stdout, stderr } = told[i]!;
      expect([code, stdout], `${name} ${args.join(" ")}`).to.deep.equal([2, ""]);
      expect(stderr.slice(0, `${name}: ${what}`.length)).to.equal(`${name}: ${what}`);
    }
  });

  it("are those of every script in package.json that takes some", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const started = Object.values(scripts).map((line) => /ready\.mjs ([a-z-]+)/.exec(line)?.[1]);
    const others = ["start", "lint", "types", undefined]; // start has tests of its own
    expect(new Set(started)).to.deep.equal(new Set([...Object.values(SCRIPTS), ...others]));
  });
});
