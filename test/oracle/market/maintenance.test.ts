import { expect } from "chai";

import { inMaintenance } from "../../../oracle/market/maintenance.ts";

describe("inMaintenance", () => {
  const times: [string, string, boolean][] = [
    ["bitflyer", "2026-11-20T03:59:59+09:00", false],
    ["bitflyer", "2026-11-20T04:00:00+09:00", true],
    ["bitflyer", "2026-11-22T04:09:59+09:00", true],
    ["bitflyer", "2026-11-20T04:10:00+09:00", false],
    ["bitflyer", "1969-12-31T04:05:00+09:00", true],
    ["gmo", "2026-11-21T09:00:00+09:00", true],
    ["gmo", "2026-11-21T10:59:59+09:00", true],
    ["gmo", "2026-11-21T11:00:00+09:00", false],
    ["gmo", "2026-11-20T10:00:00+09:00", false],
    ["gmo", "2026-11-22T10:00:00+09:00", false],
    ["kraken", "2026-11-20T04:05:00+09:00", false],
  ];
  for (const [venue, time, away] of times) {
    it(`says ${venue} is ${away ? "away" : "there"} at ${time}`, () => {
      expect(inMaintenance(venue, Date.parse(time))).to.equal(away);
    });
  }

  it("takes windows of your own", () => {
    const window = {
      venue: "kraken",
      weekdays: [3],
      from: 0,
      to: 1,
      utcOffset: 0,
      page: "https://status.example.com",
    };
    expect(inMaintenance("kraken", Date.parse("2026-11-25T00:00:30Z"), [window])).to.equal(true);
    expect(inMaintenance("kraken", Date.parse("2026-11-26T00:00:30Z"), [window])).to.equal(false);
  });
});
