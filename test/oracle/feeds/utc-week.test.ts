import { expect } from "chai";
import fc from "fast-check";

import { bandNumbers, parseBand } from "../../../oracle/feeds/band.ts";
import { type Calendar, isOpen } from "../../../oracle/feeds/calendar.ts";
import { utcWeek, type UtcWeek } from "../../../oracle/feeds/utc-week.ts";
import { zoneOffsets } from "../../../oracle/feeds/zone-offsets.ts";

const at = (iso: string) => Date.parse(iso) / 1000;
const FROM = at("2026-01-01T00:00:00Z");
const UNTIL = at("2028-01-01T00:00:00Z");
const hour = (hours: number) => hours * 3600;
const day = (date: string) => at(`${date}T00:00:00Z`) / 86_400;

const trading = [
  { from: hour(9), to: hour(11.5) },
  { from: hour(12.5), to: hour(15.5) },
];
const full = [{ from: 0, to: 86_400 }];

const CALENDARS: Record<string, Calendar> = {
  "Tokyo with holidays": {
    weekly: [[], trading, trading, trading, trading, trading, []],
    days: new Map([
      [day("2026-11-23"), []],
      [day("2026-12-30"), trading.slice(0, 1)],
      [day("2027-01-01"), []],
    ]),
    offsets: zoneOffsets("Asia/Tokyo"),
  },
  "New York's week": {
    weekly: [[{ from: hour(17), to: 86_400 }], full, full, full, full, [{ from: 0, to: hour(17) }], []],
    days: new Map(),
    offsets: zoneOffsets("America/New_York"),
  },
  "across the change of the clocks": {
    weekly: Array.from({ length: 7 }, () => [{ from: hour(1), to: hour(3.5) }]),
    days: new Map(),
    offsets: zoneOffsets("America/New_York"),
  },
  "never open": { weekly: Array.from({ length: 7 }, () => []), days: new Map(), offsets: zoneOffsets("UTC") },
};

/** As the signers read it. */
function openBy({ week, exceptions }: UtcWeek, time: number): boolean {
  const exception = exceptions.find(({ from, until }) => from <= time && time < until);
  if (exception !== undefined) return exception.open;
  const second = (time - 345_600) % 604_800;
  return week.some(([from, until]) => from <= second && second < until);
}

describe("utcWeek", () => {
  for (const [name, calendar] of Object.entries(CALENDARS)) {
    it(`says what the calendar says: ${name}`, () => {
      const written = utcWeek(calendar, FROM, UNTIL);
      const edges = [
        ...written.exceptions.flatMap(({ from, until }) => [from, until]),
        ...calendar.offsets.map(({ from }) => from),
      ];
      for (const edge of edges.filter((time) => FROM < time && time < UNTIL)) {
        for (const time of [edge - 1, edge, edge + 1])
          expect(openBy(written, time), String(time)).to.equal(isOpen(calendar, time));
      }
      fc.assert(
        fc.property(
          fc.integer({ min: FROM, max: UNTIL - 1 }),
          fc.constantFrom(1, 60, 1800, 3600),
          (time, grid) => {
            for (const second of [0, 1]) {
              const moment = Math.floor(time / grid) * grid + second;
              if (moment >= FROM)
                expect(openBy(written, moment), String(moment)).to.equal(isOpen(calendar, moment));
            }
          },
        ),
        { seed: 20201122, numRuns: 3000 },
      );
    });
  }

  it("needs exceptions only where a week is not like the others", () => {
    const { week, exceptions } = utcWeek(CALENDARS["Tokyo with holidays"]!, FROM, UNTIL);
    expect(week).to.have.length(10);
    expect(week[0]).to.deep.equal([0, hour(2.5) + 1]);
    const weeks = new Set(exceptions.map(({ from }) => Math.floor((from - 345_600) / 604_800)));
    expect(weeks.size).to.equal(2); // 23 November; 30 December and New Year share a week
    exceptions.forEach(({ from }, i) => {
      expect(from).to.be.at.least(exceptions[i - 1]?.until ?? 0);
    });
  });

  it("has no exceptions for a market that never closes", () => {
    expect(utcWeek(null, FROM, UNTIL)).to.deep.equal({ week: [[0, 604_800]], exceptions: [] });
  });
});

describe("bandNumbers", () => {
  it("gives a share or a least distance", () => {
    expect(bandNumbers(parseBand("0.5%", 2))).to.deep.equal({ perMillion: 5000, atLeast: 0n });
    expect(bandNumbers(parseBand("1.5", 2))).to.deep.equal({ perMillion: 0, atLeast: 150n });
  });
});
