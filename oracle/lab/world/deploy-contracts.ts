import { hexlify, id, Interface } from "ethers";

import type { Catalog } from "../../feeds/catalog.ts";
import { networkSalt } from "../../report/digest.ts";
import { encodeSignerSet, type SignerSet } from "../../report/signer-set.ts";
import { readArtifact } from "./hardhat.ts";
import type { LabChain } from "./lab-chain.ts";

/** What is deployed, and for whom. */
export interface Deployment {
  readonly network: string;
  readonly catalog: Catalog;
  readonly signers: SignerSet;
  /** When the signers are in force from, in Unix seconds. */
  readonly activeFrom: number;
  /** Seconds in which two people may void a fixing. */
  readonly dispute: number;
}

/** The contracts of a laboratory: addresses, in mixed case. */
export interface Contracts {
  readonly gate: string;
  readonly oracle: string;
  readonly catalog: string;
  readonly options: string;
  readonly series: string;
}

/** Who acts on chain: accounts of the chain's own. */
export interface People {
  readonly anyone: string;
  readonly seller: string;
  readonly buyer: string;
  readonly guardian: string;
  readonly members: readonly [string, string, ...string[]];
}

/** Seconds after which a report no longer becomes latest. */
export const LATEST_DELAY = 120;

/** Deploys as for real: the gate first, the oracle with it; bundles and signers by two people; then what settles on it. */
export async function deployContracts(
  chain: LabChain,
  people: People,
  { network, catalog, signers, activeFrom, dispute }: Deployment,
): Promise<Contracts> {
  const { anyone, guardian, members } = people;
  const gate = await chain.deploy(anyone, readArtifact("TwoPersonGate.sol"), [members, [guardian]]);
  const salt = hexlify(networkSalt(network, "test"));
  const oracle = await chain.deploy(anyone, readArtifact("Oracle.sol"), [gate, salt, dispute, LATEST_DELAY]);
  const index = await chain.deploy(anyone, readArtifact("Catalog.sol"), [oracle]);
  const oracleAbi = interfaceOf("Oracle.sol");
  const catalogAbi = interfaceOf("Catalog.sol");
  const contracts = { gate, oracle };
  for (const { bundle, feeds } of catalog.bundles) {
    const definition = [
      bundle,
      feeds.map(({ symbol }) => symbol),
      feeds.map(({ decimals }) => decimals),
      feeds.map(({ methodHash }) => hexlify(methodHash)),
      feeds.map(({ maxInputAge }) => maxInputAge),
    ] as const;
    await byTwo(
      chain,
      contracts,
      people,
      oracleAbi.encodeFunctionData("defineBundle", definition),
      "genesis",
    );
    await must(chain, anyone, index, catalogAbi.encodeFunctionData("publish", definition));
    for (const { methodText } of feeds)
      await must(chain, anyone, index, catalogAbi.encodeFunctionData("publishMethod", [methodText]));
  }
  const set = [hexlify(encodeSignerSet(signers)), activeFrom, 0] as const;
  await byTwo(chain, contracts, people, oracleAbi.encodeFunctionData("setSigners", set), "genesis");
  const options = await chain.deploy(anyone, readArtifact("options/Options.sol"), [index]);
  const series = await chain.deploy(anyone, readArtifact("options/OptionSeries.sol"), [index]);
  return { gate, oracle, catalog: index, options, series };
}

/** What two members of the gate do to the oracle: proposed, approved, executed. */
export async function byTwo(
  chain: LabChain,
  { gate, oracle }: Pick<Contracts, "gate" | "oracle">,
  { members: [proposer, approver] }: People,
  data: string,
  why: string,
): Promise<void> {
  const abi = interfaceOf("TwoPersonGate.sol");
  const operation = [oracle, data, id(why)] as const;
  await must(chain, proposer, gate, abi.encodeFunctionData("propose", operation));
  await must(chain, approver, gate, abi.encodeFunctionData("approve", operation));
  await must(chain, proposer, gate, abi.encodeFunctionData("execute", operation));
}

const interfaces = new Map<string, Interface>();

/** The interface of a contract of this package. */
export function interfaceOf(source: string): Interface {
  const known = interfaces.get(source);
  if (known !== undefined) return known;
  const made = new Interface(readArtifact(source).abi);
  interfaces.set(source, made);
  return made;
}

/** Sends what must not fail. @throws Error with the reason where it does */
export async function must(chain: LabChain, from: string, to: string, data: string): Promise<bigint> {
  const { ok, reason, gas } = await chain.send({ from, to, data });
  if (!ok) throw new Error(`a transaction to ${to} reverted: ${named(reason)}`);
  return gas;
}

/** An error by its name and arguments, where it is one of ours. */
function named(reason: string | null): string {
  const data = reason?.startsWith("0x") === true ? reason : "0x";
  for (const source of ["Oracle.sol", "TwoPersonGate.sol"]) {
    const error = interfaceOf(source).parseError(data);
    if (error !== null) return `${error.name}(${error.args.map(String).join(", ")})`;
  }
  return reason ?? "";
}
