import { expect } from "chai";
import { hexlify } from "ethers";

import { decodeReport } from "../../../oracle/report/decode.ts";
import { NO_PRICE, unpackWords } from "../../../oracle/report/word.ts";
import type { Deployed } from "../../../scripts/start/deploy-world.ts";
import { forgeReport, offerForged } from "../../../scripts/start/forge.ts";
import { prices, RelayRig } from "../../oracle/relayer/relay-rig.ts";
import { rejection } from "../../utils/rejection.ts";

describe("a forged report", () => {
  let rig: RelayRig;
  let deployed: Deployed;
  beforeEach(async () => {
    rig = await RelayRig.start();
    deployed = { oracle: rig.oracle.oracle, anyone: rig.oracle.stranger } as unknown as Deployed;
    await rig.comeTo(rig.time(10));
  });
  afterEach(() => rig.stop());

  const definitions = (bundle: number) =>
    rig.epoch.plan.bundles.find((planned) => planned.bundle === bundle)?.definition;

  it("has the first price raised by a tenth, everything else as it was signed", () => {
    const given = prices(11_250_000n, 77n);
    const report = rig.report(rig.time(10), given);
    const before = [...report.prices];
    const { report: forged } = decodeReport(forgeReport(report), definitions);
    expect(forged.observedAt).to.equal(report.time);
    expect(forged.signatures).to.deep.equal(report.signatures);
    const [first, second] = forged.parts.map(({ words }, i) => unpackWords(words, [5, 1][i]!));
    expect([first, second]).to.deep.equal([[12_375_000n, 77n, 1000n, 1000n, 1000n], [1000n]]);
    expect([...report.prices], "the true one is left alone").to.deep.equal(before);
  });

  it("is refused by the chain, in the contract's own words, and changes nothing", async () => {
    const report = rig.report(rig.time(10), prices(11_250_000n));
    expect(await offerForged(deployed, forgeReport(report))).to.equal("BadSignature(0)");
    expect(await rig.latest(rig.epoch.feeds[0]!.id)).to.deep.equal([null, 0]);
  });

  it("leaves out what the true one leaves out", () => {
    const report = rig.report(rig.time(10), prices(11_250_000n), [9]);
    const { report: forged } = decodeReport(forgeReport(report), definitions);
    expect(forged.parts.map(({ bundle }) => bundle)).to.deep.equal([1]);
  });

  it("would be told of if the chain took it", async () => {
    const nothing = rig.report(rig.time(10), prices(NO_PRICE)); // nothing to raise: this is the true report
    const error = await rejection(offerForged(deployed, forgeReport(nothing)));
    expect(error.message).to.equal("the oracle took a forged report");
    await rig.oracle.oracle.record(hexlify(forgeReport(nothing)));
    expect((await rig.latest(rig.epoch.feeds[0]!.id))[1]).to.equal(rig.time(10));
  });
});
