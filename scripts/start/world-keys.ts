import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";

import { CreateAliasCommand } from "@aws-sdk/client-kms";
import { getBytes } from "ethers";

import { systemClock } from "../../oracle/clock.ts";
import { compareBytes } from "../../oracle/report/bytes.ts";
import { createKmsClient } from "../../oracle/signer/kms-client.ts";
import { createKmsKey } from "../../oracle/signer/kms-key.ts";
import type { KmsSigner } from "../../oracle/signer/kms-signer.ts";
import { openKmsSigner } from "../../oracle/signer/open-kms-signer.ts";
import type { KmsWorkerData } from "./kms-worker.ts";

const REGION = "ap-northeast-1";

/** One signer's two keys: the identity signs messages to the others, the KMS key signs reports. */
export interface SignerKeys {
  readonly identity: KeyObject;
  readonly report: KmsSigner;
  /** 20 bytes. */
  readonly address: Uint8Array;
}

/** All keys of a world, in a local KMS that forgets them when the process ends. */
export interface WorldKeys {
  readonly endpoint: string;
  /** By ascending address, as the contract lists them. */
  readonly signers: readonly SignerKeys[];
  /** Pays for transactions; signs no report. */
  readonly sender: KmsSigner;
  readonly close: () => Promise<void>;
}

/**
 * Makes the keys of a world. The KMS is a real server in a thread of its own, and its client the unmodified SDK; its time is
 * the system's, also where the world's is not, because the SDK's is.
 * @param folder gets `kms-events.jsonl`: every use of every key, as CloudTrail would have it
 */
export async function makeKeys(n: number, folder: string): Promise<WorldKeys> {
  const credentials = {
    accessKeyId: `AKIALOCAL${randomBytes(6).toString("hex").toUpperCase().slice(0, 11)}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  const data: KmsWorkerData = { accessKey: credentials, events: path.join(folder, "kms-events.jsonl") };
  const worker = new Worker(new URL("./kms-worker.ts", import.meta.url), { workerData: data });
  const [endpoint] = (await once(worker, "message")) as [string];
  const client = createKmsClient({ region: REGION, endpoint, credentials });

  const makeKey = async (alias: string): Promise<KmsSigner> => {
    const { keyArn, address } = await createKmsKey(client);
    await client.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: keyArn }));
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
  const signers: SignerKeys[] = [];
  for (let i = 0; i < n; i++) {
    const report = await makeKey(`report-${i + 1}`);
    const { privateKey } = generateKeyPairSync("ed25519");
    signers.push({ identity: privateKey, report, address: getBytes(report.address) });
  }
  return {
    endpoint,
    signers: signers.sort((a, b) => compareBytes(a.address, b.address)),
    sender: await makeKey("sender"),
    close: async () => {
      client.destroy();
      const exited = once(worker, "exit");
      worker.postMessage("close");
      await exited;
    },
  };
}
