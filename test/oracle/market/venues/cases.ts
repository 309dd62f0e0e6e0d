import { expect } from "chai";
import fc from "fast-check";

import { formatDecimal } from "../../../../oracle/decimal.ts";
import { type JsonValue, parseJson } from "../../../../oracle/market/json.ts";
import { ReadError } from "../../../../oracle/market/read-error.ts";
import type { Ticker, Trade } from "../../../../oracle/market/quote.ts";
import type { Endpoint, Venue } from "../../../../oracle/market/venue.ts";

/** A ticker for people: `495550.0 at 2017-10-03T04:04:25.000Z`. */
export function ticker({ price, time }: Ticker): string {
  return `${formatDecimal(price)} at ${time === null ? "no time" : new Date(time).toISOString()}`;
}

/** A trade for people. */
export function trade({ id, price, size, time }: Trade): string {
  return `${id ?? "no id"}: ${formatDecimal(size)} for ${formatDecimal(price)} at ${new Date(time).toISOString()}`;
}

/** Replaces the value of a field wherever it stands in a JSON text of today's shape. */
export function withField(json: string, field: string, value: string): string {
  const pattern = new RegExp(`("${field}"\\s*:\\s*\\[?\\s*)("[^"]*"|[-0-9.eE+]+)`, "g");
  const changed = json.replace(pattern, `$1${value}`);
  expect(changed, `no field ${field}`).to.not.equal(json);
  return changed;
}

/** What is wrong with what a venue says, in every form, and for each price of a reader. */
const BAD_PRICES: readonly [string, RegExp][] = [
  ["null", /expected a (number|text|price)/],
  ["0", /expected a (price above zero|text)/],
  ["-1", /expected a (price above zero|text)/],
  ['"0"', /expected a (price above zero|number)/],
  ['"-5.5"', /expected a (price above zero|number)/],
  ['"NaN"', /expected a (decimal|number)/],
  ['"Infinity"', /expected a (decimal|number)/],
  ['""', /expected a (decimal|number)/],
  ['"1,000"', /expected a (decimal|number)/],
  ["1e99", /too many|more than 40 digits|expected a text/],
  [`"${"9".repeat(41)}"`, /more than 40 digits|expected a number/],
  ["true", /expected a (number|text)/],
  ["{}", /expected a (number|text)/],
];

/** Checks that belong to every endpoint of every venue. */
export function describeEndpoint(
  venue: Venue,
  kind: "ticker" | "trades",
  { code, body, price }: { code: string; body: string; price: string },
): void {
  const endpoint = venue[kind] as Endpoint<Ticker | Trade>;
  const read = (value: JsonValue) => endpoint.read(value, [code]);
  const readText = (json: string) => read(parseJson(json));

  describe(`${venue.name} ${kind}, in today's shape`, () => {
    it("is read without refusals or unknown fields", () => {
      const { items, refusals, unknownFields } = readText(body);
      expect(refusals).to.deep.equal([]);
      expect(unknownFields).to.deep.equal([]);
      expect(items.length).to.be.greaterThan(0);
    });

    for (const [value, complaint] of BAD_PRICES) {
      it(`refuses ${value.slice(0, 20)} as a price, and says why`, () => {
        const { items, refusals } = readText(withField(body, price, value));
        expect(items).to.deep.equal([]);
        expect(refusals[0]?.message).to.match(complaint);
        expect(refusals[0]?.code).to.equal(code);
      });
    }

    it("reads a price with an exponent exactly", () => {
      const quoted = new RegExp(`"${price}"\\s*:\\s*\\[?\\s*"`).test(body);
      const { items } = readText(withField(body, price, quoted ? '"1.25e3"' : "1.25e3"));
      expect(formatDecimal(items[0]!.price)).to.equal("1250");
    });

    it("refuses anything else in its place, and throws nothing but its own error", () => {
      fc.assert(
        fc.property(fc.json({ maxDepth: 3 }), (json) => {
          try {
            expect(readText(json).items).to.deep.equal([]);
          } catch (error) {
            expect(error).to.be.instanceOf(ReadError);
          }
        }),
        { seed: 20201122, numRuns: 200 },
      );
    });

    it("survives any field going missing or changing its type", () => {
      const fields = [
        ...new Set([...body.matchAll(/"(\w+)"\s*:\s*(?=["\d])/g)].map(([, field]) => field ?? "")),
      ];
      for (const field of fields) {
        for (const value of ["null", "[]", '"?"', "-7", "1e400"]) {
          try {
            for (const item of readText(withField(body, field, value)).items) {
              expect(item.price.units > 0n, `${field} ${value}`).to.equal(true);
            }
          } catch (error) {
            expect(error, `${field} ${value}`).to.be.instanceOf(ReadError);
          }
        }
      }
    });

    it("reports a field it has never seen, and reads on", () => {
      const { items, unknownFields } = readText(body.replace(`"${price}"`, `"brandNew":1,"${price}"`));
      expect(items.length).to.be.greaterThan(0);
      expect(unknownFields).to.deep.equal(["brandNew"]);
    });
  });
}
