/** A key of the configuration, as docs/config.md lists it. */
export interface DocumentedKey {
  /** `chains[].sender.arns`; `*` where any name may stand. */
  readonly key: string;
  readonly what: string;
  /** `required`, `optional`, or the default as JSON. */
  readonly unless: string;
}

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

/** Every key of a JSON Schema, outer ones first. A catalog in the file has its own page. */
export function documentedKeys(schema: object): DocumentedKey[] {
  return keysIn(schema, "");
}

function keysIn(schema: Schema, path: string): DocumentedKey[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, inner]): DocumentedKey[] => {
    const key = path === "" ? name : `${path}.${name}`;
    const optional = schema.required?.includes(name) === true ? "required" : "optional";
    const unless = inner.default === undefined ? optional : `\`${JSON.stringify(inner.default)}\``;
    return [{ key, what: inner.description ?? "", unless }, ...keysIn(inner, key)];
  });
  const { items, additionalProperties: any } = schema;
  return [
    ...own,
    ...(items === undefined ? [] : keysIn(items, `${path}[]`)),
    ...(typeof any === "object"
      ? [{ key: `${path}.*`, what: any.description ?? "", unless: "optional" }, ...keysIn(any, `${path}.*`)]
      : []),
  ];
}
