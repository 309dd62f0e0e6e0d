import { readFileSync } from "node:fs";

import { expect } from "chai";
import { computeAddress, concat, getBytes, hexlify, keccak256, SigningKey, toUtf8Bytes } from "ethers";

import { type NetworkMode, networkSalt, reportDigest } from "../../../../oracle/report/digest.ts";
import { NO_PRICE } from "../../../../oracle/report/word.ts";
import { decodeMessage, maxMessageBytes } from "../../../../oracle/signer/agreement/decode-message.ts";
import { sealMessage } from "../../../../oracle/signer/agreement/encode-message.ts";
import { leaderOf, makeEpoch } from "../../../../oracle/signer/agreement/epoch.ts";
import type { Host } from "../../../../oracle/signer/agreement/host.ts";
import { type Content, FRESH, NIL } from "../../../../oracle/signer/agreement/message.ts";
import { Outbox } from "../../../../oracle/signer/agreement/outbox.ts";
import { priceReport } from "../../../../oracle/signer/agreement/price-report.ts";
import { readMessage } from "../../../../oracle/signer/agreement/proposals.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import type { Timing } from "../../../../oracle/signer/agreement/timing.ts";
import { ed25519Cryptography, identityOf } from "../../../../oracle/signer/ed25519.ts";
import * as second from "./second-signer.ts";
import vectors from "./vectors.json" with { type: "json" };

const DURATIONS: (keyof Timing)[] = [
  ...(["tick", "observeDelay", "fixingDelay", "observeWindow", "leaderWait", "fixingLeaderWait"] as const),
  ...(["proposeSlack", "voteTimeout", "maxTimeout", "resend", "slowResend", "patience"] as const),
  ...(["ordinaryLife", "fixingLife"] as const),
];

const { salt, time, members, leaders, reports, digest } = vectors;
const { bytes, id, ...parameters } = vectors.epoch;
const messages = vectors.messages as {
  signer: number;
  says: second.Saying;
  body: string;
  signature: string;
  hash?: string;
  value?: string;
}[];

const epoch = makeEpoch({
  number: parameters.number,
  from: parameters.from,
  salt: networkSalt(vectors.network, vectors.mode as NetworkMode),
  members: members.map(({ identitySeed, address }) => ({
    identity: identityOf(second.identityFrom(identitySeed)),
    address: getBytes(address),
  })),
  bundles: parameters.bundles.map(
    ({ bundle, symbols, decimals, methods, maxInputAge, week, exceptions, bands }) => ({
      definition: {
        bundle,
        feeds: symbols.map((symbol, i) => ({
          symbol,
          decimals: decimals[i]!,
          method: getBytes(methods[i]!),
          maxInputAge: maxInputAge[i]!,
        })),
      },
      calendar: { week: week as [number, number][], exceptions },
      feeds: bands.map((rule) => ({ tolerance: bandOf(rule.tolerance), hardBand: bandOf(rule.hardBand) })),
    }),
  ),
  timing: Object.fromEntries(
    DURATIONS.map((name, i) => [name, parameters.durations[i]]),
  ) as unknown as Timing,
});

function bandOf({ perMillion, atLeast }: second.BandOnPaper): { perMillion: number; atLeast: bigint } {
  return { perMillion, atLeast: BigInt(atLeast) };
}

function bare(hex: string): string {
  return hex.slice(2);
}

/** What a message says, in this signer's words. */
function contentOf(said: second.Saying): Content {
  switch (said.kind) {
    case "OBS":
      return { kind: "obs", prices: lanesOf(said.prices) };
    case "PROP":
      return {
        ...said,
        kind: "prop",
        validRound: said.validRound ?? FRESH,
        root: bare(said.root),
        observations: said.observations.map(bare),
        dissents: said.dissents.map((prevote) => getBytes(prevote)),
      };
    case "PREVOTE":
      return { ...said, kind: "prevote", value: said.value === null ? NIL : bare(said.value) };
    case "PRECOMMIT":
      return { ...said, kind: "precommit", value: said.value === null ? NIL : bare(said.value) };
    case "SIG":
      return { kind: "sig", root: bare(said.root), compact: getBytes(said.compact) };
    case "ASK":
      return { kind: "ask", have: said.have };
    case "WANT":
      return { kind: "want", observations: said.observations.map(bare) };
  }
}

function lanesOf(prices: (string | null)[]): BigInt64Array {
  return BigInt64Array.from(prices, (price) => (price === null ? NO_PRICE : BigInt(price)));
}

/** What the observations of these hashes saw. */
function seenBy(hashes: string[]): (string | null)[][] {
  return hashes.map((hash) => {
    const said = messages.find((message) => message.hash === hash)?.says;
    if (said?.kind !== "OBS") throw new Error(`no observation ${hash}`);
    return said.prices;
  });
}

/**
 * `vectors.json` is for every implementation of the protocol. Its numbers change only with the version, as signers that
 * read another form of a message are another network.
 */
describe("published vectors of the protocol", () => {
  it("are what this signer works out", () => {
    expect(hexlify(epoch.id)).to.equal(id);
    for (const { time: at, rounds } of leaders)
      expect(rounds.map((_, round) => leaderOf(epoch, at, round))).to.deep.equal(rounds);
    for (const { observations, drop, prices, root } of reports) {
      const dropped = new Set(drop.map((feed) => epoch.feedIndex.get(feed)!));
      const report = priceReport(epoch, time, seenBy(observations).map(lanesOf), dropped);
      expect(`0x${report.root}`).to.equal(root);
      expect(report.prices).to.deep.equal(lanesOf([...prices, null]));
    }
    expect(hexlify(reportDigest(epoch.domain, time, getBytes(reports[0]!.root)))).to.equal(digest);
    expect(hexlify(epoch.domain)).to.equal(vectors.domain);
  });

  it("are what this signer says and reads, byte for byte", () => {
    const host: Host = {
      cryptography: ed25519Cryptography(second.identityFrom(members[0]!.identitySeed)),
      rules: RULES,
      out: new Outbox(),
      halted: () => false,
    };
    for (const { signer, says, body, signature, hash, value } of messages) {
      const key = second.identityFrom(members[signer]!.identitySeed);
      const sealed = sealMessage(epoch, time, signer, contentOf(says), ed25519Cryptography(key));
      expect(hexlify(sealed)).to.equal(concat([body, signature]));
      expect(readMessage(sealed, epoch, host)).to.be.an("object");
      const read = decodeMessage(sealed, epoch);
      expect(read).to.deep.include({ ...contentOf(says), epoch: epoch.number, time, signer });
      if (read.kind === "obs") expect(`0x${read.hash}`).to.equal(hash);
      if (read.kind === "prop") expect(`0x${read.value}`).to.equal(value);
    }
    expect(new Set(messages.map(({ says }) => says.kind)).size, "every kind is shown").to.equal(7);
  });

  it("are what somebody who has only the page works out", () => {
    const { f, q, n } = { f: 1, q: 3, n: 4 };
    expect(salt).to.equal(keccak256(toUtf8Bytes(`nakane:${vectors.network}:${vectors.mode}`)));
    expect(second.epochBytes({ ...parameters, salt, members })).to.equal(bytes);
    expect(keccak256(bytes)).to.equal(id);
    for (const { time: at, rounds } of leaders)
      expect(rounds.map((_, round) => second.leaderAt(salt, n, at, round))).to.deep.equal(rounds);
    for (const { signer, says, body, signature, hash, value } of messages) {
      expect(second.bodyOf(parameters.number, time, signer, says)).to.equal(body);
      const identity = second.identityFrom(members[signer]!.identitySeed);
      expect(second.identitySignature(identity, salt, id, body)).to.equal(signature);
      if (says.kind === "OBS") expect(second.observationHash(salt, id, body)).to.equal(hash);
      if (says.kind === "PROP") expect(second.valueOf(id, time, says)).to.equal(value);
      if (says.kind !== "SIG") continue;
      const { reportKey, address } = members[signer]!;
      expect(second.compactOf(new SigningKey(reportKey), digest)).to.equal(says.compact);
      expect(computeAddress(reportKey).toLowerCase()).to.equal(address);
    }
    const [{ bands }] = parameters.bundles as [(typeof parameters.bundles)[0]];
    for (const { observations, drop, prices } of reports) {
      const seen = seenBy(observations);
      for (const [i, { tolerance }] of bands.entries()) {
        const worked = drop.includes(256 + i)
          ? null
          : second.priceOf(
              seen.map((of) => of[i]!),
              tolerance,
              f,
              q,
            );
        expect(worked).to.equal(prices[i]);
      }
    }
  });

  it("are those that the page shows, and so is the longest message", () => {
    const page = readFileSync("docs/protocol.md", "utf8");
    const rows = [...page.matchAll(/^\| (.+?) +\| `(0x[0-9a-f]+)` +\|$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const precommit = messages.find(({ says }) => says.kind === "PRECOMMIT");
    expect(Object.fromEntries(rows)).to.deep.equal({
      "salt of `vectors`, `test`": salt,
      "epoch id": id,
      "observation of member 0": messages[0]?.hash,
      root: reports[0]?.root,
      "value proposed in round 0": reports[0]?.value,
      "digest that KMS signs": digest,
      "root without the first feed": reports[1]?.root,
      "value proposed in round 1": reports[1]?.value,
      "body of a precommit of member 0": precommit?.body,
      "its signature": precommit?.signature,
    });
    expect(page).to.include("`115 + 149n + 4c + 8nc` bytes");
    const [n, c] = [epoch.n, epoch.feeds.length];
    expect(maxMessageBytes(epoch)).to.equal(115 + 149 * n + 4 * c + 8 * n * c);
  });
});
