import {
  AbstractSigner,
  copyRequest,
  getBytes,
  hashMessage,
  resolveAddress,
  Transaction,
  TypedDataEncoder,
  type Provider,
  type TransactionRequest,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";

import type { DigestSigner } from "./digest-signer.ts";

/** A transaction names another sender than the signer. */
export class SenderMismatchError extends Error {
  override readonly name = "SenderMismatchError";
}

/**
 * An ethers v6 `Signer` over anything that signs digests. Delegating the account (EIP-7702) is left unsupported on
 * purpose: a sender with code may have only one transaction in flight.
 */
export class EthersSigner extends AbstractSigner {
  readonly #signer: DigestSigner;

  constructor(signer: DigestSigner, provider: Provider | null = null) {
    super(provider);
    this.#signer = signer;
  }

  override getAddress(): Promise<string> {
    return Promise.resolve(this.#signer.address);
  }

  override connect(provider: Provider | null): EthersSigner {
    return new EthersSigner(this.#signer, provider);
  }

  /**
   * Signs a transaction of any type but 4, given as a `Transaction` or as plain fields; names in `to` and `from` are
   * resolved through the provider.
   *
   * @returns the serialized signed transaction
   * @throws SenderMismatchError when `from` is not this signer
   */
  override async signTransaction(request: TransactionRequest): Promise<string> {
    const transaction = await this.#unsigned(request);
    const { r, s, yParity } = await this.#signer.signDigest(getBytes(transaction.unsignedHash));
    transaction.signature = { r, s, yParity };
    return transaction.serialized;
  }

  /** Signs by EIP-191; a string is its UTF-8 bytes. Returns 65 bytes as hex. */
  override async signMessage(message: string | Uint8Array): Promise<string> {
    return (await this.#signer.signDigest(getBytes(hashMessage(message)))).serialized;
  }

  /** Signs by EIP-712; names in the data are resolved through the provider. Returns 65 bytes as hex. */
  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const resolved = await TypedDataEncoder.resolveNames(domain, types, value, async (name) =>
      resolveAddress(name, this.provider),
    );
    const hash = TypedDataEncoder.hash(resolved.domain, types, resolved.value as Record<string, unknown>);
    return (await this.#signer.signDigest(getBytes(hash))).serialized;
  }

  async #unsigned(request: TransactionRequest): Promise<Transaction> {
    const { to, from, ...fields } = copyRequest(request);
    const sender = from == null ? this.#signer.address : await resolveAddress(from, this.provider);
    if (sender !== this.#signer.address) {
      throw new SenderMismatchError(
        `the transaction is from ${sender}, the signer is ${this.#signer.address}`,
      );
    }
    const recipient = to == null ? null : await resolveAddress(to, this.provider);
    return Transaction.from({ ...fields, to: recipient });
  }
}
