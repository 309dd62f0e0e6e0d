import { seconds } from "../../clock.ts";
import { NO_STORE } from "../caching.ts";
import type { ReadinessCheck } from "../oracle-view.ts";
import { failures, liveSchema, readySchema } from "../schemas.ts";
import type { ApiContext, ApiServer } from "../server.ts";
import { momentOrNull } from "../write.ts";
import { noQuery } from "./parameters.ts";

/** For those who watch over us: never counted by the limiter, so that a crowd cannot make us look dead. */
const config = { unlimited: true };

/** `/live`: should this process be restarted? `/ready`: should it be asked? */
export function healthRoutes(app: ApiServer, { view, clock, liveWithin }: ApiContext): void {
  app.get(
    "/live",
    {
      config,
      schema: {
        operationId: "live",
        summary: "Whether the main loop still comes round; 503 where the process should be restarted",
        querystring: noQuery,
        response: { 200: liveSchema, 503: liveSchema, ...failures },
      },
    },
    async (_, reply) => {
      const milliseconds = view.lastLoop();
      const lastLoop = milliseconds === null ? null : Math.floor(milliseconds / 1000);
      const ageSeconds = lastLoop === null ? null : seconds(clock) - lastLoop;
      const live = ageSeconds !== null && ageSeconds <= liveWithin;
      reply.header("cache-control", NO_STORE).code(live ? 200 : 503);
      return { live, lastLoop: momentOrNull(lastLoop), ageSeconds, allowedSeconds: liveWithin };
    },
  );

  app.get(
    "/ready",
    {
      config,
      schema: {
        operationId: "ready",
        summary: "Whether this instance is of use, with reasons; 503 where it is not",
        querystring: noQuery,
        response: { 200: readySchema, 503: readySchema, ...failures },
      },
    },
    async (_, reply) => {
      const checks = await view.readiness();
      const ready = checks.every(({ ok }) => ok);
      reply.header("cache-control", NO_STORE).code(ready ? 200 : 503);
      return { ready, checks: checks.map(({ name, ok, reason }: ReadinessCheck) => ({ name, ok, reason })) };
    },
  );
}
