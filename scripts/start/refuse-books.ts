import { existsSync, globSync } from "node:fs";
import path from "node:path";

import { hexlify } from "ethers";

import { readAddressBook } from "../../oracle/relayer/address-book.ts";
import { refuseProduction } from "../../oracle/config/refuse-production.ts";
import { networkSalt } from "../../oracle/report/digest.ts";
import { UsageError } from "../../oracle/usage-error.ts";
import type { StartOptions } from "./start-options.ts";

/** Address books of this checkout, which every rehearsal keeps away from. */
const BOOKS = "deploy/address-books/*.json";

/**
 * Refuses a run that could sign, or record, what is real: its salt or chain id stands in an address book marked production.
 * Its keys are made afterwards and thrown away.
 * @param network the name of the run's own network of signers
 * @throws RehearsalError; UsageError for a book that is not there
 */
export function refuseBooks({ books, chainId }: StartOptions, network: string): void {
  const missing = books.find((book) => !existsSync(book));
  if (missing !== undefined) throw new UsageError(`there is no address book ${missing}`);
  const root = path.resolve(import.meta.dirname, "../..");
  const known = [...globSync(BOOKS, { cwd: root }).map((book) => path.join(root, book)), ...books];
  const networks = known.map((source) => {
    const { network: name, mode, chainId: id, salt } = readAddressBook(source);
    return { source, network: name, mode, chainId: id, salt };
  });
  const rehearsal = { salt: hexlify(networkSalt(network, "test")), chainIds: [chainId], keys: [] };
  refuseProduction(rehearsal, networks);
}
