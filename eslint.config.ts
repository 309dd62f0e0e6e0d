import eslint from "@eslint/js";
import type { Linter } from "eslint";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** The way of the data (docs/architecture.md): a room may import from these rooms, from itself and from `oracle/*.ts`. */
const ROOMS: Record<string, readonly string[]> = {
  feeds: [],
  report: ["feeds"],
  market: ["feeds", "report"],
  ops: ["feeds", "report", "market"],
  signer: ["feeds", "report", "market", "ops"],
  ledger: ["feeds", "report", "market", "ops", "signer"],
  relayer: ["feeds", "report", "market", "ops", "signer", "ledger"],
  options: ["feeds", "report"],
  config: ["feeds", "report", "market", "ops", "signer", "ledger", "relayer"],
  api: ["feeds", "report", "market", "ops", "signer", "ledger", "relayer", "options", "config"],
  lab: ["feeds", "report", "market", "ops", "signer", "ledger", "relayer", "options", "config", "api", "run"],
  sdk: ["feeds", "report", "options"],
  run: ["feeds", "report", "market", "ops", "signer", "ledger", "relayer", "options", "config", "api"],
};

/** Where code is pure: no I/O, no clock, no randomness of its own. A trailing folder is pure inside a room that is not. */
const PURE = ["report", "options", "signer/agreement", "ledger/decision"];
/** The packages pure code may use: arithmetic and checking, nothing that reaches out. */
const PURE_PACKAGES = ["@noble/[a-z-]+", "hash-wasm", "zod", "pure-rand"];

const PURE_GLOBALS = [
  ...[
    "fetch",
    "process",
    "console",
    "performance",
    "crypto",
    "navigator",
    "WebSocket",
    "EventSource",
    "globalThis",
  ],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "require"],
];

interface Restriction {
  selector: string;
  message: string;
}

const CLOCK: Restriction = {
  selector: [
    "MemberExpression[object.name='Date'][property.name='now']",
    "NewExpression[callee.name='Date'][arguments.length=0]",
    "CallExpression[callee.name='Date']",
    "VariableDeclarator[init.name='Date']",
  ].join(", "),
  message: "Time comes from the injected clock (oracle/clock.ts).",
};
const MONOTONIC: Restriction = {
  selector:
    "MemberExpression[object.name='performance'], MemberExpression[object.name='process'][property.name='hrtime']",
  message: "Elapsed time comes from the injected clock (oracle/clock.ts).",
};
const PURE_SYNTAX: Restriction[] = [
  { selector: "ImportExpression", message: "Pure code imports nothing at run time." },
  {
    selector:
      "MemberExpression[object.name='Math'][property.name='random'], VariableDeclarator[init.name='Math']",
    message: "Pure code has no randomness of its own; take a seed.",
  },
];

/**
 * The restrictions of one folder, whole: where two blocks set the same rule for one file, flat config keeps only the later
 * block's, so a folder with rules of its own repeats those of the room around it.
 */
function restrict(room: string, pure: boolean): Linter.RulesRecord {
  const allowed = ROOMS[room] ?? [];
  const later = Object.keys(ROOMS).filter((name) => name !== room && !allowed.includes(name));
  const patterns = [
    {
      regex: `^(\\.\\./)+(${later.join("|")})/`,
      message: `oracle/${room} knows nothing of this room (docs/architecture.md).`,
    },
    { regex: "^(\\.\\./)+(test|scripts|deploy)/", message: "Product code imports only product code." },
  ];
  if (!pure)
    return {
      "no-restricted-imports": ["error", { patterns }],
      "no-restricted-syntax": ["error", CLOCK, MONOTONIC],
    };
  const message = "Pure code does no I/O: relative imports, @noble, hash-wasm, zod and pure-rand only.";
  patterns.push({ regex: `^(?!\\.)(?!(${PURE_PACKAGES.join("|")})(/|$))`, message });
  return {
    "no-restricted-imports": ["error", { patterns }],
    "no-restricted-syntax": ["error", CLOCK, MONOTONIC, ...PURE_SYNTAX],
    "no-restricted-globals": ["error", ...PURE_GLOBALS],
  };
}

const rooms = Object.keys(ROOMS).map((room) => ({
  files: [`oracle/${room}/**/*.ts`],
  rules: restrict(room, PURE.includes(room)),
}));
const pureFolders = PURE.filter((folder) => folder.includes("/")).map((folder) => ({
  files: [`oracle/${folder}/**/*.ts`, `oracle/${folder}.ts`],
  rules: restrict(folder.split("/")[0] ?? "", true),
}));

export default defineConfig(
  globalIgnores(["artifacts", "cache", "types", "coverage", "node_modules"]),
  eslint.configs.recommended,
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: {
        process: false,
        console: false,
        URL: false,
        performance: false,
        setInterval: false,
        clearInterval: false,
      },
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/require-await": "off",
      "no-restricted-syntax": ["error", CLOCK],
    },
  },
  { files: ["oracle/*.ts"], rules: { "no-restricted-syntax": ["error", CLOCK, MONOTONIC] } },
  { files: ["oracle/clock.ts"], rules: { "no-restricted-syntax": "off" } },
  ...rooms,
  ...pureFolders,
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
