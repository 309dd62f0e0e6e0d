import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";

import { named } from "./schemas.ts";

type Override = NonNullable<z.core.ToJSONSchemaParams["override"]>;

/** What zod knows of a schema, for people; what it adds for machines and nobody reads, left out. */
const override: Override = ({ zodSchema, jsonSchema }) => {
  Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

const conversion = { schemaRegistry: named, zodToJsonConfig: { override } };
const addComponents = createJsonSchemaTransformObject(conversion);

/** How the OpenAPI document is made: of the routes' own schemas. */
export const OPENAPI: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: "3.1.0",
    info: {
      title: "Nakane",
      version: "1",
      description: "Prices, fixings and signed reports of one oracle instance. Nothing can be written.",
    },
  },
  transform: createJsonSchemaTransform(conversion),
  transformObject(document) {
    const made = addComponents(document);
    // Each schema comes twice, as one that is read and one that is sent; nothing here is read by name.
    const schemas = (made as Made).components?.schemas ?? {};
    for (const name of Object.keys(schemas))
      if (name.endsWith("Input")) Reflect.deleteProperty(schemas, name);
    return made;
  },
};

interface Made {
  readonly components?: { readonly schemas?: Record<string, unknown> };
}
