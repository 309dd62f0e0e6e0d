import { type CatalogPlan, planCatalog } from "../../oracle/report/catalog-plan.ts";
import type { BundleDefinition } from "../../oracle/report/definition.ts";
import { feedId } from "../../oracle/report/feed-id.ts";
import { keccakText } from "../../oracle/report/keccak.ts";

/** How the rehearsal's prices are made, for everybody to read; its hash stands in the definitions. */
export const METHOD = keccakText("simulated: no market stands behind this price");

const feed = (symbol: string, decimals: number) => ({ symbol, decimals, method: METHOD, maxInputAge: 60 });

/** The feeds of the rehearsal: currencies and coins, published apart because their markets close apart. */
export const BUNDLES: readonly BundleDefinition[] = [
  { bundle: 0, feeds: [feed("USD/JPY", 3)] },
  { bundle: 1, feeds: [feed("BTC/JPY", 2), feed("ETH/JPY", 2)] },
];

export const PLAN: CatalogPlan = planCatalog(BUNDLES);

/** BTC/JPY, in hundredths of a yen. */
export const BTC_JPY = feedId(1, 0);
