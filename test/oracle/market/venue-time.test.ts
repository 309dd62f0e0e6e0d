import { expect } from "chai";

import { parseVenueTime, VenueTimeError } from "../../../oracle/market/venue-time.ts";

describe("parseVenueTime", () => {
  it("takes an ISO time without an offset for UTC", () => {
    expect(parseVenueTime("2017-10-03T04:04:10.75", "iso")).to.equal(Date.UTC(2017, 9, 3, 4, 4, 10, 750));
    expect(parseVenueTime("2017-10-03T04:04:10", "iso")).to.equal(Date.UTC(2017, 9, 3, 4, 4, 10));
  });

  it("honours offsets", () => {
    expect(parseVenueTime("2017-10-03T13:04:10+09:00", "iso")).to.equal(Date.UTC(2017, 9, 3, 4, 4, 10));
    expect(parseVenueTime("2017-10-02T23:34:10-04:30", "iso")).to.equal(Date.UTC(2017, 9, 3, 4, 4, 10));
    expect(parseVenueTime("2017-10-03 04:04:10Z", "iso")).to.equal(Date.UTC(2017, 9, 3, 4, 4, 10));
  });

  it("cuts off what is finer than a millisecond, never rounding up", () => {
    expect(parseVenueTime("2017-10-03T04:00:31.887999999Z", "iso") % 1000).to.equal(887);
    expect(parseVenueTime("1688669597.8279999", "unix-seconds")).to.equal(1688669597827);
    expect(parseVenueTime("1688669597827999", "unix-microseconds")).to.equal(1688669597827);
  });

  it("reads Unix times, with exponents too", () => {
    expect(parseVenueTime("1507003465", "unix-seconds")).to.equal(1507003465000);
    expect(parseVenueTime("1518089497970", "unix-milliseconds")).to.equal(1518089497970);
    expect(parseVenueTime("1.507003465e9", "unix-seconds")).to.equal(1507003465000);
  });

  it("reads dates as midnight UTC", () => {
    expect(parseVenueTime("1999-01-04", "date")).to.equal(Date.UTC(1999, 0, 4));
  });

  const bad: [string, Parameters<typeof parseVenueTime>[1]][] = [
    ["2017-02-29T00:00:00Z", "iso"],
    ["2017-13-01T00:00:00Z", "iso"],
    ["2017-10-03T24:00:00Z", "iso"],
    ["2017-10-03T04:04:60Z", "iso"],
    ["2017-10-03", "iso"],
    ["03/10/2017 04:04", "iso"],
    ["", "iso"],
    ["-1", "unix-seconds"],
    ["1e30", "unix-seconds"],
    ["soon", "unix-seconds"],
    ["", "unix-milliseconds"],
    ["2017-10-3", "date"],
    ["2017-02-30", "date"],
  ];
  for (const [text, format] of bad) {
    it(`refuses ${JSON.stringify(text)} as ${format}`, () => {
      expect(() => parseVenueTime(text, format)).to.throw(VenueTimeError);
    });
  }
});
