import { expect } from "chai";

import { type Calendar, isOpen } from "../../../oracle/feeds/calendar.ts";
import type { CatalogProblem } from "../../../oracle/feeds/catalog-error.ts";
import { type CalendarFile } from "../../../oracle/feeds/catalog-schema.ts";
import { readCalendar } from "../../../oracle/feeds/read-calendar.ts";
import { zoneOffsets } from "../../../oracle/feeds/zone-offsets.ts";

const CLOSED = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

function calendar(file: Partial<CalendarFile>): Calendar {
  const problems: CatalogProblem[] = [];
  const read = readCalendar(
    { timeZone: "Asia/Tokyo", weekly: CLOSED, holidays: [], special: {}, ...file },
    "c",
    problems,
  );
  expect(problems).to.deep.equal([]);
  return read!;
}

function problemsOf(file: Partial<CalendarFile>): string[] {
  const problems: CatalogProblem[] = [];
  readCalendar({ timeZone: "Asia/Tokyo", weekly: CLOSED, holidays: [], special: {}, ...file }, "c", problems);
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

const at = (iso: string) => Date.parse(iso) / 1000;
const trading = ["09:00-11:30", "12:30-15:30"];
const tokyo = calendar({
  weekly: { ...CLOSED, mon: trading, tue: trading, wed: trading, thu: trading, fri: trading },
  holidays: ["2026-11-23"],
  special: { "2026-12-30": ["09:00-11:30"], "2026-12-26": ["10:00-10:30"] },
});

describe("isOpen", () => {
  it("is always true without a calendar", () => {
    expect(isOpen(null, 0)).to.equal(true);
  });

  const tokyoTimes: [string, boolean][] = [
    ["2026-11-20T08:59:59+09:00", false],
    ["2026-11-20T09:00:00+09:00", true],
    ["2026-11-20T11:30:00+09:00", true],
    ["2026-11-20T11:30:01+09:00", false],
    ["2026-11-20T12:29:59+09:00", false],
    ["2026-11-20T15:30:00+09:00", true],
    ["2026-11-20T15:30:01+09:00", false],
    ["2026-11-21T10:00:00+09:00", false],
    ["2026-11-22T10:00:00+09:00", false],
    ["2026-11-23T10:00:00+09:00", false],
    ["2026-11-24T10:00:00+09:00", true],
    ["2026-12-26T10:15:00+09:00", true],
    ["2026-12-30T11:00:00+09:00", true],
    ["2026-12-30T13:00:00+09:00", false],
  ];
  for (const [time, open] of tokyoTimes) {
    it(`says Tokyo is ${open ? "open" : "closed"} at ${time}`, () => {
      expect(isOpen(tokyo, at(time))).to.equal(open);
    });
  }

  const fx = calendar({
    timeZone: "America/New_York",
    weekly: {
      ...CLOSED,
      sun: ["17:00-24:00"],
      mon: ["00:00-24:00"],
      tue: ["00:00-24:00"],
      wed: ["00:00-24:00"],
      thu: ["00:00-24:00"],
      fri: ["00:00-17:00"],
    },
  });
  const fxTimes: [string, boolean][] = [
    ["2026-03-06T22:00:00Z", true], // Friday 17:00, winter
    ["2026-03-06T22:00:01Z", false],
    ["2026-03-08T20:59:59Z", false], // Sunday 16:59:59, the summer that began this morning
    ["2026-03-08T21:00:00Z", true],
    ["2026-11-01T21:59:59Z", false], // Sunday 16:59:59, the winter that began this morning
    ["2026-11-01T22:00:00Z", true],
    ["2026-07-03T21:00:00Z", true],
    ["2026-07-03T21:00:01Z", false],
    ["2026-07-08T04:00:00Z", true], // midnight between two full days
  ];
  for (const [time, open] of fxTimes) {
    it(`says New York's week is ${open ? "open" : "closed"} at ${time}`, () => {
      expect(isOpen(fx, at(time))).to.equal(open);
    });
  }

  it("includes the midnight at which a session ends", () => {
    const evening = calendar({ weekly: { ...CLOSED, fri: ["20:00-24:00"] } });
    expect(isOpen(evening, at("2026-11-21T00:00:00+09:00"))).to.equal(true);
    expect(isOpen(evening, at("2026-11-21T00:00:01+09:00"))).to.equal(false);
    expect(isOpen(evening, at("2026-11-20T00:00:00+09:00"))).to.equal(false);
  });

  it("uses a new offset from its very first second", () => {
    const early = calendar({ timeZone: "America/New_York", weekly: { ...CLOSED, sun: ["03:00-03:30"] } });
    expect(isOpen(early, at("2026-03-08T06:59:59Z"))).to.equal(false);
    expect(isOpen(early, at("2026-03-08T07:00:00Z"))).to.equal(true); // 02:00 became 03:00
  });

  it("uses the first offset for what was before it", () => {
    expect(isOpen(tokyo, at("1999-11-19T10:00:00+09:00"))).to.equal(true);
    expect(isOpen(tokyo, at("1969-12-31T10:00:00+09:00"))).to.equal(true); // a Wednesday
    expect(isOpen(tokyo, at("1969-12-28T10:00:00+09:00"))).to.equal(false); // a Sunday
  });
});

describe("zoneOffsets", () => {
  it("writes out every change to the second", () => {
    expect(zoneOffsets("Asia/Tokyo").map(({ offset }) => offset)).to.deep.equal([32_400]);
    const london = zoneOffsets("Europe/London");
    expect(london[0]?.offset).to.equal(0);
    expect(london.find(({ from }) => from >= at("2026-01-01T00:00:00Z"))).to.deep.equal({
      from: at("2026-03-29T01:00:00Z"),
      offset: 3600,
    });
    expect(london).to.have.length(1 + 2 * 24);
  });
});

describe("readCalendar", () => {
  it("refuses sessions that overlap, end before they start, or do not exist", () => {
    const mon = (...hours: string[]) => problemsOf({ weekly: { ...CLOSED, mon: hours } });
    expect(mon("15:00-09:00")[0]).to.match(/^c\.weekly\.mon\[0\]: "15:00-09:00" must end after it starts/);
    expect(mon("09:00-24:01")).to.have.length(1);
    expect(mon("09:60-10:00")).to.have.length(1);
    expect(mon("09:00-11:30", "11:30-12:00")[0]).to.match(/must start after the session before it ends/);
    expect(mon("09:00-11:30", "11:31-24:00")).to.deep.equal([]);
  });

  it("refuses a time zone that does not exist", () => {
    expect(problemsOf({ timeZone: "Asia/Tokio" })).to.deep.equal([
      'c.timeZone: no such time zone: "Asia/Tokio" (such as Asia/Tokyo)',
    ]);
  });

  it("refuses a day that is a holiday and special", () => {
    expect(problemsOf({ holidays: ["2026-11-23"], special: { "2026-11-23": ["09:00-10:00"] } })[0]).to.match(
      /^c\.special\.2026-11-23: is also among the holidays/,
    );
  });
});
