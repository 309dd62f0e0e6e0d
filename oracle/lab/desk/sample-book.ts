import { ZeroHash, zeroPadValue, toBeHex } from "ethers";

import { interfaceOf } from "../world/deploy-contracts.ts";
import type { Mined } from "../world/lab-chain.ts";
import { type Book, type BookContext, type Deal, type Step } from "./book.ts";
import type { PlannedOption } from "./planned-option.ts";

/** The numbers of the contract's kinds; a spread is a call or a put with a bound beside its strike. */
const KINDS: Partial<Record<PlannedOption["kind"], number>> = {
  call: 0,
  "call-spread": 0,
  put: 1,
  "put-spread": 1,
  "base-call": 2,
};
const SIDES = { buyer: 0, seller: 1 } as const;

/** Options of `contracts/options/Options.sol`: one seller, one buyer, each with his side. */
export function sampleBook({ contracts, people }: BookContext): Book {
  const abi = interfaceOf("options/Options.sol");
  const { seller, buyer, anyone } = people;
  const to = contracts.options;
  const terms = ({ option, token, decimals, method }: Deal) => [
    seller,
    KINDS[option.kind] ?? 0,
    0,
    decimals,
    method,
    option.strike,
    option.bound,
    option.size,
    token,
    option.premium,
    token,
    option.expiry,
    option.expiry,
    option.splitShare,
    option.number === 0 ? ZeroHash : zeroPadValue(toBeHex(option.number), 32),
  ];
  const step = (action: string, from: string, method: string, args: readonly unknown[]): Step => ({
    action: `Options.${action}`,
    from,
    to,
    data: abi.encodeFunctionData(method, args),
  });
  const events = ({ logs }: Mined) =>
    logs.flatMap((log) => {
      const event = log.address.toLowerCase() === to.toLowerCase() ? abi.parseLog(log) : null;
      return event === null ? [] : [event];
    });
  return {
    address: to,
    create: (deal) => [step("create", seller, "create", [terms(deal)])],
    buy: (deal) => [step("buy", buyer, "buy", [terms(deal)])],
    cancel: (deal) => [step("cancel", seller, "cancel", [terms(deal)])],
    transfer: (deal, holder) => [
      step("transferSide", buyer, "transferSide", [terms(deal), SIDES.buyer, holder]),
    ],
    settle: (deal) => step("settle", anyone, "settle", [terms(deal), []]),
    claims: (deal, holder) => [
      { side: "buyer", step: step("claim", holder, "claim", [terms(deal), SIDES.buyer]) },
      { side: "seller", step: step("claim", seller, "claim", [terms(deal), SIDES.seller]) },
    ],
    readSettling: ({ option }, mined) => {
      for (const { name, args } of events(mined)) {
        if (name === "SettledBySplit") return { outcome: "split", found: [] };
        if (name !== "Settled") continue;
        const back = (option.expiry - Number(args["time"])) / 300;
        return { outcome: "fixed", found: [{ price: args["price"] as bigint, back }] };
      }
      return { outcome: null, found: [] };
    },
    readClaim: (mined) => {
      const claimed = events(mined).find(({ name }) => name === "Claimed");
      return (claimed?.args["amount"] as bigint | undefined) ?? 0n;
    },
  };
}
