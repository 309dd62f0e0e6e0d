import { secp256k1 } from "@noble/curves/secp256k1.js";

import { concat, readUint, writeUint } from "../../oracle/report/bytes.ts";
import { readHeader } from "../../oracle/report/header.ts";
import { encodePart } from "../../oracle/report/part.ts";
import type { ReportPart, SignedReport } from "../../oracle/report/report.ts";
import type { Dice } from "./dice.ts";
import { sign, UNDEFINED_BUNDLE } from "./world.ts";

/** A report as it should be, and what is needed to spoil it. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly report: SignedReport;
  readonly digest: Uint8Array;
  /** Parts of the same report that it does not carry, and parts of another report. */
  readonly unused: readonly ReportPart[];
  readonly foreign: readonly ReportPart[];
}

/** A stretch of bytes with one meaning. */
interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Every field of a report, in order and without gaps. */
export function fieldsOf({ report }: Pick<Sample, "report">): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const add = (name: string, length: number) => {
    if (length > 0) fields.push({ name, from: at, to: at + length });
    at += length;
  };
  add("observedAt", 4);
  add("quorum", 1);
  add("size", 1);
  add("addresses", 20 * report.set.signers.length);
  for (const [i] of report.signatures.entries()) {
    add(`index of signature ${i}`, 1);
    add(`r of signature ${i}`, 32);
    add(`vs of signature ${i}`, 32);
  }
  for (const { bundle, siblings, words } of report.parts) {
    add(`number of bundle ${bundle}`, 3);
    add(`mask of bundle ${bundle}`, (words.length / 28 + 8) >> 3);
    add(`depth of bundle ${bundle}`, 1);
    add(`siblings of bundle ${bundle}`, 32 * siblings.length);
    add(`words of bundle ${bundle}`, words.length);
  }
  return fields;
}

/** A way to spoil a report. */
type Spoil = (sample: Sample, dice: Dice) => { bytes: Uint8Array; how: string };

/** Changes one byte of one field, each field as likely as the other. */
const changeByte: Spoil = (sample, dice) => {
  const field = dice.pick(fieldsOf(sample));
  const at = field.from + dice.below(field.to - field.from);
  const bytes = sample.bytes.slice();
  const old = bytes[at] ?? 0;
  bytes[at] = dice.chance(60) ? old ^ (1 << dice.below(8)) : dice.next();
  return { bytes, how: `byte ${at} (${field.name}) from ${old} to ${bytes[at]}` };
};

/** Cuts the end off, more often within the last field or in the middle of the header. */
const cut: Spoil = ({ bytes }, dice) => {
  const length = dice.chance(50) ? dice.below(bytes.length) : bytes.length - 1 - dice.below(40);
  return { bytes: bytes.slice(0, Math.max(length, 0)), how: `cut to ${length} bytes` };
};

const removeByte: Spoil = ({ bytes }, dice) => {
  const at = dice.below(bytes.length);
  return { bytes: concat([bytes.slice(0, at), bytes.slice(at + 1)]), how: `without byte ${at}` };
};

const insertByte: Spoil = ({ bytes }, dice) => {
  const at = dice.below(bytes.length + 1);
  return {
    bytes: concat([bytes.slice(0, at), dice.bytes(1), bytes.slice(at)]),
    how: `one byte more at ${at}`,
  };
};

const append: Spoil = ({ bytes }, dice) => {
  const tail = dice.chance(50) ? dice.bytes(1 + dice.below(40)) : new Uint8Array(1 + dice.below(40));
  return { bytes: concat([bytes, tail]), how: `${tail.length} bytes more at the end` };
};

/** Writes other signatures into the report. */
const changeSignatures: Spoil = ({ bytes, report, digest }, dice) => {
  const spoilt = bytes.slice();
  const first = readHeader(bytes).end - 65 * report.signatures.length;
  const which = dice.below(report.signatures.length);
  const at = first + 65 * which;
  const put = (name: string, offset: number, value: Uint8Array) => {
    spoilt.set(value, at + offset);
    return { bytes: spoilt, how: `signature ${which}: ${name}` };
  };
  const order = secp256k1.Point.Fn.ORDER;
  const vs = readUint(bytes.subarray(at + 33, at + 65));
  switch (dice.below(9)) {
    case 0:
      return put("another key's", 1, sign(digest, dice.bytes(32)));
    case 1:
      return put("parity", 33, writeUint(vs ^ (1n << 255n), 32));
    case 2:
      return put("r = 0", 1, new Uint8Array(32));
    case 3:
      return put("r = order", 1, writeUint(order + BigInt(dice.below(3)) - 1n, 32));
    case 4:
      return put("s = 0", 33, writeUint((vs >> 255n) << 255n, 32));
    case 5:
      return put("s = half the order, or one more", 33, writeUint((order >> 1n) + BigInt(dice.below(2)), 32));
    case 6:
      return put("index of another", 0, Uint8Array.of(dice.below(report.set.signers.length + 1)));
    case 7: {
      const other = first + 65 * dice.below(report.signatures.length);
      return put("copied from another", 0, bytes.slice(other, other + 65));
    }
    default:
      return put("r that no point has", 1, writeUint(5n, 32));
  }
};

/** Changes the set: a smaller quorum with as many signatures, an address less, another order. */
const changeSet: Spoil = ({ bytes, report }, dice) => {
  const { quorum, signers } = report.set;
  const head = bytes.slice(0, 4);
  const after = bytes.slice(6 + 20 * signers.length);
  const write = (q: number, addresses: readonly Uint8Array[], rest: Uint8Array, how: string) => ({
    bytes: concat([head, Uint8Array.of(q, addresses.length), ...addresses, rest]),
    how,
  });
  switch (dice.below(4)) {
    case 0:
      return write(quorum - 1, signers, after.slice(65), "a signature and the quorum less");
    case 1:
      return write(quorum, signers.slice(1), after, "an address less");
    case 2:
      return write(quorum, [...signers].reverse(), after, "addresses the other way round");
    default:
      return write(quorum, [...signers, dice.bytes(20)], after, "an address more");
  }
};

/** Changes which parts there are. */
const changeParts: Spoil = ({ bytes, report, unused, foreign }, dice) => {
  const head = bytes.slice(0, readHeader(bytes).end);
  const parts = [...report.parts];
  const write = (list: readonly ReportPart[], how: string) => ({
    bytes: concat([head, ...list.map(encodePart)]),
    how,
  });
  const at = dice.below(parts.length);
  const part = dice.pick(parts);
  switch (dice.below(8)) {
    case 0:
      return write([...parts, part], "a part twice");
    case 1:
      return write(parts.reverse(), "parts the other way round");
    case 2:
      return write([...parts, dice.pick(foreign)], "a part of another report behind");
    case 3:
      return write([dice.pick(foreign), ...parts], "a part of another report before");
    case 4:
      return write(unused.length > 0 ? [...parts, ...unused] : [], "all other parts, or none");
    case 5:
      return write(parts.with(at, { ...part, siblings: part.siblings.slice(1) }), "a sibling less");
    case 6: {
      const siblings = [...part.siblings, dice.bytes(32)].slice(0, 24);
      return write(parts.with(at, { ...part, siblings }), "a sibling more");
    }
    default: {
      const bundle = dice.chance(50) ? UNDEFINED_BUNDLE : dice.below(16);
      return write(parts.with(at, { ...part, bundle }), `bundle ${bundle} in its place`);
    }
  }
};

/** Sets bits of a mask: any byte of it to any value, or the first bit above the words. */
const changeMask: Spoil = (sample, dice) => {
  const field = dice.pick(fieldsOf(sample).filter(({ name }) => name.startsWith("mask")));
  const bytes = sample.bytes.slice();
  const at = dice.chance(50) ? field.from : field.from + dice.below(field.to - field.from);
  bytes[at] = dice.chance(30) ? 0xff : dice.next();
  return { bytes, how: `${field.name}, byte ${at} to ${bytes[at]}` };
};

const changeDepth: Spoil = (sample, dice) => {
  const field = dice.pick(fieldsOf(sample).filter(({ name }) => name.startsWith("depth")));
  const bytes = sample.bytes.slice();
  const old = bytes[field.from] ?? 0;
  bytes[field.from] = dice.pick([old + 1, old - 1, 24, 25, 255]);
  return { bytes, how: `${field.name} from ${old} to ${bytes[field.from]}` };
};

const garbage: Spoil = (_, dice) => {
  const bytes = dice.bytes(dice.below(200));
  return { bytes, how: `${bytes.length} random bytes` };
};

const SPOILS: readonly (readonly [weight: number, spoil: Spoil])[] = [
  [34, changeByte],
  [10, cut],
  [5, removeByte],
  [5, insertByte],
  [6, append],
  [12, changeSignatures],
  [4, changeSet],
  [14, changeParts],
  [4, changeMask],
  [4, changeDepth],
  [2, garbage],
];

const BAG = SPOILS.flatMap(([weight, spoil]) => new Array<Spoil>(weight).fill(spoil));

/** Spoils a report in one of many ways; now and then the result is still good. */
export function corrupt(sample: Sample, dice: Dice): { bytes: Uint8Array; how: string } {
  return dice.pick(BAG)(sample, dice);
}
