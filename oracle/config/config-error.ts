/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Where: `chains[0].feeCapGwei`; empty for the file as a whole. */
  readonly path: string;
  /** What was expected, what was seen, what to do. Never a secret. */
  readonly message: string;
}

/** A configuration that cannot be used; all that is wrong with it at once. Nothing has been started. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path === "" ? "the file" : path}: ${message}`);
    const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    super(
      `${file} cannot be used, it has ${count}:\n${lines.join("\n")}\n` +
        "Nothing was started. docs/config.md says of every key what it takes.",
    );
    this.file = file;
    this.problems = problems;
  }
}
