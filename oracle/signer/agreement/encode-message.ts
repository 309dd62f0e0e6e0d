import { SIGNATURE_BYTES } from "../../report/signature.ts";
import { ByteWriter } from "./bytes.ts";
import type { Cryptography } from "./cryptography.ts";
import type { Epoch } from "./epoch.ts";
import { signedBytes } from "./hashes.ts";
import { fromHex } from "./hex.ts";
import { type Content, FRESH, KIND_CODES, VERSION } from "./message.ts";

/**
 * A message as it travels, signed.
 * @param signer the own place among the epoch's members
 * @throws RangeError for content that does not fit its fields
 */
export function sealMessage(
  epoch: Epoch,
  time: number,
  signer: number,
  content: Content,
  cryptography: Cryptography,
): Uint8Array {
  const body = encodeBody(epoch, time, signer, content);
  return new ByteWriter()
    .raw(body)
    .raw(cryptography.sign(signedBytes(epoch, body)))
    .done();
}

/** Header and payload: what is signed. */
export function encodeBody(epoch: Epoch, time: number, signer: number, content: Content): Uint8Array {
  const writer = new ByteWriter()
    .uint(VERSION, 1)
    .uint(KIND_CODES[content.kind], 1)
    .uint(epoch.number, 4)
    .uint(time, 4)
    .uint(signer, 1);
  switch (content.kind) {
    case "obs":
      for (const price of content.prices) writer.int56(price);
      break;
    case "prop":
      writer.uint(content.round, 2).uint(content.validRound === FRESH ? 0xffff : content.validRound, 2);
      writer.raw(fromHex(content.root));
      writeHashes(writer, content.observations);
      writeFeeds(writer, content.drop);
      writer.uint(content.dissents.length, 1);
      for (const bytes of content.dissents) writer.uint(bytes.length, 4).raw(bytes);
      break;
    case "prevote":
      writer.uint(content.round, 2).raw(fromHex(content.value));
      writeFeeds(writer, content.dissent);
      writeFeeds(writer, content.missing);
      break;
    case "precommit":
      writer.uint(content.round, 2).raw(fromHex(content.value));
      break;
    case "sig":
      if (content.compact.length !== SIGNATURE_BYTES) {
        throw new RangeError(`a signature has ${SIGNATURE_BYTES} bytes, not ${content.compact.length}`);
      }
      writer.raw(fromHex(content.root)).raw(content.compact);
      break;
    case "ask":
      writeBits(writer, content.have);
      break;
    case "want":
      writeHashes(writer, content.observations);
      break;
  }
  return writer.done();
}

function writeHashes(writer: ByteWriter, hashes: readonly string[]): void {
  writer.uint(hashes.length, 1);
  for (const hash of hashes) writer.raw(fromHex(hash));
}

function writeFeeds(writer: ByteWriter, feeds: readonly number[]): void {
  writer.uint(feeds.length, 2);
  for (const feed of feeds) writer.uint(feed, 4);
}

/** Eight to a byte, the first in the lowest bit. */
function writeBits(writer: ByteWriter, bits: readonly boolean[]): void {
  for (let at = 0; at < bits.length; at += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) if (bits[at + bit]) byte |= 1 << bit;
    writer.uint(byte, 1);
  }
}
