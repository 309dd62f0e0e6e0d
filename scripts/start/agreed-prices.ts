import { writeFileSync } from "node:fs";
import path from "node:path";

import { formatUnits } from "../../oracle/decimal.ts";
import type { QuorumReport } from "../../oracle/signer/agreement/effects.ts";
import { NO_PRICE } from "../../oracle/report/word.ts";
import { markOf } from "./mark.ts";
import type { WorldPlan } from "./world-plan.ts";

/** What the signers agreed on of the first feed, tick by tick: a price file that can itself be replayed. */
export class AgreedPrices {
  readonly #plan: WorldPlan;
  readonly #rows: string[] = [];

  constructor(plan: WorldPlan) {
    this.#plan = plan;
  }

  /** Keeps a report's price, up to the last fixing. A bar is stamped with its beginning, one tick before it is known. */
  keep({ time, prices }: QuorumReport): void {
    const { tick, expireAt, catalog } = this.#plan;
    const price = prices[0] ?? NO_PRICE;
    if (price === NO_PRICE || time > expireAt) return;
    const mark = markOf(this.#plan);
    this.#rows.push(
      `${time - tick},${formatUnits(price, catalog.feeds[0]?.decimals ?? 0)}${mark && `,${mark}`}`,
    );
  }

  /** @returns the file's path */
  write(folder: string): string {
    const name = this.#plan.catalog.feeds[0]?.symbol.toLowerCase().replace("/", "") ?? "prices";
    const file = path.join(folder, `${name}-agreed.csv`);
    const header = markOf(this.#plan) === "" ? "time,price" : "time,price,mark";
    writeFileSync(file, `${[header, ...this.#rows].join("\n")}\n`);
    return file;
  }
}
