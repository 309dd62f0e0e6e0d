/**
 * What to do about a failed call to KMS.
 *
 * - `retry-here`: the same endpoint may answer next time;
 * - `retry-elsewhere`: this endpoint is in trouble; another Region's replica of the key may not be;
 * - `stop`: trying again cannot help, or would be wrong. The key signs no more until people have looked.
 */
export type KmsErrorKind = "retry-here" | "retry-elsewhere" | "stop";

/** A kind, and what the person who is paged should know or do. */
export interface KmsErrorAdvice {
  readonly kind: KmsErrorKind;
  readonly advice: string;
  /** The credentials are fetched anew before the next attempt, and there is only one. */
  readonly refreshCredentials?: true;
}

const here = (advice: string): KmsErrorAdvice => ({ kind: "retry-here", advice });
const elsewhere = (advice: string): KmsErrorAdvice => ({ kind: "retry-elsewhere", advice });
const stop = (advice: string): KmsErrorAdvice => ({ kind: "stop", advice });

/** Every error we know, by name. HTTP status says nothing: KMS answers 400 to throttling and to a disabled key alike. */
const ADVICE: Readonly<Record<string, KmsErrorAdvice>> = {
  ThrottlingException: here("more requests than the quota allows; alert above 1 % of requests in a minute"),
  LimitExceededException: here("a quota of the account is exhausted; look at Service Quotas"),
  KMSInternalException: here("a fault inside KMS; it passes"),
  InternalFailure: here("a fault inside the service; it passes"),
  ServiceUnavailableException: here("the service is overloaded; it passes"),
  ServiceUnavailable: here("the service is overloaded; it passes"),
  RequestTimeoutException: here("the service gave the request up; it passes"),
  RequestAbortedException: here("the service gave the request up; it passes"),
  KeyUnavailableException: elsewhere("the key cannot be reached in this Region for now"),
  DependencyTimeoutException: elsewhere("KMS waits for something behind it in this Region"),
  ExpiredTokenException: {
    kind: "retry-here",
    advice: "the session has ended; the credential provider gives a new one",
    refreshCredentials: true,
  },
  CredentialsProviderError: here("the credential provider does not answer; check the instance or task role"),
  KmsDeadlineError: here("no answer in time; check the network and the KMS endpoint"),
  TimeoutError: here("no answer in time; check the network and the KMS endpoint"),
  SyntaxError: here("the answer was not from KMS; look for a proxy in between"),
  // What the SDK calls an answer that names no error, such as a load balancer's empty 503.
  Unknown: here("the answer names no error, so it was not from KMS; look for a proxy in between"),

  DisabledException: stop("the key is disabled; find out who did it and why before enabling it"),
  KMSInvalidStateException: stop(
    "the key is in no state to sign, perhaps pending deletion; cancel that at once if unwanted",
  ),
  NotFoundException: stop("there is no such key in this account and Region; compare the pinned ARN"),
  AccessDeniedException: stop(
    "the policy does not allow this; compare key and IAM policies with `nakane keys show`",
  ),
  InvalidKeyUsageException: stop("the key is not for ECDSA_SHA_256 signatures; compare the pinned ARN"),
  ValidationException: stop("KMS finds the request malformed: a bug"),
  SerializationException: stop("KMS cannot read the request: a bug"),
  UnsupportedOperationException: stop("the key does not support this; compare the pinned ARN"),
  UnknownOperationException: stop("the endpoint is not KMS; check the configured endpoint"),
  InvalidArnException: stop("the pinned ARN is malformed"),
  InvalidGrantTokenException: stop("a grant token is wrong; this signer sends none"),
  UnrecognizedClientException: stop("the credentials are not known to AWS"),
  InvalidSignatureException: stop(
    "AWS refuses the request's signature: wrong secret key, or a clock that is off",
  ),
  IncompleteSignatureException: stop("AWS cannot read the request's signature: a bug"),
  MissingAuthenticationTokenException: stop("the request was not signed: a bug"),
  DryRunOperationException: stop("the request was a rehearsal: a bug"),
  CredentialsPolicyError: stop(
    "production sends to AWS only; look for endpoint_url in the AWS configuration",
  ),
  KmsPinError: stop("KMS answered for another key than the pinned one"),
  SignatureMismatchError: stop("KMS returned a signature that is not the pinned key's"),
  DerError: stop("KMS returned a signature that is not DER"),
  PublicKeyError: stop("KMS returned a public key that is not of secp256k1"),
};

/** Node's errors of sockets and names, by code: they have no name of their own. */
const SOCKET_ADVICE: Readonly<Record<string, KmsErrorAdvice>> = {
  ECONNRESET: here("the connection was cut"),
  EPIPE: here("the connection was cut"),
  ETIMEDOUT: here("the connection timed out"),
  ECONNREFUSED: elsewhere("nothing listens at the endpoint"),
  EHOSTUNREACH: elsewhere("no route to the endpoint"),
  ENETUNREACH: elsewhere("no route to the endpoint"),
  ENOTFOUND: elsewhere("the endpoint's name does not resolve"),
  EAI_AGAIN: elsewhere("the endpoint's name does not resolve for now"),
};

/** Every name the table knows. */
export const KNOWN_KMS_ERRORS: readonly string[] = Object.keys(ADVICE);

/**
 * What to do about an error of a KMS call. An error that nobody has thought of stops the key: people decide.
 */
export function kmsErrorAdvice(error: unknown): KmsErrorAdvice {
  const { name, code, message } = describeError(error);
  if (Object.hasOwn(ADVICE, name)) return ADVICE[name] ?? stop(message);
  if (code !== undefined && Object.hasOwn(SOCKET_ADVICE, code)) return SOCKET_ADVICE[code] ?? stop(message);
  return stop(`an error this program does not know (${name}: ${message})`);
}

/** Name, socket code and message of whatever was thrown. */
export function describeError(error: unknown): { name: string; code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { name: "unknown", code: undefined, message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, code: typeof code === "string" ? code : undefined, message: error.message };
}
