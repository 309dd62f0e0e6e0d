/** One planted fault: between two bytes of a source stands something else. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * How a place is made to choose between what it was and what it is in a mutant:
 * - statement: `if (mutant() == 3) { … } else { … }`
 * - expression: `(mutant() == 3 ? … : …)`
 * - yul, yul-let: `switch m case 3 { … } default { … }`
 * - modifier: another modifier, which has the mutant alone
 */
export type SiteKind = "statement" | "expression" | "yul" | "yul-let" | "modifier";

/** The smallest place around an edit that can choose at run time. Sites never overlap. */
export interface Site {
  readonly kind: SiteKind;
  readonly from: number;
  readonly to: number;
}

export interface Mutant {
  /** "Oracle.sol _keepRoot: since < time → since <= time": stays the same while that code does. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly site: Site;
  readonly edit: Edit;
}
