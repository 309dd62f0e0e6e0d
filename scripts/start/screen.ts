import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Where the story is told: the terminal, or standard error where the output is for programs. */
export class Screen {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** A heading, with an empty line before it. */
  head(text: string): void {
    this.line(`\n${this.style("bold", text)}`);
  }

  /** A name and what there is to say of it. */
  say(name: string, text: string): void {
    this.line(`  ${this.style("dim", name.padEnd(10))} ${text}`);
  }

  line(text = ""): void {
    this.#stream.write(`${text}\n`);
  }

  /** Colours where the stream has them. */
  style(format: Format, text: string): string {
    return styleText(format, text, { stream: this.#stream });
  }
}

/** Unix seconds as a Tokyo desk reads them: "2026-02-27 16:00:00". */
export function tokyoTime(seconds: number): string {
  return new Date((seconds + 9 * 3600) * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** The hour of a time in Tokyo: "16:00". */
export function tokyoHour(seconds: number): string {
  return tokyoTime(seconds).slice(11, 16);
}

/** A scaled integer as people write it: 1125000025n with 2 decimals is "11,250,000.25". Zeros behind the point stay. */
export function decimal(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0n ? "−" : ""}${whole}${decimals === 0 ? "" : `.${digits.slice(-decimals)}`}`;
}

/** A whole number with its thousands apart. */
export function count(value: number | bigint): string {
  return value.toLocaleString("en");
}

/** How many, and what: "1 report", "2 reports". */
export function many(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** What a pair is a price of, and in what: "BTC" and "JPY" of "BTC/JPY". */
export function baseOf({ symbol }: { readonly symbol: string }): string {
  return symbol.split("/")[0] ?? symbol;
}
export function quoteOf({ symbol }: { readonly symbol: string }): string {
  return symbol.split("/")[1] ?? "";
}
