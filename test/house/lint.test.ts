import { expect } from "chai";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const FLAGS = ["unstable_native_nodejs_ts_config"];

/** The project's own configuration without the rules that need types, so that a snippet needs no file on disk. */
const untyped = new ESLint({
  flags: FLAGS,
  overrideConfig: [{ files: ["**/*.ts"], ...tseslint.configs.disableTypeChecked }],
});

/** The restrictions that fire on a snippet, were it written at this path: rule, and what the person is told. */
async function restrictions(path: string, code: string): Promise<string[]> {
  const [result] = await untyped.lintText(code, { filePath: path });
  const fatal = result!.messages.find((message) => message.fatal === true);
  if (fatal !== undefined) throw new Error(`${path}: ${fatal.message}\n${code}`);
  return result!.messages
    .filter(({ ruleId }) => ruleId?.startsWith("no-restricted"))
    .map(({ message }) => message);
}

async function refused(path: string, code: string, because: RegExp): Promise<void> {
  const found = await restrictions(path, code);
  expect(found.join("\n"), `${path}: ${code}`).to.match(because);
}

async function allowed(path: string, code: string): Promise<void> {
  expect(await restrictions(path, code), `${path}: ${code}`).to.deep.equal([]);
}

/** One file of every folder that must be pure. */
const PURE = [
  "oracle/report/word.ts",
  "oracle/report/deeper/word.ts",
  "oracle/options/payoff.ts",
  "oracle/options/deeper/payoff.ts",
  "oracle/signer/agreement/round.ts",
  "oracle/signer/agreement/deeper/round.ts",
  "oracle/ledger/decision/decide.ts",
];
const SHELL = ["oracle/market/venue.ts", "oracle/signer/kms.ts", "oracle/ledger/store.ts"];

describe("lint rules", function () {
  this.timeout(60_000);

  const MODULES = [
    "fs",
    "fs/promises",
    "http",
    "https",
    "net",
    "child_process",
    "worker_threads",
    "sqlite",
    "timers",
    "timers/promises",
    "crypto",
    "os",
    "dgram",
  ];

  for (const path of PURE)
    it(`${path} reaches nothing outside itself: no I/O, no clock, no chance, no later room, all at once`, async () => {
      for (const name of MODULES) {
        await refused(path, `import * as x from "node:${name}"; x;`, /Pure code does no I\/O/);
        await refused(path, `import * as x from "${name}"; x;`, /Pure code does no I\/O/);
        await refused(path, `export * from "node:${name}";`, /Pure code does no I\/O/);
      }
      for (const name of ["ethers", "fastify", "@aws-sdk/client-kms", "zodiac"])
        await refused(path, `import x from "${name}"; x;`, /Pure code does no I\/O/);
      await refused(path, `await import("node:fs");`, /imports nothing at run time/);
      for (const code of [
        "fetch('x')",
        "process.env",
        "console.log(1)",
        "setTimeout(() => 0)",
        "setInterval(() => 0)",
        "setImmediate(() => 0)",
        "globalThis.fetch('x')",
        "crypto.randomUUID()",
        "new WebSocket('x')",
      ])
        await refused(path, `${code};`, /Unexpected use of/);
      await refused(path, "Math.random();", /no randomness of its own/);
      await refused(path, "const { random } = Math; random();", /no randomness of its own/);
      await refused(path, "Date.now();", /injected clock/);
      await refused(path, "new Date();", /injected clock/);
      await refused(path, "performance.now();", /injected clock/);
      const deep = "../".repeat(path.split("/").length - 2);
      await refused(path, `import { x } from "${deep}lab/x.ts"; x;`, /knows nothing of this room/);
      await refused(path, `import { x } from "${deep}api/x.ts"; x;`, /knows nothing of this room/);
      await refused(path, `import { x } from "${deep}../test/x.ts"; x;`, /only product code/);
      await allowed(
        path,
        `import { keccak_256 } from "@noble/hashes/sha3.js"; import { z } from "zod"; import { y } from "./y.ts"; [keccak_256, z, y];`,
      );
      await allowed(path, "new Date(5).toISOString(); Date.UTC(2026, 0); Math.floor(1.5); BigInt(1);");
    });

  for (const path of SHELL)
    it(`${path} may do I/O, but asks the clock for the time`, async () => {
      await allowed(path, `import fs from "node:fs"; fs; fetch("x"); process.env; setTimeout(() => 0);`);
      await refused(path, "Date.now();", /injected clock/);
      await refused(path, "new Date();", /injected clock/);
      await refused(path, "Date();", /injected clock/);
      await refused(path, "const { now } = Date; now();", /injected clock/);
      await refused(path, "process.hrtime.bigint();", /injected clock/);
    });

  it("only the clock reads the time, and tests and scripts read it nowhere", async () => {
    await allowed("oracle/clock.ts", "Date.now(); new Date(); performance.now();");
    for (const path of [
      "oracle/settings.ts",
      "scripts/start.ts",
      "test/oracle/clock.test.ts",
      "deploy/Core.ts",
    ])
      await refused(path, "Date.now();", /injected clock/);
  });

  it("each room knows nothing of the rooms after it, from any depth", async () => {
    const way = ["feeds", "report", "market", "ops", "signer", "ledger", "relayer", "config", "api", "lab"];
    for (const [here, room] of way.entries())
      for (const [there, other] of way.entries()) {
        if (here === there) continue;
        for (const [path, up] of [
          [`oracle/${room}/a.ts`, "../"],
          [`oracle/${room}/b/a.ts`, "../../"],
        ] as const) {
          const code = `import { x } from "${up}${other}/x.ts"; x;`;
          if (there < here) await allowed(path, code);
          else await refused(path, code, /knows nothing of this room/);
          await (there < here
            ? allowed(path, `import type { X } from "${up}${other}/x.ts"; export type Y = X;`)
            : refused(
                path,
                `import type { X } from "${up}${other}/x.ts"; export type Y = X;`,
                /knows nothing/,
              ));
        }
      }
  });

  it("the room that wires the others knows them all but the lab and what consumers import, and only the lab knows it", async () => {
    const wired = [
      "feeds",
      "report",
      "market",
      "ops",
      "signer",
      "ledger",
      "relayer",
      "options",
      "config",
      "api",
    ];
    for (const room of wired) {
      await allowed("oracle/run/a.ts", `import { x } from "../${room}/x.ts"; x;`);
      await refused(
        `oracle/${room}/a.ts`,
        `import { x } from "../run/x.ts"; x;`,
        /knows nothing of this room/,
      );
    }
    for (const room of ["lab", "sdk"])
      await refused(
        "oracle/run/a.ts",
        `import { x } from "../${room}/x.ts"; x;`,
        /knows nothing of this room/,
      );
    // A rehearsal wires the same parts, in a world of its own.
    await allowed("oracle/lab/a.ts", `import { x } from "../run/x.ts"; x;`);
    await refused("oracle/sdk/a.ts", `import { x } from "../run/x.ts"; x;`, /knows nothing of this room/);
    await refused("oracle/config/a.ts", `import { x } from "../options/x.ts"; x;`, /nothing of this room/);
  });

  it("options and what consumers import stand on feeds and reports alone", async () => {
    for (const room of ["options", "sdk"]) {
      await allowed(`oracle/${room}/a.ts`, `import { x } from "../report/x.ts"; x;`);
      for (const other of ["market", "signer", "ledger", "relayer", "config", "api", "lab"])
        await refused(
          `oracle/${room}/a.ts`,
          `import { x } from "../${other}/x.ts"; x;`,
          /knows nothing of this room/,
        );
    }
  });

  it("a floating promise, an any and an unsafe value are errors", async () => {
    const typed = new ESLint({ flags: FLAGS });
    const code =
      "const f = async (): Promise<number> => 1;\nf();\nconst x: any = f;\nexport const y: number = x.z;\n";
    const [result] = await typed.lintText(code, { filePath: "oracle/clock.ts" });
    expect(result!.messages.map(({ ruleId }) => ruleId)).to.include.members([
      "@typescript-eslint/no-floating-promises",
      "@typescript-eslint/no-explicit-any",
      "@typescript-eslint/no-unsafe-assignment",
    ]);
  });
});
