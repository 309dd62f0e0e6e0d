import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { ConfigError } from "../../../oracle/config/config-error.ts";
import { readConfig } from "../../../oracle/config/read-config.ts";
import { sendPolicy } from "../../../oracle/config/send-policy.ts";
import { lastScheduled } from "../../../oracle/ledger/decision/scheduled.ts";
import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { networkSalt } from "../../../oracle/report/digest.ts";
import { makeEpoch } from "../../../oracle/signer/agreement/epoch.ts";
import { TIMING } from "../../../oracle/signer/agreement/timing.ts";
import { identityOf } from "../../../oracle/signer/ed25519.ts";
import { ENV, EXAMPLE, exampleFile, type File, problems, problemsOf, read } from "./files.ts";

const definitionsOf = (config: ReturnType<typeof read>) =>
  config.catalog.bundles.map(({ bundle, feeds }) => ({
    bundle,
    feeds: feeds.map(({ symbol, decimals, methodHash, maxInputAge }) => ({
      symbol,
      decimals,
      method: methodHash,
      maxInputAge,
    })),
  }));

describe("readConfig", () => {
  it("reads the example, and completes it", () => {
    const config = readConfig(EXAMPLE, ENV);
    expect(config).to.deep.include({
      file: EXAMPLE,
      instance: "tokyo-1",
      network: "example",
      mode: "test",
      salt: networkSalt("example", "test"),
      api: { host: "127.0.0.1", port: 8480, trustedProxy: [], requestsPerMinute: 600 },
      dataDirectory: path.resolve(".nakane/tokyo-1"),
      durability: "full",
    });
    expect(config.catalog.feeds.map(({ symbol }) => symbol)).to.deep.equal(["BTC/JPY", "ETH/JPY"]);
    const [chain] = config.chains;
    expect(chain).to.deep.include({
      name: "local",
      chainId: 31_337,
      rpcUrl: "http://127.0.0.1:8545",
      addressBook: path.resolve("deploy/addresses/local.json"),
      fees: { cap: 100_000_000_000n, tip: 1_000_000_000n },
    });
    const { signers } = exampleFile();
    expect(config.signers[0]!.key).to.deep.equal({
      keyArns: signers[0]!.key.arns,
      address: signers[0]!.key.address,
      endpoint: "http://127.0.0.1:4566",
    });
  });

  it("gives what an epoch is made of: members by ascending address, whatever the order in the file", () => {
    const file = exampleFile();
    file.epoch.members.reverse();
    file.epoch.timing = { tick: 30, fixingDelay: 7_000 };
    const { epoch, salt, signers, ...config } = read(file);
    expect(epoch).to.deep.include({ number: 0, from: Date.UTC(2026, 11, 1) / 1000 });
    expect(epoch.timing).to.deep.equal({ ...TIMING, tick: 30, fixingDelay: 7_000 });
    const bundles = definitionsOf({ epoch, salt, signers, ...config }).map((definition) => ({
      definition,
      calendar: { week: [], exceptions: [] },
      feeds: definition.feeds.map(() => {
        const band = { perMillion: 1, atLeast: 0n };
        return { tolerance: band, hardBand: band };
      }),
    }));
    expect(makeEpoch({ ...epoch, salt, bundles })).to.include({ n: 4, f: 1, q: 3 });
    const [signer] = signers;
    expect(identityOf(signer!.identity)).to.deep.equal(epoch.members[signer!.member]!.identity);
  });

  it("gives each feed its rules: its own, and the default's for what it does not say", () => {
    const file = exampleFile();
    file.send.default.deviation = "0.0001%";
    const config = read(file);
    const plan = planCatalog(definitionsOf(config));
    const { rules, schedules } = sendPolicy(config.send, plan);
    expect([...rules.deviation]).to.deep.equal([2_500, 1]);
    expect([...rules.heartbeat]).to.deep.equal([3_600, 3_600]);
    expect(schedules[1]).to.equal(null);
    const friday = Date.UTC(2026, 10, 27, 0, 55) / 1000; // 09:55 in Tokyo
    expect(lastScheduled(schedules[0]!, friday + 3 * 86_400 - 1)).to.equal(friday);
    expect(lastScheduled(schedules[0]!, friday + 3 * 86_400)).to.equal(friday + 3 * 86_400);
    file.send = { default: {} };
    const none = sendPolicy(read(file).send, plan);
    expect([[...none.rules.deviation], [...none.rules.heartbeat]]).to.deep.equal([
      [0, 0],
      [0, 0],
    ]);
  });

  it("fills in what may be left out, and says where no port was named", () => {
    const file: Partial<File> = exampleFile();
    for (const key of ["api", "dataDirectory", "ledger"]) Reflect.deleteProperty(file, key);
    expect(read(file)).to.deep.include({
      api: { host: "127.0.0.1", port: null, trustedProxy: [], requestsPerMinute: 600 },
      durability: "full",
    });
  });

  it("takes fees exactly, to the last wei", () => {
    const file = exampleFile();
    Object.assign(file.chains[0]!, { feeCapGwei: "123456789.000000001", tipGwei: "0" });
    expect(read(file).chains[0]!.fees).to.deep.equal({ cap: 123_456_789_000_000_001n, tip: 0n });
  });

  it("says everything that is wrong at once, where, both sides, and which file", () => {
    const file = exampleFile();
    Object.assign(file, { instanse: "tokyo-1", instance: "Tokyo 1" });
    file.chains[0]!.chainId = "31337" as unknown as number;
    file.chains[0]!.feeCapGwei = 100 as unknown as string;
    delete (file.epoch as Partial<File["epoch"]>).members;
    file.send.feeds!["BTC/JPY"]!.deviation = "0.25";
    try {
      read(file);
      expect.fail("it was read");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.message).to.match(/^\/.*nakane\.json cannot be used, it has 6 problems:\n/);
      expect(error.message).to.match(
        /\nNothing was started\. docs\/config\.md says of every key what it takes\.$/,
      );
      expect(error.problems.map(({ path: place, message }) => `${place}: ${message}`)).to.deep.equal([
        'instance: expected lower-case letters, digits and hyphens, at most 32, saw "Tokyo 1"',
        "epoch.members: is missing; expected array",
        'chains[0].chainId: expected number, saw "31337"',
        "chains[0].feeCapGwei: expected string, saw 100",
        'send.feeds.BTC/JPY.deviation: expected a share such as 0.5%, at most four digits after the point, saw "0.25"',
        `: unknown key "instanse"; did you mean "instance"? (known: ${Object.keys(file)
          .filter((key) => key !== "instanse")
          .join(", ")})`,
      ]);
      expect(error.message).to.include("  the file: unknown key");
    }
  });

  it("names the file that is missing, is no JSON, or holds another catalog than can be used", () => {
    expect(problemsOf(() => readConfig("no/such/nakane.json", ENV))).to.deep.equal([
      ": expected a file at no/such/nakane.json that can be read, saw ENOENT",
    ]);
    for (const [text, where] of [
      ['{\n  "instance": tokyo,\n}', "look at line 2, column 15"],
      ['{\n  "instance": "tokyo",\n}', "look at line 3, column 1"],
      ['{\n  "instance": "to\\kyo"\n}', "look at line 2, column"],
      ["<html>hunter2", "look at line 1, column 1"],
      ['{"a":[1,]}', "a comma or a bracket is missing or too many"],
      ['{"a":', "a comma or a bracket is missing or too many"],
      ["", "a comma or a bracket is missing or too many"],
    ] as const) {
      const [problem = ""] = problemsOf(() => read(text));
      expect(problem)
        .to.match(/^: expected JSON in \/.*nakane\.json, saw something else: /)
        .and.include(where);
      expect(problem).not.to.match(/hunter2|tokyo|kyo/);
    }
    expect(problems((file) => (file.catalog = "elsewhere.json"))[0]).to.match(
      /^catalog: expected a file at \/.*elsewhere\.json that can be read, saw ENOENT$/,
    );
    expect(problems((file) => ((file.catalog as { bundles: unknown[] }).bundles = []))).to.deep.equal([
      "catalog.bundles: Too small: expected array to have >=1 items, saw a list of 0",
    ]);
    expect(
      problems((file) => {
        const { bundles } = file.catalog as { bundles: { feeds: { method: { sources: string[] } }[] }[] };
        bundles[0]!.feeds[0]!.method.sources[0] = "bitflier-btc";
      }),
    ).to.deep.equal([
      'catalog.bundles[0].feeds[0].method.sources[0]: no source "bitflier-btc"; did you mean "bitflyer-btc"?',
    ]);
    expect(problems((file) => (file.catalog = 7 as unknown as string))).to.have.length(1);
  });

  it("reads a catalog from a file beside its own", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-config-"));
    try {
      const own = path.join(folder, "nakane.json");
      writeFileSync(own, JSON.stringify({ ...exampleFile(), catalog: "catalog.json" }));
      writeFileSync(path.join(folder, "catalog.json"), readFileSync("deploy/catalog.example.json"));
      expect(readConfig(own, ENV).catalog.feeds).to.have.length(2);
      expect(readConfig(own, ENV).dataDirectory).to.equal(path.resolve(folder, "../.nakane/tokyo-1"));
      const source = {
        kind: "json",
        id: "x",
        venue: "x",
        url: `https://api.example.com/?apikey=${"a1b2c3d4".repeat(4)}`,
      };
      writeFileSync(path.join(folder, "catalog.json"), JSON.stringify({ sources: [source] }));
      expect(problemsOf(() => readConfig(own, ENV))[0]).to.match(
        /^catalog\.sources\[0\]\.url: looks like a secret/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what must fit together", () => {
  const REPORT = exampleFile().signers[0]!.key;
  const cases: [string, (file: File) => unknown, string[]][] = [
    [
      "an epoch begins at a fixing time",
      (file) => (file.epoch.from = "2026-12-01T00:01:00Z"),
      ['epoch.from: expected a multiple of five minutes, saw "2026-12-01T00:01:00Z"'],
    ],
    [
      "an epoch's time is in UTC",
      (file) => (file.epoch.from = "2026-12-01T09:00:00+09:00"),
      ['epoch.from: expected a time in UTC such as 2026-12-01T00:00:00Z, saw "2026-12-01T09:00:00+09:00"'],
    ],
    [
      "a tick divides the fixing period",
      (file) => (file.epoch.timing = { tick: 7 }),
      ["epoch.timing: a tick of 7 s does not divide the fixing period of 300 s"],
    ],
    [
      "a member is there once",
      (file) => file.epoch.members.push({ ...file.epoch.members[0]! }),
      [
        `epoch.members[4].identity: is the same as epoch.members[0].identity: ${exampleFile().epoch.members[0]!.identity}`,
        `epoch.members[4].address: is the same as epoch.members[0].address: ${REPORT.address.toLowerCase()}`,
      ],
    ],
    [
      "a signer is a member",
      (file) => (file.signers[0]!.key.address = file.chains[0]!.sender.address.toLowerCase()),
      [
        `signers[0].key.address: ${exampleFile().chains[0]!.sender.address.toLowerCase()} is no member of the epoch (${exampleFile()
          .epoch.members.map(({ address }) => address)
          .join(", ")})`,
        "chains[0].sender: is the key of signers[0].key, which signs reports; a sender has a key of its own",
      ],
    ],
    [
      "a checksum is right",
      (file) => (file.chains[0]!.sender.address = file.chains[0]!.sender.address.replace("A7De3", "a7De3")),
      [
        `chains[0].sender.address: the checksum in the capitals of ${exampleFile().chains[0]!.sender.address.replace("A7De3", "a7De3")} is wrong; if every digit is right, write ${exampleFile().chains[0]!.sender.address}`,
      ],
    ],
    [
      "a sender's key signs no reports, in no Region",
      (file) => file.chains[0]!.sender.arns.push(REPORT.arns[0]!),
      ["chains[0].sender: is the key of signers[0].key, which signs reports; a sender has a key of its own"],
    ],
    [
      "an alias is no key",
      (file) => (file.chains[0]!.sender.arns = ["arn:aws:kms:ap-northeast-1:000000000000:alias/sender"]),
      [
        "chains[0].sender.arns[0]: expected a key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID; an alias can be moved to another key, saw " +
          '"arn:aws:kms:ap-northeast-1:000000000000:alias/sender"',
      ],
    ],
    [
      "a chain is there once",
      (file) => file.chains.push({ ...structuredClone(file.chains[0]!) }),
      [
        "chains[1].name: is the same as chains[0].name: local",
        "chains[1].chainId: is the same as chains[0].chainId: 31337",
      ],
    ],
    [
      "a node has one address",
      (file) => delete file.chains[0]!.rpcUrl,
      ["chains[0]: expected either rpcUrl or rpcUrlFrom, saw neither"],
    ],
    [
      "a node has one address, not two",
      (file) => (file.chains[0]!.rpcUrlFrom = "NAKANE_IDENTITY_KEY"),
      [
        "chains[0]: expected either rpcUrl or rpcUrlFrom, saw both",
        "chains[0].rpcUrlFrom: expected an http or https address in the environment as NAKANE_IDENTITY_KEY, which has 64 characters that are none",
      ],
    ],
    [
      "a tip is below the cap",
      (file) => (file.chains[0]!.tipGwei = "100.1"),
      ["chains[0].tipGwei: a tip of 100.1 is above the cap of 100: nothing would ever be sent"],
    ],
    [
      "a rule is of a feed",
      (file) => (file.send.feeds = { "BTC/JYP": {} }),
      ['send.feeds.BTC/JYP: the catalog has no feed "BTC/JYP"; did you mean "BTC/JPY"?'],
    ],
    [
      "a deviation is a distance",
      (file) => (file.send.default.deviation = "0.00%"),
      ["send.default.deviation: 0.00% would send every price at once; leave it out for none"],
    ],
    [
      "a schedule is in a time zone, and says a time once",
      (file) =>
        (file.send.default.schedule = { at: ["09:55", "09:55"], timeZone: "Asia/Edo", days: ["mon", "mon"] }),
      [
        "send.default.schedule.at[1]: is the same as send.default.schedule.at[0]: 09:55",
        "send.default.schedule.days[1]: is the same as send.default.schedule.days[0]: mon",
        'send.default.schedule.timeZone: no such time zone: "Asia/Edo" (such as Asia/Tokyo)',
      ],
    ],
    [
      "a time of day exists",
      (file) => (file.send.default.schedule = { at: ["24:00"], timeZone: "Asia/Tokyo", days: ["mon"] }),
      ['send.default.schedule.at[0]: expected a time of day such as 09:55, saw "24:00"'],
    ],
    [
      "a proxy is a network",
      (file) => (file.api!.trustedProxy = ["10.0.0.0/33"]),
      ['api.trustedProxy[0]: expected a network such as 10.0.0.0/16, or one address, saw "10.0.0.0/33"'],
    ],
  ];
  for (const [what, change, expected] of cases)
    it(what, () => {
      expect(problems(change)).to.deep.equal(expected);
    });

  it("production refuses what is for development", () => {
    expect(
      problems((file) => {
        file.network.mode = "production";
        file.ledger!.durability = "process";
        file.chains[0]!.rpcUrl = "http://node.example.com:8545";
      }),
    ).to.deep.equal([
      "signers[0].key.endpoint: production signs with AWS KMS itself, not with an endpoint at http://127.0.0.1:4566; leave it out",
      "chains[0].sender.endpoint: production signs with AWS KMS itself, not with an endpoint at http://127.0.0.1:4566; leave it out",
      "chains[0].rpcUrl: node.example.com:8545 is asked over http, where anybody on the way can answer; use https",
      'ledger.durability: expected "full" in production, saw "process": votes must survive a crash of the machine',
    ]);
    const file = exampleFile();
    file.network.mode = "production";
    delete file.signers[0]!.key.endpoint;
    delete file.chains[0]!.sender.endpoint;
    for (const url of ["http://127.0.0.1:8545", "http://[::1]:8545", "https://node.example.com"]) {
      file.chains[0]!.rpcUrl = url;
      expect(read(file)).to.include({ mode: "production" });
    }
  });
});
