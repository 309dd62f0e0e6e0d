import { expect } from "chai";

import { planOptions } from "../../../oracle/lab/desk/plan-options.ts";
import { ScenarioError } from "../../../oracle/lab/scenario-error.ts";
import type { ScenarioInput } from "../../../oracle/lab/scenario.ts";
import { small } from "./small-scenario.ts";

const START = 1_767_571_200; // 2026-01-05
const TICK = 60;

const plan = (minutes: number, options: ScenarioInput["options"]) =>
  planOptions(small({ options }), {
    path: { symbol: "BTC/JPY", at: (time) => ({ time, price: { units: 10_000_000n, scale: 0 } }) },
    decimals: 0,
    ticks: Array.from({ length: minutes + 1 }, (_, i) => START + TICK * i),
    tick: TICK,
  });

describe("the options that are planned", () => {
  it("live as long as the scenario says, to the fixing after, and end within the run", () => {
    const planned = plan(180, { count: 300, life: { from: 3_600, to: 7_200 } });
    expect(planned).to.have.length(300);
    const lives = planned.map(({ createAt, expiry }) => expiry - createAt);
    for (const life of lives) expect(life).to.be.within(3_600, 7_200 + 299);
    for (const { expiry } of planned) expect(expiry % 300).to.equal(0);
    expect(Math.max(...planned.map(({ expiry }) => expiry))).to.be.at.most(START + 180 * TICK);
    // Their ends are spread over the run: the last fixing has no crowd of those that would have lived on.
    const last = planned.filter(({ expiry }) => expiry === START + 180 * TICK);
    expect(last.length).to.be.below(100);
    // So do those of a contract of one's own.
    const own = plan(180, {
      count: 0,
      life: { from: 3_600, to: 7_200 },
      payoff: { artifact: "samples/StraddlePayoff.sol", count: 40 },
    });
    for (const { createAt, expiry } of own) expect(expiry - createAt).to.be.within(3_600, 7_499);
    expect(new Set(own.map(({ createAt, expiry }) => Math.ceil((expiry - createAt) / 600))).size).to.be.above(
      3,
    );
  });

  it("a life that no run of that length has is refused; without options it does not matter", () => {
    expect(() => plan(59, { count: 5, life: { from: 3_600, to: 7_200 } }))
      .to.throw(ScenarioError)
      .with.property("message")
      .that.includes(
        "options.life.from: 3600 s are longer than the run, whose last fixing is 3300 s after its beginning",
      );
    expect(plan(59, { count: 0 })).to.deep.equal([]);
  });

  it("no two series have the same terms: there are fewer where more cannot differ", () => {
    const planned = plan(15, {
      count: 100,
      kinds: ["digital-call"],
      strikes: { from: "100%", to: "100%" },
      tokens: [6],
      life: { from: 300, to: 300 },
    });
    expect(planned.map(({ expiry }) => expiry - START).sort((a, b) => a - b)).to.deep.equal([300, 600, 900]);
  });
});
