/** A variable of the environment that matters here, to this software or to the AWS SDK in it. */
export interface EnvironmentVariable {
  readonly name: string;
  /** What it holds and who needs it. */
  readonly what: string;
  /** Whether whoever knows it can do harm. */
  readonly secret: boolean;
}

/**
 * All of them. Secrets are here and never in the file. `.env.example` and docs/config.md list the same, and tests compare
 * them. The first two are the usual names; the file says which variable is meant.
 */
export const ENVIRONMENT = [
  {
    name: "NAKANE_IDENTITY_KEY",
    what: "A signer's Ed25519 private key, 64 hexadecimal digits: signs messages between signers. Named by `signers[].identityFrom`.",
    secret: true,
  },
  {
    name: "NAKANE_RPC_URL",
    what: "A node's address with the key that the provider wants in it. Named by `chains[].rpcUrlFrom`; not needed where `rpcUrl` is set.",
    secret: true,
  },
  {
    name: "NAKANE_KMS_PASSPHRASE",
    what: "Seals the keys of the local KMS (`nakane kms`). Without it one is made and kept beside the keys.",
    secret: true,
  },
  {
    name: "AWS_REGION",
    what: "The Region in which `nakane keys` works. Signers take it from the ARN of their key.",
    secret: false,
  },
  {
    name: "AWS_DEFAULT_REGION",
    what: "The same, where `AWS_REGION` is not set.",
    secret: false,
  },
  {
    name: "AWS_PROFILE",
    what: "The profile whose role the AWS SDK takes. On AWS the machine's own role is found without it.",
    secret: false,
  },
  {
    name: "AWS_SHARED_CREDENTIALS_FILE",
    what: "The file of credentials that `nakane kms` wrote, for development.",
    secret: false,
  },
  {
    name: "AWS_ENDPOINT_URL_KMS",
    what: "Where a local KMS listens, for `nakane keys` and other AWS tools. Refused in production.",
    secret: false,
  },
  {
    name: "AWS_ENDPOINT_URL",
    what: "The same for every AWS service. Refused in production.",
    secret: false,
  },
  {
    name: "AWS_ACCESS_KEY_ID",
    what: "A static key, for development. Refused in production: there, run with a role.",
    secret: true,
  },
  {
    name: "AWS_SECRET_ACCESS_KEY",
    what: "Its secret. Refused in production as well.",
    secret: true,
  },
  {
    name: "AWS_SESSION_TOKEN",
    what: "What makes a key of the two before temporary; a role brings its own.",
    secret: true,
  },
] as const satisfies readonly EnvironmentVariable[];

/** Names of all variables. */
export type VariableName = (typeof ENVIRONMENT)[number]["name"];
