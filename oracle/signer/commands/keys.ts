import { randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { dirname, resolve } from "node:path";

import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  NotFoundException,
  paginateListAliases,
  paginateListKeys,
  paginateListResourceTags,
  type KMSClient,
} from "@aws-sdk/client-kms";

import type { Command, CommandContext } from "../../command.ts";
import { parseOptions } from "../../parse-options.ts";
import { UsageError } from "../../usage-error.ts";
import { challenge } from "../challenge.ts";
import { iamPolicy, keyPolicy, type KeyPrincipals, type KeyRole } from "../key-policies.ts";
import { regionOf } from "../key-pin.ts";
import { createKmsClient } from "../kms-client.ts";
import { addressOfKmsKey } from "../kms-key.ts";
import { KmsSigner } from "../kms-signer.ts";
import { addPin, readPins, type PinnedKey } from "../pins-file.ts";

const ROLE_TAG = "nakane:role";
/** AWS's rule for aliases, which is asked here too: a key that is made and cannot be named would stay and cost. */
const ALIAS = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;
/** One role or user. A whole account, or everybody, would be a policy that lets others sign. */
const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;

const USAGE = `Usage: nakane keys create --role report|sender --alias alias/NAME [options]
       nakane keys list [options]
       nakane keys show KEY [options]       KEY is an alias, an id or an ARN
       nakane keys check [options]          has every pinned key sign a challenge

Options:
  --pins FILE       the pinned keys (pins.json)
  --signer ARN      the role that signs; with --admin, create applies the key policy
  --admin ARN       the role that looks after keys, another one
  --region REGION   else AWS_REGION; check asks each key in the Region of its ARN
  --endpoint URL    a local KMS; else AWS
  --json            one JSON object per line

Credentials come from the AWS SDK's own chain.`;

const OPTIONS = {
  role: { type: "string" },
  alias: { type: "string" },
  pins: { type: "string", default: "pins.json" },
  signer: { type: "string" },
  admin: { type: "string" },
  region: { type: "string" },
  endpoint: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

/** `nakane keys`: makes, lists, shows and checks the keys. */
export const keysCommand: Command = {
  run: async (args, context) => {
    const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
    const [verb, ...names] = positionals;
    if (values.help) {
      context.out(USAGE);
      return 0;
    }
    if (names.length !== (verb === "show" ? 1 : 0)) throw new UsageError(USAGE);
    switch (verb) {
      case "create":
        return create(values, context);
      case "list":
        return list(values, context);
      case "show":
        return show(names[0] ?? "", values, context);
      case "check":
        return check(values, context);
      default:
        throw new UsageError(USAGE);
    }
  },
};

async function create(values: Values, context: CommandContext): Promise<number> {
  const { role, alias, signer, admin } = values;
  if (role !== "report" && role !== "sender")
    throw new UsageError(`--role takes report or sender\n\n${USAGE}`);
  if (alias === undefined || !ALIAS.test(alias) || alias.startsWith("alias/aws/")) {
    throw new UsageError(
      `--alias takes alias/NAME, of letters, digits, / _ and -, not beginning alias/aws/\n\n${USAGE}`,
    );
  }
  if ((signer === undefined) !== (admin === undefined)) {
    throw new UsageError("--signer and --admin go together: a policy names both");
  }
  for (const [option, arn] of Object.entries({ signer, admin })) {
    if (arn !== undefined && !PRINCIPAL.test(arn)) {
      throw new UsageError(
        `--${option} takes the ARN of one role or user (arn:aws:iam::ACCOUNT:role/NAME), got ${arn}`,
      );
    }
  }
  if (signer !== undefined && signer === admin) {
    throw new UsageError("--signer and --admin must differ: whoever looks after a key does not sign with it");
  }
  requireFolder(values.pins);
  if (readPins(values.pins).some((pin) => pin.alias === alias)) {
    throw new UsageError(`${values.pins} already pins ${alias}; a new key takes a new alias`);
  }
  const client = connect(values, context);
  if (await exists(client, alias))
    throw new UsageError(`${alias} already exists; a new key takes a new alias`);
  const principals = signer === undefined || admin === undefined ? undefined : { signer, admin };
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      KeySpec: "ECC_SECG_P256K1",
      KeyUsage: "SIGN_VERIFY",
      Description: `Nakane ${role} key`,
      Tags: [{ TagKey: ROLE_TAG, TagValue: role }],
      ...(principals === undefined ? {} : { Policy: JSON.stringify(keyPolicy(principals)) }),
    }),
  );
  const keyArn = KeyMetadata?.Arn ?? "";
  let pin: PinnedKey;
  try {
    await client.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyArn }));
    pin = { role, alias, keyArn, address: await addressOfKmsKey(client, keyArn) };
    addPin(values.pins, pin);
  } catch (cause) {
    throw new Error(
      `the key ${keyArn} was made, but is not in ${values.pins}: ${(cause as Error).message}. ` +
        "Schedule its deletion, remove its alias if it has one, and create it again.",
      { cause },
    );
  }
  if (values.json) context.out(JSON.stringify({ ...pin, ...policies(keyArn, principals) }));
  else {
    context.out(`Created ${alias}, a ${role} key, and pinned it in ${values.pins}:`);
    printKey(pin, context);
    printPolicies(keyArn, principals, context);
  }
  return 0;
}

async function list(values: Values, context: CommandContext): Promise<number> {
  const client = connect(values, context);
  const aliases = new Map<string, string>();
  for await (const page of paginateListAliases({ client }, {})) {
    for (const { TargetKeyId, AliasName } of page.Aliases ?? [])
      aliases.set(TargetKeyId ?? "", AliasName ?? "");
  }
  let found = 0;
  for await (const page of paginateListKeys({ client }, {})) {
    for (const { KeyId = "", KeyArn = "" } of page.Keys ?? []) {
      const role = await roleOf(client, KeyId);
      if (role === undefined) continue;
      found++;
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      const state = KeyMetadata?.KeyState ?? "";
      // KMS shows the public key of enabled keys only.
      const address = state === "Enabled" ? await addressOfKmsKey(client, KeyArn) : undefined;
      const key = { role, alias: aliases.get(KeyId), keyArn: KeyArn, address, state };
      if (values.json) context.out(JSON.stringify(key));
      else {
        const columns = [
          role.padEnd(6),
          state.padEnd(15),
          address ?? "-".padEnd(42),
          key.alias ?? "-",
          KeyArn,
        ];
        context.out(columns.join("  "));
      }
    }
  }
  if (found === 0 && !values.json) context.out("No keys. Make one with `nakane keys create`.");
  return 0;
}

async function show(name: string, values: Values, context: CommandContext): Promise<number> {
  const client = connect(values, context);
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: name }));
  const keyArn = KeyMetadata?.Arn ?? "";
  const state = KeyMetadata?.KeyState;
  const address = state === "Enabled" ? await addressOfKmsKey(client, keyArn) : undefined;
  const role = await roleOf(client, keyArn);
  const { signer, admin } = values;
  const principals = signer === undefined || admin === undefined ? undefined : { signer, admin };
  if (values.json) {
    context.out(JSON.stringify({ role, keyArn, address, state, ...policies(keyArn, principals) }));
    return 0;
  }
  context.out(
    `role     ${role ?? "-"}\nstate    ${state ?? "-"}\naddress  ${address ?? "-"}\nkey      ${keyArn}`,
  );
  printPolicies(keyArn, principals, context);
  return 0;
}

async function check(values: Values, context: CommandContext): Promise<number> {
  const pins = readPins(values.pins);
  if (pins.length === 0)
    throw new UsageError(`${values.pins} pins no keys; make some with \`nakane keys create\``);
  const clients = new Map<string, KMSClient>();
  let failed = 0;
  for (const pin of pins) {
    const { role, alias, address, keyArn } = pin;
    try {
      // Pins may be of several Regions; each says of which.
      const region = regionOf(keyArn);
      const client = clients.get(region) ?? connect({ ...values, region }, context);
      clients.set(region, client);
      const signer = await KmsSigner.open({ address, routes: [{ client, keyArn }], clock: context.clock });
      const { requestId } = await challenge(signer, randomBytes(16).toString("hex"));
      if (values.json) context.out(JSON.stringify({ ...pin, ok: true, requestId }));
      else context.out(`ok      ${role.padEnd(6)}  ${address}  ${alias}  request ${requestId}`);
    } catch (error) {
      failed++;
      const why = error instanceof Error ? error.message : String(error);
      if (values.json) context.out(JSON.stringify({ ...pin, ok: false, error: why }));
      else context.out(`FAILED  ${role.padEnd(6)}  ${address}  ${alias}  ${why}`);
    }
  }
  const same = pins.length - new Set(pins.map(({ address }) => address)).size;
  if (same > 0)
    context.err("Warning: one key has more than one role. Report keys and the sender's key must differ.");
  return failed === 0 && same === 0 ? 0 : 1;
}

function connect(
  { region, endpoint }: Pick<Values, "region" | "endpoint">,
  { env }: CommandContext,
): KMSClient {
  const found = region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (found === undefined || found === "")
    throw new UsageError("which Region? Give --region or set AWS_REGION");
  return createKmsClient({ region: found, ...(endpoint === undefined ? {} : { endpoint }) });
}

/** Before a key is made whose pin could not be written. */
function requireFolder(pins: string): void {
  try {
    accessSync(dirname(resolve(pins)), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--pins ${pins} cannot be written: ${(error as Error).message}`);
  }
}

async function exists(client: KMSClient, alias: string): Promise<boolean> {
  try {
    await client.send(new DescribeKeyCommand({ KeyId: alias }));
    return true;
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}

async function roleOf(client: KMSClient, keyId: string): Promise<KeyRole | undefined> {
  // Tags are asked for by id: ListResourceTags takes no alias.
  for await (const page of paginateListResourceTags({ client }, { KeyId: keyId })) {
    const role = page.Tags?.find(({ TagKey }) => TagKey === ROLE_TAG)?.TagValue;
    if (role === "report" || role === "sender") return role;
  }
  return undefined;
}

function policies(keyArn: string, principals: KeyPrincipals | undefined): object {
  return { keyPolicy: keyPolicy(principals ?? examplePrincipals(keyArn)), iamPolicy: iamPolicy(keyArn) };
}

function printKey({ keyArn, address }: PinnedKey, { out }: CommandContext): void {
  out(`  address  ${address}\n  key      ${keyArn}`);
}

function printPolicies(keyArn: string, principals: KeyPrincipals | undefined, { out }: CommandContext): void {
  const of = principals ?? examplePrincipals(keyArn);
  out("\nKey policy" + (principals === undefined ? " (put your own roles in; it is not applied):" : ":"));
  out(JSON.stringify(keyPolicy(of), undefined, 2));
  out("\nIAM policy of the signing role:");
  out(JSON.stringify(iamPolicy(keyArn), undefined, 2));
}

function examplePrincipals(keyArn: string): KeyPrincipals {
  const account = keyArn.split(":")[4] ?? "";
  return {
    signer: `arn:aws:iam::${account}:role/nakane-signer`,
    admin: `arn:aws:iam::${account}:role/nakane-key-admin`,
  };
}
