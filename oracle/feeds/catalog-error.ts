/** One thing that is wrong with a catalog. */
export interface CatalogProblem {
  /** Where: `bundles[0].feeds[2].method.minSources`. */
  readonly path: string;
  /** What was expected, what was seen, what to do. */
  readonly message: string;
}

/** A catalog that cannot be used; all that is wrong with it at once. Nothing has changed. */
export class CatalogError extends Error {
  override readonly name = "CatalogError";
  readonly problems: readonly CatalogProblem[];

  constructor(problems: readonly CatalogProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path === "" ? "catalog" : path}: ${message}`);
    super(
      `the catalog has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${lines.join("\n")}`,
    );
    this.problems = problems;
  }
}
