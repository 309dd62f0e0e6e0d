import type { FastifyReply } from "fastify";

import type { StoredReport } from "../../ledger/ledger.ts";
import { strict } from "../../strict-object.ts";
import { apiError } from "../api-error.ts";
import { IMMUTABLE } from "../caching.ts";
import { reportBytes } from "../report-reader.ts";
import { failures, rawReportSchema, reportSchema } from "../schemas.ts";
import type { ApiContext, ApiServer } from "../server.ts";
import { hexOf, markFor, moment } from "../write.ts";
import { bundlesParameter, timeParameter } from "./parameters.ts";
import { readReport } from "./read-report.ts";

const BYTES = "application/octet-stream";

const response = {
  200: {
    description: "The report; its bytes alone where the header `accept` asks for application/octet-stream.",
    content: { "application/json": { schema: reportSchema }, [BYTES]: { schema: rawReportSchema } },
  },
  ...failures,
};
const querystring = strict({ bundles: bundlesParameter });

/** `/v1/reports/latest` and `/v1/reports/:time`: signed reports, as anyone may bring them to a chain. */
export function reportRoutes(app: ApiServer, context: ApiContext): void {
  const { view } = context;

  app.get(
    "/v1/reports/latest",
    {
      schema: {
        operationId: "latestReport",
        summary: "The newest report that a quorum has signed",
        querystring,
        response,
      },
    },
    async ({ query, headers }, reply) => {
      const stored = await view.newestReport();
      if (stored === null) throw apiError("NO_REPORT_YET", {});
      return write(context, stored, query.bundles, headers.accept, reply);
    },
  );

  app.get(
    "/v1/reports/:time",
    {
      schema: {
        operationId: "report",
        summary: "The report of one time",
        params: strict({ time: timeParameter }),
        querystring,
        response,
      },
    },
    async ({ params, query, headers }, reply) => {
      const stored = await view.report(params.time);
      if (stored === null) {
        const newest = await view.newestReport();
        throw apiError("REPORT_NOT_FOUND", {
          time: params.time,
          newest: newest === null ? "no time yet" : newest.observedAt,
        });
      }
      reply.header("cache-control", IMMUTABLE);
      return write(context, stored, query.bundles, headers.accept, reply);
    },
  );
}

function write(
  context: ApiContext,
  stored: StoredReport,
  asked: readonly number[] | undefined,
  accept: string | undefined,
  reply: FastifyReply,
) {
  const missing = asked?.filter((bundle) => !stored.bundles.includes(bundle)) ?? [];
  if (missing.length > 0) {
    const held = stored.bundles.join(", ");
    throw apiError("UNKNOWN_BUNDLE", { time: stored.observedAt, held, given: missing.join(", ") });
  }
  const report = readReport(context, stored);
  const bundles = [...new Set(asked ?? stored.bundles)].sort((a, b) => a - b);
  const bytes = reportBytes(report, bundles);
  reply.header("vary", "accept");
  if (wantsBytes(accept)) return reply.type(BYTES).send(Buffer.from(bytes));
  return reply.type("application/json; charset=utf-8").send({
    observedAt: moment(stored.observedAt),
    root: hexOf(report.tree.root),
    epoch: stored.epoch,
    provenance: stored.provenance,
    mark: markFor(stored.provenance),
    held: [...stored.bundles],
    bundles,
    bytes: hexOf(bytes),
  });
}

/** Bytes are for those who name them and do not rather have JSON. */
function wantsBytes(accept = ""): boolean {
  const weights = new Map(
    accept.split(",").map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return [type, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  const bytes = weights.get(BYTES) ?? 0;
  return bytes > 0 && bytes >= (weights.get("application/json") ?? 0);
}
