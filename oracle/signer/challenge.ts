import { getBytes, hashMessage, recoverAddress } from "ethers";

import type { DigestSignature, DigestSigner } from "./digest-signer.ts";

/**
 * Has a key sign a digest that nobody could know before and that means nothing to any contract: an EIP-191 message, which
 * is neither a transaction nor a report.
 *
 * @param nonce fresh random text
 * @throws Error when the signature does not recover to the signer's address
 */
export async function challenge(signer: DigestSigner, nonce: string): Promise<DigestSignature> {
  const digest = getBytes(hashMessage(`Nakane key check ${nonce}`));
  const signature = await signer.signDigest(digest);
  const recovered = recoverAddress(digest, signature);
  if (recovered !== signer.address) {
    throw new Error(`the challenge recovers to ${recovered}, the pinned address is ${signer.address}`);
  }
  return signature;
}
