import { concat, keccak256, toBeHex, ZeroHash } from "ethers";

import type { Book, BookContext, Deal } from "./book.ts";
import { bookFrame } from "./book-frame.ts";
import { isOverTimes } from "./plan-options.ts";
import type { PlannedOption } from "./planned-option.ts";

/** The numbers of the contract's kinds. */
const KINDS: Partial<Record<PlannedOption["kind"], number>> = {
  call: 0,
  "call-spread": 0,
  put: 1,
  "put-spread": 1,
  "base-call": 2,
  "digital-call": 3,
  "digital-put": 4,
  "asian-call": 5,
  "asian-put": 6,
  "touch-up": 7,
  "touch-down": 8,
};

/**
 * Options of `contracts/options/OptionSeries.sol`, a series each: the seller writes it, offers its long tokens and keeps the
 * short ones.
 */
export function seriesBook({ contracts, people }: BookContext): Book {
  const { seller, buyer, anyone } = people;
  const to = contracts.series;
  const { abi, step, events, readClaim } = bookFrame("options/OptionSeries.sol", to, ["Observed"]);
  const timesOf = ({ option }: Deal): string =>
    isOverTimes(option.kind) ? concat(option.times.map((time) => toBeHex(time, 4))) : "0x";
  const terms = (deal: Deal) => {
    const { option, token, decimals, method } = deal;
    const times = timesOf(deal);
    return [
      KINDS[option.kind] ?? 0,
      0,
      decimals,
      method,
      option.strike,
      option.bound,
      token,
      option.expiry,
      option.splitShare,
      times === "0x" ? ZeroHash : keccak256(times),
    ];
  };
  const ids = new WeakMap<Deal, bigint>();
  const idOf = (deal: Deal): bigint => {
    const known = ids.get(deal);
    if (known !== undefined) return known;
    const encoded = abi.encodeFunctionData("seriesOf", [terms(deal)]);
    const id = BigInt(keccak256(`0x${encoded.slice(10)}`)) & ~1n;
    ids.set(deal, id);
    return id;
  };
  const offer = (deal: Deal) => {
    const { option, token } = deal;
    return [seller, idOf(deal), option.size, option.premium, token, option.expiry];
  };
  return {
    address: to,
    create: (deal) => [
      step("create", seller, [terms(deal), timesOf(deal), deal.option.size]),
      step("offer", seller, [offer(deal), deal.option.size]),
    ],
    buy: (deal) => [step("buy", buyer, [offer(deal), deal.option.size])],
    cancel: (deal) => [
      step("cancel", seller, [offer(deal)]),
      step("close", seller, [terms(deal), deal.option.size]),
    ],
    transfer: (deal, holder) => [
      step("safeTransferFrom", buyer, [buyer, holder, idOf(deal), deal.option.size, "0x"]),
    ],
    settle: (deal, index) =>
      isOverTimes(deal.option.kind)
        ? step("observe", anyone, [terms(deal), timesOf(deal), index, []])
        : step("settle", anyone, [terms(deal), []]),
    claims: (deal, holder) => [
      { side: "buyer", step: step("claim", holder, [terms(deal)]) },
      { side: "seller", step: step("claim", seller, [terms(deal)]) },
    ],
    readSettling: (_deal, mined) => {
      const all = events(mined);
      const found = all
        .filter(({ name }) => name === "Observed")
        .map(({ args }) => ({ price: args["price"] as bigint, back: Number(args["back"]) }));
      const outcome = all.some(({ name }) => name === "SettledBySplit")
        ? "split"
        : all.some(({ name }) => name === "Settled")
          ? "fixed"
          : null;
      return { outcome, found };
    },
    readClaim,
  };
}
