import { seconds } from "../../clock.ts";
import { formatUnits } from "../../decimal.ts";
import type { Feed } from "../../feeds/catalog.ts";
import { bundleOf } from "../../report/feed-id.ts";
import { PERIOD } from "../../report/verify.ts";
import { NO_PRICE } from "../../report/word.ts";
import { strict } from "../../strict-object.ts";
import { apiError } from "../api-error.ts";
import { IMMUTABLE } from "../caching.ts";
import type { ChainFixing } from "../oracle-view.ts";
import { absenceOf, partBytes, priceIn, type ReadReport } from "../report-reader.ts";
import { failures, fixingSchema } from "../schemas.ts";
import type { ApiContext, ApiServer } from "../server.ts";
import { hexOf, moment, momentOrNull, writeFeed, writePrice } from "../write.ts";
import { findFeed } from "./find-feed.ts";
import { feedParameter, noQuery, timeParameter } from "./parameters.ts";
import { readReport } from "./read-report.ts";

/** Seconds after it became final until a fixing is told to be for ever: longer than any chain takes a block back. */
const SETTLED_AFTER = 3_600;

/** `/v1/feeds/:feed/fixings/:time`: the price to settle on, and what proves it. */
export function fixingRoute(app: ApiServer, context: ApiContext): void {
  const { view, clock, addresses } = context;
  app.get(
    "/v1/feeds/:feed/fixings/:time",
    {
      schema: {
        operationId: "fixing",
        summary: "The price at a fixing time, and what proves it",
        description:
          "Settle by reading the contract; this is for looking, and for bringing the part to recordFixing or proveFixing.",
        params: strict({ feed: feedParameter, time: timeParameter }),
        querystring: noQuery,
        response: { 200: fixingSchema, ...failures },
      },
    },
    async ({ params }, reply) => {
      const feed = findFeed(context, params.feed);
      const time = fixingTime(params.time);
      const [chain, stored] = await Promise.all([view.chainFixing(feed.id, time), view.report(time)]);
      const report = stored === null ? null : readReport(context, stored);
      if (report !== null) checkAgainstChain(feed, time, chain, report);
      const settled = chain.finalAt !== null && seconds(clock) - chain.finalAt >= SETTLED_AFTER;
      if (chain.status === "final" && settled && report !== null) reply.header("cache-control", IMMUTABLE);
      return {
        feed: writeFeed(feed, addresses),
        time: moment(time),
        status: chain.status,
        price: chain.price === null ? null : writePrice(chain.price, feed, view.provenance),
        since: momentOrNull(chain.since),
        finalAt: momentOrNull(chain.finalAt),
        block: chain.block,
        report: report === null || chain.status === "void" ? null : writeReport(feed, chain, report),
      };
    },
  );
}

/** @throws ApiError NOT_A_FIXING_TIME */
function fixingTime(given: number): number {
  const before = given - (given % PERIOD);
  if (before !== given) throw apiError("NOT_A_FIXING_TIME", { given, before, after: before + PERIOD });
  return given;
}

function writeReport(feed: Feed, chain: ChainFixing, report: ReadReport) {
  const units = priceIn(report, feed.id);
  const shown = units !== undefined && units !== NO_PRICE && chain.status !== "expired";
  const bundle = bundleOf(feed.id);
  const part = partBytes(report, bundle);
  return {
    root: hexOf(report.tree.root),
    price: shown ? writePrice(units, feed, report.stored.provenance) : null,
    part: part === null ? null : hexOf(part),
    absence: absenceOf(report, bundle)?.map(hexOf) ?? null,
  };
}

/** @throws ApiError CONTRADICTION where the chain has stored another price than the kept report says */
function checkAgainstChain(feed: Feed, time: number, chain: ChainFixing, report: ReadReport): void {
  const unpriced = chain.status === "no-price" || (chain.status === "provisional" && chain.price === null);
  const stored = unpriced ? NO_PRICE : chain.price;
  const kept = priceIn(report, feed.id);
  if (stored === null || stored === kept) return;
  const written = (units: bigint | undefined) =>
    units === undefined ? "left out" : units === NO_PRICE ? "no price" : formatUnits(units, feed.decimals);
  throw apiError("CONTRADICTION", {
    what: `The fixing of ${feed.symbol} at ${moment(time).iso}`,
    one: written(stored),
    here: "on chain",
    other: written(kept),
    there: "in the kept report",
  });
}
