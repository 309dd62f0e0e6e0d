/** Writes big-endian numbers and byte strings, one behind the other. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** An unsigned integer of 1, 2 or 4 bytes. */
  uint(value: number, bytes: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** bytes) {
      throw new RangeError(`${value} does not fit ${bytes} bytes`);
    }
    const at = this.#grow(bytes);
    if (bytes === 1) this.#view.setUint8(at, value);
    else if (bytes === 2) this.#view.setUint16(at, value);
    else this.#view.setUint32(at, value);
    return this;
  }

  /** A signed 56-bit integer in 7 bytes. */
  int56(value: bigint): this {
    const at = this.#grow(8);
    this.#view.setBigInt64(at, value << 8n);
    this.#length--;
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Room for so many bytes more; where they begin. */
  #grow(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** Reads what `ByteWriter` writes. Every read throws a RangeError where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint(bytes: 1 | 2 | 4): number {
    const at = this.#take(bytes);
    if (bytes === 1) return this.#view.getUint8(at);
    return bytes === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  int56(): bigint {
    const at = this.#take(7);
    return (
      (BigInt(this.#view.getInt32(at)) << 24n) |
      BigInt((this.#view.getUint16(at + 4) << 8) | this.#view.getUint8(at + 6))
    );
  }

  raw(bytes: number): Uint8Array {
    const at = this.#take(bytes);
    return this.#bytes.subarray(at, at + bytes);
  }

  /** @throws RangeError where bytes are left over */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new RangeError(`${left} bytes too many`);
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#bytes.length) {
      throw new RangeError(`${bytes} bytes wanted at ${at}, but only ${this.#bytes.length} are there`);
    }
    this.#at += bytes;
    return at;
  }
}
