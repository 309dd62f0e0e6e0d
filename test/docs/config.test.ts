import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { format } from "prettier";
import { z } from "zod";

import { DEFAULT_API_PORT } from "../../oracle/config/config.ts";
import { ENVIRONMENT } from "../../oracle/config/environment.ts";
import { configJsonSchema } from "../../oracle/config/json-schema.ts";
import { readConfig } from "../../oracle/config/read-config.ts";
import { documentedKeys } from "../oracle/config/documented-keys.ts";
import { ENV, EXAMPLE, exampleFile } from "../oracle/config/files.ts";
import { readPage } from "./markdown.ts";

const SCHEMA = "docs/nakane.schema.json";
const PAGES = ["docs/config.md", "docs/config.ja.md"] as const;

/** The rows of a page's tables whose first cell is code: its cells, without the padding. */
function rowsOf(page: string): string[][] {
  return readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

describe("the documentation of the configuration", () => {
  const keys = documentedKeys(configJsonSchema());

  it("has every key and every variable, in the words of the schema, and no other", () => {
    expect(rowsOf("docs/config.md")).to.deep.equal([
      ...keys.map(({ key, what, unless }) => [`\`${key}\``, what, unless]),
      ...ENVIRONMENT.map(({ name, what, secret }) => [`\`${name}\``, what, secret ? "yes" : "no"]),
    ]);
    for (const { key, what } of keys) expect(what, key).to.match(/.{10,}\.$/);
  });

  it("has the same rows and the same defaults in Japanese", () => {
    const defaults = (page: string) =>
      rowsOf(page).map(([name, , last]) => [
        name,
        last!.startsWith("`") ? last : ["required", "必須", "yes", "はい"].includes(last!),
      ]);
    expect(defaults("docs/config.ja.md")).to.deep.equal(defaults("docs/config.md"));
    for (const [name, what] of rowsOf("docs/config.ja.md")) {
      expect(what, name).to.match(/[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u);
    }
  });

  it("names the port that is taken when none is said", () => {
    const port = keys.find(({ key }) => key === "api.port");
    expect(port?.what).to.include(String(DEFAULT_API_PORT));
  });

  it("shows configurations that can be used", () => {
    for (const page of PAGES) {
      const blocks = readPage(page).blocks.filter(({ language }) => language === "json");
      expect(
        blocks.map(({ code }) => JSON.parse(code) as unknown),
        page,
      ).to.deep.equal([JSON.parse(readFileSync(EXAMPLE, "utf8"))]);
    }
    expect(readConfig(EXAMPLE, ENV).instance).to.equal("tokyo-1");
  });

  it("shows how to make an identity that a signer takes", () => {
    const [make] = readPage("docs/config.md").blocks.filter(({ language }) => language === "sh");
    const secret = execFileSync("bash", ["-euc", make!.code], { encoding: "utf8" });
    expect(secret).to.match(/^[0-9a-f]{64}\n$/);
    const [show] = readPage("docs/config.md").blocks.filter(({ language }) => language === "ts");
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-docs-"));
    try {
      const file = path.join(folder, "block.ts");
      writeFileSync(file, show!.code.replaceAll('from "./', `from "${process.cwd()}/`));
      const shown = execFileSync(process.execPath, [file], {
        encoding: "utf8",
        env: { ...process.env, ...ENV },
      });
      expect(shown.trim()).to.equal(exampleFile().epoch.members[0]!.identity);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe(SCHEMA, () => {
  it("is the schema that the file is checked by", async () => {
    if (process.env["UPDATE_SNAPSHOTS"] === "1") {
      writeFileSync(
        SCHEMA,
        await format(JSON.stringify(configJsonSchema()), { parser: "json", printWidth: 110 }),
      );
    }
    expect(
      JSON.parse(readFileSync(SCHEMA, "utf8")),
      `${SCHEMA} is out of date; if that is meant, run this test with UPDATE_SNAPSHOTS=1`,
    ).to.deep.equal(configJsonSchema());
  });

  it("takes the example, its catalog in a file or in itself, and refuses an unknown key and a wrong type", () => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA, "utf8")) as z.core.JSONSchema.BaseSchema);
    const example = JSON.parse(readFileSync(EXAMPLE, "utf8")) as object;
    for (const file of [example, exampleFile()]) expect(schema.safeParse(file).error).to.equal(undefined);
    for (const wrong of [{ instanse: "x" }, { chains: [] }, { instance: 7 }])
      expect(schema.safeParse({ ...example, ...wrong }).success, JSON.stringify(wrong)).to.equal(false);
  });
});

describe("the environment", () => {
  const text = readFileSync(".env.example", "utf8");
  const names: string[] = ENVIRONMENT.map(({ name }) => name);

  it(".env.example lists every variable with what it holds, and sets none", () => {
    const entries = [...text.matchAll(/(?<=\n\n)((?:# .*\n)+)#([A-Z_]+)=(.*)\n/g)].map(
      ([, comment = "", name, value]) => ({
        name,
        what: comment.replaceAll(/^# /gm, "").trim().replaceAll("\n", " "),
        value,
      }),
    );
    expect(entries).to.deep.equal(
      ENVIRONMENT.map(({ name, what }) => ({ name, what: what.replaceAll("`", ""), value: "" })),
    );
    expect(text).not.to.match(/^[^#\n]/m);
  });

  it("git keeps .env.example and leaves .env alone", () => {
    const ignored = (file: string) => {
      try {
        execFileSync("git", ["check-ignore", "--quiet", "--no-index", file]);
        return true;
      } catch {
        return false;
      }
    };
    expect([ignored(".env"), ignored(".env.example")]).to.deep.equal([true, false]);
  });

  it("nothing else is looked at: every variable that the code names is listed", () => {
    const named = new Set<string>();
    for (const file of globSync(["oracle/**/*.ts", "deploy/**/*.ts"])) {
      const code = readFileSync(file, "utf8");
      for (const [, name] of code.matchAll(/env\["(\w+)"\]/g)) named.add(name!);
      for (const [, name] of code.matchAll(/env\.([A-Z]\w+)/g)) named.add(name!);
      for (const [, name] of code.matchAll(/"((?:NAKANE|AWS)_[A-Z_]+)"/g)) named.add(name!);
    }
    // Names of AWS's own that are values of its API, not variables.
    for (const value of ["AWS_KMS", "AWS_CLOUDHSM"]) named.delete(value);
    expect(named.size).to.be.at.least(7);
    expect(names).to.include.members([...named]);
  });
});
