import path from "node:path";

import { interfaceOf } from "../world/deploy-contracts.ts";
import type { Mined } from "../world/lab-chain.ts";
import type { Deal, SettlingFacts, Step } from "./book.ts";

/** What a contract says when it is settled, and of whom it pays. */
const SAID = ["Settled", "SettledBySplit", "Claimed"];
/** Seconds from fixing to fixing. */
const PERIOD = 300;

/**
 * What the books of all contracts have in common: how a call of one is written, and how its events are read.
 * @param source `options/Options.sol`
 * @param to the contract's address
 * @param more events that are read beside those of settling and claiming
 */
export function bookFrame(source: string, to: string, more: readonly string[] = []) {
  const abi = interfaceOf(source);
  const contract = path.basename(source, ".sol");
  const topics = new Set(
    [...SAID, ...more].map((name) => {
      const event = abi.getEvent(name);
      if (event === null) throw new RangeError(`${contract} has no event ${name}`);
      return event.topicHash;
    }),
  );
  const events = ({ logs }: Mined) =>
    logs.flatMap((log) => {
      // Most logs are of tokens: looked at by their topic they need not be decoded.
      const ours = topics.has(log.topics[0] ?? "") && log.address.toLowerCase() === to.toLowerCase();
      const event = ours ? abi.parseLog(log) : null;
      return event === null ? [] : [event];
    });
  return {
    abi,
    events,
    step: (method: string, from: string, args: readonly unknown[]): Step => ({
      action: `${contract}.${method}`,
      from,
      to,
      data: abi.encodeFunctionData(method, args),
    }),
    /** Of a contract that settles at once, on one fixing. */
    readSettling: ({ option }: Deal, mined: Mined): SettlingFacts => {
      for (const { name, args } of events(mined)) {
        if (name === "SettledBySplit") return { outcome: "split", found: [] };
        if (name !== "Settled") continue;
        const back = (option.expiry - Number(args["time"])) / PERIOD;
        return { outcome: "fixed", found: [{ price: args["price"] as bigint, back }] };
      }
      return { outcome: null, found: [] };
    },
    readClaim: (mined: Mined): bigint => {
      const claimed = events(mined).find(({ name }) => name === "Claimed");
      return (claimed?.args["amount"] as bigint | undefined) ?? 0n;
    },
  };
}
