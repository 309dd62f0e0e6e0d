import type { FeedId } from "../../report/feed-id.ts";
import { keccak256 } from "../../report/keccak.ts";
import { ByteWriter } from "./bytes.ts";
import type { Epoch } from "./epoch.ts";
import { fromHex, toHex } from "./hex.ts";
import { bodyOf } from "./message.ts";

/** What an identity key signs: `salt:32 epochId:32 body`. No message of another network or epoch ever verifies. */
export function signedBytes(epoch: Epoch, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(64 + body.length);
  bytes.set(epoch.salt);
  bytes.set(epoch.id, 32);
  bytes.set(body, 64);
  return bytes;
}

/** The name of an observation: the hash of what its signer signed, so that another signature is the same one. */
export function observationHash(epoch: Epoch, bytes: Uint8Array): string {
  return toHex(keccak256(signedBytes(epoch, bodyOf(bytes))));
}

/** What is voted on: the hash of `epochId:32 time:4 count:1 observation:32*count drops:2 feed:4*drops root:32`. */
export function valueHash(
  epoch: Epoch,
  time: number,
  observations: readonly string[],
  drop: readonly FeedId[],
  root: string,
): string {
  const writer = new ByteWriter().raw(epoch.id).uint(time, 4).uint(observations.length, 1);
  for (const hash of observations) writer.raw(fromHex(hash));
  writer.uint(drop.length, 2);
  for (const feed of drop) writer.uint(feed, 4);
  return toHex(keccak256(writer.raw(fromHex(root)).done()));
}
