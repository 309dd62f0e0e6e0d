import { AwsError } from "../aws-error.ts";
import type { Operation } from "./context.ts";
import { findKey, refusePendingDeletion } from "./find-key.ts";

const POLICY_NAME = "default";

/** What AWS gives a key that was created without a policy: the account's own IAM policies decide. */
export function defaultPolicy(account: string): string {
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Id: "key-default-1",
      Statement: [
        {
          Sid: "Enable IAM User Permissions",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
    undefined,
    2,
  );
}

/** @throws AwsError `MalformedPolicyDocumentException` unless the text is a policy document with statements */
export function checkPolicy(policy: string): void {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch {
    throw new AwsError("MalformedPolicyDocumentException", "The policy is not valid JSON.");
  }
  const statement = (document as { Statement?: unknown } | null)?.Statement;
  if (!Array.isArray(statement) || statement.length === 0) {
    throw new AwsError("MalformedPolicyDocumentException", "The policy has no statements.");
  }
}

/** Policies are kept and shown; this KMS does not enforce them. */
export const putKeyPolicy: Operation<{ KeyId: string; Policy: string; PolicyName?: string }> = (
  request,
  context,
) => {
  const key = findKey(request.KeyId, context, "keys only");
  refusePendingDeletion(key, context);
  checkName(request.PolicyName);
  checkPolicy(request.Policy);
  context.store.putKey({ ...key, policy: request.Policy });
  return undefined;
};

export const getKeyPolicy: Operation<{ KeyId: string; PolicyName?: string }> = (request, context) => {
  const key = findKey(request.KeyId, context, "keys only");
  checkName(request.PolicyName);
  return { Policy: key.policy, PolicyName: POLICY_NAME };
};

function checkName(name: string | undefined): void {
  if (name !== undefined && name !== POLICY_NAME) {
    throw new AwsError("NotFoundException", `No such policy exists: ${name}`);
  }
}
