import { expect } from "chai";

import {
  digits,
  escape,
  grouped,
  list,
  shown,
  spoken,
  table,
  time,
} from "../../../../oracle/lab/report/html.ts";
import { every, thin } from "../../../../oracle/lab/report/thin.ts";

describe("what the report shows", () => {
  it("numbers have their digits in groups of three and a true minus", () => {
    expect([shown(1_234_567n), shown(-1_234.5), shown(999), shown("as it is"), shown(-0)]).to.deep.equal([
      ...["1,234,567", "−1,234.5", "999", "as it is", "0"],
    ]);
    expect([grouped("-0.00"), grouped("-1000"), grouped("1e+21")]).to.deep.equal(["0.00", "−1,000", "1e+21"]);
    expect([digits(1.2399, 2), digits(-0.001, 2), digits(12_345, 0)]).to.deep.equal(["1.24", "0", "12,345"]);
  });

  it("times are UTC, without seconds where there are none", () => {
    expect([time(1_504_483_200), time(1_504_483_261)]).to.deep.equal([
      "2017-09-04 00:00",
      "2017-09-04 00:01:01",
    ]);
    expect(spoken("p95_error")).to.equal("p95 error");
  });

  it("text is escaped in tables, lists and names", () => {
    expect(escape('<a & "b">')).to.equal("&lt;a &amp; &quot;b&quot;&gt;");
    expect(table([{ name: "<x>", unit: "<u>" }], [["<y>"]], "")).to.include(
      "&lt;x&gt;<small>&lt;u&gt;</small>",
    );
    expect(table([{ name: "x" }], [["<y>"]], "")).to.include("<td>&lt;y&gt;</td>");
    expect(list([["<z>", "<code>1</code>"]], "")).to.include("<td>&lt;z&gt;</td><td><code>1</code></td>");
  });

  it("a column of numbers stands at the right, with as many digits in each row, and as those of its unit", () => {
    const html = table(
      [
        { name: "kind" },
        { name: "a", unit: "bp" },
        { name: "b", unit: "bp" },
        { name: "amount" },
        { name: "none" },
      ],
      [
        ["x", 1.5, 20, "1,234.5…", null],
        ["x", 2, 0.1234, "7", null],
        ["y", 3, 1, "8", null],
      ],
      "caption",
    );
    const cells = [...html.matchAll(/<tr>(<td.*?)<\/tr>/g)].map(([, row]) =>
      [...row!.matchAll(/<td(?: class="([^"]*)")?>(.*?)<\/td>/g)].map(
        ([, side = "", text]) => `${text} ${side}`,
      ),
    );
    expect(cells).to.deep.equal([
      ["x ", "1.500 number", "20.000 number", "1,234.5… number", "– empty number"],
      ["x again", "2.000 number", "0.123 number", "7 number", "– empty number"],
      ["y ", "3.000 number", "1.000 number", "8 number", "– empty number"],
    ]);
    expect(html).to.match(/^<p class="caption">caption<\/p>/);
    // A number written as text stays at the right where it is said again.
    const again = table([{ name: "deviation" }], [["0.5"], ["0.5"]], "");
    expect(again).to.include('<td class="number">0.5</td>').and.include('<td class="again number">0.5</td>');
  });

  it("a long row of points keeps its ends and its extremes", () => {
    const points = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 50) + (i === 7_777 ? 9 : 0));
    const kept = thin(points, 100, (point) => point);
    expect(kept.length).to.be.within(100, 202);
    expect([kept[0], kept.at(-1)]).to.deep.equal([points[0], points.at(-1)]);
    expect(Math.max(...kept)).to.equal(points[7_777]);
    expect(Math.min(...kept)).to.equal(Math.min(...points));
    expect(thin([3, 1, 2], 2, (point) => point)).to.deep.equal([3, 1, 2]);
    expect(every([1, 2, 3, 4, 5, 6, 7], 3)).to.deep.equal([1, 4, 7]);
    expect(every([1, 2], 3)).to.deep.equal([1, 2]);
  });
});
