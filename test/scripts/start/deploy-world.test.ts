import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import hre from "hardhat";

import { readAddressBook } from "../../../oracle/relayer/address-book.ts";
import { deployWorld } from "../../../scripts/start/deploy-world.ts";
import { planWorld } from "../../../scripts/start/world-plan.ts";

describe("deployWorld", () => {
  it("deploys to a chain of any id: the factory that Ignition brings to chain 31337 alone comes along", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-world-"));
    const { catalog } = planWorld({ kind: "simulated", seed: 1 }, 1_800_000_000);
    const connection = await hre.network.create({
      network: "default",
      chainType: "l1",
      override: { chainId: 4_242 },
    });
    try {
      const book = path.join(folder, "address-book.json");
      const signers = [1, 2, 3, 4].map((i) => new Uint8Array(20).fill(i));
      const activeFrom = (await connection.ethers.provider.getBlock("latest"))!.timestamp + 300;
      const { oracle } = await deployWorld(
        { connection, chainId: 4_242 },
        {
          network: "rehearsal-1",
          catalog,
          signers: { quorum: 3, signers },
          activeFrom: Math.ceil(activeFrom / 300) * 300,
          dispute: 600,
          money: { symbol: "CASH", decimals: 0 },
          book,
        },
      );
      expect(readAddressBook(book)).to.include({ chainId: 4_242 });
      expect(await oracle.definition(0)).not.to.match(/^0x0+$/);
    } finally {
      await connection.close();
      rmSync(folder, { recursive: true });
    }
  });
});
