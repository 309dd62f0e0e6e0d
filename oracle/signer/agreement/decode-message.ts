import type { FeedId } from "../../report/feed-id.ts";
import { HASH_BYTES } from "../../report/keccak.ts";
import { SIGNATURE_BYTES } from "../../report/signature.ts";
import { LANE_BYTES, VOID } from "../../report/word.ts";
import { ByteReader } from "./bytes.ts";
import type { Epoch } from "./epoch.ts";
import { observationHash, valueHash } from "./hashes.ts";
import { toHex } from "./hex.ts";
import {
  bodyOf,
  FRESH,
  type Header,
  HEADER_BYTES,
  IDENTITY_SIGNATURE_BYTES,
  KIND_CODES,
  MAX_ROUND,
  type Message,
  type MessageKind,
  VERSION,
} from "./message.ts";
import { MessageError } from "./message-error.ts";

const KINDS = new Map(Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as MessageKind]));

/**
 * The header of a message, without a look at the rest.
 * @throws MessageError for bytes that no version of this protocol sends
 */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length < HEADER_BYTES + IDENTITY_SIGNATURE_BYTES) {
    throw new MessageError(`${bytes.length} bytes are no message`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const version = view.getUint8(0);
  if (version !== VERSION) throw new MessageError(`version ${version}; this is version ${VERSION}`);
  const kind = KINDS.get(view.getUint8(1) as 1);
  if (!kind) throw new MessageError(`kind ${view.getUint8(1)} is unknown`);
  return { kind, epoch: view.getUint32(2), time: view.getUint32(6), signer: view.getUint8(10) };
}

/** No message of this epoch is longer. */
export function maxMessageBytes(epoch: Epoch): number {
  const { n, feeds } = epoch;
  const frame = HEADER_BYTES + IDENTITY_SIGNATURE_BYTES;
  const prevote = frame + 2 + HASH_BYTES + 2 * (2 + 4 * feeds.length);
  const prop = frame + 4 + HASH_BYTES + 1 + HASH_BYTES * n + 2 + 4 * feeds.length + 1 + n * (4 + prevote);
  return Math.max(prop, frame + LANE_BYTES * feeds.length);
}

/**
 * A message, its form checked; whose it is, is not.
 * @throws MessageError where the bytes are not exactly what a sender of this epoch could have written
 */
export function decodeMessage(bytes: Uint8Array, epoch: Epoch): Message {
  const header = decodeHeader(bytes);
  if (header.epoch !== epoch.number) throw new MessageError(`epoch ${header.epoch}, not ${epoch.number}`);
  if (header.signer >= epoch.n) throw new MessageError(`signer ${header.signer} of ${epoch.n}`);
  if (bytes.length > maxMessageBytes(epoch)) throw new MessageError(`${bytes.length} bytes are too many`);
  const reader = new ByteReader(bodyOf(bytes));
  reader.raw(HEADER_BYTES);
  try {
    const message = readPayload(reader, header, bytes, epoch);
    reader.end();
    return message;
  } catch (error) {
    if (error instanceof RangeError) throw new MessageError(`${header.kind}: ${error.message}`);
    throw error;
  }
}

function readPayload(reader: ByteReader, header: Header, bytes: Uint8Array, epoch: Epoch): Message {
  const envelope = { epoch: header.epoch, time: header.time, signer: header.signer, bytes };
  switch (header.kind) {
    case "obs": {
      const prices = new BigInt64Array(epoch.feeds.length);
      for (let i = 0; i < prices.length; i++) {
        const price = reader.int56();
        if (price === VOID) throw new RangeError(`feed ${i} says VOID, which nobody observes`);
        prices[i] = price;
      }
      return { kind: "obs", ...envelope, prices, hash: observationHash(epoch, bytes) };
    }
    case "prop": {
      const round = readRound(reader);
      const written = reader.uint(2);
      const validRound = written === 0xffff ? FRESH : written;
      if (validRound >= round) throw new RangeError(`valid in round ${validRound}, proposed in ${round}`);
      const root = readHash(reader);
      const observations = readHashes(reader, epoch);
      const drop = readFeeds(reader, epoch);
      const count = reader.uint(1);
      if (count > epoch.n) throw new RangeError(`${count} dissents of ${epoch.n} members`);
      const dissents = Array.from({ length: count }, () => reader.raw(reader.uint(4)));
      const value = valueHash(epoch, header.time, observations, drop, root);
      return { kind: "prop", ...envelope, round, validRound, root, observations, drop, dissents, value };
    }
    case "prevote": {
      const round = readRound(reader);
      const value = readHash(reader);
      const dissent = readFeeds(reader, epoch);
      return { kind: "prevote", ...envelope, round, value, dissent, missing: readFeeds(reader, epoch) };
    }
    case "precommit":
      return { kind: "precommit", ...envelope, round: readRound(reader), value: readHash(reader) };
    case "sig":
      return { kind: "sig", ...envelope, root: readHash(reader), compact: reader.raw(SIGNATURE_BYTES) };
    case "ask":
      return { kind: "ask", ...envelope, have: readBits(reader, epoch.n) };
    case "want":
      return { kind: "want", ...envelope, observations: readHashes(reader, epoch) };
  }
}

function readRound(reader: ByteReader): number {
  const round = reader.uint(2);
  if (round > MAX_ROUND) throw new RangeError(`round ${round} is above ${MAX_ROUND}`);
  return round;
}

function readHash(reader: ByteReader): string {
  return toHex(reader.raw(HASH_BYTES));
}

function readHashes(reader: ByteReader, { n }: Epoch): string[] {
  const count = reader.uint(1);
  if (count < 1 || count > n) throw new RangeError(`${count} observations of ${n} members`);
  return Array.from({ length: count }, () => readHash(reader));
}

/** Feeds of the catalog, strictly ascending. */
function readFeeds(reader: ByteReader, { feedIndex }: Epoch): FeedId[] {
  const feeds: FeedId[] = [];
  let previous = -1;
  for (let left = reader.uint(2); left > 0; left--) {
    const feed = reader.uint(4);
    if (feed <= previous) throw new RangeError(`feed ${feed} behind ${previous}`);
    if (!feedIndex.has(feed)) throw new RangeError(`the catalog has no feed ${feed}`);
    feeds.push(feed);
    previous = feed;
  }
  return feeds;
}

function readBits(reader: ByteReader, count: number): boolean[] {
  const bits: boolean[] = [];
  for (let at = 0; at < count; at += 8) {
    const byte = reader.uint(1);
    for (let bit = 0; bit < 8; bit++) {
      const set = (byte & (1 << bit)) !== 0;
      if (at + bit < count) bits.push(set);
      else if (set) throw new RangeError(`bit ${at + bit} of ${count}`);
    }
  }
  return bits;
}
