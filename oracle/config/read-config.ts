import { readFileSync } from "node:fs";
import path from "node:path";

import { getAddress } from "ethers";

import { parseDecimal, toUnits } from "../decimal.ts";
import { parseBand } from "../feeds/band.ts";
import type { Catalog } from "../feeds/catalog.ts";
import { CatalogError } from "../feeds/catalog-error.ts";
import { readCatalog } from "../feeds/read-catalog.ts";
import { zoneOffsets } from "../feeds/zone-offsets.ts";
import { VENUES } from "../market/venues/all.ts";
import { compareBytes, sameBytes } from "../report/bytes.ts";
import { networkSalt } from "../report/digest.ts";
import type { Member } from "../signer/agreement/epoch.ts";
import { fromHex } from "../signer/agreement/hex.ts";
import { identityOf } from "../signer/ed25519.ts";
import { checkConfig } from "./check-config.ts";
import type { ChainConfig, Config, KeyConfig, SendRule, SignerConfig } from "./config.ts";
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import { type ConfigFile, configSchema, type KeyFile, type SendRuleFile } from "./config-schema.ts";
import { describeIssues } from "./describe-issues.ts";
import { findSecrets } from "./find-secrets.ts";
import { identityKey } from "./identity-key.ts";
import { jsonPosition } from "./json-position.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration, checks all of it, and takes the secrets that it names from the environment.
 * @param file path of the file; paths in it begin at its folder
 * @throws ConfigError with every problem that could be found
 */
export function readConfig(file: string, env: Environment): Config {
  const json = readJson(file, file, "");
  const secrets = findSecrets(json);
  const parsed = configSchema.safeParse(json);
  if (!parsed.success || secrets.length > 0) {
    const issues = parsed.success ? [] : describeIssues(parsed.error.issues, json);
    // What looks like a secret is told once, and never shown.
    const told = new Set(secrets.map(({ path: place }) => place));
    throw new ConfigError(file, [...secrets, ...issues.filter(({ path: place }) => !told.has(place))]);
  }
  const problems: ConfigProblem[] = [];
  const catalog = openCatalog(file, parsed.data.catalog, problems);
  problems.push(...checkConfig(parsed.data, catalog));
  const secret = new Secrets(env, problems);
  const members = membersOf(parsed.data);
  const signers = parsed.data.signers.map((signer, i) => signerOf(signer, i, members, secret, problems));
  const chains = parsed.data.chains.map((chain, i) => chainOf(file, chain, i, secret));
  if (problems.length > 0 || catalog === undefined) throw new ConfigError(file, problems);
  return complete(file, parsed.data, catalog, members, signers.filter(isThere), chains);
}

function complete(
  file: string,
  data: ConfigFile,
  catalog: Catalog,
  members: readonly Member[],
  signers: readonly SignerConfig[],
  chains: readonly ChainConfig[],
): Config {
  const { instance, network, epoch, send, api, dataDirectory, ledger } = data;
  const standard = sendRuleOf(send.default, {});
  const feeds = catalog.feeds.flatMap(({ id, symbol }) => {
    const rule = send.feeds[symbol];
    return rule === undefined ? [] : [[id, sendRuleOf(rule, send.default)] as const];
  });
  return {
    file,
    instance,
    network: network.name,
    mode: network.mode,
    salt: networkSalt(network.name, network.mode),
    catalog,
    epoch: {
      number: epoch.number,
      from: Date.parse(epoch.from) / 1000,
      members,
      timing: epoch.timing,
    },
    signers,
    chains,
    send: { default: standard, feeds: new Map(feeds) },
    api: { ...api, port: api.port ?? null },
    dataDirectory: besides(file, dataDirectory),
    durability: ledger.durability,
  };
}

/** A path in the file, which begins at the file's folder. */
function besides(file: string, relative: string): string {
  return path.resolve(path.dirname(file), relative);
}

function readJson(config: string, file: string, place: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code = "an error" } = error as NodeJS.ErrnoException;
    throw new ConfigError(config, [
      { path: place, message: `expected a file at ${file} that can be read, saw ${code}` },
    ]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(config, [
      { path: place, message: `expected JSON in ${file}, saw something else: ${jsonPosition(text, error)}` },
    ]);
  }
}

function openCatalog(
  config: string,
  given: ConfigFile["catalog"],
  problems: ConfigProblem[],
): Catalog | undefined {
  try {
    const file = typeof given === "string" ? readJson(config, besides(config, given), "catalog") : given;
    const secrets = findSecrets(file);
    problems.push(...secrets.map(({ path: place, message }) => ({ path: `catalog.${place}`, message })));
    return readCatalog(file, { venues: VENUES.map(({ id }) => id) });
  } catch (error) {
    if (error instanceof ConfigError) problems.push(...error.problems);
    else if (error instanceof CatalogError) {
      problems.push(
        ...error.problems.map(({ path: place, message }) => ({
          path: place === "" ? "catalog" : `catalog.${place}`,
          message,
        })),
      );
    } else throw error;
    return undefined;
  }
}

function membersOf({ epoch }: ConfigFile): Member[] {
  return epoch.members
    .map(({ identity, address }) => ({
      identity: fromHex(identity.slice(2)),
      address: fromHex(address.slice(2).toLowerCase()),
    }))
    .sort((a, b) => compareBytes(a.address, b.address));
}

function signerOf(
  { identityFrom, key }: ConfigFile["signers"][number],
  i: number,
  members: readonly Member[],
  secret: Secrets,
  problems: ConfigProblem[],
): SignerConfig | undefined {
  const place = `signers[${i}].identityFrom`;
  const text = secret.take(identityFrom, place, "64 hexadecimal digits, an Ed25519 private key");
  const member = members.findIndex(({ address }) =>
    sameBytes(address, fromHex(key.address.slice(2).toLowerCase())),
  );
  if (text === undefined || member < 0) return undefined;
  try {
    const identity = identityKey(text);
    const own = identityOf(identity);
    const expected = members[member]?.identity;
    if (expected === undefined || !sameBytes(own, expected)) {
      problems.push({
        path: place,
        message: `${identityFrom} is the private key of ${hex(own)}, but the member with the address ${key.address} is ${hex(expected)}`,
      });
    }
    return { member, identity, key: keyOf(key) };
  } catch (error) {
    problems.push({
      path: place,
      message: `${identityFrom}: ${error instanceof Error ? error.message : ""}`,
    });
    return undefined;
  }
}

function chainOf(file: string, chain: ConfigFile["chains"][number], i: number, secret: Secrets): ChainConfig {
  const { name, chainId, rpcUrl, rpcUrlFrom, addressBook, feeCapGwei, tipGwei, sender } = chain;
  const taken =
    rpcUrlFrom === undefined
      ? undefined
      : secret.take(rpcUrlFrom, `chains[${i}].rpcUrlFrom`, "an http or https address", /^https?:\/\/\S+$/);
  return {
    name,
    chainId,
    rpcUrl: rpcUrl ?? taken ?? "",
    addressBook: besides(file, addressBook),
    fees: { cap: wei(feeCapGwei), tip: wei(tipGwei) },
    sender: keyOf(sender),
  };
}

function wei(gwei: string): bigint {
  return toUnits(parseDecimal(gwei), 9);
}

function keyOf({ arns, address, endpoint }: KeyFile): KeyConfig {
  return {
    keyArns: arns as [string, ...string[]],
    address: getAddress(address.toLowerCase()),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

function sendRuleOf(rule: SendRuleFile, standard: SendRuleFile): SendRule {
  const { deviation, heartbeat = 0, schedule } = { ...standard, ...rule };
  const band = deviation === undefined ? undefined : parseBand(deviation, 0);
  return {
    deviation: band?.kind === "relative" ? Number(band.millionths) : 0,
    heartbeat,
    schedule:
      schedule === undefined
        ? null
        : {
            at: schedule.at,
            timeZone: schedule.timeZone,
            offsets: zoneOffsets(schedule.timeZone),
            weekdays: schedule.days.map((day) => WEEK.indexOf(day)),
          },
  };
}

/** Takes secrets from the environment; tells which are missing or have another form, and never what they are. */
class Secrets {
  readonly #env: Environment;
  readonly #problems: ConfigProblem[];

  constructor(env: Environment, problems: ConfigProblem[]) {
    this.#env = env;
    this.#problems = problems;
  }

  take(name: string, place: string, expected: string, form = /\S/): string | undefined {
    const value = this.#env[name]?.trim();
    if (value !== undefined && form.test(value)) return value;
    const seen = value === undefined ? "is not set" : `has ${value.length} characters that are none`;
    this.#problems.push({
      path: place,
      message: `expected ${expected} in the environment as ${name}, which ${seen}`,
    });
    return undefined;
  }
}

function hex(bytes: Uint8Array | undefined): string {
  return `0x${Buffer.from(bytes ?? []).toString("hex")}`;
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
