import { createPrivateKey, type KeyObject, sign } from "node:crypto";

import { concat, dataLength, getBytes, keccak256, type SigningKey, toBeHex, toTwos } from "ethers";

/**
 * The encodings of docs/protocol.md, written once more from that page alone: what somebody else's signer would have. Nothing
 * here is imported from the first one. Bytes are hexadecimal digits.
 */

/** What a message says, without its header. Feeds without a price are null, and so is the valid round of a fresh proposal. */
export type Saying =
  | { kind: "OBS"; prices: (string | null)[] }
  | {
      kind: "PROP";
      round: number;
      validRound: number | null;
      root: string;
      observations: string[];
      drop: number[];
      dissents: string[];
    }
  | { kind: "PREVOTE"; round: number; value: string | null; dissent: number[]; missing: number[] }
  | { kind: "PRECOMMIT"; round: number; value: string | null }
  | { kind: "SIG"; root: string; compact: string }
  | { kind: "ASK"; have: boolean[] }
  | { kind: "WANT"; observations: string[] };

export interface BandOnPaper {
  perMillion: number;
  atLeast: string;
}

export interface EpochOnPaper {
  number: number;
  from: number;
  salt: string;
  members: { identity: string; address: string }[];
  bundles: {
    bundle: number;
    definition: string;
    week: number[][];
    exceptions: { from: number; until: number; open: boolean }[];
    bands: { tolerance: BandOnPaper; hardBand: BandOnPaper }[];
  }[];
  durations: number[];
}

const KINDS = ["OBS", "PROP", "PREVOTE", "PRECOMMIT", "SIG", "ASK", "WANT"];
const NOTHING = toBeHex(0, 32);

const lane = (price: string | null): string => toBeHex(toTwos(price ?? -(2n ** 55n), 56), 7);
const feeds = (of: number[]): string =>
  concat([toBeHex(of.length, 2), ...of.map((feed) => toBeHex(feed, 4))]);
const hashes = (of: string[]): string => concat([toBeHex(of.length, 1), ...of]);
const band = ({ perMillion, atLeast }: BandOnPaper): string =>
  concat([toBeHex(perMillion, 4), lane(atLeast)]);

export function epochBytes({ number, from, salt, members, bundles, durations }: EpochOnPaper): string {
  return concat([
    ...["0x01", toBeHex(number, 4), toBeHex(from, 4), salt, toBeHex(members.length, 1)],
    ...members.flatMap(({ identity, address }) => [identity, address]),
    toBeHex(bundles.length, 2),
    ...bundles.flatMap(({ bundle, definition, week, exceptions, bands }) => [
      ...[toBeHex(bundle, 4), definition, toBeHex(week.length, 2)],
      ...week.flat().map((second) => toBeHex(second, 4)),
      toBeHex(exceptions.length, 2),
      ...exceptions.flatMap((span) => [
        ...[toBeHex(span.from, 4), toBeHex(span.until, 4), toBeHex(span.open ? 1 : 0, 1)],
      ]),
      ...bands.flatMap(({ tolerance, hardBand }) => [band(tolerance), band(hardBand)]),
    ]),
    ...durations.map((duration) => toBeHex(duration, 4)),
  ]);
}

export function leaderAt(salt: string, n: number, time: number, round: number): number {
  const drawn = BigInt(keccak256(concat([salt, toBeHex(time, 4)]))) % BigInt(n);
  return (Number(drawn) + round) % n;
}

export function bodyOf(epoch: number, time: number, signer: number, said: Saying): string {
  return concat([
    ...["0x01", toBeHex(KINDS.indexOf(said.kind) + 1, 1), toBeHex(epoch, 4), toBeHex(time, 4)],
    ...[toBeHex(signer, 1), payloadOf(said)],
  ]);
}

function payloadOf(said: Saying): string {
  switch (said.kind) {
    case "OBS":
      return concat(said.prices.map(lane));
    case "PROP":
      return concat([
        ...[toBeHex(said.round, 2), toBeHex(said.validRound ?? 0xffff, 2), said.root],
        ...[hashes(said.observations), feeds(said.drop), toBeHex(said.dissents.length, 1)],
        ...said.dissents.flatMap((prevote) => [toBeHex(dataLength(prevote), 4), prevote]),
      ]);
    case "PREVOTE":
      return concat([
        ...[toBeHex(said.round, 2), said.value ?? NOTHING, feeds(said.dissent), feeds(said.missing)],
      ]);
    case "PRECOMMIT":
      return concat([toBeHex(said.round, 2), said.value ?? NOTHING]);
    case "SIG":
      return concat([said.root, said.compact]);
    case "ASK": {
      const bytes = new Uint8Array(Math.ceil(said.have.length / 8));
      for (const [member, has] of said.have.entries()) if (has) bytes[member >> 3]! |= 1 << (member & 7);
      return concat([bytes]);
    }
    case "WANT":
      return hashes(said.observations);
  }
}

export function observationHash(salt: string, epochId: string, body: string): string {
  return keccak256(concat([salt, epochId, body]));
}

export function valueOf(
  epochId: string,
  time: number,
  { observations, drop, root }: Extract<Saying, { kind: "PROP" }>,
): string {
  return keccak256(concat([epochId, toBeHex(time, 4), hashes(observations), feeds(drop), root]));
}

/** RFC 8032, from the 32 bytes of the private key. */
export function identitySignature(key: KeyObject, salt: string, epochId: string, body: string): string {
  return concat([sign(null, getBytes(concat([salt, epochId, body])), key)]);
}

/** RFC 8410: 16 fixed bytes, then the seed. */
export function identityFrom(seed: string): KeyObject {
  const key = Buffer.from(`302e020100300506032b657004220420${seed.slice(2)}`, "hex");
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** EIP-2098. */
export function compactOf(key: SigningKey, digest: string): string {
  return key.sign(digest).compactSerialized;
}

/** The price of one feed; null for none. */
export function priceOf(
  seen: (string | null)[],
  tolerance: BandOnPaper,
  f: number,
  q: number,
): string | null {
  const p = seen.filter((price) => price !== null).map(BigInt);
  if (p.length < q) return null;
  const m = p.sort((a, b) => (a < b ? -1 : 1))[p.length >> 1]!;
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const share = (size(m) * BigInt(tolerance.perMillion)) / 1_000_000n;
  const width = share > BigInt(tolerance.atLeast) ? share : BigInt(tolerance.atLeast);
  return p.filter((price) => size(price - m) <= width).length < p.length - f ? null : String(m);
}
