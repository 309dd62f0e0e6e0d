import { type ReportTree } from "../../report/report-tree.ts";
import { decodeMessage } from "./decode-message.ts";
import { mayDrop } from "./drop.ts";
import type { Epoch } from "./epoch.ts";
import { signedBytes } from "./hashes.ts";
import type { HeldObservations } from "./held-observations.ts";
import type { Host, Seat } from "./host.ts";
import {
  bodyOf,
  IDENTITY_SIGNATURE_BYTES,
  type Message,
  type Obs,
  type Prevote,
  type Prop,
} from "./message.ts";
import { MessageError } from "./message-error.ts";
import { priceReport, type PricedReport } from "./price-report.ts";

/** What can be said of a proposal without a view of one's own. */
export type Verdict =
  | { readonly valid: true; readonly report: PricedReport; readonly observations: readonly Obs[] }
  | { readonly valid: false; readonly why: string };

/** Judges the proposals of one time; each only once, and each value's report is computed only once. */
export class Proposals {
  readonly #host: Host;
  readonly #seat: Seat;
  readonly #held: HeldObservations;
  readonly #verdicts = new Map<Prop, Verdict>();
  readonly #reports = new Map<string, PricedReport>();
  readonly #previous: () => ReportTree | undefined;

  constructor(host: Host, seat: Seat, held: HeldObservations, previous: () => ReportTree | undefined) {
    this.#host = host;
    this.#seat = seat;
    this.#held = held;
    this.#previous = previous;
  }

  /** The verdict, or undefined as long as observations that the proposal names are not here. */
  judge(prop: Prop): Verdict | undefined {
    const known = this.#verdicts.get(prop);
    if (known) return known;
    if (this.missing(prop).length > 0) return undefined;
    const verdict = this.#judge(prop);
    this.#verdicts.set(prop, verdict);
    return verdict;
  }

  /** Hashes of observations that a proposal names and that are not here. */
  missing(prop: Prop): string[] {
    return prop.observations.filter((hash) => !this.#held.has(hash));
  }

  /** A report of a set of observations, remembered by the value it belongs to. */
  price(observations: readonly Obs[], drop: readonly number[]): PricedReport {
    const { epoch, time } = this.#seat;
    const key = `${observations.map(({ hash }) => hash).join()} ${drop.join()}`;
    const known = this.#reports.get(key);
    if (known) return known;
    const prices = observations.map((obs) => obs.prices);
    const places = new Set(drop.map((feed) => epoch.feedIndex.get(feed) ?? -1));
    const report = priceReport(epoch, time, prices, places, this.#host.rules, this.#previous());
    this.#reports.set(key, report);
    return report;
  }

  #judge(prop: Prop): Verdict {
    const { epoch } = this.#seat;
    const observations = prop.observations
      .map((hash) => this.#held.get(hash))
      .filter((obs) => obs !== undefined);
    let previous = -1;
    for (const { signer } of observations) {
      if (signer <= previous) return bad(`observations of signers ${previous} and ${signer} in this order`);
      previous = signer;
    }
    if (observations.length < epoch.q) {
      return bad(`${observations.length} observations, but ${epoch.q} are needed`);
    }
    const dissents = this.#dissents(prop);
    if (typeof dissents === "string") return bad(dissents);
    if (!mayDrop(epoch, prop.round, prop.drop, dissents, this.#host.rules)) {
      return bad("drops a feed without enough dissents");
    }
    const report = this.price(observations, prop.drop);
    if (report.root !== prop.root) return bad(`root ${prop.root} is not the computed ${report.root}`);
    return { valid: true, report, observations };
  }

  /** The prevotes in a proposal, checked like any other message; or what is wrong with one. */
  #dissents(prop: Prop): Prevote[] | string {
    const { epoch, time } = this.#seat;
    const dissents: Prevote[] = [];
    for (const bytes of prop.dissents) {
      const vote = readMessage(bytes, epoch, this.#host);
      if (typeof vote === "string") return `dissent: ${vote}`;
      if (vote.kind !== "prevote" || vote.time !== time || vote.round >= prop.round) {
        return "a dissent is no prevote of an earlier round of this time";
      }
      dissents.push(vote);
    }
    return dissents;
  }
}

/** Decodes a message and checks its signature; a string says what is wrong. */
export function readMessage(bytes: Uint8Array, epoch: Epoch, { cryptography }: Host): Message | string {
  try {
    const message = decodeMessage(bytes, epoch);
    const identity = epoch.members[message.signer]?.identity ?? new Uint8Array(32);
    const signature = bytes.subarray(bytes.length - IDENTITY_SIGNATURE_BYTES);
    if (cryptography.verify(identity, signedBytes(epoch, bodyOf(bytes)), signature)) return message;
    return `the signature is not by signer ${message.signer}`;
  } catch (error) {
    if (error instanceof MessageError) return error.message;
    throw error;
  }
}

function bad(why: string): Verdict {
  return { valid: false, why };
}
