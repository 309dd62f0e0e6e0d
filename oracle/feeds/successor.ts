import type { Catalog, Feed } from "./catalog.ts";
import type { CatalogProblem } from "./catalog-error.ts";

/**
 * Whether a catalog may follow another: bundles never change, and a feed's symbol, decimals, method and maximum input
 * age never do. New bundles may be added. Sources, tolerances, hard bands and calendars may change.
 * @returns what stands in the way; nothing if it may follow
 */
export function successorProblems(before: Catalog, after: Catalog): CatalogProblem[] {
  const problems: CatalogProblem[] = [];
  const bundles = new Map(after.bundles.map((bundle) => [bundle.bundle, bundle]));
  for (const old of before.bundles) {
    const path = `bundle ${old.bundle}`;
    const now = bundles.get(old.bundle);
    if (now === undefined) {
      problems.push({ path, message: "is gone; a bundle stays in the catalog for ever" });
      continue;
    }
    if (now.feeds.length !== old.feeds.length) {
      problems.push({
        path,
        message: `has ${now.feeds.length} feeds and had ${old.feeds.length}; bundles never change: put new feeds in a new bundle`,
      });
    }
    old.feeds.forEach((feed, position) => {
      const changed = now.feeds[position] === undefined ? [] : changes(feed, now.feeds[position]);
      problems.push(
        ...changed.map((message) => ({ path: `${path}, position ${position} (${feed.symbol})`, message })),
      );
    });
  }
  return problems;
}

function changes(before: Feed, after: Feed): string[] {
  const differ = (what: string, a: string | number, b: string | number) =>
    a === b
      ? []
      : [`${what} was ${a} and is ${b}; that is another feed: give it a new symbol in a new bundle`];
  return [
    ...differ("symbol", before.symbol, after.symbol),
    ...differ("decimals", before.decimals, after.decimals),
    ...differ("maxInputAge", before.maxInputAge, after.maxInputAge),
    ...(before.methodText === after.methodText
      ? []
      : [
          `method was\n${before.methodText}and is\n${after.methodText}; that is another feed: give it a new symbol in a new bundle`,
        ]),
  ];
}
