import type { OwnPayoff } from "./own-payoff.ts";

/** What `contracts/samples/StraddlePayoff.sol` should pay, from its description: an example of a reference. */
const straddle: OwnPayoff = (amount, price, [centre = 0, reach = 1]) => {
  const gone = price - BigInt(centre);
  return { numerator: amount * (gone < 0n ? -gone : gone), denominator: BigInt(reach) };
};

export default straddle;
