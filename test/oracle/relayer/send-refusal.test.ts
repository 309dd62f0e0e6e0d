import { expect } from "chai";

import { sendRefusal } from "../../../oracle/relayer/send-refusal.ts";

/** The same fault in the words of geth, anvil and Hardhat. */
const TABLE: readonly (readonly [string, readonly string[]])[] = [
  [
    "known",
    [
      "already known",
      "transaction already imported",
      "Known transaction: 0x3c5f0a6a6b1f2e2f0f0d0f5c9b8f3f5a5f0f0e0d0c0b0a090807060504030201",
    ],
  ],
  [
    "nonceTooLow",
    [
      "nonce too low: next nonce 5, tx nonce 4",
      "nonce too low",
      "Transaction nonce too low. Expected nonce to be 5 but got 4.",
    ],
  ],
  [
    "funds",
    [
      "insufficient funds for gas * price + value: balance 0, tx cost 1, overshot 1",
      "Insufficient funds for gas * price + value",
      "Sender doesn't have enough funds to send tx. The max upfront cost is: 2 and the sender's balance is: 1.",
    ],
  ],
  [
    "fee",
    [
      "replacement transaction underpriced",
      "transaction underpriced",
      "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 2 is necessary",
      "max fee per gas less than block base fee: address 0x00, maxFeePerGas: 1, baseFee: 2",
      "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 2",
      "transaction gas price below minimum: gas tip cap 0, minimum needed 1",
    ],
  ],
  [
    "other",
    ["unknown transaction", "exceeds block gas limit", "account limit exceeded", "nonce too high", ""],
  ],
];

describe("sendRefusal", () => {
  for (const [kind, messages] of TABLE)
    for (const message of messages)
      it(`takes ${JSON.stringify(message.slice(0, 60))} for ${kind}`, () => {
        expect(sendRefusal(message)).to.equal(kind);
      });
});
