import { readFileSync } from "node:fs";

import { getAddress, isAddress } from "ethers";
import { z } from "zod";

const address = z
  .string()
  .refine((text) => isAddress(text) && !/^0x0+$/i.test(text), "not an address (or a wrong checksum, or zero)")
  .transform((text) => getAddress(text));

const different = (list: readonly string[]): boolean => new Set(list).size === list.length;

/** What a deployment is given. Equal parameters give equal addresses on every chain. */
const schema = z.strictObject({
  /** The name of the network of signers: one for all chains that its signatures serve. */
  network: z.string().regex(/^[a-z0-9-]{1,32}$/, "1 to 32 of a-z, 0-9 and -"),
  /** Signatures of a test network count nowhere else. */
  mode: z.enum(["test", "production"]),
  /** Who governs, two at a time: at least four different persons. */
  members: z.array(address).min(4, "at least four members").refine(different, "an address stands twice"),
  /** Who may halt alone. */
  guardians: z.array(address).min(1, "at least one guardian").refine(different, "an address stands twice"),
  /** Seconds in which a fixing can be voided: 0 to 24 hours. */
  dispute: z.int().min(0).max(86_400),
  /** Seconds after which a report no longer becomes latest. */
  latestDelay: z.int().min(1).max(3_600),
});

export type DeploymentParameters = z.infer<typeof schema>;

/**
 * Checks what a deployment is given.
 * @throws Error that names every value that is wrong, and what it should be
 */
export function parseParameters(value: unknown, source = "the parameters"): DeploymentParameters {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`${source} cannot be used:\n${z.prettifyError(result.error)}`);
}

/**
 * Reads a parameters file, such as `deploy/parameters.example.json`.
 * @throws Error that names the file and every value that is wrong; that of the file system where it cannot be read
 */
export function readParameters(path: string): DeploymentParameters {
  const text = readFileSync(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} cannot be used:\n${(cause as Error).message}`, { cause });
  }
  return parseParameters(value, path);
}
