import { createHash } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import { SPKI_PREFIX } from "../../public-key.ts";
import { keyArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import type { KeyRecord } from "../state.ts";
import type { Operation, OperationContext } from "./context.ts";
import { arnOf, findKey, requireUsable } from "./find-key.ts";
import { KEY_SPECS, SIGNING_ALGORITHM } from "./key-spec.ts";
import { spoilSignature } from "./spoil-signature.ts";

interface SignRequest {
  readonly KeyId: string;
  readonly Message: string;
  readonly MessageType?: string;
  readonly SigningAlgorithm: string;
  readonly DryRun?: boolean;
}

export const getPublicKey: Operation<{ KeyId: string }> = ({ KeyId }, context) => {
  const key = findKey(KeyId, context, "aliases");
  if (key.secret === undefined) throw new AwsError("UnsupportedOperationException");
  requireUsable(key, context);
  const point = secp256k1.getPublicKey(Buffer.from(key.secret, "hex"), false);
  return {
    KeyId: arnOf(key, context),
    PublicKey: Buffer.concat([SPKI_PREFIX, point]).toString("base64"),
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    KeyUsage: key.keyUsage,
    ...KEY_SPECS[key.keySpec]?.algorithms,
  };
};

export const sign: Operation<SignRequest> = (request, context) => {
  const { key, secret, digest } = prepare(request, "Sign", context);
  const { fault } = context;
  const der = spoilSignature(digest, secret, fault);
  const keyId =
    fault?.fault === "wrong-key-id"
      ? keyArn(context.region, context.account, "00000000-0000-4000-8000-000000000000")
      : arnOf(key, context);
  return {
    KeyId: keyId,
    Signature: Buffer.from(der).toString("base64"),
    SigningAlgorithm: request.SigningAlgorithm,
  };
};

export const verify: Operation<SignRequest & { Signature: string }> = (request, context) => {
  const { key, secret, digest } = prepare(request, "Verify", context);
  if (!isValid(Buffer.from(request.Signature, "base64"), digest, secret)) {
    throw new AwsError("KMSInvalidSignatureException");
  }
  return { KeyId: arnOf(key, context), SignatureValid: true, SigningAlgorithm: request.SigningAlgorithm };
};

/** All that Sign and Verify check before they touch the key, in the real service's order. */
function prepare(
  request: SignRequest,
  operation: "Sign" | "Verify",
  context: OperationContext,
): { key: KeyRecord; secret: Uint8Array; digest: Uint8Array } {
  const key = findKey(request.KeyId, context, "aliases");
  const arn = arnOf(key, context);
  if (key.keyUsage !== "SIGN_VERIFY" || key.secret === undefined) {
    throw new AwsError(
      "InvalidKeyUsageException",
      `${arn} key usage is ${key.keyUsage} which is not valid for ${operation}.`,
    );
  }
  if (request.SigningAlgorithm !== SIGNING_ALGORITHM || request.MessageType === "EXTERNAL_MU") {
    const what =
      request.SigningAlgorithm === SIGNING_ALGORITHM
        ? `MessageType ${String(request.MessageType)}`
        : `Algorithm ${request.SigningAlgorithm}`;
    throw new AwsError("InvalidKeyUsageException", `${what} is incompatible with key spec ${key.keySpec}.`);
  }
  requireUsable(key, context);
  const message = Buffer.from(request.Message, "base64");
  const digest = request.MessageType === "DIGEST" ? message : createHash("sha256").update(message).digest();
  if (digest.length !== 32) {
    throw new AwsError(
      "ValidationException",
      `Digest is invalid length for algorithm ${request.SigningAlgorithm}.`,
    );
  }
  if (request.DryRun === true) {
    throw new AwsError(
      "DryRunOperationException",
      "The request would have succeeded, but the DryRun option is set.",
    );
  }
  return { key, secret: Buffer.from(key.secret, "hex"), digest };
}

function isValid(der: Uint8Array, digest: Uint8Array, secret: Uint8Array): boolean {
  try {
    return secp256k1.verify(der, digest, secp256k1.getPublicKey(secret), {
      prehash: false,
      lowS: false,
      format: "der",
    });
  } catch {
    return false;
  }
}
