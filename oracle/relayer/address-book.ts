import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { Contract, getAddress, keccak256, toBeHex, type Provider } from "ethers";
import { z } from "zod";

import { makeFolder } from "../make-folder.ts";
import { networkSalt } from "../report/digest.ts";

const bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/, "32 bytes in hex");

const entry = z.strictObject({
  address: z.string().regex(/^0x[0-9a-fA-F]{40}$/, "an address"),
  /** keccak256 of the code on chain. */
  codeHash: bytes32,
  constructorArguments: z.array(z.union([z.string(), z.int(), z.array(z.string())])),
});

const schema = z.strictObject({
  format: z.literal(1),
  network: z.string(),
  mode: z.enum(["test", "production"]),
  chainId: z.int().positive(),
  /** The salt of the network's EIP-712 domain, keccak256("nakane:<network>:<mode>"). */
  salt: bytes32,
  /** The block at which the deployment was complete: where to begin reading events. */
  block: z.int().nonnegative(),
  contracts: z.strictObject({ gate: entry, oracle: entry, catalog: entry }),
});

/** Where the contracts of one network are on one chain: a file that people and programs read. */
export type AddressBook = z.infer<typeof schema>;

/** Writes a book; a reader never sees half of it. */
export function writeAddressBook(path: string, book: AddressBook): void {
  makeFolder(dirname(path));
  writeFileSync(`${path}.new`, `${JSON.stringify(schema.parse(book), undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/**
 * Reads a book and checks its form. Whether it is true is for `verifyAddressBook` to say.
 * @throws Error that names the file and every value that is wrong; that of the file system where it cannot be read
 */
export function readAddressBook(path: string): AddressBook {
  const text = readFileSync(path, "utf8");
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new Error(`${path} is not an address book:\n${what}`, { cause });
  }
}

/**
 * Compares a book with the chain: chain id, the code of each contract, and that they belong together.
 * @throws Error with both sides of the first thing that differs
 */
export async function verifyAddressBook(book: AddressBook, provider: Provider): Promise<void> {
  const { gate, oracle, catalog } = book.contracts;
  const salt = toBeHex(BigInt(`0x${Buffer.from(networkSalt(book.network, book.mode)).toString("hex")}`), 32);
  same("the network's salt", book.salt, salt);
  same("the chain id", book.chainId, Number((await provider.getNetwork()).chainId));
  for (const [name, { address, codeHash }] of Object.entries(book.contracts)) {
    const code = await provider.getCode(address);
    if (code === "0x") throw new Error(`Address book: ${name} is at ${address}, but there is no code there.`);
    same(`the code hash of ${name} at ${address}`, codeHash, keccak256(code));
  }
  const core = new Contract(oracle.address, READS, provider);
  const config = (await core.getFunction("config")()) as { governor: string };
  same("the oracle's governor (the gate)", getAddress(gate.address), config.governor);
  const domain = (await core.getFunction("eip712Domain")()) as { salt: string };
  same("the salt of the oracle's domain", book.salt, domain.salt);
  const index = new Contract(catalog.address, READS, provider);
  same("the catalog's oracle", getAddress(oracle.address), (await index.getFunction("ORACLE")()) as string);
}

const READS = [
  "function config() view returns (uint256 signers, uint256 retired, uint256 dispute, uint256 latestDelay, bytes32 domain, address governor)",
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
  "function ORACLE() view returns (address)",
];

function same(what: string, book: string | number, found: string | number): void {
  if (book === found) return;
  throw new Error(
    `Address book: ${what} is ${book} in the book, but ${found} in truth. ` +
      "Do not use this book: it is of another deployment, or somebody changed it.",
  );
}
