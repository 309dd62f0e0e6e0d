import { didYouMean } from "../did-you-mean.ts";
import { pathText } from "../strict-object.ts";
import { type Band, isWider, parseBand } from "./band.ts";
import type { Calendar } from "./calendar.ts";
import type { Bundle, Catalog, Feed, SourceDefinition } from "./catalog.ts";
import { CatalogError, type CatalogProblem } from "./catalog-error.ts";
import { type CatalogFile, catalogSchema, type FeedFile } from "./catalog-schema.ts";
import { type Method, methodHash, methodText } from "./method.ts";
import { readCalendar } from "./read-calendar.ts";
import {
  formatUnit,
  invertUnit,
  multiplyUnits,
  pairSymbol,
  parsePair,
  parseUnit,
  sameUnit,
  type Unit,
  unitOfPair,
} from "./unit.ts";

/** What a catalog is checked against. */
export interface CatalogContext {
  /** Ids of the venues that have readers. */
  readonly venues: readonly string[];
}

/**
 * Checks a catalog as it was read from a file, and completes it: units, texts and hashes of methods, time zones.
 * @param file the parsed file, of whatever shape
 * @throws CatalogError with every problem found
 */
export function readCatalog(file: unknown, context: CatalogContext): Catalog {
  const parsed = catalogSchema.safeParse(file);
  if (!parsed.success) {
    throw new CatalogError(
      parsed.error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })),
    );
  }
  const problems: CatalogProblem[] = [];
  const calendars = readCalendars(parsed.data, problems);
  checkSources(parsed.data.sources, context, problems);
  const feeds = new FeedReader(parsed.data, problems);
  const bundles = readBundles(parsed.data, calendars, feeds, problems);
  if (problems.length > 0) throw new CatalogError(problems);
  return { bundles, feeds: bundles.flatMap((bundle) => bundle.feeds), sources: parsed.data.sources };
}

function readCalendars(file: CatalogFile, problems: CatalogProblem[]): Map<string, Calendar | undefined> {
  return new Map(
    Object.entries(file.calendars).map(([name, calendar]) => [
      name,
      readCalendar(calendar, `calendars.${name}`, problems),
    ]),
  );
}

function checkSources(
  sources: readonly SourceDefinition[],
  context: CatalogContext,
  problems: CatalogProblem[],
): void {
  const seen = new Set<string>();
  sources.forEach((source, i) => {
    const path = `sources[${i}]`;
    if (seen.has(source.id)) problems.push({ path: `${path}.id`, message: `"${source.id}" is used twice` });
    seen.add(source.id);
    if (source.kind === "venue") {
      if (!context.venues.includes(source.venue)) {
        problems.push({
          path: `${path}.venue`,
          message: `no reader for "${source.venue}"${didYouMean(source.venue, context.venues)} (readers: ${context.venues.join(", ")})`,
        });
      }
      source.pairs.forEach((pair, p) => {
        if (parsePair(pair) === undefined || pairSymbol(pair) !== pair) {
          problems.push({
            path: `${path}.pairs[${p}]`,
            message: `expected a pair such as BTC/JPY, saw "${pair}"`,
          });
        }
      });
    } else {
      if (context.venues.includes(source.venue)) {
        problems.push({
          path: `${path}.venue`,
          message: `"${source.venue}" has a reader of its own; use kind "venue", or another name`,
        });
      }
      source.quotes.forEach((quote, q) => {
        if ((quote.time === undefined) !== (quote.timeFormat === undefined)) {
          problems.push({
            path: `${path}.quotes[${q}]`,
            message: "time and timeFormat come together or not at all",
          });
        }
      });
    }
    const symbols = symbolsOf(source);
    if (new Set(symbols).size < symbols.length) {
      problems.push({ path, message: `gives a symbol twice: ${symbols.join(", ")}` });
    }
  });
}

/** The symbols a source gives quotes of. */
function symbolsOf(source: SourceDefinition): readonly string[] {
  return source.kind === "venue" ? source.pairs : source.quotes.map((quote) => quote.symbol);
}

function readBundles(
  file: CatalogFile,
  calendars: ReadonlyMap<string, Calendar | undefined>,
  feeds: FeedReader,
  problems: CatalogProblem[],
): Bundle[] {
  const numbers = new Set<number>();
  const bundles = file.bundles.map((entry, b): Bundle => {
    const path = `bundles[${b}]`;
    if (numbers.has(entry.bundle))
      problems.push({ path: `${path}.bundle`, message: `${entry.bundle} is used twice` });
    numbers.add(entry.bundle);
    const name = entry.calendar ?? null;
    if (name !== null && !calendars.has(name)) {
      const known = [...calendars.keys()];
      problems.push({ path: `${path}.calendar`, message: `no calendar "${name}"${didYouMean(name, known)}` });
    }
    return {
      bundle: entry.bundle,
      calendarName: name,
      calendar: (name === null ? null : calendars.get(name)) ?? null,
      feeds: entry.feeds.flatMap((feed, position) => {
        const read = feeds.read(feed.symbol);
        return read === undefined ? [] : [{ ...read, id: entry.bundle * 256 + position }];
      }),
    };
  });
  return bundles.sort((a, b) => a.bundle - b.bundle);
}

/** Reads feeds in the order of their dependence, each once. */
class FeedReader {
  readonly #sources: ReadonlyMap<string, SourceDefinition>;
  /** What each source gives quotes of, by its id: large catalogs ask often. */
  readonly #symbols: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #files = new Map<string, { feed: FeedFile; path: string }>();
  readonly #read = new Map<string, Feed | undefined>();
  readonly #reading: string[] = [];
  readonly #problems: CatalogProblem[];

  constructor(file: CatalogFile, problems: CatalogProblem[]) {
    this.#problems = problems;
    this.#sources = new Map(file.sources.map((source) => [source.id, source]));
    this.#symbols = new Map(file.sources.map((source) => [source.id, new Set(symbolsOf(source))]));
    file.bundles.forEach((bundle, b) => {
      bundle.feeds.forEach((feed, f) => {
        const path = `bundles[${b}].feeds[${f}]`;
        if (this.#files.has(feed.symbol)) this.#problem(`${path}.symbol`, `"${feed.symbol}" is used twice`);
        else this.#files.set(feed.symbol, { feed, path });
      });
    });
  }

  /** The feed of a symbol, its `id` still to be set; undefined where it has a problem, which has been noted. */
  read(symbol: string): Feed | undefined {
    if (this.#read.has(symbol)) return this.#read.get(symbol);
    const entry = this.#files.get(symbol);
    if (entry === undefined) return undefined;
    this.#reading.push(symbol);
    const before = this.#problems.length;
    const feed = this.#readFeed(entry.feed, entry.path);
    this.#reading.pop();
    const result = this.#problems.length === before ? feed : undefined;
    this.#read.set(symbol, result);
    return result;
  }

  #readFeed(file: FeedFile, path: string): Feed | undefined {
    const unit = this.#unit(file, path);
    const tolerance = this.#band(file.tolerance, file.decimals, `${path}.tolerance`);
    const hardBand = this.#band(file.hardBand, file.decimals, `${path}.hardBand`);
    if (tolerance && hardBand && isWider(tolerance, hardBand)) {
      this.#problem(
        `${path}.tolerance`,
        `${file.tolerance} is wider than the hard band ${file.hardBand}: signers would agree on what they refuse to sign`,
      );
    }
    const [method, components] =
      file.method.kind === "median"
        ? [this.#median(file, file.method, path), []]
        : this.#derived(file, file.method, unit, path);
    if (!unit || !tolerance || !hardBand || !method) return undefined;
    const text = methodText({ ...file, unit }, method, components);
    const { symbol, decimals, maxInputAge, mayBeNegative } = file;
    const hashes = { methodText: text, methodHash: methodHash(text) };
    return {
      id: 0,
      symbol,
      unit,
      decimals,
      method,
      ...hashes,
      maxInputAge,
      tolerance,
      hardBand,
      mayBeNegative,
    };
  }

  #unit(file: FeedFile, path: string): Unit | undefined {
    const pair = parsePair(file.symbol);
    if (pair !== undefined) {
      if (file.unit === undefined) return unitOfPair(pair);
      this.#problem(`${path}.unit`, `the symbol ${file.symbol} says the unit already; leave it out`);
    } else if (file.unit === undefined) {
      this.#problem(`${path}.unit`, `"${file.symbol}" is no pair; say its unit, such as JPY, JPY/BTC or 1`);
    } else {
      const unit = parseUnit(file.unit);
      if (unit === undefined) this.#problem(`${path}.unit`, `expected JPY, JPY/BTC or 1, saw "${file.unit}"`);
      return unit;
    }
    return undefined;
  }

  #median(
    file: FeedFile,
    method: Extract<FeedFile["method"], { kind: "median" }>,
    path: string,
  ): Method | undefined {
    const maxSpread = this.#band(method.maxSpread, file.decimals, `${path}.method.maxSpread`);
    const venues = new Map<string, string>();
    method.sources.forEach((id, i) => {
      const at = `${path}.method.sources[${i}]`;
      const source = this.#sources.get(id);
      if (source === undefined) {
        this.#problem(at, `no source "${id}"${didYouMean(id, [...this.#sources.keys()])}`);
        return;
      }
      const wanted = pairSymbol(file.symbol);
      if (this.#symbols.get(id)?.has(wanted) !== true) {
        this.#problem(at, `source "${id}" gives ${symbolsOf(source).join(", ")}, not ${wanted}`);
      }
      const other = venues.get(source.venue);
      if (other !== undefined) {
        this.#problem(
          at,
          `"${id}" and "${other}" are the same venue (${source.venue}): a venue has one voice`,
        );
      }
      venues.set(source.venue, id);
    });
    if (method.minSources > method.sources.length) {
      this.#problem(
        `${path}.method.minSources`,
        `${method.minSources} of ${method.sources.length} sources can never be met`,
      );
    }
    if (method.minSources < 3 && method.fewSources === undefined) {
      this.#problem(
        `${path}.method.minSources`,
        `${method.minSources} cannot tell a lie from a price; ask for 3, or say in fewSources why fewer will do`,
      );
    }
    return maxSpread && { ...method, maxSpread, fewSources: method.fewSources ?? null };
  }

  #derived(
    file: FeedFile,
    method: Exclude<FeedFile["method"], { kind: "median" }>,
    unit: Unit | undefined,
    path: string,
  ): [Method | undefined, string[]] {
    const components = method.of.map((symbol, i) => {
      const at = `${path}.method.of[${i}]`;
      if (symbol === file.symbol || this.#reading.includes(symbol)) {
        this.#problem(at, `${[...this.#reading, symbol].join(" → ")} goes in a circle`);
        return undefined;
      }
      if (!this.#files.has(symbol)) {
        this.#problem(at, `no feed "${symbol}"${didYouMean(symbol, [...this.#files.keys()])}`);
      }
      return this.read(symbol);
    });
    const [a, b] = components;
    if (!a || (method.kind !== "inverse" && !b)) return [undefined, []];
    const given = derivedUnit(method.kind, a.unit, b?.unit ?? new Map());
    if (unit && !sameUnit(unit, given)) {
      const made =
        method.kind === "inverse"
          ? `1 ÷ ${a.symbol}`
          : method.of.join(method.kind === "product" ? " × " : " ÷ ");
      this.#problem(
        `${path}.method`,
        `${made} is ${formatUnit(given)}, but ${file.symbol} is ${formatUnit(unit)}: a factor is missing or upside down`,
      );
    }
    for (const component of components) {
      if (component && component.maxInputAge > file.maxInputAge) {
        this.#problem(
          `${path}.maxInputAge`,
          `${file.maxInputAge} s is less than the ${component.maxInputAge} s that ${component.symbol} may take; ${file.symbol} would come and go`,
        );
      }
    }
    return [{ kind: method.kind, of: method.of }, components.map((component) => component?.methodText ?? "")];
  }

  #band(text: string, decimals: number, path: string): Band | undefined {
    try {
      return parseBand(text, decimals);
    } catch (error) {
      this.#problem(
        path,
        `expected a band such as 0.5% or 150: ${error instanceof Error ? error.message : ""}`,
      );
      return undefined;
    }
  }

  #problem(path: string, message: string): void {
    this.#problems.push({ path, message });
  }
}

function derivedUnit(kind: "product" | "ratio" | "inverse", a: Unit, b: Unit): Unit {
  if (kind === "inverse") return invertUnit(a);
  return multiplyUnits(a, kind === "product" ? b : invertUnit(b));
}
