import type { GasByAction } from "./result.ts";

/** What each kind of transaction has cost. */
export class GasTally {
  readonly #byAction = new Map<string, bigint[]>();

  add(action: string, gas: bigint): void {
    const known = this.#byAction.get(action);
    if (known === undefined) this.#byAction.set(action, [gas]);
    else known.push(gas);
  }

  /** By action, in the order in which they were first taken. */
  summary(): GasByAction[] {
    return [...this.#byAction].map(([action, used]) => {
      const sorted = used.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      const at = (share: number): bigint =>
        sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0n;
      return {
        action,
        count: sorted.length,
        least: sorted[0] ?? 0n,
        p50: at(0.5),
        p95: at(0.95),
        most: sorted.at(-1) ?? 0n,
        total: sorted.reduce((sum, gas) => sum + gas, 0n),
      };
    });
  }
}
