import { expect } from "chai";
import { getTasks } from "node-cron";

import { zoneOffsets } from "../../../oracle/feeds/zone-offsets.ts";
import { lastScheduled, type Schedule } from "../../../oracle/ledger/decision/scheduled.ts";
import { cronExpressions, scheduleHints } from "../../../oracle/relayer/schedule.ts";

const zone = (timeZone: string) => ({ timeZone, offsets: zoneOffsets(timeZone) });
const NAKANE: Schedule = { at: ["09:55", "15:00"], weekdays: [5, 1, 2, 3, 4], ...zone("Asia/Tokyo") };
const NOON: Schedule = { at: ["12:00"], weekdays: [0], ...zone("America/New_York") };

const hints = () => [...getTasks().values()].filter(({ name }) => name?.startsWith("nakane ") === true);

describe("scheduleHints", () => {
  it("sets one timer for each time of day, however many feeds share it, and ends them", async () => {
    const { stop } = scheduleHints([null, NAKANE, NAKANE, { ...NAKANE }, NOON], () => undefined);
    expect(hints().map(({ name }) => name)).to.have.members([
      "nakane 55 9 * * 1,2,3,4,5 Asia/Tokyo",
      "nakane 0 15 * * 1,2,3,4,5 Asia/Tokyo",
      "nakane 0 12 * * 0 America/New_York",
    ]);
    await stop();
    expect(hints()).to.deep.equal([]);
  });

  it("wakes at its time, which is the time that the chain's state is asked about", async () => {
    let woken = 0;
    const { stop } = scheduleHints([{ ...NAKANE, at: ["09:55"] }], () => woken++);
    const [task] = hints();
    const due = lastScheduled({ ...NAKANE, at: ["09:55"] }, Date.parse("2026-11-28T00:00Z") / 1000);
    expect(task!.match(new Date(due * 1000))).to.equal(true);
    expect(task!.match(new Date((due + 60) * 1000))).to.equal(false);
    await task!.execute();
    expect(woken).to.equal(1);
    await stop();
  });

  it("sets none where no day is scheduled", () => {
    expect(cronExpressions({ ...NAKANE, weekdays: [] })).to.deep.equal([]);
  });
});
