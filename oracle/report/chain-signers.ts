import { writeUint } from "./bytes.ts";

/** Whose signatures a chain takes, for which times. */
export interface ChainSigners {
  /** In force for times from `activeFrom` on. */
  readonly current: { readonly activeFrom: number; readonly hash: Uint8Array };
  /** In force before, for times from `activeFrom` on, while the chain's clock is before `until`. */
  readonly retired: { readonly until: number; readonly activeFrom: number; readonly hash: Uint8Array };
}

/** Bytes of a set's hash as the contract keeps it. */
const SET_HASH_BYTES = 24;

/**
 * The two words of the contract's `config()`:
 * `activeFrom:32 | 0:32 | hash:192` and `until:32 | activeFrom:32 | hash:192`.
 */
export function chainSigners(signers: bigint, retired: bigint): ChainSigners {
  return {
    current: { activeFrom: Number(signers >> 224n), hash: writeUint(signers, SET_HASH_BYTES) },
    retired: {
      until: Number(retired >> 224n),
      activeFrom: Number((retired >> 192n) & 0xffffffffn),
      hash: writeUint(retired, SET_HASH_BYTES),
    },
  };
}

/** The hash of the set in force at `observedAt`, when the chain's clock says `now`; nothing if there is none. */
export function setInForce(
  { current, retired }: ChainSigners,
  observedAt: number,
  now: number,
): Uint8Array | undefined {
  if (observedAt >= current.activeFrom) return current.hash;
  return observedAt >= retired.activeFrom && now < retired.until ? retired.hash : undefined;
}
