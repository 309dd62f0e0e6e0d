import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Clock } from "../clock.ts";
import type { FeedAddresses } from "./feed-addresses.ts";
import type { OracleView } from "./oracle-view.ts";
import type { ReportReader } from "./report-reader.ts";

/** A Fastify instance whose schemas are zod's. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes answer from. */
export interface ApiContext {
  readonly view: OracleView;
  readonly clock: Clock;
  readonly addresses: FeedAddresses;
  readonly reader: ReportReader;
  /** Seconds: with an older last loop this instance is not live. */
  readonly liveWithin: number;
}
