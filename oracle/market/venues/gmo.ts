import { z } from "zod";

import type { JsonValue } from "../json.ts";
import { ReadError } from "../read-error.ts";
import {
  amount,
  anything,
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

const envelope = z.looseObject({
  status: numberText,
  data: anything.optional(),
  messages: z.array(z.looseObject({ message_code: text, message_string: text })).optional(),
});
const named = z.looseObject({ symbol: text });

const ticker = z.looseObject({
  symbol: text,
  last: price(text),
  timestamp: time(text, "iso"),
  ask: unused,
  bid: unused,
  high: unused,
  low: unused,
  volume: unused,
});

const trades = z.looseObject({ list });

const trade = z.looseObject({
  price: price(text),
  size: amount(text),
  timestamp: time(text, "iso"),
  side: unused,
});

const MAINTENANCE = "ERR-5201";

/** GMO Coin. The spot market of BTC/JPY is `BTC`; `BTC_JPY` is the leveraged product, another market. */
export const gmo: Venue = {
  id: "gmo",
  name: "GMO Coin",
  origin: "https://api.coin.z.com",
  limit: { requests: 1, perSeconds: 1, documented: false },
  code: ({ base, quote }) => (quote === "JPY" ? base : `${base}/${quote}`),
  ticker: {
    cost: () => 1,
    many: true,
    path: (codes) => `/public/v1/ticker${codes.length === 1 ? `?symbol=${codes[0] ?? ""}` : ""}`,
    read: (body, codes) => {
      const rows = readEnvelope("GMO Coin ticker", list, open("GMO Coin ticker", body));
      const entries = rows.flatMap((value) => {
        const row = named.safeParse(value);
        return row.success && codes.includes(row.data.symbol) ? [{ code: row.data.symbol, value }] : [];
      });
      return readEntries(entries, ticker, (row, code) => ({ code, price: row.last, time: row.timestamp }));
    },
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/public/v1/trades?symbol=${code}&page=1&count=100`,
    read: (body, codes) => {
      const data = readEnvelope("GMO Coin trades", trades, open("GMO Coin trades", body));
      return readEntries(entriesOf(codes, data.list), trade, (row) => ({
        id: null,
        price: row.price,
        size: row.size,
        time: row.timestamp,
      }));
    },
  },
};

function open(what: string, body: JsonValue): JsonValue {
  const { status, data, messages = [] } = readEnvelope(what, envelope, body);
  if (status === "0" && data !== undefined) return data;
  const words = messages.map((message) => `${message.message_code} ${message.message_string}`).join("; ");
  throw new ReadError(
    messages.some((message) => message.message_code === MAINTENANCE) ? "maintenance" : "venue-error",
    `${what}: status: expected 0, saw ${status}${words === "" ? "" : ` (${words})`}`,
  );
}
