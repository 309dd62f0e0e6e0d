/** Bytes that are no message of this protocol, or not from whom they say. The message says why. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}
