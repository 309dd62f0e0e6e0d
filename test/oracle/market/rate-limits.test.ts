import { expect } from "chai";
import fc from "fast-check";

import { RateLimiter } from "../../../oracle/market/rate-limiter.ts";
import { retryAt } from "../../../oracle/market/retry-after.ts";
import { halfOf, pause, take } from "../../../oracle/market/token-bucket.ts";
import { VENUES } from "../../../oracle/market/venues/all.ts";

const TEN_A_SECOND = { requests: 10, perSeconds: 1, documented: true };

describe("halfOf", () => {
  it("is half of what a venue allows, and at most ten seconds of it at once", () => {
    expect(halfOf(TEN_A_SECOND)).to.deep.equal({ capacity: 5, perMillisecond: 0.005 });
    expect(halfOf({ requests: 500, perSeconds: 300, documented: true }).capacity).to.be.closeTo(8.33, 0.01);
    expect(halfOf({ requests: 1, perSeconds: 1, documented: false }).capacity).to.equal(1);
  });
});

describe("take", () => {
  const rate = halfOf(TEN_A_SECOND);

  it("spends what is there, then says when there is more", () => {
    let bucket = { tokens: 5, at: 0 };
    for (let i = 0; i < 5; i++) {
      const taken = take(bucket, rate, 1, 0);
      expect(taken.waitUntil).to.equal(null);
      bucket = { ...taken.bucket };
    }
    expect(take(bucket, rate, 1, 0).waitUntil).to.equal(200);
    expect(take(bucket, rate, 1, 199).waitUntil).to.equal(200);
    expect(take(bucket, rate, 1, 200).waitUntil).to.equal(null);
  });

  it("lets a request through that costs more than the bucket holds, once it is full, and makes the next wait for it", () => {
    const taken = take({ tokens: 5, at: 0 }, rate, 25, 0);
    expect(taken.waitUntil).to.equal(null);
    expect(take(taken.bucket, rate, 1, 0).waitUntil).to.equal(4200);
    expect(take({ tokens: 4, at: 0 }, rate, 25, 0).waitUntil).to.equal(200);
  });

  it("survives a clock that goes back", () => {
    expect(take({ tokens: 0, at: 1000 }, rate, 1, 500).waitUntil).to.equal(1200);
  });

  it("never spends more than half the limit over any stretch of time, beyond what it began with", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }), (delays) => {
        let now = 0;
        let spent = 0;
        let bucket = { tokens: rate.capacity, at: 0 };
        for (const delay of delays) {
          now += delay;
          const taken = take(bucket, rate, 1, now);
          bucket = { ...taken.bucket };
          if (taken.waitUntil === null) spent++;
          else expect(taken.waitUntil).to.be.greaterThan(now);
        }
        expect(spent).to.be.at.most(Math.floor(rate.capacity + now * rate.perMillisecond + 1e-6));
      }),
      { seed: 20201122, numRuns: 200 },
    );
  });
});

describe("pause", () => {
  it("lets nothing through before its end, and starts from an empty bucket", () => {
    const rate = halfOf(TEN_A_SECOND);
    const paused = pause({ tokens: 5, at: 0 }, 30_000);
    expect(take(paused, rate, 1, 10_000).waitUntil).to.equal(30_200);
    expect(take(paused, rate, 1, 30_199).waitUntil).to.equal(30_200);
    expect(take(paused, rate, 1, 30_200).waitUntil).to.equal(null);
  });

  it("is not shortened by a later, shorter one", () => {
    expect(pause(pause({ tokens: 5, at: 0 }, 30_000), 10_000).at).to.equal(30_000);
  });
});

describe("RateLimiter", () => {
  it("has one budget per venue, whoever asks", () => {
    const limiter = new RateLimiter();
    const limit = { requests: 4, perSeconds: 1, documented: true };
    expect([limiter.take("a", limit, 1, 0), limiter.take("a", limit, 1, 0)]).to.deep.equal([null, null]);
    expect(limiter.take("a", limit, 1, 0)).to.equal(500);
    expect(limiter.take("b", limit, 1, 0)).to.equal(null);
  });

  it("gives everybody who waits a turn: eight who share one request in two seconds have it once in sixteen", () => {
    const limiter = new RateLimiter();
    const limit = { requests: 1, perSeconds: 1, documented: false };
    const sources = Array.from({ length: 8 }, () => ({ due: 0, asked: [] as number[] }));
    for (let now = 0; now < 320_000; now += 100) {
      for (const source of sources) {
        if (source.due > now) continue;
        const until = limiter.take("a", limit, 1, now, source);
        if (until === null) source.asked.push(now);
        source.due = until ?? now + 5_000;
      }
    }
    for (const { asked } of sources) {
      expect(asked.length).to.be.within(19, 21);
      for (const [i, time] of asked.slice(1).entries()) expect(time - asked[i]!).to.be.at.most(16_000);
    }
  });

  it("gives a venue nobody's turn before its pause is over", () => {
    const limiter = new RateLimiter();
    const [one, two] = [{}, {}];
    expect(limiter.take("a", TEN_A_SECOND, 5, 0, one)).to.equal(null);
    expect([
      limiter.take("a", TEN_A_SECOND, 1, 0, one),
      limiter.take("a", TEN_A_SECOND, 1, 0, two),
    ]).to.deep.equal([200, 400]);
    limiter.pause("a", 5_000);
    expect(limiter.take("a", TEN_A_SECOND, 1, 200, one)).to.equal(5_200);
    expect(limiter.take("a", TEN_A_SECOND, 1, 400, two)).to.equal(5_400);
    expect(limiter.take("a", TEN_A_SECOND, 1, 5_200, one)).to.equal(null);
    expect(limiter.take("a", TEN_A_SECOND, 1, 5_400, two)).to.equal(null);
  });

  it("leaves only the venue alone that asked for it", () => {
    const limiter = new RateLimiter();
    limiter.pause("a", 5000);
    expect(limiter.take("a", TEN_A_SECOND, 1, 0)).to.equal(5200);
    expect(limiter.take("b", TEN_A_SECOND, 1, 0)).to.equal(null);
  });
});

describe("retryAt", () => {
  const now = Date.parse("2026-11-20T00:00:00Z");
  const cases: [string | null, number][] = [
    ["30", 30_000],
    ["0", 1000],
    ["Fri, 20 Nov 2026 00:02:00 GMT", 120_000],
    ["Thu, 19 Nov 2026 00:02:00 GMT", 1000],
    ["999999", 3_600_000],
    ["soon", 60_000],
    ["-5", 60_000],
    [null, 60_000],
  ];
  for (const [header, wait] of cases) {
    it(`waits ${wait / 1000} s for ${String(header)}`, () => {
      const waited = retryAt(header, now) - now;
      if (header === "-5") expect(waited).to.be.within(1000, 60_000);
      else expect(waited).to.equal(wait);
    });
  }
});

describe("venues", () => {
  it("are known by one name each, on hosts of their own", () => {
    expect(new Set(VENUES.map(({ id }) => id)).size).to.equal(10);
    expect(new Set(VENUES.map(({ origin }) => origin)).size).to.equal(10);
    for (const { origin } of VENUES) expect(origin).to.match(/^https:\/\/[a-z.]+$/);
  });

  it("can be asked at the pace of a tick with half of what they allow", () => {
    for (const { limit, ticker, trades, id } of VENUES) {
      const perTick = (halfOf(limit).perMillisecond * 10_000) / Math.max(ticker.cost(1), trades.cost(1));
      expect(perTick, id).to.be.at.least(1);
    }
  });
});
