import { aliasArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import type { AliasRecord } from "../state.ts";
import type { Operation, OperationContext } from "./context.ts";
import { findKey, refusePendingDeletion } from "./find-key.ts";
import { page, type PageRequest } from "./page.ts";

interface AliasRequest {
  readonly AliasName: string;
  readonly TargetKeyId: string;
}

export const createAlias: Operation<AliasRequest> = ({ AliasName, TargetKeyId }, context) => {
  checkName(AliasName);
  const { store, region, account, now } = context;
  const key = findKey(TargetKeyId, context, "keys only");
  refusePendingDeletion(key, context);
  if (store.alias(region, AliasName) !== undefined) {
    const arn = aliasArn(region, account, AliasName);
    throw new AwsError("AlreadyExistsException", `An alias with the name ${arn} already exists`);
  }
  store.putAlias({ name: AliasName, region, targetKeyId: key.keyId, createdAt: now, updatedAt: now });
  return undefined;
};

export const updateAlias: Operation<AliasRequest> = ({ AliasName, TargetKeyId }, context) => {
  checkName(AliasName);
  const alias = findAlias(AliasName, context);
  const key = findKey(TargetKeyId, context, "keys only");
  refusePendingDeletion(key, context);
  const old = context.store.key(alias.region, alias.targetKeyId);
  if (old !== undefined && (old.keySpec !== key.keySpec || old.keyUsage !== key.keyUsage)) {
    throw new AwsError(
      "ValidationException",
      `Alias ${AliasName} cannot be changed from a ${old.keySpec} ${old.keyUsage} key to a ${key.keySpec} ${key.keyUsage} key`,
    );
  }
  context.store.putAlias({ ...alias, targetKeyId: key.keyId, updatedAt: context.now });
  return undefined;
};

export const deleteAlias: Operation<{ AliasName: string }> = ({ AliasName }, context) => {
  checkName(AliasName);
  const { name, region } = findAlias(AliasName, context);
  context.store.removeAlias(region, name);
  return undefined;
};

export const listAliases: Operation<PageRequest & { KeyId?: string }> = (request, context) => {
  const { store, region, account } = context;
  const keyId = request.KeyId === undefined ? undefined : findKey(request.KeyId, context, "keys only").keyId;
  const aliases = store
    .aliases(region)
    .filter(({ targetKeyId }) => keyId === undefined || targetKeyId === keyId);
  const { items, rest } = page(aliases, ({ name }) => name, request, 50);
  return {
    Aliases: items.map(({ name, targetKeyId, createdAt, updatedAt }) => ({
      AliasName: name,
      AliasArn: aliasArn(region, account, name),
      TargetKeyId: targetKeyId,
      CreationDate: createdAt,
      LastUpdatedDate: updatedAt,
    })),
    ...rest,
  };
};

function checkName(name: string): void {
  if (!name.startsWith("alias/")) {
    throw new AwsError(
      "ValidationException",
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith("alias/aws/")) {
    throw new AwsError("InvalidAliasNameException", `${name} is reserved for keys that AWS manages`);
  }
  if (name === "alias/" || name.includes(":"))
    throw new AwsError("InvalidAliasNameException", `Invalid alias ${name}`);
}

function findAlias(name: string, { store, region, account }: OperationContext): AliasRecord {
  const alias = store.alias(region, name);
  if (alias === undefined) {
    throw new AwsError("NotFoundException", `Alias ${aliasArn(region, account, name)} is not found.`);
  }
  return alias;
}
