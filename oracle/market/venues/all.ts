import type { Venue } from "../venue.ts";
import { binance } from "./binance.ts";
import { bitbank } from "./bitbank.ts";
import { bitflyer } from "./bitflyer.ts";
import { bitstamp } from "./bitstamp.ts";
import { btcbox } from "./btcbox.ts";
import { coinbase } from "./coinbase.ts";
import { coincheck } from "./coincheck.ts";
import { gmo } from "./gmo.ts";
import { kraken } from "./kraken.ts";
import { zaif } from "./zaif.ts";

/** Every venue that has a reader. */
export const VENUES: readonly Venue[] = [
  binance,
  bitbank,
  bitflyer,
  bitstamp,
  btcbox,
  coinbase,
  coincheck,
  gmo,
  kraken,
  zaif,
];
