import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The environment variable that holds the passphrase. */
export const PASSPHRASE_VARIABLE = "NAKANE_KMS_PASSPHRASE";

/** A passphrase and, when it protects nothing from whoever can read the folder, a warning that says so. */
export interface Passphrase {
  readonly passphrase: string;
  readonly warning: string | undefined;
}

/**
 * The passphrase of a key folder: from the environment, else from a file beside the keys, made at the first start and
 * readable by its owner only.
 *
 * @param folder an existing folder
 */
export function findPassphrase(folder: string, env: NodeJS.ProcessEnv): Passphrase {
  const given = env[PASSPHRASE_VARIABLE];
  if (given !== undefined && given !== "") return { passphrase: given, warning: undefined };
  const path = join(folder, "passphrase");
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  const warning =
    `The passphrase lies beside the keys it seals, in ${path}: whoever reads the folder has the keys. ` +
    `Set ${PASSPHRASE_VARIABLE} to keep it elsewhere. Never put real money behind these keys.`;
  return { passphrase: readFileSync(path, "utf8").trim(), warning };
}
