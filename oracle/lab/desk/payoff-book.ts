import type { Book, BookContext, Deal } from "./book.ts";
import { bookFrame } from "./book-frame.ts";

/**
 * Options of `contracts/samples/PayoffOptions.sol`, which ask a contract of the user's what they pay.
 * @param to the options' address
 * @param payoff the user's contract
 */
export function payoffBook({ people }: Pick<BookContext, "people">, to: string, payoff: string): Book {
  const { step, events, readSettling, readClaim } = bookFrame("samples/PayoffOptions.sol", to, ["Created"]);
  const { seller, buyer, anyone } = people;
  const ids = new Map<number, bigint>();
  const idOf = ({ option }: Deal): bigint => {
    const id = ids.get(option.number);
    if (id === undefined) throw new RangeError(`option ${option.number} was not created`);
    return id;
  };
  return {
    address: to,
    create: ({ option, token }) => [
      step("create", seller, [payoff, 0, token, option.size, option.premium, option.expiry]),
    ],
    onCreated: ({ option }, mined) => {
      const created = events(mined).find(({ name }) => name === "Created");
      if (created !== undefined) ids.set(option.number, created.args["id"] as bigint);
    },
    buy: (deal) => [step("buy", buyer, [idOf(deal)])],
    cancel: (deal) => [step("cancel", seller, [idOf(deal)])],
    transfer: () => [],
    settle: (deal) => step("settle", anyone, [idOf(deal), []]),
    claims: (deal) => [
      { side: "buyer", step: step("claim", buyer, [idOf(deal)]) },
      { side: "seller", step: step("claim", seller, [idOf(deal)]) },
    ],
    readSettling,
    readClaim,
  };
}
