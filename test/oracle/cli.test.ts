import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { nakane } from "./signer/commands/cli.ts";

describe("the command line", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "nakane-command-line-")));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("reads .env in the folder where it runs, but what the environment has already stays", async () => {
    writeFileSync(path.join(folder, ".env"), "AWS_ENDPOINT_URL_KMS=http://127.0.0.1:9\n");
    const read = await nakane(["kms", "faults"], {}, folder);
    expect(read.stderr).to.include("no local KMS answers at http://127.0.0.1:9;");
    const env = { AWS_ENDPOINT_URL_KMS: "http://127.0.0.1:10" };
    const kept = await nakane(["kms", "faults"], env, folder);
    expect(kept.stderr).to.include("no local KMS answers at http://127.0.0.1:10;");
  });

  it("knows its own commands only, not what every object of JavaScript has", async () => {
    const { code, stdout, stderr } = await nakane(["constructor"], {}, folder);
    expect([code, stdout]).to.deep.equal([2, ""]);
    expect(stderr).to.match(/^There is no command constructor\.\n\nUsage: nakane /);
  });

  it("says in a line where .env cannot be read", async () => {
    const file = path.join(folder, ".env");
    mkdirSync(file);
    expect(await nakane(["simulate", "--list"], {}, folder)).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: `nakane simulate: ${file} cannot be read; make it a file that you may read, or take it away\n`,
    });
    expect(await nakane(["help"], {}, folder)).to.include({ code: 0, stderr: "" });
  });
});
