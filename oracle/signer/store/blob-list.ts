/** Several byte strings as one: each behind its length in four bytes. */
export function joinBlobs(blobs: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(blobs.reduce((sum, blob) => sum + 4 + blob.length, 0));
  const view = new DataView(joined.buffer);
  let at = 0;
  for (const blob of blobs) {
    view.setUint32(at, blob.length);
    joined.set(blob, at + 4);
    at += 4 + blob.length;
  }
  return joined;
}

/** The inverse of `joinBlobs`. */
export function splitBlobs(joined: Uint8Array): Uint8Array[] {
  const view = new DataView(joined.buffer, joined.byteOffset, joined.length);
  const blobs: Uint8Array[] = [];
  for (let at = 0; at < joined.length;) {
    const length = view.getUint32(at);
    blobs.push(joined.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blobs;
}
