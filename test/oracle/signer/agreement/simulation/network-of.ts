import { networkSalt } from "../../../../../oracle/report/digest.ts";
import { ALWAYS_OPEN, type Calendar, WEEK } from "../../../../../oracle/signer/agreement/calendar.ts";
import { type Epoch, makeEpoch } from "../../../../../oracle/signer/agreement/epoch.ts";
import { type Rules, RULES } from "../../../../../oracle/signer/agreement/rules.ts";
import { TIMING } from "../../../../../oracle/signer/agreement/timing.ts";

/** Feeds of the simulated catalog: three in one bundle, two in another. */
export const FEEDS = 5;

/** Closed on Sundays: a fixing of Sunday leaves it out. */
const NO_SUNDAYS: Calendar = { week: [[0, (WEEK / 7) * 6]], exceptions: [] };

const cache = new Map<string, Epoch>();

/** The epoch of a simulated network of n signers. */
export function epochOf(
  n: number,
  rules: Rules = RULES,
  from = 0,
  identityAt: (member: number) => Uint8Array = (member) => new Uint8Array(32).fill(member + 1),
): Epoch {
  const key = `${n} ${rules.quorum(n)} ${from} ${identityAt(0).join()}`;
  const known = cache.get(key);
  if (known) return known;
  const members = Array.from({ length: n }, (_, i) => ({
    identity: identityAt(i),
    address: new Uint8Array(20).fill(i + 1),
  }));
  const rule = {
    tolerance: { perMillion: 10_000, atLeast: 0n },
    hardBand: { perMillion: 50_000, atLeast: 0n },
  };
  const feeds = (names: string[]) =>
    names.map((symbol) => ({ symbol, decimals: 2, method: new Uint8Array(32).fill(7), maxInputAge: 30 }));
  const bundle = (number: number, calendar: Calendar, names: string[]) => ({
    definition: { bundle: number, feeds: feeds(names) },
    calendar,
    feeds: names.map(() => rule),
  });
  const epoch = makeEpoch(
    {
      number: 0,
      from,
      salt: networkSalt("simulation", "test"),
      members,
      bundles: [
        bundle(1, ALWAYS_OPEN, ["BTC/JPY", "ETH/JPY", "XRP/JPY"]),
        bundle(6, NO_SUNDAYS, ["USD/JPY", "EUR/JPY"]),
      ],
      timing: TIMING,
    },
    rules,
  );
  cache.set(key, epoch);
  return epoch;
}
