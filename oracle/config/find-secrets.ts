import { pathText } from "../strict-object.ts";
import type { ConfigProblem } from "./config-error.ts";
import type { VariableName } from "./environment.ts";

/** A secret in a file, and the variable it belongs into. */
interface Find {
  readonly what: string;
  readonly instead: string;
}

const use = (name: VariableName) => `put it into the environment as ${name}`;
const identity = `${use("NAKANE_IDENTITY_KEY")} and name that in identityFrom`;
const node = `${use("NAKANE_RPC_URL")} and name that in rpcUrlFrom`;
const role = "run with a role, or name a profile in AWS_PROFILE";

/** Names of keys that hold secrets elsewhere, whatever stands in them. Written without hyphens and in small letters. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/passphrase/, use("NAKANE_KMS_PASSPHRASE")],
  [/accesskey|sessiontoken|credential|awssecret/, role],
  [/apikey|authorization|bearer|token|password/, node],
  [/secret|privatekey|mnemonic|seed|identitykey/, identity],
];

/**
 * Finds what looks like a secret, anywhere in a parsed file. What it finds is told by its place, never by its value.
 * @param file of whatever shape
 */
export function findSecrets(file: unknown): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const look = (value: unknown, path: readonly PropertyKey[]): void => {
    const find = byName(path.at(-1), value) ?? (typeof value === "string" ? byValue(value, path) : undefined);
    if (find !== undefined) {
      const { what, instead } = find;
      const message = `looks like a secret (${what}), and secrets come from the environment only: ${instead}. If others have seen this file, replace the secret.`;
      problems.push({ path: pathText(path), message });
    } else if (Array.isArray(value)) {
      value.forEach((each, i) => {
        look(each, [...path, i]);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) look(each, [...path, key]);
    }
  };
  look(file, []);
  return problems;
}

function byName(key: PropertyKey | undefined, value: unknown): Find | undefined {
  if (typeof key !== "string" || typeof value === "object" || key.endsWith("From")) return undefined;
  const plain = key.replaceAll(/[-_]/g, "").toLowerCase();
  const instead = NAMES.find(([pattern]) => pattern.test(plain))?.[1];
  return instead === undefined ? undefined : { what: `"${key}"`, instead };
}

function byValue(value: string, path: readonly PropertyKey[]): Find | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(value)) return { what: "a private key in PEM", instead: identity };
  if (/\b(AKIA|ASIA)[A-Z0-9]{16}\b/.test(value)) return { what: "an AWS access key", instead: role };
  if (/^(0x)?[0-9a-f]{64}$/i.test(value.trim()) && !isPublicKey(path)) {
    return { what: "32 bytes, as private keys have", instead: identity };
  }
  if (/^([a-z]{3,8}\s+){11,23}[a-z]{3,8}$/.test(value.trim())) {
    return { what: "the words of a wallet", instead: "keys stay in KMS; name the key by its ARN" };
  }
  return keyInAddress(value) ? { what: "a key in an address", instead: node } : undefined;
}

/** The one place where 32 bytes are for everybody to see. */
function isPublicKey(path: readonly PropertyKey[]): boolean {
  return path.length === 4 && path[0] === "epoch" && path[1] === "members" && path[3] === "identity";
}

/** A user, a password, or a part of the path or the query that no person has chosen: letters and digits in turn. */
function keyInAddress(value: string): boolean {
  if (!/^(https?|wss?):\/\//i.test(value)) return false;
  const url = URL.parse(value);
  if (url === null) return false;
  if (url.username !== "" || url.password !== "") return true;
  const parts = [...url.pathname.split("/"), ...url.searchParams.values()];
  return parts.some(
    (part) => /^[\w-]{20,}$/.test(part) && (part.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0) >= 4,
  );
}
