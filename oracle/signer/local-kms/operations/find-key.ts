import { aliasArn, keyArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import type { KeyRecord } from "../state.ts";
import type { OperationContext } from "./context.ts";

const KEY_ID = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(key\/.+|alias\/.+)$/;

/**
 * Finds the key that a request names by id or ARN and, where the operation allows, by alias or alias ARN.
 *
 * @throws AwsError `NotFoundException` in the words of the real service
 */
export function findKey(
  name: string,
  context: OperationContext,
  aliases: "aliases" | "keys only",
): KeyRecord {
  const local = localName(name, context);
  if (local.startsWith("alias/") && aliases === "aliases") return byAlias(local, context);
  if (!KEY_ID.test(local)) throw new AwsError("NotFoundException", `Invalid keyId '${local}'`);
  return byId(local, context);
}

/** Finds a key by id, having removed it if its waiting period is over. */
export function byId(keyId: string, context: OperationContext): KeyRecord {
  const { store, region, account } = context;
  const key = store.key(region, keyId);
  if (key === undefined || isDeleted(key, context)) {
    throw new AwsError("NotFoundException", `Key '${keyArn(region, account, keyId)}' does not exist`);
  }
  context.concerns(key);
  return key;
}

/** Whether the waiting period is over; if so, the key, its material and its aliases are gone from here on. */
export function isDeleted(key: KeyRecord, context: OperationContext): boolean {
  if (key.deletionAt === undefined || context.now < key.deletionAt) return false;
  context.store.removeKey(key.region, key.keyId);
  return true;
}

/** ARN of a key in this context. */
export function arnOf(key: KeyRecord, context: OperationContext): string {
  return keyArn(key.region, context.account, key.keyId);
}

/** @throws AwsError `KMSInvalidStateException` while the key waits to be deleted */
export function refusePendingDeletion(key: KeyRecord, context: OperationContext): void {
  if (key.state === "PendingDeletion") {
    throw new AwsError("KMSInvalidStateException", `${arnOf(key, context)} is pending deletion.`);
  }
}

/** @throws AwsError unless the key may be used: `DisabledException` or `KMSInvalidStateException` */
export function requireUsable(key: KeyRecord, context: OperationContext): void {
  if (key.state === "Disabled")
    throw new AwsError("DisabledException", `${arnOf(key, context)} is disabled.`);
  refusePendingDeletion(key, context);
}

function localName(name: string, context: OperationContext): string {
  if (!name.startsWith("arn:")) return name;
  const [, region, account, resource] = ARN.exec(name) ?? [];
  if (region === undefined || resource === undefined)
    throw new AwsError("NotFoundException", `Invalid arn ${name}`);
  if (region !== context.region) throw new AwsError("NotFoundException", `Invalid arn ${region}`);
  if (account !== context.account) {
    const what = resource.startsWith("key/") ? `Key '${name}' does not exist` : `Alias ${name} is not found.`;
    throw new AwsError("NotFoundException", what);
  }
  return resource.startsWith("key/") ? resource.slice("key/".length) : resource;
}

function byAlias(name: string, context: OperationContext): KeyRecord {
  const { store, region, account } = context;
  const alias = store.alias(region, name);
  const key = alias === undefined ? undefined : store.key(region, alias.targetKeyId);
  if (key === undefined || isDeleted(key, context)) {
    throw new AwsError("NotFoundException", `Alias ${aliasArn(region, account, name)} is not found.`);
  }
  context.concerns(key);
  return key;
}
