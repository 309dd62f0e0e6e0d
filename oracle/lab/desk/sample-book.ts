import { ZeroHash, zeroPadValue, toBeHex } from "ethers";

import type { Book, BookContext, Deal } from "./book.ts";
import { bookFrame } from "./book-frame.ts";
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
  const { seller, buyer, anyone } = people;
  const to = contracts.options;
  const { step, readSettling, readClaim } = bookFrame("options/Options.sol", to);
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
  return {
    address: to,
    create: (deal) => [step("create", seller, [terms(deal)])],
    buy: (deal) => [step("buy", buyer, [terms(deal)])],
    cancel: (deal) => [step("cancel", seller, [terms(deal)])],
    transfer: (deal, holder) => [step("transferSide", buyer, [terms(deal), SIDES.buyer, holder])],
    settle: (deal) => step("settle", anyone, [terms(deal), []]),
    claims: (deal, holder) => [
      { side: "buyer", step: step("claim", holder, [terms(deal), SIDES.buyer]) },
      { side: "seller", step: step("claim", seller, [terms(deal), SIDES.seller]) },
    ],
    readSettling,
    readClaim,
  };
}
