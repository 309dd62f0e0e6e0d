/** What a simulated venue knows of one pair. */
export interface Spoken {
  /** Decimal text. */
  readonly price: string;
  /** Unix milliseconds. */
  readonly time: number;
}

/** How a simulated venue words its answers: as the real one does. */
export interface Protocol {
  /** The venue's codes that a request asks for: one, or null for all. */
  readonly asksFor: (url: URL) => string | null | undefined;
  /**
   * The body for the pairs that were asked for, by the venue's codes.
   * @param all whether all were asked for, which some venues answer in another shape than one
   */
  readonly answer: (pairs: ReadonlyMap<string, Spoken>, all: boolean) => string;
}

const iso = (time: number) => new Date(time).toISOString();
const only = (pairs: ReadonlyMap<string, Spoken>) => [...pairs][0] ?? ["", { price: "0", time: 0 }];
/** As a JSON number that has a point, as venues write that serialise floats. */
const float = (price: string) => (price.includes(".") ? price : `${price}.0`);

/** Numbers as floats, a time without its zone. */
const bitflyer: Protocol = {
  asksFor: (url) =>
    url.pathname === "/v1/ticker" ? (url.searchParams.get("product_code") ?? undefined) : undefined,
  answer: (pairs) => {
    const [code, { price, time }] = only(pairs);
    const p = float(price);
    return `{"product_code":"${code}","state":"RUNNING","timestamp":"${iso(time).slice(0, -1)}","tick_id":1,"best_bid":${p},"best_ask":${p},"best_bid_size":0.1,"best_ask_size":0.1,"total_bid_depth":100.0,"total_ask_depth":100.0,"market_bid_size":0.0,"market_ask_size":0.0,"ltp":${p},"volume":1000.0,"volume_by_product":1000.0}`;
  },
};

/** Numbers as floats, whole seconds. */
const coincheck: Protocol = {
  asksFor: (url) =>
    url.pathname === "/api/ticker" ? (url.searchParams.get("pair") ?? undefined) : undefined,
  answer: (pairs) => {
    const [, { price, time }] = only(pairs);
    const p = float(price);
    return `{"last":${p},"bid":${p},"ask":${p},"high":${p},"low":${p},"volume":1000.0,"timestamp":${Math.floor(time / 1000)}}`;
  },
};

/** Prices as texts, milliseconds, an envelope; one pair or all. */
const bitbank: Protocol = {
  asksFor: (url) => (url.pathname === "/tickers" ? null : /^\/(\w+)\/ticker$/.exec(url.pathname)?.[1]),
  answer: (pairs, all) => {
    const rows = [...pairs].map(
      ([code, { price, time }]) =>
        `{"pair":"${code}","sell":null,"buy":null,"high":"${price}","low":"${price}","open":"${price}","last":"${price}","vol":"1000","timestamp":${time}}`,
    );
    return `{"success":1,"data":${all ? `[${rows.join(",")}]` : (rows[0] ?? "null")}}`;
  },
};

/** Prices as texts, ISO times with their zone, an envelope with a status, always a list. */
const gmo: Protocol = {
  asksFor: (url) => (url.pathname === "/public/v1/ticker" ? url.searchParams.get("symbol") : undefined),
  answer: (pairs) => {
    const rows = [...pairs].map(
      ([code, { price, time }]) =>
        `{"ask":"${price}","bid":"${price}","high":"${price}","last":"${price}","low":"${price}","symbol":"${code}","timestamp":"${iso(time)}","volume":"1000"}`,
    );
    const responsetime = iso(Math.max(0, ...[...pairs.values()].map(({ time }) => time)));
    return `{"status":0,"data":[${rows.join(",")}],"responsetime":"${responsetime}"}`;
  },
};

/** The venues that can be simulated: four, and no two word their answers alike. */
export const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ["bitflyer", bitflyer],
  ["coincheck", coincheck],
  ["bitbank", bitbank],
  ["gmo", gmo],
]);
