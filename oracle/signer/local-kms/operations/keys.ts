import { randomBytes, randomUUID } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import { AwsError } from "../aws-error.ts";
import type { KeyRecord, Tag } from "../state.ts";
import { checkTags } from "./check-tags.ts";
import type { Operation, OperationContext } from "./context.ts";
import { arnOf, findKey, isDeleted, refusePendingDeletion } from "./find-key.ts";
import { keyMetadata } from "./key-metadata.ts";
import { KEY_SPECS, SIGNING_SPEC } from "./key-spec.ts";
import { page, type PageRequest } from "./page.ts";
import { checkPolicy, defaultPolicy } from "./policies.ts";

interface CreateKeyRequest {
  readonly Policy?: string;
  readonly Description?: string;
  readonly KeyUsage?: string;
  readonly CustomerMasterKeySpec?: string;
  readonly KeySpec?: string;
  readonly Origin?: string;
  readonly CustomKeyStoreId?: string;
  readonly Tags?: readonly Tag[];
  readonly MultiRegion?: boolean;
  readonly XksKeyId?: string;
}

export const createKey: Operation<CreateKeyRequest> = (request, context) => {
  const keySpec = requestedSpec(request);
  const keyUsage = requestedUsage(request, keySpec);
  if ((request.Origin ?? "AWS_KMS") !== "AWS_KMS" || request.CustomKeyStoreId !== undefined) {
    throw new AwsError(
      "UnsupportedOperationException",
      "The local KMS makes its own key material: Origin AWS_KMS only.",
    );
  }
  const tags = request.Tags ?? [];
  checkTags(tags);
  if (request.Policy !== undefined) checkPolicy(request.Policy);
  const multiRegion = request.MultiRegion ?? false;
  const key: KeyRecord = {
    keyId: multiRegion ? `mrk-${randomBytes(16).toString("hex")}` : randomUUID(),
    region: context.region,
    keySpec,
    keyUsage,
    multiRegion,
    createdAt: context.now,
    description: request.Description ?? "",
    policy: request.Policy ?? defaultPolicy(context.account),
    tags,
    state: "Enabled",
    ...(keySpec === SIGNING_SPEC
      ? { secret: Buffer.from(secp256k1.utils.randomSecretKey()).toString("hex") }
      : {}),
    ...(keySpec === "SYMMETRIC_DEFAULT" ? { materialId: randomBytes(32).toString("hex") } : {}),
  };
  context.store.putKey(key);
  context.concerns(key);
  return { KeyMetadata: keyMetadata(key, context) };
};

export const describeKey: Operation<{ KeyId: string }> = ({ KeyId }, context) => ({
  KeyMetadata: keyMetadata(findKey(KeyId, context, "aliases"), context),
});

export const listKeys: Operation<PageRequest> = (request, context) => {
  const keys = context.store.keys(context.region).filter((key) => !isDeleted(key, context));
  const { items, rest } = page(keys, ({ keyId }) => keyId, request, 100);
  return { Keys: items.map((key) => ({ KeyId: key.keyId, KeyArn: arnOf(key, context) })), ...rest };
};

export const updateKeyDescription: Operation<{ KeyId: string; Description: string }> = (request, context) => {
  const key = findKey(request.KeyId, context, "keys only");
  refusePendingDeletion(key, context);
  context.store.putKey({ ...key, description: request.Description });
  return undefined;
};

export const enableKey: Operation<{ KeyId: string }> = ({ KeyId }, context) => {
  setState(KeyId, "Enabled", context);
  return undefined;
};

export const disableKey: Operation<{ KeyId: string }> = ({ KeyId }, context) => {
  setState(KeyId, "Disabled", context);
  return undefined;
};

function setState(keyId: string, state: "Enabled" | "Disabled", context: OperationContext): void {
  const key = findKey(keyId, context, "keys only");
  refusePendingDeletion(key, context);
  context.store.putKey({ ...key, state });
}

function requestedSpec({ KeySpec, CustomerMasterKeySpec }: CreateKeyRequest): string {
  if (KeySpec !== undefined && CustomerMasterKeySpec !== undefined && KeySpec !== CustomerMasterKeySpec) {
    throw new AwsError(
      "ValidationException",
      "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.",
    );
  }
  return KeySpec ?? CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
}

function requestedUsage({ KeyUsage }: CreateKeyRequest, keySpec: string): string {
  if (KeyUsage === undefined && keySpec !== "SYMMETRIC_DEFAULT") {
    throw new AwsError(
      "ValidationException",
      "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    );
  }
  const usage = KeyUsage ?? "ENCRYPT_DECRYPT";
  const facts = KEY_SPECS[keySpec];
  if (facts === undefined) {
    throw new AwsError(
      "UnsupportedOperationException",
      `The local KMS makes no keys of spec ${keySpec}: it signs with ${SIGNING_SPEC} only.`,
    );
  }
  if (!facts.usages.includes(usage)) {
    throw new AwsError("ValidationException", `KeyUsage ${usage} is not compatible with KeySpec ${keySpec}`);
  }
  return usage;
}
