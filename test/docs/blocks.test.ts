import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import solc from "solc";
import ts from "typescript";

import { type Block, pages, readPage } from "./markdown.ts";

const run = promisify(execFile);

/** Commands that are not run here, each with the reason. Anything else in a `sh` block runs, line by line, and must succeed. */
const ELSEWHERE: Record<string, string> = {
  "npm start": "npm run test:clone runs it in a fresh clone",
  "npm start -- --replay btcusdt-2022-12-13.csv --until-settled --json":
    "test/scripts/start.test.ts replays files of its own",
  "npm test": "this is a part of it; npm run test:clone runs it in a fresh clone",
  "npm run test:deep": "hours of random cases; the same tests with more runs",
  "npm run test:clone": "installs everything several times; it is itself a test",
  "npm run lint": ".ci/run runs it beside the tests",
  "npm run types": ".ci/run runs it beside the tests",
  "npm run format": "changes files; .ci/run runs format:check",
  "npm run format:check": ".ci/run runs it beside the tests",
  "npm run snapshots": "changes files; .ci/run runs snapshots:check",
  "npm run snapshots:check": ".ci/run runs it beside the tests",
  ".ci/run": "runs all of this",
};

/** Pages whose blocks build on each other or show excerpts, each with the test that runs or compares them instead. */
const OWN_TEST: Record<string, string> = {
  "docs/api.md": "test/docs/api.test.ts",
  "docs/kms.ja.md": "test/docs/kms.test.ts",
  "docs/kms.md": "test/docs/kms.test.ts",
  "docs/pricing.md": "test/docs/pricing.test.ts",
  "docs/settlement.md": "test/docs/settlement.test.ts",
};

/** TypeScript blocks name files from the top of the project: "./oracle/…". */
const TYPESCRIPT_IMPORT = /(from\s+")\.\//g;

/** Solidity blocks are contracts of other projects, which have this one as a package: "nakane/contracts/…". */
const PACKAGE = "nakane/";

/** solc's own types do not say. */
type Compile = (
  input: string,
  callbacks: { import: (file: string) => { contents: string } | { error: string } },
) => string;
const compile = solc.compile as Compile;

const strip = (line: string): string => line.replace(/\s+#\s.*$/, "").trim();

async function runShell({ code }: Block): Promise<void> {
  for (const line of code.split("\n").map(strip)) {
    if (line === "" || line.startsWith("#") || line in ELSEWHERE) continue;
    try {
      await run("bash", ["-euo", "pipefail", "-c", line], { env: { ...process.env, CI: "true" } });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`\`${line}\` failed:\n${stdout}${stderr}`, { cause: error });
    }
  }
}

/** Checks a program's types by the project's own settings, then runs it. */
async function runTypeScript({ code }: Block): Promise<void> {
  mkdirSync("cache", { recursive: true });
  const folder = mkdtempSync(path.resolve("cache/docs-"));
  try {
    const file = path.join(folder, "block.ts");
    writeFileSync(file, code.replace(TYPESCRIPT_IMPORT, "$1../../"));
    const settings = ts.readConfigFile("tsconfig.json", (name) => readFileSync(name, "utf8")).config as {
      compilerOptions: object;
    };
    const { options } = ts.convertCompilerOptionsFromJson(settings.compilerOptions, process.cwd());
    const program = ts.createProgram([file], { ...options, noUnusedLocals: false });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(problems).to.deep.equal([]);
    await run(process.execPath, [file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compiles a file of Solidity; an error or a warning fails. */
function compileSolidity({ code }: Block): void {
  const input = {
    language: "Solidity",
    sources: { "block.sol": { content: code } },
    settings: { evmVersion: "prague", outputSelection: { "*": { "*": ["abi"] } } },
  };
  const read = (file: string): { contents: string } | { error: string } => {
    const place = file.startsWith(PACKAGE) ? file.slice(PACKAGE.length) : `node_modules/${file}`;
    try {
      return { contents: readFileSync(place, "utf8") };
    } catch {
      return { error: `there is no ${place}` };
    }
  };
  const output = JSON.parse(compile(JSON.stringify(input), { import: read })) as {
    errors?: { formattedMessage: string; sourceLocation?: { file: string } }[];
  };
  const ours = (output.errors ?? []).filter(({ sourceLocation }) => sourceLocation?.file === "block.sol");
  expect(ours.map(({ formattedMessage }) => formattedMessage)).to.deep.equal([]);
}

const KINDS: Record<string, (block: Block) => void | Promise<void>> = {
  sh: runShell,
  ts: runTypeScript,
  solidity: compileSolidity,
  json: ({ code }) => void JSON.parse(code),
  /** Output and pictures: read, not run. */
  text: () => undefined,
};

describe("code in the documentation", function () {
  this.timeout(180_000);

  for (const file of pages().filter((name) => !name.endsWith(".ja.md") && !(name in OWN_TEST)))
    // twins have the same blocks
    for (const block of readPage(file).blocks)
      it(`${file}:${block.line} (${block.language})`, async () => {
        const check = KINDS[block.language];
        if (check === undefined)
          throw new Error(
            `"${block.language}" says nothing of how to check this block; use ${Object.keys(KINDS).join(", ")}.`,
          );
        await check(block);
      });

  it("every page left to a test of its own has that test, and it reads the page", () => {
    for (const [page, test] of Object.entries(OWN_TEST))
      expect(readFileSync(test, "utf8"), test).to.include(path.basename(page, ".md"));
  });

  it("every command that runs elsewhere is a script that exists", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const command of Object.keys(ELSEWHERE).filter((name) => name.startsWith("npm ")))
      expect(scripts, command).to.have.property(command.replace(/^npm (run )?(\S+).*$/, "$2"));
  });

  it("a wrong block fails: types, run time, Solidity and shell", async () => {
    const fails = async (language: string, code: string, because: RegExp): Promise<void> => {
      const failure: unknown = await Promise.resolve()
        .then(() => KINDS[language]!({ language, code, line: 1 }))
        .catch((error: unknown) => error);
      expect(String(failure), code).to.match(because);
    };
    await fails("ts", `const x: number = "one";\n`, /AssertionError/);
    await fails("ts", `throw new Error("at run time");\n`, /at run time/);
    await fails("ts", `import { manualClock } from "./oracle/clok.ts";\nmanualClock(1);\n`, /AssertionError/);
    await fails("solidity", "pragma solidity 0.8.37;\ncontract A { B b; }\n", /AssertionError/);
    await fails(
      "solidity",
      'pragma solidity 0.8.37;\nimport {IOracle} from "contracts/interfaces/IOracle.sol"; // not a path of theirs\n',
      /AssertionError/,
    );
    await fails("sh", "true\nfalse # a comment\n", /`false` failed/);
    await fails("json", "{,}", /SyntaxError/);
  });
});
