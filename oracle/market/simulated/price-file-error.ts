/** A price file that cannot be used, with the line where it goes wrong; nothing of it is used. */
export class PriceFileError extends Error {
  override readonly name = "PriceFileError";
  /** Counted from 1; null where it is about the whole file. */
  readonly line: number | null;

  constructor(file: string, line: number | null, message: string) {
    super(`${file}${line === null ? "" : `, line ${line}`}: ${message}`);
    this.line = line;
  }
}
