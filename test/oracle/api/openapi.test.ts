import { readFileSync, writeFileSync } from "node:fs";

import { expect } from "chai";
import { format } from "prettier";

import { API_ERRORS } from "../../../oracle/api/api-error.ts";
import { World } from "./world.ts";

const FILE = "docs/openapi.json";

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
}

describe("the OpenAPI document", () => {
  it(`is the one in ${FILE}, whatever the catalog and the provenance`, async () => {
    const { body } = await new World("replay").api().inject("/openapi.json");
    if (process.env["UPDATE_SNAPSHOTS"] === "1")
      writeFileSync(FILE, await format(body, { parser: "json", printWidth: 110 }));
    expect(
      JSON.parse(readFileSync(FILE, "utf8")),
      `${FILE} is not what is served; if that is meant, run this test with UPDATE_SNAPSHOTS=1`,
    ).to.deep.equal(JSON.parse(body));
  });

  it("documents every route, and no other", async () => {
    const api = new World().api();
    const registered: string[] = [];
    api.addHook("onRoute", ({ method, url }) => {
      for (const each of [method].flat())
        if (!["HEAD", "OPTIONS"].includes(each)) registered.push(`${each} ${url}`);
    });
    const { openapi, paths } = (await api.inject("/openapi.json")).json<Document>();
    expect(openapi).to.equal("3.1.0");
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    expect(registered).to.have.length(9);
    expect(documented.sort()).to.deep.equal(registered.sort());
  });

  it("names every operation once, describes every answer, and refers to nothing that is not in it", async () => {
    const { body } = await new World().api().inject("/openapi.json");
    const { paths, components } = JSON.parse(body) as Document;
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { operationId, responses } of operations) {
      expect(Object.keys(responses), operationId).to.include.members(["200", "4XX", "5XX"]);
    }
    const references = [...body.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect([...new Set(references)].sort()).to.deep.equal(Object.keys(components.schemas).sort());
    expect(body).not.to.include("Default Response");
  });

  it("lists every code of an error", async () => {
    const { components } = (await new World().api().inject("/openapi.json")).json<Document>();
    expect(components.schemas["Error"])
      .to.have.nested.property("properties.error.properties.code.enum")
      .that.deep.equals(Object.keys(API_ERRORS));
  });
});
