/**
 * How long the codec takes, beside the bare keccak-256 of the same bytes, measured side by side in one run.
 * `npm run bench:core -- --help` lists the options.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";

import { systemClock } from "../oracle/clock.ts";
import { compareBytes } from "../oracle/report/bytes.ts";
import { planCatalog } from "../oracle/report/catalog-plan.ts";
import { decodeReport } from "../oracle/report/decode.ts";
import { domainSeparator, networkSalt, reportDigest } from "../oracle/report/digest.ts";
import { encodeReport } from "../oracle/report/encode.ts";
import { keccak256, keccakText } from "../oracle/report/keccak.ts";
import { wholeMask } from "../oracle/report/mask.ts";
import { reportPart, type SignedReport } from "../oracle/report/report.ts";
import { reportTree } from "../oracle/report/report-tree.ts";
import { addressOf, compactSignature } from "../oracle/report/signature.ts";
import { encodeSignerSet, type SignerSet, signerSetHash } from "../oracle/report/signer-set.ts";
import { type ChainView, verifyReport } from "../oracle/report/verify.ts";
import { packWords } from "../oracle/report/word.ts";
import { wholeNumber } from "../oracle/whole-number.ts";
import { scriptOptions } from "./house/script-options.ts";

const FEEDS_PER_BUNDLE = 100;
const SIGNERS = 4;
const QUORUM = 3;
const OBSERVED_AT = 1_800_000_000;

const LEAST_ROUNDS = 7;

const USAGE = `Usage: npm run bench:core -- [options]

  --json         one JSON object a line, in place of a table
  --seconds N    for each size (3); more where the machine is busy`;

const { json, seconds } = scriptOptions(
  {
    name: "npm run bench:core",
    usage: USAGE,
    options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "3" } },
  },
  ({ values }) => ({ json: values.json, seconds: wholeNumber("--seconds", values.seconds, 0, 3_600) }),
);
const clock = systemClock();

/** Something to measure. */
interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/** The median milliseconds of each subject; they take turns, so that what else the machine does hits all alike. */
function measure(subjects: readonly Subject[]): number[] {
  const times = subjects.map((): number[] => []);
  for (const { run } of subjects) run();
  const end = clock.monotonic() + 1000 * seconds;
  for (let round = 0; round < LEAST_ROUNDS || clock.monotonic() < end; round++) {
    for (const [i, { run }] of subjects.entries()) {
      const start = clock.monotonic();
      run();
      times[i]?.push(clock.monotonic() - start);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN);
}

const keys = Array.from({ length: SIGNERS }, (_, i) => {
  const secret = keccakText(`bench ${i}`);
  return { secret, address: addressOf(secp256k1.getPublicKey(secret, false)) };
}).sort((a, b) => compareBytes(a.address, b.address));
const set: SignerSet = { quorum: QUORUM, signers: keys.map(({ address }) => address) };
const domain = domainSeparator(networkSalt("bench", "test"));

function subjectsOf(feeds: number): { subjects: Subject[]; bytes: number } {
  const plan = planCatalog(
    Array.from({ length: feeds / FEEDS_PER_BUNDLE }, (_, bundle) => ({
      bundle,
      feeds: Array.from({ length: FEEDS_PER_BUNDLE }, (_, i) => ({
        symbol: `FEED ${i}`,
        decimals: 6,
        method: keccakText("bench"),
        maxInputAge: 60,
      })),
    })),
  );
  const prices = plan.bundles.map(({ bundle }) =>
    Array.from({ length: FEEDS_PER_BUNDLE }, (_, i) => BigInt(bundle + 1) * 123_456_789n + BigInt(i)),
  );
  const pack = () =>
    new Map(plan.bundles.map(({ bundle }, place) => [bundle, packWords(prices[place] ?? [])]));
  const words = pack();
  const tree = reportTree(plan, words);
  const moved = new Map(words).set(0, packWords(new Array<bigint>(FEEDS_PER_BUNDLE).fill(1n)));

  const digest = reportDigest(domain, OBSERVED_AT, tree.root);
  const signatures = keys.slice(0, QUORUM).map(({ secret }, index) => {
    const signed = secp256k1.sign(digest, secret, { prehash: false, format: "recovered" });
    const { r, s, recovery } = secp256k1.Signature.fromBytes(signed, "recovered");
    return { index, compact: compactSignature(r, s, recovery === 1 ? 1 : 0) };
  });
  const assemble = (): SignedReport => ({
    observedAt: OBSERVED_AT,
    set,
    signatures,
    parts: plan.bundles.map(({ bundle }) => reportPart(tree, bundle, wholeMask(FEEDS_PER_BUNDLE / 4, true))),
  });
  const bytes = encodeReport(assemble());
  const hash = signerSetHash(encodeSignerSet(set));
  const chain: ChainView = {
    now: OBSERVED_AT,
    domain,
    signers: { current: { activeFrom: 0, hash }, retired: { until: 0, activeFrom: 0, hash } },
    definitions: (bundle) => plan.bundles[bundle]?.definition,
    keptRoot: () => undefined,
  };
  const verdict = verifyReport(bytes, chain);
  if (!verdict.accepted) throw verdict.rejection;

  const subjects = [
    { name: "bare keccak-256 of the report's bytes", run: () => keccak256(bytes) },
    { name: "pack the prices", run: pack },
    { name: "hash all bundles to a root", run: () => reportTree(plan, words) },
    { name: "hash again, one bundle moved", run: () => reportTree(plan, moved, tree) },
    { name: "encode the report", run: () => encodeReport(assemble()) },
    { name: "decode it, proofs folded", run: () => decodeReport(bytes, chain.definitions) },
    { name: `verify it, ${QUORUM} of ${SIGNERS} signatures`, run: () => verifyReport(bytes, chain) },
  ];
  return { subjects, bytes: bytes.length };
}

for (const feeds of [100, 1_000, 10_000]) {
  const { subjects, bytes } = subjectsOf(feeds);
  const medians = measure(subjects);
  const bare = medians[0] ?? Number.NaN;
  if (!json) console.log(`\n${feeds} feeds, ${bytes} bytes`);
  for (const [i, { name }] of subjects.entries()) {
    const milliseconds = medians[i] ?? Number.NaN;
    const ratio = milliseconds / bare;
    if (json) console.log(JSON.stringify({ feeds, bytes, name, milliseconds, ratio }));
    else
      console.log(
        `  ${name.padEnd(40)} ${milliseconds.toFixed(3).padStart(9)} ms ${ratio.toFixed(2).padStart(8)} x`,
      );
  }
}
