/** The command was given arguments that make no sense; says which and what it takes. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
