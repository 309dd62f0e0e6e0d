import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DisableKeyCommand, GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect } from "chai";

import { CONTROL_HEADER, CONTROL_PATH } from "../../../../oracle/signer/local-kms/control.ts";
import { nakane, nakaneRunning, type Finished, type Running } from "./cli.ts";

const SIGNER = "arn:aws:iam::111122223333:role/signer";
const ADMIN = "arn:aws:iam::111122223333:role/admin";

interface Pin {
  role: string;
  alias: string;
  keyArn: string;
  address: string;
}

interface Started {
  endpoint: string;
  region: string;
  credentials: string;
  profile: string;
}

describe("nakane kms and nakane keys", function () {
  this.timeout(300_000); // a score of commands, each a process of its own
  let folder: string;
  let kms: Running;
  let endpoint: string;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "nakane-cli-"));
    kms = await nakaneRunning(["kms", "--port", "0", "--dir", "kms", "--json"], {}, folder);
    const started = JSON.parse(kms.firstLine) as Started;
    endpoint = started.endpoint;
    env = {
      AWS_REGION: started.region,
      AWS_ENDPOINT_URL_KMS: endpoint,
      AWS_SHARED_CREDENTIALS_FILE: join(folder, started.credentials),
      AWS_PROFILE: started.profile,
    };
  });

  after(async () => {
    const { code } = await kms.stop();
    expect(code).to.equal(0);
    rmSync(folder, { recursive: true });
  });

  afterEach(async () => {
    await fetch(`${endpoint}${CONTROL_PATH}`, { method: "DELETE", headers: { [CONTROL_HEADER]: "1" } });
  });

  const run = (...args: string[]): Promise<Finished> => nakane(args, env, folder);

  /** `nakane keys` in a Region, with pins of its own: what a test makes there, no other one sees. */
  const keysIn =
    (region: string) =>
    (verb: string, ...args: string[]): Promise<Finished> =>
      run("keys", verb, "--region", region, "--pins", `${region}.json`, ...args);

  /** The same, where a report key and a sender key are made already. */
  const twoKeysIn = async (region: string): Promise<ReturnType<typeof keysIn>> => {
    const keys = keysIn(region);
    for (const role of ["report", "sender"])
      expect((await keys("create", "--role", role, "--alias", `alias/${role}-1`)).code).to.equal(0);
    return keys;
  };

  it("warns plainly where the passphrase lies, and keeps everything to its owner", () => {
    expect(kms.stderr()).to.include("whoever reads the folder has the keys");
    for (const name of readdirSync(join(folder, "kms"))) {
      expect(statSync(join(folder, "kms", name)).mode & 0o077, name).to.equal(0);
    }
  });

  it("prints variables that are all a shell needs, from any folder", async () => {
    const home = join(folder, "it's another");
    mkdirSync(home);
    const other = await nakaneRunning(["kms", "--port", "0"], {}, home);
    const { stdout } = await other.stop();
    const [first, line = ""] = stdout.split("\n");
    expect(first).to.equal(other.firstLine);
    const shown = spawnSync("bash", ["-c", `${line}; env | grep ^AWS_ | sort`], {
      env: { PATH: process.env["PATH"] },
      encoding: "utf8",
    });
    expect(shown.stdout.trimEnd().split("\n")).to.deep.equal([
      `AWS_ENDPOINT_URL_KMS=${/http:[^ ]*\d/.exec(first!)![0]}`,
      "AWS_PROFILE=nakane-local",
      "AWS_REGION=ap-northeast-1",
      `AWS_SHARED_CREDENTIALS_FILE=${join(home, ".nakane/kms/credentials")}`,
    ]);
  });

  it("makes a report key and a sender key, pins them and prints their policies", async () => {
    const report = await run(
      ...["keys", "create", "--role", "report", "--alias", "alias/report-1"],
      ...["--signer", SIGNER, "--admin", ADMIN, "--json"],
    );
    expect(report.stderr).to.equal("");
    expect(report.code).to.equal(0);
    const made = JSON.parse(report.stdout) as Pin & {
      keyPolicy: { Statement: { Sid: string; Action: unknown; Condition?: unknown; Principal: unknown }[] };
      iamPolicy: { Statement: object[] };
    };
    expect(made.iamPolicy.Statement).to.deep.equal([
      {
        Sid: "SignDigests",
        Effect: "Allow",
        Action: "kms:Sign",
        Resource: made.keyArn,
        Condition: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" } },
      },
      { Sid: "ReadPublicKey", Effect: "Allow", Action: "kms:GetPublicKey", Resource: made.keyArn },
    ]);
    const [sign, read, administer, deny] = made.keyPolicy.Statement;
    expect(sign).to.deep.include({ Action: "kms:Sign", Principal: { AWS: SIGNER } });
    expect(sign).to.have.property("Condition");
    expect(read).to.deep.include({ Action: "kms:GetPublicKey" });
    expect(read).not.to.have.property("Condition");
    expect(administer?.Principal).to.deep.equal({ AWS: ADMIN });
    expect(administer?.Action).not.to.include("kms:Sign");
    expect(deny).to.deep.include({ Effect: "Deny", Action: "kms:Sign" });
    const client = new KMSClient({ region: "ap-northeast-1", endpoint, credentials: credentials() });
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId: made.keyArn }));
    expect(JSON.parse(Policy!)).to.deep.equal(made.keyPolicy);
    client.destroy();

    const sender = await run("keys", "create", "--role", "sender", "--alias", "alias/sender-1");
    expect(sender.code).to.equal(0);
    expect(sender.stdout).to.include("IAM policy of the signing role").and.to.include("it is not applied");
    const { pins } = JSON.parse(readFileSync(join(folder, "pins.json"), "utf8")) as { pins: Pin[] };
    expect(pins.map(({ role, alias }) => [role, alias])).to.deep.equal([
      ["report", "alias/report-1"],
      ["sender", "alias/sender-1"],
    ]);
    expect(pins[0]).to.deep.include({ keyArn: made.keyArn, address: made.address });
  });

  it("does not make a key twice, or one it cannot name", async () => {
    const keys = await twoKeysIn("eu-central-1");
    const same = ["--role", "report", "--alias", "alias/report-1"];
    const again = await keys("create", ...same);
    expect(again).to.include({ code: 2, stdout: "" });
    expect(again.stderr).to.include("already pins alias/report-1");
    const elsewhere = await keys("create", ...same, "--pins", "new.json");
    expect(elsewhere.stderr).to.include("already exists");
    const refused = [
      ["--role", "report", "--alias", "report-2"],
      ["--role", "boss", "--alias", "alias/report-2"],
      ["--role", "report", "--alias", "alias/report-2", "--signer", SIGNER],
      ["--role", "report", "--alias", "alias/report-2", "--signer", "*", "--admin", ADMIN],
      ["--role", "report", "--alias", "alias/report-2", "--signer", SIGNER, "--admin", SIGNER],
      ["--role", "report", "--alias", "alias/report 2"],
      ["--role", "report", "--alias", "alias/aws/report-2"],
      ["--role", "report", "--alias", "alias/report-2", "--pins", "nowhere/pins.json"],
    ];
    const codes = await Promise.all(refused.map(async (args) => (await keys("create", ...args)).code));
    expect(codes).to.deep.equal(refused.map(() => 2));
    const { stdout } = await keys("list");
    expect(stdout.trim().split("\n"), "no key was made that nobody knows of").to.have.length(2);
  });

  it("says which key it made where it then could not name or pin it", async () => {
    const fault = JSON.stringify([{ fault: "throttle", operation: "CreateAlias" }]);
    writeFileSync(join(folder, "unnamed.json"), fault);
    await run("kms", "faults", "--file", "unnamed.json");
    const keys = keysIn("us-east-2");
    const failed = await keys("create", "--role", "sender", "--alias", "alias/sender-2");
    await run("kms", "faults", "--clear");
    expect(failed.code).to.equal(1);
    const { stdout } = await keys("list", "--json");
    const { keyArn } = JSON.parse(stdout) as Pin;
    expect(failed.stderr).to.include(keyArn).and.to.include("Schedule its deletion");
  });

  it("checks pins of several Regions, each where its ARN says", async () => {
    const there = ["--region", "eu-west-1", "--pins", "regions.json"];
    const here = ["--region", "us-west-2", "--pins", "regions.json"];
    await run("keys", "create", "--role", "report", "--alias", "alias/report", ...there);
    await run("keys", "create", "--role", "sender", "--alias", "alias/sender", ...here);
    const checked = await run("keys", "check", "--pins", "regions.json");
    expect(checked.stdout).to.match(/^ok .*\nok .*\n$/);
    expect(checked.code).to.equal(0);
  });

  it("lists and shows them", async () => {
    const keys = await twoKeysIn("ap-southeast-2");
    const listed = await keys("list", "--json");
    const found = listed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Pin & { state: string });
    expect(found.map(({ role, alias, state }) => [role, alias, state])).to.deep.equal([
      ["report", "alias/report-1", "Enabled"],
      ["sender", "alias/sender-1", "Enabled"],
    ]);
    const plain = await keys("list");
    expect(plain.stdout).to.include(found[0]!.address).and.to.include(found[1]!.keyArn);
    const shown = await keys("show", "alias/report-1");
    expect(shown.stdout).to.include(found[0]!.address).and.to.include("kms:MessageType");
    const missing = await keys("show", "alias/none");
    expect(missing.code).to.equal(1);
    expect(missing.stderr).to.include("alias/none is not found");
  });

  it("checks by a challenge that they sign, and says which does not", async () => {
    const region = "eu-north-1";
    const keys = await twoKeysIn(region);
    const well = await keys("check", "--json");
    expect(well.stderr).to.equal("");
    const checked = well.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Pin & { requestId: string });
    expect(checked).to.have.length(2);
    const events = readFileSync(join(folder, "kms", "events.jsonl"), "utf8");
    for (const { requestId } of checked) expect(events).to.include(requestId);
    expect(well.code).to.equal(0);

    const path = join(folder, `${region}.json`);
    const pins = readFileSync(path, "utf8");
    const [report, sender] = (JSON.parse(pins) as { pins: [Pin, Pin] }).pins;
    writeFileSync(path, JSON.stringify({ pins: [{ ...report, address: sender.address }] }));
    const mispinned = await keys("check");
    expect(mispinned.code).to.equal(1);
    expect(mispinned.stdout)
      .to.include("FAILED")
      .and.to.include(report.address)
      .and.to.include(sender.address);
    writeFileSync(path, JSON.stringify({ pins: [sender, { ...sender, role: "report" }] }));
    const doubled = await keys("check");
    expect(doubled.code).to.equal(1);
    expect(doubled.stderr).to.include("must differ");
    writeFileSync(path, pins);

    const client = new KMSClient({ region, endpoint, credentials: credentials() });
    await client.send(new DisableKeyCommand({ KeyId: report.keyArn }));
    client.destroy();
    const disabled = await keys("check");
    expect(disabled.code).to.equal(1);
    expect(disabled.stdout)
      .to.match(/^FAILED {2}report .* is disabled/m)
      .and.to.match(/^ok {6}sender /m);
    expect((await keys("list")).stdout).to.include("Disabled");
  });

  it("drives the fault script of a running KMS", async () => {
    const at = ["--endpoint", endpoint];
    const set = await run("kms", "faults", "throttle", "--operation", "Sign", "--times", "2", ...at);
    expect(set.stdout).to.include('"fault":"throttle"').and.to.include('"times":2');
    writeFileSync(join(folder, "script.json"), '[{"fault":"slow","ms":5},{"fault":"hang","after":9}]');
    const file = await run("kms", "faults", "--file", "script.json", "--json", ...at);
    expect(JSON.parse(file.stdout)).to.have.length(2);
    const named = ["error", "--code", "OddException", "--status", "503", "--message", "odd", "--json"];
    const odd = await run("kms", "faults", ...named, ...at);
    expect(JSON.parse(odd.stdout)).to.deep.include({
      ...{ fault: "error", code: "OddException", status: 503, message: "odd", after: 0, seen: 0 },
    });
    expect((await run("kms", "faults", "fire", ...at)).code).to.equal(2);
    expect((await run("kms", "faults", "error", ...at)).stderr).to.include("needs a code");
    const late = await run("kms", "faults", "slow", "--ms", "1e3", ...at);
    expect(late).to.include({ code: 2, stdout: "" });
    expect(late.stderr).to.include("--ms takes a whole number from -86400000 to 86400000, got 1e3");
    expect((await run("kms", "faults", "--clear", ...at)).stdout).to.equal("No faults.\n");
    const nobody = await run("kms", "faults", "--endpoint", "http://127.0.0.1:9");
    expect(nobody.code).to.equal(1);
    expect(nobody.stderr).to.include("no local KMS answers");
  });

  it("refuses a second KMS on the same folder, and any address but loopback", async () => {
    const second = await run("kms", "--port", "0", "--dir", "kms");
    expect(second.code).to.equal(1);
    expect(second.stderr).to.include("uses this key folder");
    const taken = await run("kms", "--port", new URL(endpoint).port, "--dir", "taken");
    expect(taken.code).to.equal(1);
    expect(taken.stderr).to.include("listens on 127.0.0.1 port");
    expect((await run("kms", "--port", "65536", "--dir", "taken")).code).to.equal(2);
    writeFileSync(join(folder, "no-script.json"), '{"fault":"hang"}');
    const script = await run("kms", "--port", "0", "--dir", "taken", "--faults", "no-script.json");
    expect(script).to.include({ code: 2 });
    expect(script.stderr).to.include("no-script.json: ✖ Invalid input: expected array");
    const open = await nakane(["kms", "--port", "0", "--host", "0.0.0.0", "--dir", "open"], {}, folder);
    expect(open.code).to.equal(1);
    expect(open.stderr).to.include("listens on loopback only");
  });

  it("explains itself", async () => {
    for (const args of [["--help"], ["kms", "--help"], ["keys", "--help"]]) {
      const help = await run(...args);
      expect(help.code).to.equal(0);
      expect(help.stdout).to.include("Usage: nakane");
    }
    for (const args of [["nonsense"], ["keys"], ["keys", "--typo"], ["kms", "nonsense"]]) {
      const wrong = await run(...args);
      expect(wrong.code).to.equal(2);
      expect(wrong.stderr).to.include("Usage: nakane");
    }
  });

  function credentials(): { accessKeyId: string; secretAccessKey: string } {
    const text = readFileSync(join(folder, "kms", "credentials"), "utf8");
    return {
      accessKeyId: /aws_access_key_id = (.*)/.exec(text)![1]!,
      secretAccessKey: /aws_secret_access_key = (.*)/.exec(text)![1]!,
    };
  }
});
