import { getAddress } from "ethers";

import { didYouMean } from "../did-you-mean.ts";
import type { Catalog } from "../feeds/catalog.ts";
import { zoneOffsets } from "../feeds/zone-offsets.ts";
import { isLoopback } from "../market/address-rules.ts";
import { checkTiming, isFixing } from "../signer/agreement/timing.ts";
import type { ConfigFile, KeyFile } from "./config-schema.ts";
import type { ConfigProblem } from "./config-error.ts";

/**
 * What no schema says: whether the parts of a configuration fit together, and fit its mode.
 * @param catalog absent where it has problems of its own
 */
export function checkConfig(file: ConfigFile, catalog: Catalog | undefined): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const problem = (path: string, message: string) => problems.push({ path, message });
  checkEpoch(file, problem);
  checkKeys(file, problem);
  checkChains(file, problem);
  checkSending(file, catalog, problem);
  if (file.network.mode === "production") checkProduction(file, problem);
  return problems;
}

type Tell = (path: string, message: string) => void;

function checkEpoch({ epoch }: ConfigFile, problem: Tell): void {
  const from = Date.parse(epoch.from) / 1000;
  if (!isFixing(from)) problem("epoch.from", `expected a multiple of five minutes, saw "${epoch.from}"`);
  try {
    checkTiming(epoch.timing);
  } catch (error) {
    problem("epoch.timing", error instanceof Error ? error.message : "");
  }
  const members = epoch.members.map(({ identity, address }, i) => ({
    identity,
    address,
    path: `epoch.members[${i}]`,
  }));
  unique(
    members.map(({ identity, path }) => [identity, `${path}.identity`]),
    problem,
  );
  unique(
    members.map(({ address, path }) => [address.toLowerCase(), `${path}.address`]),
    problem,
  );
}

function checkKeys({ epoch, signers, chains }: ConfigFile, problem: Tell): void {
  for (const [path, { address }] of keysOf({ signers, chains }))
    checkAddress(`${path}.address`, address, problem);
  epoch.members.forEach(({ address }, i) => {
    checkAddress(`epoch.members[${i}].address`, address, problem);
  });
  const members = epoch.members.map(({ address }) => address.toLowerCase());
  const report = new Map<string, string>();
  signers.forEach(({ key }, i) => {
    const path = `signers[${i}].key`;
    if (!members.includes(key.address.toLowerCase())) {
      problem(
        `${path}.address`,
        `${key.address} is no member of the epoch (${epoch.members.map(({ address }) => address).join(", ")})`,
      );
    }
    for (const name of [key.address.toLowerCase(), ...key.arns]) report.set(name, path);
  });
  unique(
    signers.map(({ key }, i) => [key.address.toLowerCase(), `signers[${i}].key.address`]),
    problem,
  );
  unique(
    signers.map(({ identityFrom }, i) => [identityFrom, `signers[${i}].identityFrom`]),
    problem,
  );
  chains.forEach(({ sender }, i) => {
    const other = [sender.address.toLowerCase(), ...sender.arns]
      .map((name) => report.get(name))
      .find(Boolean);
    if (other !== undefined) {
      problem(
        `chains[${i}].sender`,
        `is the key of ${other}, which signs reports; a sender has a key of its own`,
      );
    }
  });
}

function keysOf({ signers, chains }: Pick<ConfigFile, "signers" | "chains">): [string, KeyFile][] {
  return [
    ...signers.map(({ key }, i): [string, KeyFile] => [`signers[${i}].key`, key]),
    ...chains.map(({ sender }, i): [string, KeyFile] => [`chains[${i}].sender`, sender]),
  ];
}

function checkAddress(path: string, address: string, problem: Tell): void {
  try {
    getAddress(address);
  } catch {
    const right = getAddress(address.toLowerCase());
    problem(
      path,
      `the checksum in the capitals of ${address} is wrong; if every digit is right, write ${right}`,
    );
  }
}

function checkChains({ chains }: ConfigFile, problem: Tell): void {
  unique(
    chains.map(({ name }, i) => [name, `chains[${i}].name`]),
    problem,
  );
  unique(
    chains.map(({ chainId }, i) => [String(chainId), `chains[${i}].chainId`]),
    problem,
  );
  chains.forEach(({ rpcUrl, rpcUrlFrom, feeCapGwei, tipGwei }, i) => {
    if ((rpcUrl === undefined) === (rpcUrlFrom === undefined)) {
      const seen = rpcUrl === undefined ? "neither" : "both";
      problem(`chains[${i}]`, `expected either rpcUrl or rpcUrlFrom, saw ${seen}`);
    }
    if (Number(tipGwei) > Number(feeCapGwei)) {
      problem(
        `chains[${i}].tipGwei`,
        `a tip of ${tipGwei} is above the cap of ${feeCapGwei}: nothing would ever be sent`,
      );
    }
  });
}

function checkSending({ send }: ConfigFile, catalog: Catalog | undefined, problem: Tell): void {
  const symbols = catalog?.feeds.map(({ symbol }) => symbol);
  const rules = Object.entries(send.feeds).map(([symbol, rule]) => [`send.feeds.${symbol}`, rule] as const);
  for (const [path, rule] of [["send.default", send.default] as const, ...rules]) {
    if (rule.deviation !== undefined && Number(rule.deviation.slice(0, -1)) === 0) {
      problem(`${path}.deviation`, `${rule.deviation} would send every price at once; leave it out for none`);
    }
    if (rule.schedule === undefined) continue;
    unique(
      rule.schedule.at.map((time, i) => [time, `${path}.schedule.at[${i}]`]),
      problem,
    );
    unique(
      rule.schedule.days.map((day, i) => [day, `${path}.schedule.days[${i}]`]),
      problem,
    );
    try {
      zoneOffsets(rule.schedule.timeZone);
    } catch {
      problem(
        `${path}.schedule.timeZone`,
        `no such time zone: "${rule.schedule.timeZone}" (such as Asia/Tokyo)`,
      );
    }
  }
  for (const symbol of symbols === undefined ? [] : Object.keys(send.feeds)) {
    if (!symbols?.includes(symbol)) {
      problem(
        `send.feeds.${symbol}`,
        `the catalog has no feed "${symbol}"${didYouMean(symbol, symbols ?? [])}`,
      );
    }
  }
}

function checkProduction({ signers, chains, ledger }: ConfigFile, problem: Tell): void {
  for (const [path, { endpoint }] of keysOf({ signers, chains })) {
    if (endpoint !== undefined) {
      problem(
        `${path}.endpoint`,
        `production signs with AWS KMS itself, not with an endpoint at ${endpoint}; leave it out`,
      );
    }
  }
  chains.forEach(({ rpcUrl }, i) => {
    const url = rpcUrl === undefined ? null : URL.parse(rpcUrl);
    if (url?.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) {
      problem(
        `chains[${i}].rpcUrl`,
        `${url.host} is asked over http, where anybody on the way can answer; use https`,
      );
    }
  });
  if (ledger.durability !== "full") {
    problem(
      "ledger.durability",
      `expected "full" in production, saw "${ledger.durability}": votes must survive a crash of the machine`,
    );
  }
}

function unique(values: readonly (readonly [string, string])[], problem: Tell): void {
  const first = new Map<string, string>();
  for (const [value, path] of values) {
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, path);
    else problem(path, `is the same as ${earlier}: ${value}`);
  }
}
