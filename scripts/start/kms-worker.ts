/** The local KMS of a run, in a thread of its own: it is another party, and should not wait for a processor with the signers. */
import { createWriteStream } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

import { systemClock } from "../../oracle/clock.ts";
import type { AccessKey } from "../../oracle/signer/local-kms/credentials.ts";
import { KeyStore } from "../../oracle/signer/local-kms/key-store.ts";
import { LocalKms } from "../../oracle/signer/local-kms/local-kms.ts";

/** What the thread is started with. */
export interface KmsWorkerData {
  readonly accessKey: AccessKey;
  /** Gets every use of every key, as CloudTrail would have it. */
  readonly events: string;
}

const { accessKey, events } = workerData as KmsWorkerData;
const log = createWriteStream(events, { mode: 0o600 });
const kms = new LocalKms({
  store: KeyStore.inMemory(),
  accessKeys: [accessKey],
  clock: systemClock(),
  onEvent: (event) => log.write(`${JSON.stringify(event)}\n`),
});
const endpoint = await kms.listen();
parentPort?.once("message", () => {
  void kms.close().then(() => log.end(() => parentPort?.close()));
});
parentPort?.postMessage(endpoint);
