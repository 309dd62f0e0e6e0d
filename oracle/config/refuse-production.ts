import { networkSalt, type NetworkMode } from "../report/digest.ts";

/** What is known of a network: from its address book, and from the configuration of its signers. */
export interface NetworkInUse {
  /** Where this is known from, for people: `deploy/mainnet.json`. */
  readonly source: string;
  readonly network: string;
  readonly mode: NetworkMode;
  readonly chainId: number;
  /** 32 bytes in hexadecimal. */
  readonly salt: string;
  /** ARNs and addresses of the keys of its signers and senders, as far as they are known. */
  readonly keys?: readonly string[];
}

/** What a rehearsal would sign with, and for. */
export interface Rehearsal {
  /** 32 bytes in hexadecimal. */
  readonly salt: string;
  readonly chainIds: readonly number[];
  /** ARNs and addresses of the keys that it would use. */
  readonly keys: readonly string[];
}

/** A rehearsal would have used what belongs to production. Nothing has been signed. */
export class RehearsalError extends Error {
  override readonly name = "RehearsalError";
  /** All that it would have used, one line each. */
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(
      `a rehearsal must not be able to sign real history, and this one would use what belongs to production:\n` +
        `${reasons.map((reason) => `  ${reason}`).join("\n")}\n` +
        "Rehearse with a network of mode test, a chain of your own, and keys that are thrown away.",
    );
    this.reasons = reasons;
  }
}

/**
 * Refuses a simulation or a replay that uses the salt, a chain id or a key of a network marked production. Simulated prices
 * under a production salt would be true reports on every chain of that network, for ever.
 * @param networks all that are known; those of mode test stand in nobody's way
 * @throws RehearsalError
 */
export function refuseProduction(rehearsal: Rehearsal, networks: readonly NetworkInUse[]): void {
  const reasons = networks
    .filter(({ mode }) => mode === "production")
    .flatMap(({ source, network, chainId, salt, keys = [] }) => {
      const of = `the production network ${network} (${source})`;
      const own = `0x${Buffer.from(networkSalt(network, "production")).toString("hex")}`;
      const salts = new Set([plain(salt), plain(own)]);
      const known = new Set(keys.map(plain));
      return [
        ...(salts.has(plain(rehearsal.salt)) ? [`the salt ${rehearsal.salt} is that of ${of}`] : []),
        ...rehearsal.chainIds
          .filter((id) => id === chainId)
          .map((id) => `the chain id ${id} is that of ${of}`),
        ...rehearsal.keys
          .filter((key) => known.has(plain(key)))
          .map((key) => `the key ${key} is one of ${of}`),
      ];
    });
  if (reasons.length > 0) throw new RehearsalError(reasons);
}

/** Hexadecimal is the same in capitals, and with or without 0x; a key's replica in another Region is the same key. */
function plain(text: string): string {
  const lower = text.trim().toLowerCase();
  return /:key\/(mrk-[0-9a-z]+)$/.exec(lower)?.[1] ?? lower.replace(/^0x/, "");
}
