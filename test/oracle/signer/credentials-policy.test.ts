import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KMSClient, type KMSClientConfig, ListKeysCommand } from "@aws-sdk/client-kms";
import { expect } from "chai";

import { manualClock } from "../../../oracle/clock.ts";
import {
  checkCredentials,
  checkEnvironment,
  CredentialsPolicyError,
  sendOnlyToAws,
} from "../../../oracle/signer/credentials-policy.ts";
import { openKmsSigner } from "../../../oracle/signer/open-kms-signer.ts";
import { rejection } from "../../utils/rejection.ts";
import { ACCESS_KEY, Rig } from "./rig.ts";

const TEMPORARY = { accessKeyId: "ASIATEMPORARY", secretAccessKey: "s", sessionToken: "t" };
const VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CONFIG_FILE",
  "AWS_PROFILE",
  "AWS_EC2_METADATA_DISABLED",
];

describe("credentials policy", () => {
  const saved = new Map<string, string | undefined>();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nakane-credentials-"));
    for (const name of VARIABLES) saved.set(name, process.env[name]);
    for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
    // The SDK's chain looks at files and, last, at the instance; none of this machine's may play a part.
    process.env["AWS_CONFIG_FILE"] = join(folder, "config");
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(folder, "credentials");
    process.env["AWS_EC2_METADATA_DISABLED"] = "true";
    writeFileSync(join(folder, "config"), "");
  });

  afterEach(() => {
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });

  function client(): KMSClient {
    return new KMSClient({ region: "ap-northeast-1" });
  }

  it("refuses static keys in the environment in production, before anything is sent", () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      expect(() => {
        checkEnvironment("production", { [name]: "x" }, undefined);
      }).to.throw(CredentialsPolicyError, `${name} set. Run with a role`);
      checkEnvironment("development", { [name]: "x" }, undefined);
      checkEnvironment("production", { [name]: "" }, undefined);
    }
  });

  it("refuses another endpoint than AWS's in production", () => {
    const endpoint = "http://127.0.0.1:4566";
    for (const [env, given] of [
      [{}, endpoint],
      [{ AWS_ENDPOINT_URL_KMS: endpoint }, undefined],
      [{ AWS_ENDPOINT_URL: endpoint }, undefined],
    ] as const) {
      expect(() => {
        checkEnvironment("production", env, given);
      }).to.throw(CredentialsPolicyError, endpoint);
      checkEnvironment("development", env, given);
    }
  });

  it("refuses what the SDK's chain finds in the environment, in a profile or in code, even with a session token", async () => {
    process.env["AWS_ACCESS_KEY_ID"] = TEMPORARY.accessKeyId;
    process.env["AWS_SECRET_ACCESS_KEY"] = TEMPORARY.secretAccessKey;
    process.env["AWS_SESSION_TOKEN"] = TEMPORARY.sessionToken;
    const environment = await rejection(checkCredentials("production", client()));
    expect(environment).to.be.instanceOf(CredentialsPolicyError);
    expect(environment.message).to.include("in the environment");
    await checkCredentials("development", client());
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
      Reflect.deleteProperty(process.env, name);
    }
    // The SDK remembers that a file was absent, so this is another one.
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(folder, "static");
    writeFileSync(
      join(folder, "static"),
      "[default]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n",
    );
    expect((await rejection(checkCredentials("production", client()))).message).to.include("in a profile");
    const code = new KMSClient({ region: "ap-northeast-1", credentials: TEMPORARY });
    expect((await rejection(checkCredentials("production", code))).message).to.include("given in code");
  });

  it("takes temporary credentials from a provider", async () => {
    const process_ = `echo '${JSON.stringify({
      Version: 1,
      AccessKeyId: "ASIAPROCESS",
      SecretAccessKey: "s",
      SessionToken: "t",
      Expiration: "2999-01-01T00:00:00Z",
    })}'`;
    const script = join(folder, "give.sh");
    writeFileSync(script, process_);
    writeFileSync(join(folder, "config"), `[default]\ncredential_process = sh ${script}\n`);
    await checkCredentials("production", client());
    writeFileSync(script, process_.replace('"SessionToken":"t",', ""));
    expect((await rejection(checkCredentials("production", client()))).message).to.include(
      "without a session token",
    );
  });

  it("sends nothing anywhere but to AWS in production, wherever another endpoint is configured", async () => {
    const rig = await Rig.start();
    const { address } = await rig.signer();
    const before = rig.exchanges.length;
    const given = { Version: 1, AccessKeyId: "ASIAPROCESS", SecretAccessKey: "s", SessionToken: "t" };
    writeFileSync(
      join(folder, "elsewhere"),
      `[default]\nendpoint_url = ${rig.endpoint}\ncredential_process = echo '${JSON.stringify(given)}'\n`,
    );
    // The SDK remembers what a file said, so this is another one.
    process.env["AWS_CONFIG_FILE"] = join(folder, "elsewhere");
    const config = { address, keyArns: [rig.keyArn] as [string], env: {}, clock: manualClock(0) };
    const error = await rejection(openKmsSigner({ ...config, mode: "production" }));
    expect(error).to.include({ name: "KmsSigningError", kind: "stop" });
    expect(error.message).to.include("127.0.0.1").and.to.include("AWS KMS itself");
    expect(rig.exchanges).to.have.length(before);
    await rig.stop();
  });

  it("knows AWS's own endpoints: of other partitions, of FIPS and of both address families", async () => {
    const requests: KMSClientConfig[] = [
      { region: "ap-northeast-1" },
      { region: "cn-north-1" },
      { region: "us-gov-west-1", useFipsEndpoint: true },
      { region: "eu-west-1", useDualstackEndpoint: true },
    ];
    for (const request of requests) {
      const sent: string[] = [];
      const handle = ({ hostname }: { hostname: string }) => {
        sent.push(hostname);
        return Promise.reject(new Error("not sent on"));
      };
      const requestHandler = { handle } as unknown as NonNullable<KMSClientConfig["requestHandler"]>;
      const own = new KMSClient({ ...request, requestHandler, credentials: TEMPORARY, maxAttempts: 1 });
      sendOnlyToAws(own);
      expect((await rejection(own.send(new ListKeysCommand({})))).message).to.equal("not sent on");
      expect(sent[0]).to.match(/^kms/);
    }
    for (const endpoint of ["http://kms.eu-west-1.amazonaws.com", "https://kms.amazonaws.com.example.org"]) {
      const other = new KMSClient({ region: "eu-west-1", endpoint, credentials: TEMPORARY });
      sendOnlyToAws(other);
      expect(await rejection(other.send(new ListKeysCommand({})))).to.be.instanceOf(CredentialsPolicyError);
    }
  });

  it("opens a signer from configuration, and not with static keys in production", async () => {
    const rig = await Rig.start();
    const { address } = await rig.signer();
    const config = {
      address,
      keyArns: [rig.keyArn] as [string],
      credentials: ACCESS_KEY,
      env: {},
      clock: manualClock(0),
    };
    const signer = await openKmsSigner({ ...config, endpoint: rig.endpoint, mode: "development" });
    expect((await signer.signDigest(new Uint8Array(32).fill(1))).address).to.equal(address);
    const before = rig.exchanges.length;
    const refused = openKmsSigner({ ...config, endpoint: rig.endpoint, mode: "production" });
    expect(await rejection(refused)).to.be.instanceOf(CredentialsPolicyError);
    const static_ = openKmsSigner({ ...config, mode: "production" });
    expect((await rejection(static_)).message).to.include("given in code");
    expect(rig.exchanges).to.have.length(before);
    await rig.stop();
  });
});
