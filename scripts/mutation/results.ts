import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

export type Outcome = "killed" | "survived" | "timed out" | "does not compile";

export interface Result {
  readonly key: string;
  readonly outcome: Outcome;
  /** The test that failed, or what the compiler said. */
  readonly by: string;
}

/** What is known of a unit's mutants, kept in a file so that an interrupted run can go on. */
export class Results {
  readonly #file: string;
  readonly #known = new Map<string, Result>();

  /** @param basis Everything a result depends on; other results are kept apart. */
  constructor(unit: string, basis: readonly string[], folder = "cache/mutation") {
    const hash = createHash("sha256").update(JSON.stringify(basis)).digest("hex").slice(0, 16);
    this.#file = path.join(folder, `${unit}-${hash}.jsonl`);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, "utf8").split("\n")) {
      if (!line.endsWith("}")) continue; // the last line of a run that was stopped may be half written
      const result = JSON.parse(line) as Result;
      this.#known.set(result.key, result);
    }
  }

  get(key: string): Result | undefined {
    return this.#known.get(key);
  }

  add(result: Result): void {
    this.#known.set(result.key, result);
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
  }
}
