import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";

import type { Clock } from "../clock.ts";
import { MARK_HEADER } from "../market/mark.ts";
import { answerError, type Fault, pathOf } from "./answer-error.ts";
import { apiError } from "./api-error.ts";
import { tagAnswer } from "./caching.ts";
import { refuseConnection } from "./client-errors.ts";
import { feedAddresses } from "./feed-addresses.ts";
import { LIMITS, RATE_LIMIT, type RateLimit } from "./limits.ts";
import { oneProxy } from "./one-proxy.ts";
import type { OracleView } from "./oracle-view.ts";
import { OPENAPI } from "./openapi.ts";
import { ReportReader } from "./report-reader.ts";
import { feedRoutes } from "./routes/feeds.ts";
import { fixingRoute } from "./routes/fixings.ts";
import { healthRoutes } from "./routes/health.ts";
import { latestRoute } from "./routes/latest.ts";
import { openapiRoute } from "./routes/openapi.ts";
import { reportRoutes } from "./routes/reports.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import type { ApiContext } from "./server.ts";
import { markFor } from "./write.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Requests to this route are not counted. */
    unlimited?: boolean;
  }
}

/** How the read API is set up. */
export interface ApiOptions {
  readonly view: OracleView;
  readonly clock: Clock;
  /** Networks of the one proxy in front of us, whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxy?: readonly string[];
  readonly rateLimit?: RateLimit;
  /** Seconds: with an older last loop this instance is not live. 60 by default. */
  readonly liveWithin?: number;
  /** Called with every answer that failed on our side, before it is sent. */
  readonly onFault?: (fault: Fault) => void;
}

const ALLOWED = "GET, HEAD, OPTIONS";

/** The read API, not yet listening: `listen({ host, port })` opens it and `close()` ends it. */
export function createApi(options: ApiOptions): FastifyInstance {
  const { view, clock, trustedProxy = [], rateLimit: limit = RATE_LIMIT, liveWithin = 60 } = options;
  const context: ApiContext = {
    view,
    clock,
    addresses: feedAddresses(view.catalog.feeds),
    reader: new ReportReader(),
    liveWithin,
  };
  const proxied = trustedProxy.length > 0;
  const app = fastify({
    http: {
      requestTimeout: LIMITS.requestTimeout,
      headersTimeout: LIMITS.headersTimeout,
      connectionsCheckingInterval: LIMITS.connectionsCheckingInterval,
    },
    requestTimeout: LIMITS.requestTimeout,
    connectionTimeout: LIMITS.connectionTimeout,
    keepAliveTimeout: proxied ? LIMITS.keepAliveTimeoutBehindProxy : LIMITS.keepAliveTimeout,
    bodyLimit: LIMITS.bodyLimit,
    routerOptions: { maxParamLength: LIMITS.maxParamLength },
    trustProxy: proxied ? oneProxy(trustedProxy) : false,
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => {
      // Such a request has met no hook, so it is counted here.
      void count(request, reply).then(
        () => answer(error, request, reply),
        (exceeded: unknown) => answer(exceeded, request, reply),
      );
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answer);
  app.setNotFoundHandler((request) => {
    throw apiError("ROUTE_NOT_FOUND", { path: pathOf(request) });
  });

  let limiter: ReturnType<typeof app.rateLimit> | undefined;
  /** Throws RATE_LIMITED where there were too many requests. */
  async function count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    limiter ??= app.rateLimit();
    await limiter.call(app, request, reply);
  }
  function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return answerError(error, request, reply, options.onFault);
  }

  void app.register(rateLimit, {
    global: false,
    max: limit.most,
    timeWindow: limit.window * 1000,
    errorResponseBuilder: () => apiError("RATE_LIMITED", limit),
  });
  void app.register(swagger, OPENAPI);

  // Hooks of the whole server, so that they hold for paths that are no routes as well.
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.unlimited !== true) await count(request, reply);
    refuseWrites(request, reply);
  });
  app.addHook("onSend", async (request, reply, payload) => {
    addSecurityHeaders(reply);
    const mark = markFor(view.provenance);
    if (mark !== null) reply.header(MARK_HEADER, mark);
    return tagAnswer(request, reply, payload);
  });

  // In a plugin, so that the plugins above are there when the routes are.
  void app.register(async (server) => {
    server.addHook("onRoute", ({ method, url, config }) => {
      if (method === "GET") {
        server.options(url, { config: { ...config }, schema: { hide: true } }, answerOptions);
      }
    });
    const routes = server.withTypeProvider<ZodTypeProvider>();
    feedRoutes(routes, context);
    latestRoute(routes, context);
    fixingRoute(routes, context);
    reportRoutes(routes, context);
    healthRoutes(routes, context);
    openapiRoute(routes);
  });
  return app;
}

/** Nothing is written here: other methods and bodies are refused before a byte of the body is read. */
function refuseWrites(request: FastifyRequest, reply: FastifyReply): void {
  const { method, headers } = request;
  if (!["GET", "HEAD", "OPTIONS"].includes(method)) {
    reply.headers({ allow: ALLOWED, connection: "close" });
    throw apiError("METHOD_NOT_ALLOWED", { method });
  }
  const length = headers["content-length"];
  const chunked = headers["transfer-encoding"] !== undefined;
  if (chunked || (length !== undefined && length !== "0")) {
    reply.header("connection", "close");
    throw apiError("BODY_REFUSED", { length: chunked ? "one of unknown length" : `${length} bytes` });
  }
}

async function answerOptions(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const allowed = { allow: ALLOWED, "access-control-allow-methods": ALLOWED };
  return reply
    .code(204)
    .headers({ ...allowed, "access-control-max-age": "86400" })
    .send();
}
