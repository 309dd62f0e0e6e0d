import { expect } from "chai";
import { concat, keccak256, toBeHex, toTwos } from "ethers";

import { planCatalog } from "../../../../oracle/report/catalog-plan.ts";
import { makeEpoch } from "../../../../oracle/signer/agreement/epoch.ts";
import { TIMING } from "../../../../oracle/signer/agreement/timing.ts";
import { bundleOf, epochFor, FIXING, keysOf } from "./epoch-for-tests.ts";

const whole = (value: number, bytes: number): string => toBeHex(value, bytes);
const price = (value: bigint): string => toBeHex(toTwos(value, 56), 7);

describe("an epoch's id", () => {
  it("is the hash of the bytes that the documentation shows, written here once more", () => {
    const { salt, members } = epochFor(keysOf(4));
    const first = bundleOf(3, 2);
    const second = {
      ...bundleOf(9, 1),
      calendar: {
        week: [
          [0, 3_600],
          [90_000, 604_800],
        ],
        exceptions: [{ from: FIXING, until: FIXING + 60, open: false }],
      },
    } as const;
    const epoch = makeEpoch({
      number: 7,
      from: FIXING,
      salt,
      members,
      bundles: [second, first], // in any order: they ascend in the bytes
      timing: TIMING,
    });
    const plan = planCatalog([first.definition, second.definition]);
    const bundles = [first, second].map(({ definition, calendar, feeds }, i) =>
      concat([
        whole(definition.bundle, 4),
        plan.bundles[i]!.definition,
        whole(calendar.week.length, 2),
        ...calendar.week.flatMap(([from, until]) => [whole(from, 4), whole(until, 4)]),
        whole(calendar.exceptions.length, 2),
        ...calendar.exceptions.flatMap(({ from, until, open }) => [
          whole(from, 4),
          whole(until, 4),
          open ? "0x01" : "0x00",
        ]),
        ...feeds
          .flatMap(({ tolerance, hardBand }) => [tolerance, hardBand])
          .flatMap(({ perMillion, atLeast }) => [whole(perMillion, 4), price(atLeast)]),
      ]),
    );
    const durations = [
      10, 500, 5_000, 2_000, 1_000, 3_000, 500, 1_000, 60_000, 1_000, 30_000, 60_000, 30, 86_400,
    ];
    const bytes = concat([
      ...["0x01", whole(7, 4), whole(FIXING, 4), salt, "0x04"],
      ...members.flatMap(({ identity, address }) => [identity, address]),
      ...[whole(2, 2), ...bundles],
      ...durations.map((duration) => whole(duration, 4)),
    ]);
    expect(`0x${Buffer.from(epoch.id).toString("hex")}`).to.equal(keccak256(bytes));
  });
});
