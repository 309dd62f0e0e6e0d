/** What a key is for. Report keys vouch for prices; the sender's key pays for transactions. Never the same key. */
export type KeyRole = "report" | "sender";

/** Who may do what with a key. */
export interface KeyPrincipals {
  /** ARN of the role that the signing process runs as. */
  readonly signer: string;
  /** ARN of the role of the people who look after keys. They cannot sign. */
  readonly admin: string;
}

/** A policy document. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Only digests, only ECDSA_SHA_256: whoever steals the role cannot have KMS hash something else. */
const DIGESTS_ONLY = {
  StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" },
} as const;

/** GetPublicKey stands alone: its requests carry neither condition key, so a shared statement would deny it. */
function signerStatements(resource: string, principal?: { readonly AWS: string }): PolicyStatement[] {
  const of = principal === undefined ? {} : { Principal: principal };
  return [
    {
      Sid: "SignDigests",
      Effect: "Allow",
      ...of,
      Action: "kms:Sign",
      Resource: resource,
      Condition: DIGESTS_ONLY,
    },
    { Sid: "ReadPublicKey", Effect: "Allow", ...of, Action: "kms:GetPublicKey", Resource: resource },
  ];
}

/** The IAM policy of the signing role: this key, digests, and nothing else. */
export function iamPolicy(keyArn: string): PolicyDocument {
  return { Version: "2012-10-17", Statement: signerStatements(keyArn) };
}

/**
 * The key's own policy. It does not hand the key to the account's IAM policies (no statement for the account root), so
 * nobody can grant signing but through this policy; administrators change it and can disable and delete the key, but an
 * explicit deny keeps everyone except the signer from signing.
 */
export function keyPolicy({ signer, admin }: KeyPrincipals): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      ...signerStatements("*", { AWS: signer }),
      {
        Sid: "Administer",
        Effect: "Allow",
        Principal: { AWS: admin },
        Action: [
          "kms:DescribeKey",
          "kms:GetPublicKey",
          "kms:GetKeyPolicy",
          "kms:PutKeyPolicy",
          "kms:EnableKey",
          "kms:DisableKey",
          "kms:ScheduleKeyDeletion",
          "kms:CancelKeyDeletion",
          "kms:CreateAlias",
          "kms:UpdateAlias",
          "kms:DeleteAlias",
          "kms:TagResource",
          "kms:UntagResource",
          "kms:ListResourceTags",
          "kms:UpdateKeyDescription",
        ],
        Resource: "*",
      },
      {
        Sid: "NobodyElseSigns",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "kms:Sign",
        Resource: "*",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": signer } },
      },
    ],
  };
}
