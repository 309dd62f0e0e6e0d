import { createHash, createHmac, timingSafeEqual } from "node:crypto";

import { AwsError } from "./aws-error.ts";
import type { AccessKey } from "./credentials.ts";

/** A request as it arrived. Header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Who sent it, and for which Region. */
export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
}

const SERVICE = "kms";
const ALGORITHM = "AWS4-HMAC-SHA256";
/** How far a request's time may be from the service's. */
const TOLERANCE_MINUTES = 5;
const MUST_BE_SIGNED = ["host", "x-amz-date"];

/** Verifies AWS Signature Version 4 in the Authorization header, answering in the real service's words. */
export class SigV4Verifier {
  readonly #accessKeys: readonly AccessKey[];
  /** Four HMACs a request otherwise; one entry a day, Region and access key. */
  readonly #signingKeys = new Map<string, Buffer>();

  constructor(accessKeys: readonly AccessKey[]) {
    this.#accessKeys = accessKeys;
  }

  /**
   * @param now milliseconds since 1970, as the service sees it
   * @throws AwsError saying what is missing, wrong or expired
   */
  verify(request: SignedRequest, now: number): Caller {
    const authorization = header(request, "authorization");
    if (authorization === undefined) {
      throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    const { credential, signedHeaders, signature } = parseAuthorization(authorization);
    const date = header(request, "x-amz-date");
    if (date === undefined) {
      throw incomplete(
        `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`,
        authorization,
      );
    }
    const [accessKeyId, day, region, service, terminal, ...rest] = credential.split("/");
    if (
      accessKeyId === undefined ||
      day === undefined ||
      region === undefined ||
      service === undefined ||
      terminal === undefined ||
      rest.length > 0
    ) {
      throw incomplete("Credential must have exactly 5 slash-delimited elements", authorization);
    }
    const accessKey = this.#accessKeys.find((known) => known.accessKeyId === accessKeyId);
    if (accessKey === undefined || accessKey.sessionToken !== header(request, "x-amz-security-token")) {
      throw new AwsError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
      );
    }
    const scope = `${day}/${region}/${service}/${terminal}`;
    if (service !== SERVICE) {
      throw invalid(`Credential should be scoped to correct service: '${SERVICE}'. `);
    }
    if (terminal !== "aws4_request" || !date.startsWith(day)) {
      throw invalid(
        `Credential should be scoped with a valid terminator: 'aws4_request', and the date of ${date}.`,
      );
    }
    checkTime(date, now);
    for (const name of MUST_BE_SIGNED) {
      if (!signedHeaders.includes(name)) throw invalid(`'${name}' must be a signed header.`);
    }
    const canonical = canonicalRequest(request, signedHeaders);
    const toSign = [ALGORITHM, date, scope, sha256(canonical)].join("\n");
    const expected = createHmac("sha256", this.#signingKey(accessKey, day, region))
      .update(toSign)
      .digest();
    const given = Buffer.from(signature, "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access " +
          "Key and signing method. Consult the service documentation for details.",
      );
    }
    if (accessKey.expiresAt !== undefined && now >= accessKey.expiresAt) {
      throw new AwsError("ExpiredTokenException", "The security token included in the request is expired");
    }
    return { accessKeyId, region };
  }

  #signingKey(accessKey: AccessKey, day: string, region: string): Buffer {
    const index = `${accessKey.accessKeyId}/${day}/${region}`;
    const known = this.#signingKeys.get(index);
    if (known !== undefined) return known;
    const steps = [day, region, SERVICE, "aws4_request"];
    const key = steps.reduce<Buffer>(
      (secret, step) => createHmac("sha256", secret).update(step).digest(),
      Buffer.from(`AWS4${accessKey.secretAccessKey}`),
    );
    if (this.#signingKeys.size > 100) this.#signingKeys.clear();
    this.#signingKeys.set(index, key);
    return key;
  }
}

interface Authorization {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(authorization: string): Authorization {
  const space = authorization.indexOf(" ");
  const algorithm = space < 0 ? authorization : authorization.slice(0, space);
  if (algorithm !== ALGORITHM) {
    throw incomplete(
      `Unsupported AWS 'algorithm': '${algorithm}', only ${ALGORITHM} is taken`,
      authorization,
    );
  }
  const parameters = new Map(
    authorization
      .slice(space + 1)
      .split(",")
      .map((part) => {
        const at = part.indexOf("=");
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
      }),
  );
  const missing = ["Credential", "Signature", "SignedHeaders"].filter(
    (name) => (parameters.get(name) ?? "") === "",
  );
  if (missing.length > 0) {
    throw incomplete(
      missing.map((name) => `Authorization header requires '${name}' parameter.`).join(" "),
      authorization,
    );
  }
  return {
    credential: parameters.get("Credential") ?? "",
    signedHeaders: (parameters.get("SignedHeaders") ?? "").split(";"),
    signature: parameters.get("Signature") ?? "",
  };
}

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const question = request.url.indexOf("?");
  const path = question < 0 ? request.url : request.url.slice(0, question);
  const query =
    question < 0
      ? ""
      : request.url
          .slice(question + 1)
          .split("&")
          .sort()
          .join("&");
  const headers = signedHeaders.map(
    (name) => `${name}:${(header(request, name) ?? "").trim().replace(/ +/g, " ")}\n`,
  );
  const lines = [
    request.method,
    path,
    query,
    headers.join(""),
    signedHeaders.join(";"),
    sha256(request.body),
  ];
  return lines.join("\n");
}

/** @param date `YYYYMMDDTHHMMSSZ` */
function checkTime(date: string, now: number): void {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const time = Date.parse(iso);
  if (Number.isNaN(time)) throw invalid(`Date must be in ISO-8601 'basic format'. Got '${date}'.`);
  const tolerance = TOLERANCE_MINUTES * 60_000;
  const limits = `(${basic(now)} ${time < now ? "-" : "+"} ${String(TOLERANCE_MINUTES)} min.)`;
  if (time < now - tolerance) {
    throw invalid(`Signature expired: ${date} is now earlier than ${basic(now - tolerance)} ${limits}`);
  }
  if (time > now + tolerance) {
    throw invalid(
      `Signature not yet current: ${date} is still later than ${basic(now + tolerance)} ${limits}`,
    );
  }
}

function basic(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function header(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function incomplete(what: string, authorization: string): AwsError {
  // The header is shown up to its signature, so that a log of this message lets nobody replay the request.
  const shown = authorization.replace(/Signature=[^,]*/, "Signature=…");
  return new AwsError("IncompleteSignatureException", `${what} Authorization=${shown}`);
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidSignatureException", message);
}
