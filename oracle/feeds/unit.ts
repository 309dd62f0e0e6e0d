/**
 * What a price counts: exponents of currencies and the like, zero left out. A price of `BTC/JPY` is yen per bitcoin:
 * `{ JPY: 1, BTC: -1 }`. A multiplication that is missing in a derived feed shows as a unit that does not match.
 */
export type Unit = ReadonlyMap<string, number>;

const NAME = "[A-Z][A-Z0-9]{0,11}";
const PAIR = new RegExp(`^(${NAME})/(${NAME})(?:\\.[A-Z0-9-]{1,16})?$`);
const UNIT = new RegExp(`^(1|${NAME})(?:/(${NAME}))?$`);

/** The two sides of a pair: one `base` costs so many `quote`. */
export interface Pair {
  readonly base: string;
  readonly quote: string;
}

/** `BTC/JPY` or `BTC/JPY.VWAP-60` as its two sides; undefined for a symbol that is not a pair. */
export function parsePair(symbol: string): Pair | undefined {
  const match = PAIR.exec(symbol);
  const [, base, quote] = match ?? [];
  return base === undefined || quote === undefined || base === quote ? undefined : { base, quote };
}

/** The pair of a symbol without its tag: `BTC/JPY` for `BTC/JPY.VWAP-60`; the symbol itself where it is no pair. */
export function pairSymbol(symbol: string): string {
  const pair = parsePair(symbol);
  return pair === undefined ? symbol : `${pair.base}/${pair.quote}`;
}

/** The unit of a pair: quote per base. */
export function unitOfPair(pair: Pair): Unit {
  return new Map([
    [pair.quote, 1],
    [pair.base, -1],
  ]);
}

/** Reads a unit as it is written for feeds that are not pairs: `JPY`, `JPY/BTC` (yen per bitcoin), `1` (a plain number). */
export function parseUnit(text: string): Unit | undefined {
  const [, top, bottom] = UNIT.exec(text) ?? [];
  if (top === undefined || top === bottom) return undefined;
  const unit = new Map<string, number>();
  if (top !== "1") unit.set(top, 1);
  if (bottom !== undefined) unit.set(bottom, -1);
  return unit;
}

/** The unit of a product. */
export function multiplyUnits(a: Unit, b: Unit): Unit {
  const product = new Map(a);
  for (const [name, exponent] of b) {
    const sum = (product.get(name) ?? 0) + exponent;
    if (sum === 0) product.delete(name);
    else product.set(name, sum);
  }
  return product;
}

/** The unit of 1 / x. */
export function invertUnit(unit: Unit): Unit {
  return new Map([...unit].map(([name, exponent]) => [name, -exponent]));
}

/** Whether two prices count the same. */
export function sameUnit(a: Unit, b: Unit): boolean {
  return a.size === b.size && [...a].every(([name, exponent]) => b.get(name) === exponent);
}

/** A unit for people: `JPY per BTC`, `JPY`, `plain number`, `USD·JPY per BTC^2`. */
export function formatUnit(unit: Unit): string {
  const side = (sign: number) =>
    [...unit]
      .filter(([, exponent]) => Math.sign(exponent) === sign)
      .map(([name, exponent]) => (Math.abs(exponent) === 1 ? name : `${name}^${Math.abs(exponent)}`))
      .sort()
      .join("·");
  const [top, bottom] = [side(1), side(-1)];
  if (bottom === "") return top === "" ? "plain number" : top;
  return `${top === "" ? "1" : top} per ${bottom}`;
}
