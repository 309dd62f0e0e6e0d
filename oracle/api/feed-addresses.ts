import type { Feed } from "../feeds/catalog.ts";

/** How feeds are named in paths: `BTC-JPY` for BTC/JPY, or the id. */
export interface FeedAddresses {
  /** The feed that a part of a path names; undefined where there is none. Takes equally long either way. */
  find(text: string): Feed | undefined;
  /** How to name a feed: its symbol with hyphens, its id where another feed would be written the same way. */
  addressOf(feed: Feed): string;
}

const ID = /^(0|[1-9]\d{0,9})$/;

/** Names every feed. A symbol that looks like a number, or like another one once written, leaves its feed to its id. */
export function feedAddresses(feeds: readonly Feed[]): FeedAddresses {
  const byId = new Map(feeds.map((feed) => [String(feed.id), feed]));
  const byName = new Map<string, Feed | null>();
  for (const feed of feeds) {
    const name = nameOf(feed);
    byName.set(name, byName.has(name) || ID.test(name) ? null : feed);
  }
  return {
    find: (text) => (ID.test(text) ? byId.get(text) : (byName.get(text) ?? undefined)),
    addressOf: (feed) => (byName.get(nameOf(feed)) === feed ? nameOf(feed) : String(feed.id)),
  };
}

function nameOf(feed: Feed): string {
  return feed.symbol.replaceAll("/", "-");
}
