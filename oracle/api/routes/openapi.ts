import { z } from "zod";

import { failures } from "../schemas.ts";
import type { ApiServer } from "../server.ts";
import { noQuery } from "./parameters.ts";

/** `/openapi.json`: all of this, for programs. docs/openapi.json is the same, and a test compares them. */
export function openapiRoute(app: ApiServer): void {
  app.get(
    "/openapi.json",
    {
      schema: {
        operationId: "openapi",
        summary: "This API in OpenAPI 3.1",
        querystring: noQuery,
        response: { 200: z.looseObject({ openapi: z.string() }).describe("The document."), ...failures },
      },
    },
    async () => app.swagger() as { openapi: string },
  );
}
