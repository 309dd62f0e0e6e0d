import { PassThrough } from "node:stream";

import { expect } from "chai";

import type { World } from "../../../scripts/start/open-world.ts";
import { Screen } from "../../../scripts/start/screen.ts";
import { Tally } from "../../../scripts/start/tally.ts";
import { planWorld, type WorldPlan } from "../../../scripts/start/world-plan.ts";
import { Narration, sparkline } from "../../../scripts/start/narrate.ts";

describe("sparkline", () => {
  it("draws the lowest price lowest and the highest highest", () => {
    expect(sparkline([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n], 16)).to.equal("▁▂▃▄▅▆▇█");
    expect(sparkline([11_250_700n, 11_250_000n, 11_250_350n], 16)).to.equal("█▁▄");
    expect(sparkline([-7n, 0n], 16)).to.equal("▁█");
  });

  it("is as wide as it may be at the most, whatever there is to draw", () => {
    for (const many of [15, 16, 17, 31, 33, 90, 1_000]) {
      const drawn = sparkline(
        Array.from({ length: many }, (_, i) => BigInt(i)),
        16,
      );
      expect(drawn.length, `${many} prices`).to.be.within(8, 16);
      expect(drawn).to.match(/^▁.*[▇█]$/);
    }
  });

  it("is flat where nothing moves, and nothing where there is nothing", () => {
    expect(sparkline([5n, 5n, 5n], 16)).to.equal("▁▁▁");
    expect(sparkline([], 16)).to.equal("");
  });
});

describe("Narration", () => {
  /** What is told before time goes on. */
  const opening = (plan: WorldPlan): string => {
    const stream = new PassThrough();
    const screen = new Screen(stream as unknown as NodeJS.WriteStream);
    const contract = { address: "0x0" };
    const contracts = { gate: contract, oracle: contract, catalog: contract };
    const world = {
      deployed: { book: { contracts }, members: 4 },
      keys: { endpoint: "http://127.0.0.1:1" },
      network: "rehearsal-1",
      venues: undefined,
      chain: { url: "http://127.0.0.1:2" },
    };
    new Narration(screen, plan, new Tally(plan)).opened(world as unknown as World);
    return String(stream.read());
  };

  it("says of a live run when the first fixing falls, and who the venues are", () => {
    // 21:03:20 in Tokyo.
    const told = opening(planWorld({ kind: "live" }, Date.UTC(2026, 10, 26, 12, 3, 20) / 1000));
    expect(told).to.match(/first fixing falls at 2026-11-26 21:05:00 JST/);
    expect(told).to.match(/bitflyer, coincheck, bitbank, gmo/);
    expect(told).not.to.contain("SIMULATED");
  });

  it("says that one process holds all four signers here", () => {
    expect(opening(planWorld({ kind: "simulated", seed: 1 }, 1_800_000_000))).to.match(
      /One process holds all four signers here/,
    );
  });
});
