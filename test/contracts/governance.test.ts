import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import type { Interface } from "ethers";

import { encodeSignerSet } from "../../oracle/report/signer-set.ts";
import { deployOracle, type OracleRig } from "../utils/deploy-oracle.ts";

const SET = encodeSignerSet({ quorum: 1, signers: [new Uint8Array(20).fill(7)] });

/** What anyone may call without a right; the oracle judges the report, or the catalog the definition. */
const FOR_ANYONE = ["record", "recordFixing"];
const BY_MEMBERS = ["propose", "approve", "execute", "withdraw"];
const BY_GUARDIANS = ["halt"];

/** The table of docs/governance*.md: function and delay in seconds. */
function delaysIn(page: string): Map<string, bigint> {
  const text = readFileSync(join(import.meta.dirname, "../../docs", page), "utf8");
  const rows = text.matchAll(/^\| `(\w+\.\w+)` +\| [^|]+\| (none|なし|24 h|24 時間) +\|$/gm);
  return new Map([...rows].map(([, name, delay]) => [name!, delay!.startsWith("24") ? 86_400n : 0n]));
}

/** Functions that change state. */
function writing(contract: Interface, except: readonly string[]): string[] {
  const names: string[] = [];
  contract.forEachFunction((f) => {
    if (!f.constant && !except.includes(f.name)) names.push(f.name);
  });
  return names.sort();
}

describe("docs/governance.md", () => {
  let rig: OracleRig;

  before(async () => {
    rig = await deployOracle({
      bundles: [
        { bundle: 0, feeds: [{ symbol: "A", decimals: 0, method: new Uint8Array(32), maxInputAge: 1 }] },
      ],
      set: SET,
    });
  });

  for (const page of ["governance.md", "governance.ja.md"]) {
    it(`${page} lists every governed function of both contracts, and no other`, () => {
      const listed = [...delaysIn(page).keys()].sort();
      const oracle = writing(rig.oracle.interface, FOR_ANYONE).map((name) => `Oracle.${name}`);
      const gate = writing(rig.gate.interface, [...BY_MEMBERS, ...BY_GUARDIANS]).map(
        (name) => `Gate.${name}`,
      );
      expect(listed).to.deep.equal([...gate, ...oracle].sort());
    });

    it(`${page} gives each the delay that the deployed gate gives it`, async () => {
      const { gate, oracle } = rig;
      for (const [name, delay] of delaysIn(page)) {
        const [contract, method] = name.split(".") as ["Oracle" | "Gate", string];
        const target = contract === "Oracle" ? oracle : gate;
        const abi: Interface = target.interface;
        expect(await gate.delayOf(target, abi.getFunction(method)!.selector), name).to.equal(delay);
      }
    });
  }

  it("every governed function refuses everyone but the gate", async () => {
    const { gate, oracle, members, guardian, stranger } = rig;
    const zero = `0x${"00".repeat(32)}`;
    const args: Record<string, unknown[]> = {
      setSigners: [SET, 0, 0],
      defineBundle: [1, ["A"], [0], [zero], [1]],
      halt: [0],
      resume: [0],
      voidFixing: [0, 0],
      voidRoot: [0],
      setGovernor: [stranger.address],
      cancel: [zero],
      addMember: [stranger.address],
      removeMember: [members[0]!.address],
      addGuardian: [stranger.address],
      removeGuardian: [guardian.address],
    };
    for (const name of delaysIn("governance.md").keys()) {
      const [contract, method] = name.split(".") as ["Oracle" | "Gate", string];
      const target = contract === "Oracle" ? oracle : gate;
      const abi: Interface = target.interface;
      const data = abi.encodeFunctionData(method, args[method]);
      for (const caller of [members[0]!, guardian, stranger]) {
        await expect(caller.sendTransaction({ to: await target.getAddress(), data }), name)
          .to.be.revertedWithCustomError(target, contract === "Oracle" ? "NotGovernor" : "NotGate")
          .withArgs(caller.address, await gate.getAddress());
      }
    }
  });
});
