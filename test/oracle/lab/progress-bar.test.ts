import { expect } from "chai";

import { manualClock } from "../../../oracle/clock.ts";
import { ProgressBar } from "../../../oracle/lab/progress-bar.ts";

function barOn(isTTY: boolean): {
  bar: ProgressBar;
  written: string[];
  clock: ReturnType<typeof manualClock>;
} {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
  const clock = manualClock(0);
  return { bar: new ProgressBar(stream as unknown as NodeJS.WriteStream, clock), written, clock };
}

describe("the progress bar", () => {
  it("shows on a terminal what is done, not more than ten times a second, and leaves the line clean", async () => {
    const { bar, written, clock } = barOn(true);
    bar.show({ what: "run", done: 0, of: 200 });
    bar.show({ what: "run", done: 1, of: 200 });
    await clock.advance(100);
    bar.show({ what: "run", done: 100, of: 200 });
    bar.show({ what: "run", done: 200, of: 200 });
    bar.end();
    bar.end();
    expect(written).to.have.length(4);
    expect(written[1]).to.match(/█{15}░{15} {2}50 % {2}running the scenario$/);
    expect(written[2]).to.include("100 %");
    expect(written[3]).to.equal("\r\u001b[K");
  });

  it("shows nothing where there is no terminal", () => {
    const { bar, written } = barOn(false);
    bar.show({ what: "sweep", done: 1, of: 2 });
    bar.end();
    expect(written).to.deep.equal([]);
  });
});
