import { expect } from "chai";
import fc from "fast-check";

import { zoneOffsets } from "../../../../oracle/feeds/zone-offsets.ts";
import {
  lastScheduled,
  type Schedule,
  scheduledTimes,
} from "../../../../oracle/ledger/decision/scheduled.ts";
import { RUNS } from "./inputs.ts";

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const zone = (timeZone: string) => ({ timeZone, offsets: zoneOffsets(timeZone) });
const TOKYO = zone("Asia/Tokyo");
const NEW_YORK = zone("America/New_York");
const LORD_HOWE = zone("Australia/Lord_Howe"); // half an hour of summer time
const unix = (text: string): number => Date.parse(text) / 1000;
const iso = (time: number): string => new Date(time * 1000).toISOString().slice(0, 16);

const NAKANE: Schedule = { at: ["09:55"], weekdays: [1, 2, 3, 4, 5], ...TOKYO };

describe("lastScheduled", () => {
  it("finds the newest time at or before a moment", () => {
    expect(iso(lastScheduled(NAKANE, unix("2026-11-26T09:55:00+09:00")))).to.equal("2026-11-26T00:55");
    expect(iso(lastScheduled(NAKANE, unix("2026-11-26T09:54:59+09:00")))).to.equal("2026-11-25T00:55");
    const twice: Schedule = { ...NAKANE, at: ["15:00", "09:55"] };
    expect(iso(lastScheduled(twice, unix("2026-11-26T20:00:00+09:00")))).to.equal("2026-11-26T06:00");
  });

  it("looks back over days that are not scheduled, a whole week if it must", () => {
    expect(iso(lastScheduled(NAKANE, unix("2026-11-30T09:00:00+09:00")))).to.equal("2026-11-27T00:55");
    const sundays: Schedule = { ...NAKANE, weekdays: [0] };
    expect(iso(lastScheduled(sundays, unix("2026-11-29T09:54:59+09:00")))).to.equal("2026-11-22T00:55");
  });

  it("knows weekdays by the zone's own calendar: Monday 08:00 in Tokyo is Sunday in London", () => {
    const mondays: Schedule = { at: ["08:00"], weekdays: [1], ...TOKYO };
    expect(iso(lastScheduled(mondays, unix("2026-11-30T12:00:00Z")))).to.equal("2026-11-29T23:00");
  });

  it("follows summer time", () => {
    const noon: Schedule = { at: ["12:00"], weekdays: EVERY_DAY, ...NEW_YORK };
    expect(iso(lastScheduled(noon, unix("2026-03-08T00:00:00Z")))).to.equal("2026-03-07T17:00");
    expect(iso(lastScheduled(noon, unix("2026-03-09T00:00:00Z")))).to.equal("2026-03-08T16:00");
    const howe: Schedule = { at: ["12:00"], weekdays: EVERY_DAY, ...LORD_HOWE };
    expect(iso(lastScheduled(howe, unix("2026-10-05T02:00:00Z")))).to.equal("2026-10-05T01:00");
    expect(iso(lastScheduled(howe, unix("2026-07-05T02:00:00Z")))).to.equal("2026-07-05T01:30");
  });

  it("counts a time that the clocks skip just behind the skip, and one that comes twice the first time", () => {
    const small: Schedule = { at: ["02:30"], weekdays: EVERY_DAY, ...NEW_YORK };
    expect(iso(lastScheduled(small, unix("2026-03-08T12:00:00Z")))).to.equal("2026-03-08T07:30");
    const twice: Schedule = { at: ["01:30"], weekdays: EVERY_DAY, ...NEW_YORK };
    expect(iso(lastScheduled(twice, unix("2026-11-01T12:00:00Z")))).to.equal("2026-11-01T05:30");
  });

  it("agrees with the machine's own calendar, at any moment and in any zone", () => {
    const wall = (timeZone: string) =>
      new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit" });
    const format = new Map([TOKYO, NEW_YORK, LORD_HOWE].map((of) => [of, wall(of.timeZone)]));
    fc.assert(
      fc.property(
        fc.constantFrom(TOKYO, NEW_YORK, LORD_HOWE),
        fc.integer({ min: unix("2024-01-01T00:00Z"), max: unix("2027-01-01T00:00Z") }),
        (of, time) => {
          const found = lastScheduled({ at: ["09:55"], weekdays: [4], ...of }, time);
          expect(found)
            .to.be.at.most(time)
            .and.above(time - 7 * 86_400 - 3600);
          expect(format.get(of)!.format(found * 1000)).to.equal("Thu 09:55");
        },
      ),
      RUNS,
    );
  });

  it("never goes back as time goes on", () => {
    const schedule: Schedule = { at: ["01:30", "02:30", "09:55"], weekdays: [0, 3], ...NEW_YORK };
    const start = unix("2026-10-31T00:00Z");
    let last = 0;
    for (let time = start; time < start + 4 * 86_400; time += 600) {
      const found = lastScheduled(schedule, time);
      expect(found).to.be.at.least(last);
      last = found;
    }
  });

  it("says 0 where nothing is scheduled", () => {
    expect(lastScheduled({ ...NAKANE, weekdays: [] }, unix("2026-11-26T00:00Z"))).to.equal(0);
    expect(lastScheduled({ ...NAKANE, at: [] }, unix("2026-11-26T00:00Z"))).to.equal(0);
  });

  it("refuses a time of day that is none", () => {
    for (const at of ["24:00", "9:55", "09:60", "0955"])
      expect(() => lastScheduled({ ...NAKANE, at: [at] }, 0)).to.throw(RangeError, at);
  });

  it("gives a column for all feeds", () => {
    const time = unix("2026-11-26T09:55:00+09:00");
    expect([...scheduledTimes([null, NAKANE, NAKANE], time)]).to.deep.equal([0, time, time]);
  });
});
