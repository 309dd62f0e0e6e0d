/** The thread of ReleaseThread: answers each batch of questions with as many answers. */
import { parentPort, workerData } from "node:worker_threads";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import { createReleaseCheck } from "./ethereum-signature.ts";
import { readSlot, RELEASED, SLOT, writeReleased } from "./release-slots.ts";

const check = createReleaseCheck(secp256k1.Point.fromBytes(workerData as Uint8Array));

parentPort?.on("message", (slots: Uint8Array) => {
  const count = slots.length / SLOT;
  const answers = new Uint8Array(RELEASED * count);
  for (let i = 0; i < count; i++) {
    const { digest, der } = readSlot(slots, i);
    try {
      writeReleased(answers, i, check(digest, der));
    } catch {
      // Nothing may be released; why, the other side finds out again.
    }
  }
  parentPort?.postMessage(answers, [answers.buffer]);
});
