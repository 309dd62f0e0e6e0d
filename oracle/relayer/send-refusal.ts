/**
 * What a node's refusal of a transaction means:
 * `known`: it has it already, as good as sent. `nonceTooLow`: another transaction with this nonce is in a block, maybe an
 * attempt of ours. `funds`: the sender cannot pay. `fee`: the fees are too low now; the same transaction may do later.
 * `other`: nothing we know.
 */
export type SendRefusal = "known" | "nonceTooLow" | "funds" | "fee" | "other";

/** By what nodes say: geth's, anvil's and Hardhat's own words. The first that fits counts. */
const WORDS: readonly (readonly [SendRefusal, RegExp])[] = [
  ["known", /\balready known\b|\balready imported\b|(?<!un)\bknown transaction\b/],
  ["nonceTooLow", /\bnonce too low\b|\bnonce has already been used\b/],
  ["funds", /\binsufficient funds\b|\bdoesn't have enough funds\b/],
  [
    "fee",
    /\bunderpriced\b|\bless than block base fee\b|\btoo low\b.*\bbase ?fee|\bgas price below minimum\b/,
  ],
];

/** Sorts a node's refusal by its message. */
export function sendRefusal(message: string): SendRefusal {
  const said = message.toLowerCase();
  return WORDS.find(([, words]) => words.test(said))?.[0] ?? "other";
}
