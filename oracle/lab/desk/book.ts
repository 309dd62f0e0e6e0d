import type { Contracts, People } from "../world/deploy-contracts.ts";
import type { Call, Mined } from "../world/lab-chain.ts";
import type { PlannedOption } from "./planned-option.ts";

/** A transaction that somebody is about to send, and what it is called in the results. */
export interface Step extends Call {
  readonly action: string;
}

/** What a settling transaction said. */
export interface SettlingFacts {
  /** Null while it goes on. */
  readonly outcome: "fixed" | "split" | null;
  /** The fixings that it found, each with how far before its time it is; in order. */
  readonly found: readonly { readonly price: bigint; readonly back: number }[];
}

/** What of an option's deal a contract must be told beside what was planned. */
export interface Deal {
  readonly option: PlannedOption;
  /** Of its token. */
  readonly token: string;
  /** The feed's decimals and the hash of its method, 0x-prefixed. */
  readonly decimals: number;
  readonly method: string;
}

/** How one contract's options are handled: each method says what is to be sent, nothing is sent here. */
export interface Book {
  readonly address: string;
  readonly create: (deal: Deal) => readonly Step[];
  /** Told what became of a step of `create`. */
  readonly onCreated?: (deal: Deal, mined: Mined) => void;
  readonly buy: (deal: Deal) => readonly Step[];
  readonly cancel: (deal: Deal) => readonly Step[];
  /** The buyer's side goes to `to`. */
  readonly transfer: (deal: Deal, to: string) => readonly Step[];
  /** For the fixing of `deal.option.times[index]`. */
  readonly settle: (deal: Deal, index: number) => Step;
  readonly claims: (
    deal: Deal,
    holder: string,
  ) => readonly { readonly side: "buyer" | "seller"; readonly step: Step }[];
  readonly readSettling: (deal: Deal, mined: Mined) => SettlingFacts;
  /** How much a claim has paid. */
  readonly readClaim: (mined: Mined) => bigint;
}

/** What books are made from. */
export interface BookContext {
  readonly contracts: Contracts;
  readonly people: People;
}
