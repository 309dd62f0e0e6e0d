import { interfaceOf } from "../world/deploy-contracts.ts";
import type { Mined } from "../world/lab-chain.ts";
import type { Book, BookContext, Deal, Step } from "./book.ts";

/**
 * Options of `contracts/samples/PayoffOptions.sol`, which ask a contract of the user's what they pay.
 * @param to the options' address
 * @param payoff the user's contract
 */
export function payoffBook({ people }: Pick<BookContext, "people">, to: string, payoff: string): Book {
  const abi = interfaceOf("samples/PayoffOptions.sol");
  const { seller, buyer, anyone } = people;
  const ids = new Map<number, bigint>();
  const idOf = ({ option }: Deal): bigint => {
    const id = ids.get(option.number);
    if (id === undefined) throw new RangeError(`option ${option.number} was not created`);
    return id;
  };
  const step = (action: string, from: string, args: readonly unknown[]): Step => ({
    action: `PayoffOptions.${action}`,
    from,
    to,
    data: abi.encodeFunctionData(action, args),
  });
  const events = ({ logs }: Mined) =>
    logs.flatMap((log) => {
      const event = log.address.toLowerCase() === to.toLowerCase() ? abi.parseLog(log) : null;
      return event === null ? [] : [event];
    });
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
