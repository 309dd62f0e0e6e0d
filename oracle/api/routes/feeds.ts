import { formatBand } from "../../feeds/band.ts";
import { formatUnit } from "../../feeds/unit.ts";
import { bundleOf, positionOf } from "../../report/feed-id.ts";
import { strict } from "../../strict-object.ts";
import { LIMITS } from "../limits.ts";
import { failures, feedDetailsSchema, feedListSchema } from "../schemas.ts";
import type { ApiContext, ApiServer } from "../server.ts";
import { hexOf, markFor, writeFeed } from "../write.ts";
import { findFeed } from "./find-feed.ts";
import { afterParameter, feedParameter, limitParameter, noQuery } from "./parameters.ts";

/** `/v1/feeds` and `/v1/feeds/:feed`: what is priced, and how. */
export function feedRoutes(app: ApiServer, context: ApiContext): void {
  const { view, addresses } = context;
  const { catalog, network, mode, provenance, chain } = view;
  const calendars = new Map(catalog.bundles.map(({ bundle, calendarName }) => [bundle, calendarName]));

  app.get(
    "/v1/feeds",
    {
      schema: {
        operationId: "listFeeds",
        summary: "All feeds of the catalog, in pages",
        querystring: strict({ limit: limitParameter, after: afterParameter }),
        response: { 200: feedListSchema, ...failures },
      },
    },
    async ({ query: { limit = LIMITS.maxPage, after = -1 } }) => {
      const rest = catalog.feeds.filter(({ id }) => id > after);
      const page = rest.slice(0, limit);
      return {
        network,
        mode,
        provenance,
        mark: markFor(provenance),
        chain: { chainId: chain.chainId, oracle: chain.address },
        feeds: page.map((feed) => writeFeed(feed, addresses)),
        next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null,
      };
    },
  );

  app.get(
    "/v1/feeds/:feed",
    {
      schema: {
        operationId: "describeFeed",
        summary: "How one feed is priced",
        params: strict({ feed: feedParameter }),
        querystring: noQuery,
        response: { 200: feedDetailsSchema, ...failures },
      },
    },
    async ({ params }) => {
      const feed = findFeed(context, params.feed);
      const { id, decimals, method, methodText, methodHash, maxInputAge, mayBeNegative } = feed;
      const bundle = bundleOf(id);
      return {
        ...writeFeed(feed, addresses),
        bundle,
        position: positionOf(id),
        unit: formatUnit(feed.unit),
        calendar: calendars.get(bundle) ?? null,
        method: { kind: method.kind, text: methodText, hash: hexOf(methodHash) },
        maxInputAge,
        tolerance: formatBand(feed.tolerance, decimals),
        hardBand: formatBand(feed.hardBand, decimals),
        mayBeNegative,
      };
    },
  );
}
