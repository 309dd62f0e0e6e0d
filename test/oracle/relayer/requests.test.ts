import { expect } from "chai";

import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { feedId } from "../../../oracle/report/feed-id.ts";
import { Requests } from "../../../oracle/relayer/requests.ts";
import { bundleOf } from "../signer/agreement/epoch-for-tests.ts";

const CATALOG = planCatalog([bundleOf(1, 5).definition, bundleOf(9, 6).definition]);

describe("Requests", () => {
  const asked = () => {
    const requests = new Requests();
    requests.add([feedId(1, 3), feedId(9, 0), feedId(9, 5), feedId(77, 0)]);
    return requests;
  };

  it("knows the places of what was asked for in the catalog", () => {
    expect([...asked().places(CATALOG)]).to.deep.equal([3, 5, 10]);
  });

  it("forgets the feeds of words that are on chain, and no others", () => {
    const requests = asked();
    requests.met([
      { bundle: 1, mask: 0b101n },
      { bundle: 9, mask: 0b10n },
    ]);
    expect([...requests.places(CATALOG)]).to.deep.equal([3, 10]);
    requests.met([{ bundle: 1, mask: 0b10n }]);
    requests.met([{ bundle: 9, mask: 0b100n }]);
    expect([...requests.places(CATALOG)]).to.deep.equal([]);
  });

  it("refuses what is no feed id", () => {
    expect(() => {
      new Requests().add([-1]);
    }).to.throw(RangeError);
  });
});
