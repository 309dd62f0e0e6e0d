/** Why a whole answer gives nothing. */
export type ReadProblem =
  /** It is not JSON of the shape the venue documents. */
  | "shape"
  /** The venue says it is closed for maintenance. */
  | "maintenance"
  /** The venue says that something is wrong, in its own words. */
  | "venue-error";

/** An answer that gives no quotes at all; the message names the venue, the field, and both sides. */
export class ReadError extends Error {
  override readonly name = "ReadError";
  readonly problem: ReadProblem;

  constructor(problem: ReadProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** One entry of an answer that was left out, while the others count. */
export interface Refusal {
  /** The venue's code of the pair. */
  readonly code: string;
  /** `ltp: expected a price above zero, saw 0`. */
  readonly message: string;
}

/** What a reader makes of an answer. */
export interface Reading<T> {
  readonly items: readonly T[];
  readonly refusals: readonly Refusal[];
  /** Fields that the venue did not have when its reader was written. They are never used, and are reported once. */
  readonly unknownFields: readonly string[];
}
