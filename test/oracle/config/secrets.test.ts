import { readFileSync } from "node:fs";

import { expect } from "chai";

import { ConfigError } from "../../../oracle/config/config-error.ts";
import { findSecrets } from "../../../oracle/config/find-secrets.ts";
import { ENV, EXAMPLE, exampleFile, problems, read } from "./files.ts";

describe("secrets", () => {
  it("come from the environment: the identity, and a node's address that holds a key", () => {
    const file = exampleFile();
    delete file.chains[0]!.rpcUrl;
    file.chains[0]!.rpcUrlFrom = "MY_NODE";
    const url = `https://mainnet.example.com/v3/${"a1b2".repeat(8)}`;
    expect(read(file, { ...ENV, MY_NODE: ` ${url}\n` }).chains[0]!.rpcUrl).to.equal(url);
  });

  it("may be written with 0x and end with a line break, as tools write them", () => {
    expect(read(exampleFile(), { NAKANE_IDENTITY_KEY: `0x${"01".repeat(32)}\n` }).signers).to.have.length(1);
  });

  it("are missed by the name of their variable", () => {
    expect(problems(() => undefined, {})).to.deep.equal([
      "signers[0].identityFrom: expected 64 hexadecimal digits, an Ed25519 private key in the environment as NAKANE_IDENTITY_KEY, which is not set",
    ]);
    expect(problems(() => undefined, { NAKANE_IDENTITY_KEY: "" })[0]).to.match(
      /which has 0 characters that are none$/,
    );
  });

  it("of another form or another signer are told, not shown", () => {
    const short = problems(() => undefined, { NAKANE_IDENTITY_KEY: "hunter2" });
    expect(short).to.deep.equal([
      "signers[0].identityFrom: NAKANE_IDENTITY_KEY: expected 64 hexadecimal digits, saw 7 characters",
    ]);
    const [other] = problems(() => undefined, { NAKANE_IDENTITY_KEY: "02".repeat(32) });
    const [first, second] = exampleFile().epoch.members;
    expect(other).to.equal(
      `signers[0].identityFrom: NAKANE_IDENTITY_KEY is the private key of ${second!.identity}, but the member with the address ${first!.address} is ${first!.identity}`,
    );
    expect(problems((file) => (file.signers[0]!.identityFrom = "identity-key"))).to.deep.equal([
      'signers[0].identityFrom: expected the name of a variable of the environment, in capitals, saw "identity-key"',
    ]);
  });

  for (const [what, place, plant, instead] of [
    ["a key's name", "signers[0].privateKey", { privateKey: "hunter2" }, "NAKANE_IDENTITY_KEY"],
    [
      "a key's name in another writing",
      "signers[0].PRIVATE_KEY",
      { PRIVATE_KEY: "hunter2" },
      "NAKANE_IDENTITY_KEY",
    ],
    ["a passphrase", "signers[0].kms-passphrase", { "kms-passphrase": "hunter2" }, "NAKANE_KMS_PASSPHRASE"],
    ["a provider's key", "signers[0].apiKey", { apiKey: "hunter2" }, "NAKANE_RPC_URL"],
    ["credentials", "signers[0].secretAccessKey", { secretAccessKey: "hunter2" }, "AWS_PROFILE"],
    ["32 bytes", "signers[0].identityFrom", { identityFrom: "0A".repeat(32) }, "NAKANE_IDENTITY_KEY"],
    ["32 bytes with 0x", "signers[0].note", { note: `0x${"0a".repeat(32)}` }, "NAKANE_IDENTITY_KEY"],
    ["PEM", "signers[0].note", { note: "-----BEGIN PRIVATE KEY-----\nMC4CAQ" }, "NAKANE_IDENTITY_KEY"],
    ["an AWS key", "signers[0].note", { note: "use AKIAIOSFODNN7EXAMPLE" }, "AWS_PROFILE"],
    ["a wallet's words", "signers[0].note", { note: `${"legal winner ".repeat(5)}thank yellow` }, "KMS"],
    [
      "a password in an address",
      "signers[0].note",
      { note: "https://user:hunter2@node.example.com" },
      "NAKANE_RPC_URL",
    ],
    [
      "a key in a path",
      "signers[0].note",
      { note: `https://node.example.com/v3/${"a1b2".repeat(8)}` },
      "NAKANE_RPC_URL",
    ],
    [
      "a key in a query",
      "signers[0].note",
      { note: `wss://node.example.com/?key=${"a1B2-".repeat(5)}` },
      "NAKANE_RPC_URL",
    ],
  ] as const)
    it(`in the file are refused with the variable to use, and not repeated: ${what}`, () => {
      const file = exampleFile();
      Object.assign(file.signers[0]!, plant);
      try {
        read(file);
        expect.fail("it was read");
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const found = error.problems.filter(({ message }) => message.startsWith("looks like a secret"));
        expect(found.map(({ path }) => path)).to.deep.equal([place]);
        expect(found[0]!.message).to.include(instead);
        for (const secret of Object.values(plant)) expect(error.message).not.to.include(secret.slice(0, 16));
        expect(error.problems.filter(({ path }) => path === place)).to.have.length(1);
      }
    });

  it("are not seen where there are none", () => {
    expect(findSecrets(JSON.parse(readFileSync(EXAMPLE, "utf8")))).to.deep.equal([]);
    expect(findSecrets(exampleFile())).to.deep.equal([]);
    const harmless = {
      identityFrom: "NAKANE_IDENTITY_KEY",
      url: "https://data.example.com/api/v1/series-observations-2024/daily_usd_jpy_reference_rates",
      timeZone: "Asia/Tokyo",
      why: "two venues quote this pair, and both of them are the reference of the whole market",
      tokenFrom: "NODE_TOKEN",
      seeds: { "SEED/JPY": {} },
    };
    expect(findSecrets(harmless)).to.deep.equal([]);
  });
});
