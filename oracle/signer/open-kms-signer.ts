import type { KMSClientConfig } from "@aws-sdk/client-kms";

import type { Clock } from "../clock.ts";
import {
  checkCredentials,
  checkEnvironment,
  type CredentialsMode,
  sendOnlyToAws,
} from "./credentials-policy.ts";
import { regionOf } from "./key-pin.ts";
import { createKmsClient } from "./kms-client.ts";
import { KmsSigner, type KmsRoute } from "./kms-signer.ts";

/** A key to sign with, as configuration has it. */
export interface KmsKeyConfig {
  readonly mode: CredentialsMode;
  /** Mixed-case address the key must have. */
  readonly address: string;
  /** ARN of the key, then those of its replicas in other Regions, in the order of preference. */
  readonly keyArns: readonly [string, ...string[]];
  /** URL of a local KMS; refused in production. */
  readonly endpoint?: string;
  /** Instead of the SDK's own chain. */
  readonly credentials?: NonNullable<KMSClientConfig["credentials"]>;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/**
 * Opens a signer from configuration: a client for each Region, credentials checked before anything is sent, pins checked
 * before anything is signed.
 *
 * @throws CredentialsPolicyError, KmsPinError, KmsSigningError
 */
export async function openKmsSigner(config: KmsKeyConfig): Promise<KmsSigner> {
  const { mode, address, keyArns, endpoint, credentials, env, clock } = config;
  checkEnvironment(mode, env, endpoint);
  const routes: KmsRoute[] = [];
  for (const keyArn of keyArns) {
    const client = createKmsClient({
      region: regionOf(keyArn),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
    await checkCredentials(mode, client);
    if (mode === "production") sendOnlyToAws(client);
    routes.push({ client, keyArn });
  }
  return KmsSigner.open({ address, routes: routes as [KmsRoute, ...KmsRoute[]], clock });
}
