import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import ts from "typescript";

import { API_ERRORS, apiError } from "../../oracle/api/api-error.ts";
import { LIMITS, RATE_LIMIT } from "../../oracle/api/limits.ts";
import { ETH, final, FIXING, World } from "../oracle/api/world.ts";
import { readPage } from "./markdown.ts";

const run = promisify(execFile);
const PAGE = "docs/api.md";

describe(PAGE, function () {
  this.timeout(120_000);
  const page = readFileSync(PAGE, "utf8");
  const { blocks } = readPage(PAGE);
  const codeOf = (language: string) =>
    blocks.filter((block) => block.language === language).map(({ code }) => code);
  const world = new World();
  let api: FastifyInstance;
  let folder: string;

  before(async () => {
    world.fixings.set(ETH, { ...final(0n), status: "unstored", price: null });
    api = world.api();
    await api.listen({ port: 0, host: "127.0.0.1" });
    mkdirSync("cache", { recursive: true });
    folder = mkdtempSync(path.resolve("cache/docs-"));
  });
  after(async () => {
    await api.close();
    rmSync(folder, { recursive: true });
  });

  it("shows programs that print what they say, checked by the project's own settings", async () => {
    const files = codeOf("ts").map((code, i) => {
      const file = path.join(folder, `block-${i}.ts`);
      writeFileSync(file, code.replace(/(from\s+")\.\//g, "$1../../"));
      return {
        file,
        printed: [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text),
      };
    });
    expect(files).to.have.length(3);
    const { compilerOptions } = ts.readConfigFile("tsconfig.json", (name) => readFileSync(name, "utf8"))
      .config as {
      compilerOptions: object;
    };
    const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, process.cwd());
    const program = ts.createProgram(
      files.map(({ file }) => file),
      options,
    );
    const problems = ts.getPreEmitDiagnostics(program);
    expect(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    ).to.deep.equal([]);
    const env = {
      ...process.env,
      NAKANE_API: `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`,
    };
    for (const { file, printed } of files) {
      const { stdout } = await run(process.execPath, [file], { env });
      expect(stdout.trim().split("\n")).to.deep.equal(printed);
    }
  });

  it("shows answers that the API gives", async () => {
    const [price, error, ...more] = codeOf("json").map((code) => JSON.parse(code) as unknown);
    expect(more).to.deep.equal([]);
    const fixing = (await api.inject(`/v1/feeds/ETH-JPY/fixings/${FIXING}`)).json<{
      report: { price: unknown };
    }>();
    expect(price).to.deep.equal(fixing.report.price);
    expect(error).to.deep.equal((await api.inject("/v1/feeds/ETH-JPY/fixings/1800000020")).json());
  });

  it("has no block of a kind that nothing checks", () => {
    expect([...new Set(blocks.map(({ language }) => language))].sort()).to.deep.equal(["json", "ts"]);
  });

  it("lists every error, with its status, message and remedy", () => {
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d+) +\| (.*?) +\| (.*?) +\|$/gm)].map((row) =>
      row.slice(1),
    );
    expect(rows).to.deep.equal(
      Object.entries(API_ERRORS).map(([code, { status, message, remedy }]) => [
        code,
        String(status),
        message,
        remedy,
      ]),
    );
  });

  it("lists every route", async () => {
    const { paths } = (await api.inject("/openapi.json")).json<{ paths: object }>();
    const listed = [...page.matchAll(/^\| `(\/[\w/.:]+)` /gm)].map(([, route]) =>
      route!.replace(/:(\w+)/g, "{$1}"),
    );
    expect(listed.sort()).to.deep.equal(Object.keys(paths).sort());
  });

  it("states the limits that hold", () => {
    for (const [what, limit] of [
      ["requests from one address", `${RATE_LIMIT.most} in ${RATE_LIMIT.window} s,`],
      [
        "a request's headers, a whole request",
        `${LIMITS.headersTimeout / 1000} s, ${LIMITS.requestTimeout / 1000} s`,
      ],
      ["one part of a path", `${LIMITS.maxParamLength} characters`],
      ["feeds on a page, bundles asked for", `${LIMITS.maxPage.toLocaleString("en")}, ${LIMITS.maxBundles}`],
      [
        "an idle connection",
        `${LIMITS.keepAliveTimeout / 1000} s (${LIMITS.keepAliveTimeoutBehindProxy / 1000} s behind a proxy of ours)`,
      ],
    ] as const)
      expect(page.replaceAll(/ +/g, " "), what).to.include(`| ${what} | ${limit}`);
  });
});

describe("apiError", () => {
  it("fills every place in, and cuts long texts short", () => {
    const { body, message, statusCode } = apiError("UNKNOWN_FEED", { given: "x".repeat(5_000) });
    expect(message).to.equal(`There is no feed ${"x".repeat(100)}… in this catalog.`);
    expect([statusCode, body.error.message]).to.deep.equal([404, message]);
  });
});
