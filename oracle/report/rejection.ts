/** Why the contract refuses a report: its custom errors, and what their arguments mean, in order. */
export const REASONS = {
  BadLength: ["given", "expected"],
  FutureReport: ["observedAt", "now_"],
  NoSetInForce: ["observedAt"],
  UnknownSigners: ["given", "expected"],
  BadPart: ["offset"],
  UnknownBundle: ["bundle"],
  BadMask: ["bundle", "mask"],
  BadSignature: ["index"],
  RootConflict: ["time", "kept", "given"],
  BundleOrder: ["previous", "given"],
  RootMismatch: ["given", "expected"],
} as const;

/** The name of a reason. */
export type Reason = keyof typeof REASONS;

const MEANING: Record<Reason, string> = {
  BadLength: "bytes are missing",
  FutureReport: "the report is of a time that has not come; check the clocks",
  NoSetInForce: "no signer set that the chain knows is in force at this time any more, or yet",
  UnknownSigners: "another signer set is in force at the report's time (192-bit hashes)",
  BadPart: "the part at this byte is cut short",
  UnknownBundle: "the chain has no such bundle: define it first, or the bytes are damaged",
  BadMask: "the mask names words that the bundle does not have",
  BadSignature: "this signature, counted from 0, is out of order, malleable or not its signer's",
  RootConflict: "the chain keeps another root for this fixing time (0: voided); one time has one root",
  BundleOrder: "bundles must come in ascending order",
  RootMismatch: "this part does not belong to the first part's report",
};

/** A report that the contract would refuse, with the custom error that it would revert with. */
export class Rejection extends Error {
  /** The custom error's name. */
  readonly reason: Reason;
  /** Its arguments, in the contract's order; all are uint256 there. */
  readonly args: readonly bigint[];

  constructor(reason: Reason, args: readonly (bigint | number)[]) {
    const named = REASONS[reason].map((name, i) => `${name} ${args[i]}`).join(", ");
    super(`${reason}(${named}): ${MEANING[reason]}`);
    this.name = "Rejection";
    this.reason = reason;
    this.args = args.map(BigInt);
  }
}
