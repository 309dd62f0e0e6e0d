import { getBytes, toQuantity } from "ethers";

import { type FastClock, fastClock, held } from "../../fast-clock.ts";
import type { Catalog } from "../../feeds/catalog.ts";
import { Market } from "../../market/market.ts";
import type { SendPolicy } from "../../relayer/relayer.ts";
import { compareBytes } from "../../report/bytes.ts";
import { networkSalt } from "../../report/digest.ts";
import { smallestQuorum } from "../../report/signer-set.ts";
import { epochBundles } from "../../run/epoch-bundles.ts";
import { Instance, type InstanceListener } from "../../run/instance.ts";
import type { LocalMember } from "../../run/quorum.ts";
import { makeEpoch } from "../../signer/agreement/epoch.ts";
import { TIMING, type Timing } from "../../signer/agreement/timing.ts";
import { identityOf } from "../../signer/ed25519.ts";
import { MemoryNetwork } from "../../signer/memory-transport.ts";
import { MemoryStore } from "../../signer/store/memory-store.ts";
import { type Contracts, deployContracts, type People } from "./deploy-contracts.ts";
import { InProcessLedger } from "./in-process-ledger.ts";
import { inProcessVenues, type InProcessVenuesOptions } from "./in-process-venues.ts";
import { LabChain, type LabChainOptions } from "./lab-chain.ts";
import type { LabKeys } from "./lab-keys.ts";

/** The name of the network of signers; of the laboratory's chain the number. */
const NETWORK = "laboratory";
export const CHAIN_ID = 31_337;
/** Milliseconds that a message between signers takes. */
const MESSAGE = 20;
/** Seconds for which calendars are written out. */
const EPOCH_LIFE = 30 * 366 * 86_400;
const GWEI = 10n ** 9n;

/** What a laboratory's world is made from. */
export interface LabWorldOptions {
  readonly catalog: Catalog;
  readonly keys: LabKeys;
  readonly venues: Omit<InProcessVenuesOptions, "clock">;
  /** When the signers begin: a fixing time, Unix seconds. */
  readonly from: number;
  /** Seconds from tick to tick. */
  readonly tick: number;
  readonly timing?: Partial<Timing>;
  readonly dispute: number;
  readonly policy: SendPolicy;
  readonly chain: Pick<LabChainOptions, "latency" | "congestion" | "onRequest">;
  readonly listener: InstanceListener;
}

/** A whole oracle in this process: real market code, signers, ledger, relayer and contracts, in a time of its own. */
export interface LabWorld {
  readonly clock: FastClock;
  readonly chain: LabChain;
  readonly contracts: Contracts;
  readonly people: People;
  readonly instance: Instance;
  readonly close: () => Promise<void>;
}

/**
 * Makes a world. Its time stands where the signers are about to begin, and goes on with `clock.runTo`.
 * @throws LabError where Hardhat is not installed, or the contracts are not built
 */
export async function openLabWorld(options: LabWorldOptions): Promise<LabWorld> {
  const { catalog, keys, from, tick, dispute } = options;
  // The contracts are deployed before the signers' set is in force; every source is asked for the first time on a tick.
  const clock = fastClock((from - 2 * tick) * 1000);
  const hold = <T>(work: Promise<T>): Promise<T> => clock.hold(work);
  const chain = await LabChain.open({ clock, hold, chainId: CHAIN_ID, ...options.chain });
  const people = await peopleOf(chain);
  const signers = [...keys.signers].sort((a, b) =>
    compareBytes(getBytes(a.key.address), getBytes(b.key.address)),
  );
  const addresses = signers.map(({ key }) => getBytes(key.address));
  const contracts = await deployContracts(chain, people, {
    network: NETWORK,
    catalog,
    signers: { quorum: smallestQuorum(signers.length), signers: addresses },
    activeFrom: from,
    dispute,
  });
  await chain.request("hardhat_setBalance", [keys.sender.address, toQuantity(10n ** 24n)]);

  const timing = { ...TIMING, tick, ...options.timing };
  const epoch = makeEpoch({
    number: 0,
    from,
    salt: networkSalt(NETWORK, "test"),
    members: signers.map(({ identity, key }) => ({
      identity: identityOf(identity),
      address: getBytes(key.address),
    })),
    bundles: epochBundles(catalog, from, from + EPOCH_LIFE),
    timing,
  });
  const wires = new MemoryNetwork((deliver) => void clock.sleep(MESSAGE).then(deliver));
  const venues = inProcessVenues({ ...options.venues, clock });
  const members = signers.map(({ identity, key }, i): LocalMember => ({
    name: `signer-${i + 1}`,
    identity,
    key: held(clock, key),
    market: new Market({
      catalog,
      clock,
      fetcher: venues.fetcher(),
      provenance: options.venues.provenance,
      tickInterval: tick,
      origins: venues.origins,
    }),
    store: new MemoryStore(true),
    transport: wires.join(i),
  }));
  const instance = new Instance({
    clock,
    network: NETWORK,
    mode: "test",
    provenance: options.venues.provenance,
    catalog,
    epochs: [epoch],
    members,
    ledger: new InProcessLedger(clock),
    relayer: {
      node: { url: chain.url, chainId: chain.chainId, exchange: chain.exchange },
      oracle: { address: contracts.oracle, codeHash: await chain.codeHash(contracts.oracle) },
      signer: held(clock, keys.sender),
      fees: { cap: 1_000n * GWEI, tip: GWEI },
      policyOf: () => options.policy,
    },
    listener: options.listener,
  });
  return {
    clock,
    chain,
    contracts,
    people,
    instance,
    close: async () => {
      const drained = instance.drain();
      await clock.runTo(clock.wall() + 60_000); // what waits for the world's time may end
      await drained;
      await chain.close();
      await keys.close();
    },
  };
}

async function peopleOf(chain: LabChain): Promise<People> {
  const accounts = (await chain.request("eth_accounts", [])) as string[];
  const [anyone, seller, buyer, guardian, ...others] = accounts;
  const [first, second, third, fourth] = others;
  if (!anyone || !seller || !buyer || !guardian || !first || !second || !third || !fourth)
    throw new Error(`the chain has too few accounts: ${accounts.length} of at least 8`);
  return { anyone, seller, buyer, guardian, members: [first, second, third, fourth] };
}
