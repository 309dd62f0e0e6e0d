import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { manualClock } from "../../../oracle/clock.ts";
import { recoverReport } from "../../../oracle/run/recover-report.ts";
import type { QuorumReport } from "../../../oracle/signer/agreement/effects.ts";
import { ed25519Cryptography, identityOf } from "../../../oracle/signer/ed25519.ts";
import { MemoryNetwork } from "../../../oracle/signer/memory-transport.ts";
import { QuorumSigner } from "../../../oracle/signer/quorum-signer.ts";
import { SqliteStore } from "../../../oracle/signer/store/sqlite-store.ts";
import { epochFor, FIXING, keysOf, signReport } from "../signer/agreement/epoch-for-tests.ts";

describe("a report that the ledger could not write down", () => {
  const folder = mkdtempSync(join(tmpdir(), "nakane-recover-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("comes back from a signer's store as it was: root, prices, signatures; and nothing comes of a time without one", async () => {
    const keys = keysOf(4);
    const epoch = epochFor(keys);
    const clock = manualClock(1000 * (FIXING - 45));
    const network = new MemoryNetwork();
    const reports: QuorumReport[] = [];
    const paths = (i: number) => [join(folder, `${i}.db`), join(folder, `${i}.witness`)] as const;
    const signers = keys.map(
      (key, i) =>
        new QuorumSigner({
          identity: identityOf(key.identity),
          epochs: [epoch],
          cryptography: ed25519Cryptography(key.identity),
          store: new SqliteStore(...paths(i)),
          transport: network.join(i),
          clock,
          observe: () => Promise.resolve(BigInt64Array.of(1_000_000n + BigInt(i), 5_000_000n, 77n)),
          sign: (digest) => Promise.resolve(signReport(key, digest)),
          onReport: (report) => {
            if (i === 0 && report.time === FIXING) reports.push(report);
          },
          onFailure: (error) => {
            throw error;
          },
        }),
    );
    for (const signer of signers) signer.start();
    for (let i = 0; i < 260; i++) await clock.advance(250);
    for (const signer of signers) signer.stop();

    const [report] = reports;
    const store = new SqliteStore(...paths(0));
    const found = recoverReport([epoch], keys[0]!.identity, store, FIXING);
    const nothing = recoverReport([epoch], keys[0]!.identity, store, FIXING + 300);
    store.close();
    expect(found?.root).to.equal(report!.root);
    expect(found?.prices).to.deep.equal(report!.prices);
    expect(found?.signatures).to.have.length(epoch.q);
    expect(found?.time).to.equal(FIXING);
    expect(nothing).to.equal(undefined);
  });
});
