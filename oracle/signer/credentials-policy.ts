import type { KMSClient } from "@aws-sdk/client-kms";

/** In production there are no keys lying about: not in the environment, not in files, not in code. */
export type CredentialsMode = "development" | "production";

/** The credentials, or where they would be sent, are not for production. */
export class CredentialsPolicyError extends Error {
  override readonly name = "CredentialsPolicyError";
}

/** The SDK's own marks of where credentials came from. */
const STATIC_SOURCES: Readonly<Record<string, string>> = {
  CREDENTIALS_CODE: "given in code",
  CREDENTIALS_ENV_VARS: "from AWS_ACCESS_KEY_ID in the environment",
  CREDENTIALS_PROFILE: "from aws_access_key_id in a profile",
};

const WHAT_TO_DO =
  "Run with a role (instance profile, ECS task role, web identity or SSO), so that keys are temporary and nobody holds them.";

/**
 * Refuses, in production, static keys in the environment and an endpoint other than AWS's. Before any request is made.
 *
 * @throws CredentialsPolicyError
 */
export function checkEnvironment(
  mode: CredentialsMode,
  env: NodeJS.ProcessEnv,
  endpoint: string | undefined,
): void {
  if (mode === "development") return;
  const named = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].filter((name) => (env[name] ?? "") !== "");
  if (named.length > 0) {
    throw new CredentialsPolicyError(
      `production refuses static AWS keys: ${named.join(", ")} set. ${WHAT_TO_DO}`,
    );
  }
  const elsewhere = endpoint ?? env["AWS_ENDPOINT_URL_KMS"] ?? env["AWS_ENDPOINT_URL"] ?? "";
  if (elsewhere !== "") {
    throw new CredentialsPolicyError(
      `production signs with AWS KMS itself, not with an endpoint at ${elsewhere}`,
    );
  }
}

/**
 * Refuses, in production, credentials that do not expire. Asks the client's own chain, so it sees what would be used.
 *
 * @throws CredentialsPolicyError
 */
export async function checkCredentials(mode: CredentialsMode, client: KMSClient): Promise<void> {
  if (mode === "development") return;
  const identity = await client.config.credentials();
  const { $source } = identity as { $source?: Readonly<Record<string, unknown>> };
  const marks = Object.keys($source ?? {}).filter((mark) => Object.hasOwn(STATIC_SOURCES, mark));
  if (marks.length === 0 && identity.sessionToken !== undefined) return;
  const where = marks.map((mark) => STATIC_SOURCES[mark]).join(", ") || "without a session token";
  throw new CredentialsPolicyError(`production refuses static AWS keys: credentials ${where}. ${WHAT_TO_DO}`);
}

/** Partitions, FIPS, dual-stack and VPC endpoints of AWS all end so. */
const AWS_HOST = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/**
 * Has a client refuse to send anything but over TLS to AWS: an endpoint may also be named in a profile, where no look at the
 * environment finds it.
 */
export function sendOnlyToAws(client: KMSClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { protocol, hostname } = args.request as { readonly protocol: string; readonly hostname: string };
      if (protocol !== "https:" || !AWS_HOST.test(hostname)) {
        throw new CredentialsPolicyError(
          `production signs with AWS KMS itself, not with an endpoint at ${protocol}//${hostname}`,
        );
      }
      return next(args);
    },
    { name: "sendOnlyToAws", step: "finalizeRequest", priority: "low" },
  );
}
