import { statfsSync } from "node:fs";
import { dirname } from "node:path";

import { LedgerError } from "../ledger.ts";

/** Free space a ledger should have, in bytes: weeks of 100 feeds, and room for the copy that a backup is. */
const FREE_SPACE = 1_000_000_000;

/** SQLite's primary result codes that people can do something about (https://sqlite.org/rescode.html). */
const BUSY = 5;
const READ_ONLY = 8;
const IO = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
/** The extended code of a lock that a file opened for reading cannot have, nor one on some network disks. */
const CANNOT_LOCK = IO | (15 << 8);

/** What SQLite said, as a `LedgerError` that names the file and the remedy; any other error as it is. */
export function ledgerFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  const code = Number(error.errcode);
  const primary = code === CANNOT_LOCK ? READ_ONLY : code & 0xff;
  return new LedgerError(tell(primary, error.message, file), { cause: error });
}

function tell(code: number, message: string, file: string): string {
  switch (code) {
    case FULL:
      return (
        `No space left for the ledger ${file}: ${free(file)}. Nothing was written by half. ` +
        `Make space on that disk, at least ${megabytes(FREE_SPACE)} MB; the ledger then goes on by itself.`
      );
    case READ_ONLY:
      return (
        `The ledger ${file} cannot be written and locked. Give this user the right to write the file and its folder, ` +
        "on a local disk that is not mounted read-only."
      );
    case CANNOT_OPEN:
      return `The ledger ${file} cannot be opened. Its folder must exist, and this user must be allowed to write in it.`;
    case BUSY:
      return `The ledger ${file} is in use by another process, and one at a time may use it. Stop that one, or give this instance a file of its own.`;
    case CORRUPT:
    case NOT_A_DATABASE:
      return `The ledger ${file} is damaged, or is no database (${message}). Keep it for examination, and restore the newest backup (docs/ledger.md).`;
    case IO:
      return `The disk did not do what the ledger ${file} asked of it (${message}); ${free(file)}. Look at the system's log, and at quotas.`;
    default:
      return `The ledger ${file} refused a write: ${message}.`;
  }
}

function free(file: string): string {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return `its disk has ${megabytes(bavail * bsize)} MB free`;
  } catch {
    return "how much its disk has free is unknown";
  }
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1_000_000);
}
