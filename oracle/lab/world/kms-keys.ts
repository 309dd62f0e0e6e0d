import { generateKeyPairSync, randomBytes } from "node:crypto";

import { systemClock } from "../../clock.ts";
import { createKmsClient } from "../../signer/kms-client.ts";
import { createKmsKey } from "../../signer/kms-key.ts";
import type { KmsSigner } from "../../signer/kms-signer.ts";
import { KeyStore } from "../../signer/local-kms/key-store.ts";
import { LocalKms } from "../../signer/local-kms/local-kms.ts";
import { openKmsSigner } from "../../signer/open-kms-signer.ts";
import type { LabKeys } from "./lab-keys.ts";

const REGION = "ap-northeast-1";

/**
 * Keys in a local KMS: a real server, asked by the unmodified SDK, so that every signature goes the way it goes in production.
 * The keys are made anew in every run; nothing of a result depends on them.
 */
export async function keysInLocalKms(signers: number): Promise<LabKeys> {
  const credentials = {
    accessKeyId: `AKIALOCAL${randomBytes(6).toString("hex").toUpperCase().slice(0, 11)}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  const kms = new LocalKms({ store: KeyStore.inMemory(), accessKeys: [credentials], clock: systemClock() });
  const endpoint = await kms.listen();
  const client = createKmsClient({ region: REGION, endpoint, credentials });
  const makeKey = async (): Promise<KmsSigner> => {
    const { keyArn, address } = await createKmsKey(client);
    return openKmsSigner({
      mode: "development",
      address,
      keyArns: [keyArn],
      endpoint,
      credentials,
      env: {},
      clock: systemClock(),
    });
  };
  const made: LabKeys["signers"][number][] = [];
  for (let i = 0; i < signers; i++)
    made.push({ identity: generateKeyPairSync("ed25519").privateKey, key: await makeKey() });
  return {
    signing: "local KMS",
    signers: made,
    sender: await makeKey(),
    close: async () => {
      await kms.close();
      client.destroy();
    },
  };
}
