import { expect } from "chai";

import { OPERATIONS } from "../../../../oracle/signer/local-kms/operations/table.ts";
import { REQUEST_SHAPES, type Shape } from "../../../../oracle/signer/local-kms/shapes.ts";
import { ServiceModel } from "../service-model.ts";

/** The model's shape in our words. */
function ofModel(model: ServiceModel, name: string): Shape {
  const { type, members, member, required, min, max, pattern, ...shape } = model.shape(name);
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  switch (type) {
    case "structure":
      return {
        type,
        required: required ?? [],
        members: Object.fromEntries(
          Object.entries(members ?? {}).map(([of, { shape: inner }]) => [of, ofModel(model, inner)]),
        ),
      };
    case "list":
      return { type, ...bounds, member: ofModel(model, member!.shape) };
    case "string":
      return {
        type,
        ...bounds,
        ...(pattern === undefined ? {} : { pattern }),
        ...(shape.enum === undefined ? {} : { enum: shape.enum }),
      };
    case "blob":
    case "integer":
      return { type, ...bounds };
    case "boolean":
      return { type };
    default:
      throw new Error(`unexpected type ${type}`);
  }
}

describe("local KMS request shapes", () => {
  it("are those of the service model, member by member", function () {
    const model = ServiceModel.of(this);
    for (const [operation, shape] of Object.entries(REQUEST_SHAPES)) {
      expect(shape, operation).to.deep.equal(ofModel(model, model.inputOf(operation)));
    }
  });

  it("cover every operation", () => {
    expect(Object.keys(OPERATIONS)).to.deep.equal(Object.keys(REQUEST_SHAPES));
  });
});
