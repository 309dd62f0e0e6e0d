import { expect } from "chai";

import { ReportReader } from "../../../oracle/api/report-reader.ts";
import { verifyReport } from "../../../oracle/report/verify.ts";
import { encodeSignerSet, signerSetHash } from "../../../oracle/report/signer-set.ts";
import { DEFINITIONS, DOMAIN, FIXING, NEWEST, NOW, PLAN, SET, signedReport, World } from "./world.ts";

const OCTETS = "application/octet-stream";
interface Report {
  bytes: string;
  bundles: number[];
  held: number[];
}

/** What the contract's `record` would say. */
function judged(bytes: Uint8Array) {
  const hash = signerSetHash(encodeSignerSet(SET));
  return verifyReport(bytes, {
    now: NOW,
    domain: DOMAIN,
    signers: { current: { activeFrom: 0, hash }, retired: { until: 0, activeFrom: 0, hash } },
    definitions: DEFINITIONS,
    keptRoot: () => undefined,
  });
}

describe("/v1/reports", () => {
  it("gives the newest report in bytes that the contract takes", async () => {
    const world = new World();
    const { statusCode, body, headers } = await world.api().inject("/v1/reports/latest");
    expect(statusCode).to.equal(200);
    expect(headers).to.include({ "cache-control": "no-cache", vary: "accept" });
    const { bytes, ...rest } = JSON.parse(body) as Report;
    expect(rest).to.deep.equal({
      observedAt: { unix: NEWEST, iso: "2027-01-15T08:00:20Z" },
      root: `0x${world.reports.get(NEWEST)!.root}`,
      epoch: 0,
      provenance: "live",
      mark: null,
      held: [1],
      bundles: [1],
    });
    const verdict = judged(Buffer.from(bytes.slice(2), "hex"));
    if (!verdict.accepted) throw verdict.rejection;
    expect(verdict.report.parts.map(({ bundle, mask }) => [bundle, mask])).to.deep.equal([[1, 0b10n]]);
  });

  it("gives chosen bundles in the contract's order, and keeps fixings where the time is one", async () => {
    const api = new World().api();
    for (const [asked, bundles] of [
      ["", [1, 2]],
      ["?bundles=2,1", [1, 2]],
      ["?bundles=2", [2]],
      ["?bundles=1,1", [1]],
    ] as const) {
      const answer = await api.inject(`/v1/reports/${FIXING}${asked}`);
      expect(answer.headers["cache-control"]).to.equal("public, max-age=31536000, immutable");
      const report = answer.json<Report>();
      expect([report.held, report.bundles], asked).to.deep.equal([[1, 2], bundles]);
      const verdict = judged(Buffer.from(report.bytes.slice(2), "hex"));
      if (!verdict.accepted) throw verdict.rejection;
      expect(verdict.report.parts.map(({ bundle }) => bundle)).to.deep.equal(bundles);
      expect(verdict.report.parts.map(({ mask }) => mask & 1n)).to.deep.equal(bundles.map(() => 1n));
    }
  });

  it("gives the bytes alone to whoever asks for them, and JSON to everybody else", async () => {
    const api = new World().api();
    const json = (await api.inject(`/v1/reports/${FIXING}`)).json<Report>();
    for (const [accept, raw] of [
      [OCTETS, true],
      [`text/html, ${OCTETS};q=0.5`, true],
      [`application/json;q=0.4, ${OCTETS};q=0.5`, true],
      [`application/json, ${OCTETS};q=0.5`, false],
      [`${OCTETS};q=0`, false],
      ["*/*", false],
      ["", false],
    ] as const) {
      const { headers, rawPayload } = await api.inject({ url: `/v1/reports/${FIXING}`, headers: { accept } });
      expect(headers["content-type"], accept).to.equal(raw ? OCTETS : "application/json; charset=utf-8");
      if (raw) expect(`0x${rawPayload.toString("hex")}`).to.equal(json.bytes);
    }
  });

  it("says which report there is and which bundles, where the one asked for is not there", async () => {
    const world = new World();
    const api = world.api();
    const refused = async (path: string, status: number, message: string) => {
      const { statusCode, body } = await api.inject(path);
      expect([statusCode, (JSON.parse(body) as { error: { message: string } }).error.message]).to.deep.equal([
        status,
        message,
      ]);
    };
    await refused("/v1/reports/10", 404, `No report of 10 is kept; the newest is of ${NEWEST}.`);
    await refused(
      `/v1/reports/${FIXING}?bundles=1,7,9`,
      404,
      `The report of ${FIXING} holds the bundles 1, 2, not 7, 9.`,
    );
    await refused("/v1/reports/latest?bundles=2", 404, `The report of ${NEWEST} holds the bundles 1, not 2.`);
    world.reports.clear();
    await refused("/v1/reports/latest", 503, "No report has been agreed on since this instance began.");
    await refused("/v1/reports/10", 404, "No report of 10 is kept; the newest is of no time yet.");
    expect(world.faults, "none of this is our fault").to.deep.equal([]);
  });

  it("hashes a report once while it is asked for, and forgets those that are not", () => {
    const reader = new ReportReader();
    const reports = Array.from({ length: 17 }, (_, i) =>
      signedReport(FIXING, new Map([[1, [BigInt(i), 1n, 1n]]])),
    );
    const read = (i: number) => reader.read(reports[i]!, PLAN).tree;
    const first = read(0);
    for (let i = 1; i < 16; i++) read(i);
    expect(read(0), "sixteen are remembered").to.equal(first);
    const second = read(1);
    read(16);
    expect(read(1)).to.equal(second);
    expect(read(0)).to.equal(first);
    for (let i = 1; i < 17; i++) read(i);
    const again = read(0);
    expect(again, "the one that was asked for longest ago is not").not.to.equal(first);
    expect(again.root).to.deep.equal(first.root);
  });

  it("remembers a bounded number of reports, and gives each of them right", async () => {
    const world = new World();
    for (let i = 1; i <= 20; i++)
      world.keep(signedReport(FIXING + 10 * i, new Map([[1, [BigInt(i), 1n, 1n]]])));
    const api = world.api();
    for (const i of [...Array.from({ length: 20 }, (_, n) => n + 1), 1, 20, 3]) {
      const { bytes } = (await api.inject(`/v1/reports/${FIXING + 10 * i}`)).json<Report>();
      const verdict = judged(Buffer.from(bytes.slice(2), "hex"));
      expect(verdict.accepted || verdict.rejection.reason).to.equal(
        FIXING + 10 * i > NOW ? "FutureReport" : true,
      );
    }
  });
});
