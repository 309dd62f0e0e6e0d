/**
 * Carries messages between signers. It may lose, repeat, delay and reorder them, and may deliver what anybody sent:
 * messages prove themselves. It never blocks: what cannot be sent is dropped, as everything is sent again.
 */
export interface Transport {
  /** Sends to one member, by its place in the epoch, or to all others. */
  send(to: number | "all", messages: readonly Uint8Array[]): void;
  /** From now on hands over what arrives, one call for what arrived together. */
  receive(deliver: (messages: readonly Uint8Array[]) => void): void;
  close(): void;
}
