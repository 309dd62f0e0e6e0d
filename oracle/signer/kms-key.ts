import { CreateKeyCommand, GetPublicKeyCommand, type KMSClient } from "@aws-sdk/client-kms";

import type { KeyPin } from "./key-pin.ts";
import { addressOf, publicKeyFromSpki } from "./public-key.ts";

/**
 * Makes a key that signs for an Ethereum address. It has no alias, tag or policy of ours: it is for a KMS whose keys are thrown
 * away. Keys that stay are made by `nakane keys create`.
 */
export async function createKmsKey(client: KMSClient): Promise<KeyPin> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ KeySpec: "ECC_SECG_P256K1", KeyUsage: "SIGN_VERIFY" }),
  );
  const keyArn = KeyMetadata?.Arn ?? "";
  return { keyArn, address: await addressOfKmsKey(client, keyArn) };
}

/**
 * The Ethereum address of a key, in mixed case, by the public key that KMS has of it.
 * @throws PublicKeyError where it is no secp256k1 key; whatever the client throws
 */
export async function addressOfKmsKey(client: KMSClient, keyArn: string): Promise<string> {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  return addressOf(publicKeyFromSpki(PublicKey ?? new Uint8Array()));
}
