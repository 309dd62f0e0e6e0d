import { expect } from "chai";

import { World } from "./world.ts";

describe("/live and /ready", () => {
  it("is live while the main loop comes round, and not a second longer than allowed", async () => {
    const world = new World();
    const api = world.api({ liveWithin: 30 });
    const live = async () => {
      const { statusCode, body, headers } = await api.inject("/live");
      expect(headers["cache-control"]).to.equal("no-store");
      return [statusCode, JSON.parse(body)] as const;
    };
    const lastLoop = { unix: 1_800_000_020, iso: "2027-01-15T08:00:20Z" };
    expect(await live()).to.deep.equal([200, { live: true, lastLoop, ageSeconds: 5, allowedSeconds: 30 }]);
    await world.clock.advance(25_000);
    expect(await live()).to.deep.equal([200, { live: true, lastLoop, ageSeconds: 30, allowedSeconds: 30 }]);
    await world.clock.advance(1_000);
    expect(await live()).to.deep.equal([503, { live: false, lastLoop, ageSeconds: 31, allowedSeconds: 30 }]);
    world.loop = null;
    expect(await live()).to.deep.equal([
      503,
      { live: false, lastLoop: null, ageSeconds: null, allowedSeconds: 30 },
    ]);
  });

  it("is ready when every check is, and says of each why or why not", async () => {
    const world = new World();
    const api = world.api();
    expect((await api.inject("/ready")).json()).to.deep.equal({ ready: true, checks: world.checks });
    world.checks = [...world.checks, { name: "kms", ok: false, reason: "key report-1 is disabled" }];
    const { statusCode, body, headers } = await api.inject("/ready");
    expect([statusCode, headers["cache-control"]]).to.deep.equal([503, "no-store"]);
    expect(JSON.parse(body)).to.deep.equal({ ready: false, checks: world.checks });
    expect(world.faults, "an answer like any other").to.deep.equal([]);
  });
});
