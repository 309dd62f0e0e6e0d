import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a caller may sign requests with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials carry a token, which must be sent. */
  readonly sessionToken?: string;
  /** Milliseconds since 1970; temporary credentials end. */
  readonly expiresAt?: number;
}

/** The profile name in the credentials file. */
export const LOCAL_PROFILE = "nakane-local";

/**
 * The access key of a key folder, made at the first start. It lies in a file in the format of `~/.aws/credentials`, so
 * that any AWS tool uses it through AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE.
 */
export function findAccessKey(folder: string): { accessKey: AccessKey; path: string } {
  const path = join(folder, "credentials");
  if (!existsSync(path)) {
    const id = `AKIALOCAL${randomBytes(6).toString("hex").toUpperCase().slice(0, 11)}`;
    const secret = randomBytes(30).toString("base64url");
    const text = `[${LOCAL_PROFILE}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  }
  const text = readFileSync(path, "utf8");
  const accessKeyId = /^aws_access_key_id\s*=\s*(\S+)$/m.exec(text)?.[1];
  const secretAccessKey = /^aws_secret_access_key\s*=\s*(\S+)$/m.exec(text)?.[1];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error(
      `${path} lacks aws_access_key_id or aws_secret_access_key; delete it to have it made again`,
    );
  }
  return { accessKey: { accessKeyId, secretAccessKey }, path };
}
