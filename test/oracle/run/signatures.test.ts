import { expect } from "chai";
import { hexlify } from "ethers";

import { reportDigest } from "../../../oracle/report/digest.ts";
import { RunRig } from "./run-rig.ts";
import { Watch } from "./watch.ts";

describe("an instance's signatures", function () {
  this.timeout(60_000);
  let rig: RunRig;
  before(async () => {
    rig = await RunRig.shared();
  });

  it("are each in the audit chain with the id of the request that made it, as CloudTrail has it", async () => {
    const config = rig.config("signatures");
    rig.before(30);
    const watch = new Watch();
    const running = await rig.open(config, watch.listener);
    await watch.until(() => watch.reports.length >= 2);
    await running.close();
    const ledger = await rig.ledger("signatures");
    const [head] = await ledger.auditHeads();
    const rows = await ledger.auditRows(head!.writer, 0, 10_000);
    const noted = rows.filter(({ kind }) => kind === "signature").map(({ body }) => body);
    await ledger.close();

    const uses = new Map(
      rig.kms.events
        .filter(({ eventName }) => eventName === "Sign")
        .map((event) => [event["requestID"], (event["requestParameters"] as { keyId: string }).keyId]),
    );
    for (const { requestId, keyArn } of noted) expect(uses.get(requestId)).to.equal(keyArn);
    expect(new Set(noted.map(({ requestId }) => requestId)).size).to.equal(noted.length);
    const [{ epoch, time, root, signatures }] = watch.reports as [(typeof watch.reports)[0]];
    const digest = hexlify(reportDigest(epoch.domain, time, Buffer.from(root, "hex"))).slice(2);
    const signers = noted.filter((body) => body["digest"] === digest).map(({ member }) => member);
    expect(signers).to.include.members(signatures.map(({ index }) => `signer-${index + 1}`));
  });

  it("that do not come are paged once for as long as they do not, and noted for every tick", async () => {
    const config = rig.config("unsigned");
    rig.before(30);
    const watch = new Watch();
    const running = await rig.open(config, watch.listener);
    await rig.disable(rig.signers[3]!);
    await watch.until(() => watch.signerPages.includes("signer-4 kms"));
    const ticks = watch.reports.length + 3;
    await watch.until(() => watch.reports.length >= ticks);
    await running.close();
    await rig.enable(rig.signers[3]!);
    expect(watch.signerPages.filter((page) => page === "signer-4 kms")).to.have.length(1);
    const ledger = await rig.ledger("unsigned");
    const [head] = await ledger.auditHeads();
    const rows = await ledger.auditRows(head!.writer, 0, 10_000);
    await ledger.close();
    const noted = rows.filter(({ kind, body }) => kind === "page" && body["reason"] === "kms");
    expect(noted.length).to.be.greaterThan(1);
  });
});
