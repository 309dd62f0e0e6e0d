/**
 * Signatures per second and latency through our signer and through the bare SDK call, to the same local KMS in the same
 * run. The KMS runs in a process of its own. `npm run bench:sign -- --help` lists the options.
 *
 * Two questions. What does the signer cost on top of the SDK, with 100 in flight all the time (`--check` fails below a
 * ratio of 0.8)? And with a KMS that takes 20 ms, when is the last of 100 signatures there that are sent at once, over
 * connections that are open already? A hundred SDK calls need more of a processor than the KMS's latency leaves, so
 * beside our signer stand the SDK alone, and a client that does nothing but write requests signed beforehand.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { KMSClient, SignCommand } from "@aws-sdk/client-kms";

import { systemClock } from "../oracle/clock.ts";
import { createKmsClient } from "../oracle/signer/kms-client.ts";
import { createKmsKey } from "../oracle/signer/kms-key.ts";
import { KmsSigner } from "../oracle/signer/kms-signer.ts";
import { CONTROL_HEADER, CONTROL_PATH } from "../oracle/signer/local-kms/control.ts";
import { findAccessKey, type AccessKey } from "../oracle/signer/local-kms/credentials.ts";
import { nativeSecp256k1 } from "../oracle/signer/native-secp256k1.ts";
import { wholeNumber } from "../oracle/whole-number.ts";
import { BareClient } from "./bare-client.ts";
import { scriptOptions } from "./house/script-options.ts";

const REGION = "ap-northeast-1";
const IN_FLIGHT = 100;
const INJECTED = 20;
const LEAST_RATIO = 0.8;

const USAGE = `Usage: npm run bench:sign -- [options]

  --json            one line of JSON
  --check           fails where the ratio to the SDK is below ${LEAST_RATIO}
  --signatures N    in each round of the first question (1000)
  --rounds N        of the first question (5)
  --bursts N        of ${IN_FLIGHT}, for the second (20)`;

const wanted = scriptOptions(
  {
    name: "npm run bench:sign",
    usage: USAGE,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      signatures: { type: "string", default: "1000" },
      rounds: { type: "string", default: "5" },
      bursts: { type: "string", default: "20" },
    },
  },
  ({ values }) => ({
    json: values.json,
    check: values.check,
    signatures: wholeNumber("--signatures", values.signatures, 1, 1_000_000),
    rounds: wholeNumber("--rounds", values.rounds, 1, 1_000),
    bursts: wholeNumber("--bursts", values.bursts, 1, 1_000),
  }),
);
const clock = systemClock();
const folder = mkdtempSync(join(tmpdir(), "nakane-bench-"));
const { process: kms, endpoint } = await startKms(folder);
try {
  const { accessKey } = findAccessKey(folder);
  const client = createKmsClient({ region: REGION, endpoint, credentials: accessKey });
  const { keyArn, address } = await createKmsKey(client);
  // The same work with deadlines too far to pass: a starved machine shows as slow, not as failed.
  const patient = { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms * 100, signal) };
  const signer = await KmsSigner.open({ address, routes: [{ client, keyArn }], clock: patient });
  const ways = {
    raw: (digest: Uint8Array): Promise<unknown> =>
      client.send(
        new SignCommand({
          KeyId: keyArn,
          Message: digest,
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      ),
    ours: (digest: Uint8Array): Promise<unknown> => signer.signDigest(digest),
  };

  // Both ways in turn, the first round unmeasured, so that warming up and a busy machine fall on both alike.
  const { signatures } = wanted;
  const rounds = { raw: [] as Round[], ours: [] as Round[] };
  for (let round = 0; round <= wanted.rounds; round++) {
    for (const way of round % 2 === 0 ? (["raw", "ours"] as const) : (["ours", "raw"] as const)) {
      const measured = await saturate(ways[way], signatures);
      if (round > 0) rounds[way].push(measured);
    }
  }
  const raw = summary(rounds.raw);
  const ours = summary(rounds.ours);
  const ratio = median(
    rounds.ours.map(({ perSecond }, round) => perSecond / (rounds.raw[round]?.perSecond ?? 0)),
  );

  await setFaults(endpoint, [{ fault: "slow", ms: INJECTED, operation: "Sign" }]);
  const bare = await BareClient.open(endpoint, IN_FLIGHT, await signedRequest(keyArn, accessKey, endpoint));
  const bursts: Record<"bare" | "raw" | "ours", number[]> = { bare: [], raw: [], ours: [] };
  for (let round = 0; round <= wanted.bursts; round++) {
    for (const way of ["bare", "raw", "ours"] as const) {
      const latencies = await burst(way === "bare" ? (_, index) => bare.send(index) : ways[way]);
      if (round > 0) bursts[way].push(...latencies);
    }
  }
  bare.close();
  const delayed = {
    bare: quantiles(bursts.bare),
    raw: quantiles(bursts.raw),
    ours: quantiles(bursts.ours),
  };

  const proof = nativeSecp256k1 === undefined ? "JavaScript" : "machine code";
  const result = { inFlight: IN_FLIGHT, proof, raw, ours, ratio, injectedMs: INJECTED, delayed };
  if (wanted.json) console.log(JSON.stringify(result));
  else {
    const line = (name: string, { perSecond, p50, p99, cpu }: Summary): string =>
      `${name.padEnd(12)} ${perSecond.toFixed(0).padStart(6)}/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   processor ${cpu.toFixed(2)} ms each`;
    console.log(
      `${IN_FLIGHT} in flight, local KMS without injected latency, medians of ${rounds.raw.length} rounds of ${signatures}; proof in ${proof}`,
    );
    console.log(line("raw SDK", raw));
    console.log(line("our signer", ours));
    console.log(`ratio ${ratio.toFixed(2)} (at least ${LEAST_RATIO.toFixed(2)})\n`);
    const after = (name: string, { p50, p99 }: Quantiles): string =>
      `${name.padEnd(12)} p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms = ${(p99 / INJECTED).toFixed(2)} × the latency`;
    console.log(
      `KMS latency ${INJECTED} ms, ${wanted.bursts} bursts of ${IN_FLIGHT} at once over open connections`,
    );
    console.log(after("bare client", delayed.bare));
    console.log(after("raw SDK", delayed.raw));
    console.log(after("our signer", delayed.ours));
    console.log(`our p99 is ${(delayed.ours.p99 / delayed.raw.p99).toFixed(2)} × the raw SDK's`);
  }
  if (wanted.check && ratio < LEAST_RATIO) {
    console.error(`The ratio ${ratio.toFixed(3)} is below ${LEAST_RATIO}.`);
    process.exitCode = 1;
  }
  client.destroy();
} finally {
  kms.kill("SIGTERM");
  await new Promise((resolve) => kms.once("exit", resolve));
  rmSync(folder, { recursive: true });
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

interface Round extends Quantiles {
  readonly perSecond: number;
  /** Milliseconds of processor time of this process for each signature. */
  readonly cpu: number;
}

type Summary = Round;

/** Keeps `IN_FLIGHT` signatures under way until `count` are done. */
async function saturate(sign: (digest: Uint8Array) => Promise<unknown>, count: number): Promise<Round> {
  const latencies: number[] = [];
  let next = 0;
  const began = clock.monotonic();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < count) {
        const digest = digestOf(next++);
        const sent = clock.monotonic();
        await sign(digest);
        latencies.push(clock.monotonic() - sent);
      }
    }),
  );
  const used = process.cpuUsage(cpu);
  return {
    perSecond: (1000 * count) / (clock.monotonic() - began),
    cpu: (used.user + used.system) / 1000 / count,
    ...quantiles(latencies),
  };
}

/** Sends `IN_FLIGHT` signatures at once; how long each took from then. */
async function burst(sign: (digest: Uint8Array, index: number) => Promise<unknown>): Promise<number[]> {
  const began = clock.monotonic();
  return Promise.all(
    Array.from({ length: IN_FLIGHT }, async (_, index) => {
      await sign(digestOf(index), index);
      return clock.monotonic() - began;
    }),
  );
}

/** The bytes of one Sign request, as the SDK would send it. */
async function signedRequest(keyArn: string, accessKey: AccessKey, at: string): Promise<string> {
  const sent: HttpRequest[] = [];
  const client = new KMSClient({
    region: REGION,
    endpoint: at,
    credentials: accessKey,
    maxAttempts: 1,
    requestHandler: {
      handle: (request: HttpRequest) => {
        sent.push(request);
        return Promise.reject(new Error("only to be looked at"));
      },
    },
  });
  await client
    .send(
      new SignCommand({
        KeyId: keyArn,
        Message: digestOf(0),
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      }),
    )
    .catch(() => undefined);
  const [request] = sent;
  if (request === undefined) throw new Error("the SDK sent no request");
  const body = new TextDecoder().decode(request.body as Uint8Array);
  const headers = Object.entries({ ...request.headers, "content-length": String(Buffer.byteLength(body)) });
  return `POST / HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

interface HttpRequest {
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function digestOf(index: number): Uint8Array {
  const digest = Buffer.alloc(32, 0x6e);
  digest.writeUInt32BE(index);
  return digest;
}

function quantiles(latencies: number[]): Quantiles {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

function median(values: readonly number[]): number {
  return quantiles([...values]).p50;
}

function summary(rounds: readonly Round[]): Summary {
  const of = (figure: (round: Round) => number): number => median(rounds.map(figure));
  return {
    perSecond: of((r) => r.perSecond),
    p50: of((r) => r.p50),
    p99: of((r) => r.p99),
    cpu: of((r) => r.cpu),
  };
}

async function setFaults(at: string, script: readonly object[]): Promise<void> {
  const response = await fetch(`${at}${CONTROL_PATH}`, {
    method: "PUT",
    headers: { [CONTROL_HEADER]: "1" },
    body: JSON.stringify(script),
  });
  if (!response.ok) throw new Error(await response.text());
}

async function startKms(dir: string): Promise<{ process: ChildProcess; endpoint: string }> {
  const cli = fileURLToPath(new URL("../oracle/cli.ts", import.meta.url));
  const child = spawn(process.execPath, [cli, "kms", "--port", "0", "--dir", dir, "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => {
      resolve(chunk.toString("utf8"));
    });
    child.once("exit", () => {
      reject(new Error("the local KMS did not start"));
    });
  });
  return { process: child, endpoint: (JSON.parse(line) as { endpoint: string }).endpoint };
}
