/**
 * How fast signers agree: decisions per second, messages per decision, and the share of the price function, for
 * networks and catalogs of different size, all signers in this one process.
 *
 *   npm run bench:agreement
 *
 * Real: machines, encodings, Ed25519, secp256k1, prices. Left out: disks and wires. Time is virtual, with 10 ms a
 * message and 100 ms a KMS call, so the number of message delays can be read off.
 */
import { generateKeyPairSync } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import { networkSalt } from "../oracle/report/digest.ts";
import { addressOf, compactSignature } from "../oracle/report/signature.ts";
import { compareBytes } from "../oracle/report/bytes.ts";
import { Agreement } from "../oracle/signer/agreement/agreement.ts";
import { ALWAYS_OPEN } from "../oracle/signer/agreement/calendar.ts";
import { ed25519Cryptography, identityOf } from "../oracle/signer/ed25519.ts";
import type { Event } from "../oracle/signer/agreement/effects.ts";
import { type Epoch, makeEpoch } from "../oracle/signer/agreement/epoch.ts";
import { KIND_CODES } from "../oracle/signer/agreement/message.ts";
import { priceReport } from "../oracle/signer/agreement/price-report.ts";
import { TIMING } from "../oracle/signer/agreement/timing.ts";
import { MemoryStore } from "../oracle/signer/store/memory-store.ts";
import { scriptOptions } from "./house/script-options.ts";

const HOP = 10;
const KMS = 100;
const START = 1_700_300_000;

interface Times {
  observed: number;
  proposed: number;
  decided: number;
  reported: number;
}

interface Measured {
  readonly decisions: number;
  readonly seconds: number;
  readonly messages: number;
  readonly priceSeconds: number;
  readonly times: Times;
}

scriptOptions(
  {
    name: "npm run bench:agreement",
    usage: "Usage: npm run bench:agreement\n\nIt takes no options.",
    options: {},
  },
  () => undefined,
);
measure(4, 100, 5); // warm up
console.log("   n   feeds  decisions/s  messages/decision  price function   (seconds of one processor)");
let normal: Times | undefined;
for (const feeds of [100, 10_000]) {
  for (const n of [1, 4, 7, 10]) {
    const { decisions, seconds, messages, priceSeconds, times } = measure(n, feeds, feeds > 1000 ? 5 : 20);
    const share = (100 * priceSeconds * n * decisions) / seconds;
    const columns = [
      String(n).padStart(4),
      String(feeds).padStart(7),
      (decisions / seconds).toFixed(1).padStart(12),
      (messages / decisions).toFixed(1).padStart(18),
      `${share.toFixed(0)} %`.padStart(15),
    ];
    console.log(columns.join(" "));
    if (n === 4 && feeds === 100) normal = times;
  }
}
if (normal) {
  const { observed, proposed, decided, reported } = normal;
  console.log(`normal case, n = 4, in message delays: observations ${(proposed - observed) / HOP}, then`);
  console.log(`  proposal to decision ${(decided - proposed) / HOP}, one KMS call of ${KMS} ms,`);
  console.log(`  and ${(reported - decided - KMS) / HOP} until everybody has a quorum of signatures`);
}

/** Runs ticks of a network, one after the other. */
function measure(n: number, feeds: number, ticks: number): Measured {
  const { epoch, keys, identities } = network(n, feeds);
  const queue: { at: number; to: number; event: EventWithoutTime }[] = [];
  const machines = identities.map(
    (key) =>
      new Agreement({
        identity: identityOf(key),
        epochs: [epoch],
        cryptography: ed25519Cryptography(key),
        stored: new MemoryStore(true).load(0),
      }),
  );
  /** Every price moves with every tick, so that nothing is the same as before. */
  const observation = (time: number, signer: number) =>
    BigInt64Array.from({ length: feeds }, (__, feed) =>
      BigInt(1_000_000 + feed * 100 + signer + (time % 1000)),
    );
  let messages = 0;
  let reports = 0;
  const times: Times = { observed: Infinity, proposed: Infinity, decided: 0, reported: 0 };
  const wakes = new Array<number>(n).fill(Infinity);

  const handle = (to: number, event: EventWithoutTime, now: number): void => {
    const machine = machines[to];
    if (!machine) return;
    const { effects, wakeAt } = machine.handle({ ...event, now });
    wakes[to] = wakeAt;
    for (const effect of effects) {
      switch (effect.kind) {
        case "send": {
          const members = effect.to === "all" ? [...machines.keys()] : [effect.to];
          for (const bytes of effect.messages) {
            if (bytes[1] === KIND_CODES.obs) times.observed = Math.min(times.observed, now);
            if (bytes[1] === KIND_CODES.prop) times.proposed = Math.min(times.proposed, now);
          }
          for (const member of members) {
            if (member === to) continue;
            messages += effect.messages.length;
            queue.push({ at: now + HOP, to: member, event: { kind: "messages", messages: effect.messages } });
          }
          break;
        }
        case "observe": {
          const prices = observation(effect.time, to);
          queue.push({ at: now, to, event: { kind: "observation", time: effect.time, prices } });
          break;
        }
        case "sign": {
          const compact = signReport(keys[to] ?? new Uint8Array(), effect.digest);
          queue.push({ at: now + KMS, to, event: { kind: "signed", time: effect.time, compact } });
          break;
        }
        case "decided":
          if (reports < n) times.decided = Math.max(times.decided, now);
          break;
        case "report":
          if (reports < n) times.reported = Math.max(times.reported, now);
          reports++;
          break;
        default:
          break;
      }
    }
  };

  let now = 1000 * START + 5_000;
  for (const i of machines.keys()) handle(i, { kind: "start" }, now);
  messages = 0;
  const began = process.cpuUsage();
  while (reports < ticks * n) {
    const nextEvent = queue[0]?.at ?? Infinity;
    const nextWake = Math.min(...wakes);
    now = Math.max(now, Math.min(nextEvent, nextWake));
    if (nextEvent <= nextWake) {
      const next = queue.shift();
      if (next) handle(next.to, next.event, now);
    } else {
      const to = wakes.indexOf(nextWake);
      handle(to, { kind: "clock" }, now);
    }
    queue.sort((a, b) => a.at - b.at);
    if (reports === 0 && now > 1000 * START + 60_000) throw new Error("no report in a minute");
  }
  const seconds = secondsSince(began);
  const observations = machines.map((_, signer) => observation(START, signer));
  return { decisions: ticks, seconds, messages, priceSeconds: timePrices(epoch, observations), times };
}

function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000_000;
}

/** Seconds that the pure function takes for one report of these observations. */
function timePrices(epoch: Epoch, observations: readonly BigInt64Array[]): number {
  const runs = 10;
  priceReport(epoch, START, observations, new Set());
  const began = process.cpuUsage();
  for (let i = 0; i < runs; i++) priceReport(epoch, START, observations, new Set());
  return secondsSince(began) / runs;
}

function network(n: number, feeds: number) {
  const keys = Array.from({ length: n }, () => secp256k1.utils.randomSecretKey()).sort((a, b) =>
    compareBytes(addressOfKey(a), addressOfKey(b)),
  );
  const identities = keys.map(() => generateKeyPairSync("ed25519").privateKey);
  const perBundle = 100;
  const rule = {
    tolerance: { perMillion: 10_000, atLeast: 0n },
    hardBand: { perMillion: 50_000, atLeast: 0n },
  };
  const bundles = Array.from({ length: Math.ceil(feeds / perBundle) }, (_, bundle) => ({
    definition: {
      bundle,
      feeds: Array.from({ length: perBundle }, (__, position) => ({
        symbol: `F${bundle * perBundle + position}`,
        decimals: 2,
        method: new Uint8Array(32),
        maxInputAge: 30,
      })),
    },
    calendar: ALWAYS_OPEN,
    feeds: new Array<typeof rule>(perBundle).fill(rule),
  }));
  const members = keys.map((key, i) => {
    const identity = identities[i];
    if (!identity) throw new RangeError(`no identity for member ${i}`);
    return { identity: identityOf(identity), address: addressOfKey(key) };
  });
  const from = START - (START % 300);
  const salt = networkSalt("bench", "test");
  return { epoch: makeEpoch({ number: 0, from, salt, members, bundles, timing: TIMING }), keys, identities };
}

function addressOfKey(key: Uint8Array): Uint8Array {
  return addressOf(secp256k1.getPublicKey(key, false));
}

function signReport(key: Uint8Array, digest: Uint8Array): Uint8Array {
  const bytes = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
  const { r, s, recovery } = secp256k1.Signature.fromBytes(bytes, "recovered");
  return compactSignature(r, s, recovery === 1 ? 1 : 0);
}

type EventWithoutTime = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;
