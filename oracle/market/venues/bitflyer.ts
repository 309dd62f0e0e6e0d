import { z } from "zod";

import {
  amount,
  entriesOf,
  list,
  numberText,
  price,
  readEntries,
  readEnvelope,
  text,
  time,
  unused,
} from "../schema.ts";
import type { Venue } from "../venue.ts";

const ticker = z.looseObject({
  product_code: text,
  state: text.optional(), // absent before 2019
  timestamp: time(text, "iso"), // UTC, though it does not say so
  ltp: price(numberText),
  tick_id: unused,
  best_bid: unused,
  best_ask: unused,
  best_bid_size: unused,
  best_ask_size: unused,
  total_bid_depth: unused,
  total_ask_depth: unused,
  market_bid_size: unused,
  market_ask_size: unused,
  volume: unused,
  volume_by_product: unused,
  preopen_end: unused,
  circuit_break_end: unused,
});

const execution = z.looseObject({
  id: numberText,
  price: price(numberText),
  size: amount(numberText),
  exec_date: time(text, "iso"), // UTC, though it does not say so
  side: unused,
  buy_child_order_acceptance_id: unused,
  sell_child_order_acceptance_id: unused,
});

/** bitFlyer Lightning. `ltp` is the last price; `timestamp` is the ticker's, not that of the last trade. */
export const bitflyer: Venue = {
  id: "bitflyer",
  name: "bitFlyer",
  origin: "https://api.bitflyer.com",
  limit: { requests: 500, perSeconds: 300, documented: true },
  code: ({ base, quote }) => `${base}_${quote}`,
  ticker: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/v1/ticker?product_code=${code}`,
    read: (body, codes) =>
      readEntries(
        entriesOf(codes, [body]),
        ticker,
        (data, code) => ({ code, price: data.ltp, time: data.timestamp }),
        (data, code) => {
          if (data.product_code !== code) return `product_code: expected ${code}, saw ${data.product_code}`;
          if (data.state !== undefined && data.state !== "RUNNING")
            return `state: expected RUNNING, saw ${data.state}`;
          return null;
        },
      ),
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/v1/executions?product_code=${code}&count=100`,
    read: (body, codes) =>
      readEntries(entriesOf(codes, readEnvelope("bitFlyer executions", list, body)), execution, (data) => ({
        id: data.id,
        price: data.price,
        size: data.size,
        time: data.exec_date,
      })),
  },
};
