import type { Cell } from "../result.ts";

/**
 * A table as RFC 4180 has it: a line of names, lines end in CRLF, cells with commas, quotes or line ends stand in quotes.
 * Nothing is an empty cell.
 */
export function csv(columns: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [columns.map(cell).join(",")];
  for (const row of rows) lines.push(row.map(cell).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

function cell(value: Cell): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
