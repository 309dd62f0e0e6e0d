import { expect } from "chai";

import { SCHEDULES } from "./simulation/schedules.ts";
import { Violation } from "./simulation/watch.ts";

describe("planted faults", () => {
  for (const { fault, breaks, run } of SCHEDULES) {
    it(`${fault}: its schedule does no harm to the rules as they are`, () => {
      run(false);
    });

    it(`${fault}: its schedule breaks a promise where the fault is planted`, () => {
      expect(() => {
        run(true);
      }).to.throw(Violation, breaks);
    });
  }
});
