import { z } from "zod";

import { configSchema } from "./config-schema.ts";

/** The schema of the file for editors and other programs: docs/nakane.schema.json is this. */
export function configJsonSchema(): object {
  return {
    title: "Nakane: configuration of an instance",
    ...z.toJSONSchema(configSchema, { io: "input", target: "draft-2020-12" }),
  };
}
