/** A scenario that cannot be run: everything that is wrong with it, each with where it is. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  readonly problems: readonly { readonly path: string; readonly message: string }[];

  constructor(name: string, problems: ScenarioError["problems"]) {
    const lines = problems.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}`);
    super(`${name} is no scenario that can be run:\n${lines.join("\n")}`);
    this.problems = problems;
  }
}
