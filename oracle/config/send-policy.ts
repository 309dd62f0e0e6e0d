import type { SendPolicy } from "../relayer/relayer.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import { feedId } from "../report/feed-id.ts";
import type { SendConfig } from "./config.ts";

/** The rules by which the feeds of a plan are sent, in the order of its feeds. */
export function sendPolicy(send: SendConfig, plan: CatalogPlan): SendPolicy {
  const rules = plan.bundles.flatMap(({ bundle, feeds }) =>
    Array.from({ length: feeds }, (_, position) => send.feeds.get(feedId(bundle, position)) ?? send.default),
  );
  return {
    rules: {
      deviation: Uint32Array.from(rules, ({ deviation }) => deviation),
      heartbeat: Uint32Array.from(rules, ({ heartbeat }) => heartbeat),
    },
    schedules: rules.map(({ schedule }) => schedule),
  };
}
