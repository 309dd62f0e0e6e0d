import { createRequire } from "node:module";

/** The part of libsecp256k1 that is used here. Bytes are 32 for digests and private keys, 64 for signatures: r, then s. */
export interface NativeSecp256k1 {
  /**
   * The uncompressed key (65 bytes) that a signature recovers to, R's x being r itself.
   * @throws Error where there is none
   */
  readonly ecdsaRecover: (
    signature: Uint8Array,
    recovery: 0 | 1,
    digest: Uint8Array,
    compressed: false,
  ) => Uint8Array;
  /** Whether a signature is of this uncompressed key (65 bytes), whatever R's y; false where s is high. */
  readonly ecdsaVerify: (signature: Uint8Array, digest: Uint8Array, key: Uint8Array) => boolean;
  /** Nonce of RFC 6979, from 32 bytes of extra entropy too where `data` gives them; s low. */
  readonly ecdsaSign: (
    digest: Uint8Array,
    secret: Uint8Array,
    options?: { readonly data?: Uint8Array },
  ) => { readonly signature: Uint8Array; readonly recid: number };
}

/**
 * libsecp256k1 as machine code, ten times as fast as JavaScript; undefined on a platform for which the package brings no
 * build. The package's main entry would put slower code of its own in place there, without a word: so only its bindings
 * are asked for.
 */
export const nativeSecp256k1: NativeSecp256k1 | undefined = load();

function load(): NativeSecp256k1 | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as NativeSecp256k1;
  } catch {
    return undefined;
  }
}
