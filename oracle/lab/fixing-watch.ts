import { FIXING_STATUSES } from "../api/oracle-view.ts";
import { NOT_A_NUMBER } from "../relayer/oracle-abi.ts";
import type { Fixing } from "./result.ts";
import { interfaceOf } from "./world/deploy-contracts.ts";
import type { LabWorld } from "./world/open-lab-world.ts";

/** What can change no more. */
const ENDED = new Set(["final", "void", "no-price"]);

/**
 * What becomes of each fixing time: looked at once it can be final, and where it is not, again at the end. The oracle forgets
 * what is stored after a while (`expired`), so the end alone would be too late for a long run.
 */
export class FixingWatch {
  readonly #world: Pick<LabWorld, "chain" | "contracts">;
  readonly #truthAt: (time: number) => bigint | null;
  readonly #seen = new Map<number, Fixing>();
  readonly #waiting: number[] = [];

  constructor(world: Pick<LabWorld, "chain" | "contracts">, truthAt: (time: number) => bigint | null) {
    this.#world = world;
    this.#truthAt = truthAt;
  }

  /** @param time a fixing time; ascending */
  add(time: number): void {
    this.#waiting.push(time);
  }

  /** Looks at those up to `until` that were not looked at yet. */
  async look(until: number): Promise<void> {
    for (let time = this.#waiting[0]; time !== undefined && time <= until; time = this.#waiting[0]) {
      this.#waiting.shift();
      this.#seen.set(time, await this.#read(time));
    }
  }

  /** All of them, ascending. */
  async all(): Promise<Fixing[]> {
    await this.look(Number.POSITIVE_INFINITY);
    for (const [time, { status }] of this.#seen)
      if (!ENDED.has(status)) this.#seen.set(time, await this.#read(time));
    return [...this.#seen.values()].sort((a, b) => a.time - b.time);
  }

  async #read(time: number): Promise<Fixing> {
    const { chain, contracts } = this.#world;
    const abi = interfaceOf("Oracle.sol");
    const answer = await chain.call(contracts.oracle, abi.encodeFunctionData("tryFixing", [0, time]));
    const [code, price] = abi.decodeFunctionResult("tryFixing", answer) as unknown as [bigint, bigint];
    const status = FIXING_STATUSES[Number(code)] ?? "none";
    const priced = (status === "final" || status === "provisional") && price !== NOT_A_NUMBER;
    return { time, status, price: priced ? price : null, truth: this.#truthAt(time) };
  }
}
