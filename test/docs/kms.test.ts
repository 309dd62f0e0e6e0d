import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { KNOWN_KMS_ERRORS, kmsErrorAdvice } from "../../oracle/signer/kms-error.ts";
import { nakane, nakaneRunning, type Running } from "../oracle/signer/commands/cli.ts";

interface Started {
  endpoint: string;
  region: string;
  credentials: string;
  profile: string;
}

const KINDS: Record<string, Record<string, string>> = {
  "docs/kms.md": { "retry-here": "retry here", "retry-elsewhere": "retry elsewhere", stop: "stop" },
  "docs/kms.ja.md": { "retry-here": "再試行", "retry-elsewhere": "他リージョンで再試行", stop: "停止" },
};

for (const [page, kinds] of Object.entries(KINDS)) {
  describe(page, function () {
    this.timeout(300_000); // a score of commands, each a process of its own
    const text = readFileSync(page, "utf8");
    let folder: string;
    let kms: Running;
    let env: NodeJS.ProcessEnv;

    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), "nakane-docs-"));
      // As the page starts it, but on a free port.
      expect(/^```sh background\nnakane kms\n```$/m.test(text)).to.equal(true);
      kms = await nakaneRunning(["kms", "--port", "0", "--json"], {}, folder);
      const started = JSON.parse(kms.firstLine) as Started;
      env = {
        AWS_REGION: started.region,
        AWS_ENDPOINT_URL_KMS: started.endpoint,
        AWS_SHARED_CREDENTIALS_FILE: path.join(folder, started.credentials),
        AWS_PROFILE: started.profile,
      };
    });

    after(async () => {
      await kms.stop();
      rmSync(folder, { recursive: true });
    });

    it("shows commands that work", async () => {
      const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? "");
      const lines = blocks.flatMap((block) => block.trim().split("\n"));
      expect(lines.length).to.be.at.least(9);
      for (const line of lines) {
        const [command, ...args] = line.split(" ");
        expect(command).to.equal("nakane");
        const { code, stderr } = await nakane(args, env, folder);
        expect(`${line}: ${code} ${stderr}`).to.equal(`${line}: 0 `);
      }
    });

    it("shows programs that log what they say", () => {
      for (const [, block = ""] of text.matchAll(/^```ts\n(.*?)^```/gms)) {
        const file = path.join(folder, "example.ts");
        writeFileSync(file, block.replaceAll('from "./', `from "${process.cwd()}/`));
        const { stdout, stderr } = spawnSync(process.execPath, [file], {
          cwd: folder,
          env: { ...env, PATH: process.env["PATH"] },
          encoding: "utf8",
        });
        const promised = [...block.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
        expect(stdout.trim().split("\n"), stderr).to.deep.equal(promised);
      }
    });

    it("lists every error with what the signer does", () => {
      for (const name of KNOWN_KMS_ERRORS) {
        const error = new Error();
        error.name = name;
        const { kind, advice } = kmsErrorAdvice(error);
        expect(text.replaceAll(/ +/g, " ")).to.include(`| \`${name}\` | ${kinds[kind]!} | ${advice} |`);
      }
    });
  });
}
