/** What a cell of a table shows. */
export type Shown = string | number | bigint | null;

/** A column's head. */
export interface Head {
  readonly name: string;
  readonly unit?: string;
}

/** Text as it may stand in HTML. */
export function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/**
 * A table. Columns of numbers stand at the right, their digits in groups of three, with as many after the point in each row.
 * @param caption HTML
 */
export function table(heads: readonly Head[], rows: readonly (readonly Shown[])[], caption: string): string {
  const columns = heads.map((_, i) => rows.map((row) => row[i] ?? null));
  const isNumber = columns.map((cells) => cells.length > 0 && cells.every(looksLikeNumber));
  // What is measured in one unit has as many digits after the point in all columns.
  const places = columns.map((cells, i) =>
    placesOf(
      columns
        .filter((_, k) => k === i || ((heads[i]?.unit ?? "") === heads[k]?.unit && heads[k].unit !== ""))
        .flat()
        .concat(cells),
    ),
  );
  const classes = (...names: readonly string[]) => {
    const given = names.filter((name) => name !== "");
    return given.length === 0 ? "" : ` class="${given.join(" ")}"`;
  };
  const side = (i: number) => (isNumber[i] === true ? "number" : "");
  const head = heads.map(({ name, unit = "" }, i) => {
    const small = unit === "" ? "" : `<small>${escape(unit)}</small>`;
    return `<th scope="col"${classes(side(i))}>${escape(name)}${small}</th>`;
  });
  const body = rows.map((row, r) => {
    const cells = heads.map((_, i) => {
      const cell = row[i] ?? null;
      if (cell === null) return '<td class="empty number">–</td>';
      const text = typeof cell === "number" ? grouped(cell.toFixed(places[i] ?? 0)) : shown(cell);
      const again = i === 0 && typeof cell === "string" && cell === rows[r - 1]?.[0];
      return `<td${classes(again ? "again" : "", side(i))}>${escape(text)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<p class="caption">${caption}</p><div class="table"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** A number, nothing, or a text that is an amount. */
function looksLikeNumber(cell: Shown): boolean {
  return typeof cell !== "string" || /^−?[\d,]+(\.\d+…?)?$/.test(cell);
}

/** How many digits after the point a column needs: those that its numbers have, fewer where they are large. */
function placesOf(cells: readonly Shown[]): number {
  const numbers = cells.filter((cell) => typeof cell === "number");
  const most = numbers.reduce((size, cell) => Math.max(size, Math.abs(cell)), 0);
  const had = numbers.reduce((places, cell) => Math.max(places, String(cell).split(".")[1]?.length ?? 0), 0);
  return Math.min(had, most >= 10_000 ? 1 : most >= 100 ? 2 : most >= 1 ? 3 : 4);
}

/** Names and what they are, one a line. @param rows of text; the second is HTML */
export function list(rows: readonly (readonly [string, string])[], caption: string): string {
  const body = rows.map(([name, html]) => `<tr><td>${escape(name)}</td><td>${html}</td></tr>`);
  return `<p class="caption">${caption}</p><div class="table wrap"><table><tbody>${body.join("\n")}</tbody></table></div>`;
}

/** A number with its digits in groups of three, a text as it is. */
export function shown(cell: string | number | bigint): string {
  return typeof cell === "string" ? cell : grouped(String(cell));
}

/** The digits before the point of a number in groups of three; anything else as it is. */
export function grouped(text: string): string {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  if (sign === undefined) return text; // 1e+21
  const isZero = !/[1-9]/.test(whole + fraction);
  return (sign === "" || isZero ? "" : "−") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + fraction;
}

/** `1.234 bp`: at most so many digits after the point, no zeros at the end. */
export function digits(value: number, most: number): string {
  const text = value.toFixed(most);
  return shown(Number(text) === 0 ? 0 : Number(text));
}

/** Unix seconds as people in UTC write it: `2017-09-04 12:00`. */
export function time(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, text.slice(17, 19) === "00" ? 16 : 19)}`;
}

/** `settle_gas` is said `settle gas`. */
export function spoken(name: string): string {
  return name.replace(/_/g, " ");
}
