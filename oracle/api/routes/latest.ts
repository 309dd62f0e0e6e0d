import { seconds } from "../../clock.ts";
import type { Feed } from "../../feeds/catalog.ts";
import { NO_PRICE } from "../../report/word.ts";
import { type ChainLatest, ChainUnreachable } from "../oracle-view.ts";
import { priceIn } from "../report-reader.ts";
import { failures, latestSchema } from "../schemas.ts";
import { strict } from "../../strict-object.ts";
import type { ApiContext, ApiServer } from "../server.ts";
import { hexOf, moment, writeFeed, writePrice } from "../write.ts";
import { findFeed } from "./find-feed.ts";
import { feedParameter, noQuery } from "./parameters.ts";
import { readReport } from "./read-report.ts";

/** `/v1/feeds/:feed/latest`: the newest price, as agreed and as the chain has it. */
export function latestRoute(app: ApiServer, context: ApiContext): void {
  app.get(
    "/v1/feeds/:feed/latest",
    {
      schema: {
        operationId: "latest",
        summary: "The newest price: as the signers agreed on it, and as the chain has it",
        description:
          "For marking to market, never for settling. The two differ while a report is on its way, and between two " +
          "reports that were worth sending. The chain is the authority.",
        params: strict({ feed: feedParameter }),
        querystring: noQuery,
        response: { 200: latestSchema, ...failures },
      },
    },
    async ({ params }) => {
      const feed = findFeed(context, params.feed);
      const [agreed, chain] = await Promise.all([agreedPrice(context, feed), chainPrice(context, feed)]);
      return { feed: writeFeed(feed, context.addresses), agreed, chain };
    },
  );
}

async function agreedPrice(context: ApiContext, feed: Feed) {
  const stored = await context.view.newestReport();
  if (stored === null) return null;
  const report = readReport(context, stored);
  const units = priceIn(report, feed.id);
  const status: "priced" | "no-price" | "closed" =
    units === undefined ? "closed" : units === NO_PRICE ? "no-price" : "priced";
  return {
    status,
    observedAt: moment(stored.observedAt),
    ageSeconds: seconds(context.clock) - stored.observedAt,
    root: hexOf(report.tree.root),
    price: units === undefined || units === NO_PRICE ? null : writePrice(units, feed, stored.provenance),
  };
}

async function chainPrice({ view, clock }: ApiContext, feed: Feed) {
  const latest = await readChain(view.chainLatest(feed.id));
  const observedAt = "observedAt" in latest ? latest.observedAt : null;
  return {
    status: latest.status,
    observedAt: observedAt === null ? null : moment(observedAt),
    ageSeconds: observedAt === null ? null : seconds(clock) - observedAt,
    price: latest.status === "recorded" ? writePrice(latest.price, feed, view.provenance) : null,
    block: "block" in latest ? latest.block : null,
  };
}

/** The agreed price is worth having while the chain cannot be read. */
async function readChain(reading: Promise<ChainLatest>): Promise<ChainLatest | { status: "unreachable" }> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ChainUnreachable) return { status: "unreachable" };
    throw error;
  }
}
