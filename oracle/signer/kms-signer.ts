import { GetPublicKeyCommand, SignCommand, type KMSClient } from "@aws-sdk/client-kms";

import type { Clock } from "../clock.ts";
import { Deadlines } from "./deadlines.ts";
import type { DigestSignature, DigestSigner } from "./digest-signer.ts";
import { createReleaseCheck, type EthereumSignature } from "./ethereum-signature.ts";
import { checkPin, KmsPinError, type KeyPin } from "./key-pin.ts";
import { describeError, kmsErrorAdvice, type KmsErrorKind } from "./kms-error.ts";
import { addressOf, publicKeyFromSpki, type PublicKeyPoint } from "./public-key.ts";
import { ReleaseThread } from "./release-thread.ts";

/** One way to the key: a client for a Region, and the ARN that the key has there. */
export interface KmsRoute {
  readonly client: KMSClient;
  readonly keyArn: string;
  /** How requests name the key, when a policy wants an alias; the ARN when absent. The answer must name the ARN. */
  readonly requestAs?: string;
}

/** How long KMS may take. */
export interface KmsDeadlines {
  /** Milliseconds for one attempt, at most 2,000. */
  readonly attempt: number;
  /** Milliseconds for all attempts and the pauses between them, at most 6,000. */
  readonly total: number;
}

/** The longest deadlines allowed, and the default. */
const MAX_DEADLINES: KmsDeadlines = { attempt: 2000, total: 6000 };

/** Attempts for one signature, over all routes. */
const MAX_ATTEMPTS = 4;
/** Milliseconds before the second attempt, on average half of it; doubles each time. */
const FIRST_PAUSE = 100;

/** With so many signatures under way at once, their proofs are made in a thread of their own. */
const MANY = 16;

/** One call to KMS and its outcome, for the ledger and the metrics. */
export interface KmsAttempt {
  readonly operation: "GetPublicKey" | "Sign";
  readonly keyArn: string;
  /** KMS's id of the request; undefined when no answer came. CloudTrail has the same. */
  readonly requestId: string | undefined;
  readonly milliseconds: number;
  /** Undefined when it succeeded. */
  readonly error:
    { readonly name: string; readonly message: string; readonly kind: KmsErrorKind } | undefined;
}

/** What a signer is made of. */
export interface KmsSignerOptions {
  /** Ethereum address the key must have. */
  readonly address: string;
  /** The preferred route first; the others are multi-Region replicas, with the same address. */
  readonly routes: readonly [KmsRoute, ...KmsRoute[]];
  readonly clock: Clock;
  readonly deadlines?: KmsDeadlines;
  /** Uniform in [0, 1), for pauses. */
  readonly random?: () => number;
  /** Called with every attempt, before its signature is released. If it throws, nothing is released. */
  readonly onAttempt?: (attempt: KmsAttempt) => void;
  /** Called once when the key stops: page someone. */
  readonly onStop?: (error: KmsSigningError) => void;
}

/** No signature was released. Says what each attempt met, and what to do. */
export class KmsSigningError extends Error {
  override readonly name = "KmsSigningError";
  /** `stop`: this signer refuses to sign until `reopen` succeeds. Otherwise another try later may do. */
  readonly kind: KmsErrorKind;
  readonly attempts: readonly KmsAttempt[];

  constructor(message: string, kind: KmsErrorKind, attempts: readonly KmsAttempt[], cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.attempts = attempts;
  }
}

type ReleaseCheck = (digest: Uint8Array, der: Uint8Array) => EthereumSignature;

/**
 * Signs digests with one KMS key, and releases only signatures with low s that recover to the pinned address, made by the
 * pinned ARN, within deadlines that end whatever KMS does.
 */
export class KmsSigner implements DigestSigner {
  readonly address: string;
  readonly #options: KmsSignerOptions;
  readonly #routes: KmsSignerOptions["routes"];
  readonly #deadlines: KmsDeadlines;
  readonly #timer: Deadlines;
  readonly #random: () => number;
  #check: ReleaseCheck | undefined;
  #key: PublicKeyPoint | undefined;
  #thread: ReleaseThread | undefined;
  #underWay = 0;
  #stopped: KmsSigningError | undefined;

  private constructor(options: KmsSignerOptions) {
    const deadlines = options.deadlines ?? MAX_DEADLINES;
    for (const which of ["attempt", "total"] as const) {
      if (!(deadlines[which] > 0 && deadlines[which] <= MAX_DEADLINES[which])) {
        throw new RangeError(
          `the ${which} deadline must be more than 0 and at most ${MAX_DEADLINES[which]} ms, got ${deadlines[which]}`,
        );
      }
    }
    const [{ address }] = options.routes.map(({ keyArn }) =>
      checkPin({ keyArn, address: options.address }),
    ) as [KeyPin];
    this.address = address;
    this.#options = options;
    this.#routes = options.routes;
    this.#deadlines = deadlines;
    this.#timer = new Deadlines(options.clock);
    this.#random = options.random ?? Math.random;
  }

  /**
   * Makes a signer after asking each route for its public key and comparing it with the pins. A route that does not
   * answer is tried again when it is needed; one that answers wrongly is an error, and so is having none that answers.
   *
   * @throws KmsSigningError, RangeError, KmsPinError
   */
  static async open(options: KmsSignerOptions): Promise<KmsSigner> {
    const signer = new KmsSigner(options);
    await signer.reopen();
    return signer;
  }

  /** Why the key signs no more; undefined while it does. */
  get stopped(): KmsSigningError | undefined {
    return this.#stopped;
  }

  /**
   * Checks the pins again, and lets a stopped key sign again: for when people have looked.
   *
   * @throws KmsSigningError when a pin does not hold, or no route answers
   */
  async reopen(): Promise<void> {
    let check: ReleaseCheck | undefined;
    let unanswered: KmsSigningError | undefined;
    for (const route of this.#routes) {
      try {
        const key = await this.#readPublicKey(route);
        check ??= createReleaseCheck(key);
        this.#key ??= key;
      } catch (error) {
        if (!(error instanceof KmsSigningError) || error.kind === "stop") throw error;
        unanswered ??= error;
      }
    }
    if (check === undefined) throw unanswered ?? new Error("a signer without routes");
    this.#check = check;
    this.#stopped = undefined;
  }

  /**
   * @param digest 32 bytes
   * @throws KmsSigningError when KMS does not sign, or signs with anything but the pinned key
   * @throws RangeError before KMS is asked, when the digest is not 32 bytes
   */
  async signDigest(digest: Uint8Array): Promise<DigestSignature> {
    if (digest.length !== 32) throw new RangeError(`a digest has 32 bytes, got ${digest.length}`);
    const check = this.#check;
    if (this.#stopped !== undefined || check === undefined) {
      const why = this.#stopped?.message ?? "it was never opened";
      throw new KmsSigningError(`key ${this.address} is stopped: ${why}`, "stop", [], this.#stopped);
    }
    const message = Uint8Array.from(digest);
    this.#underWay++;
    try {
      return await this.#retry("Sign", this.#routes, async (route) => {
        const answer = await route.client.send(
          new SignCommand({
            KeyId: route.requestAs ?? route.keyArn,
            Message: message,
            MessageType: "DIGEST",
            SigningAlgorithm: "ECDSA_SHA_256",
          }),
        );
        const requestId = answer.$metadata.requestId;
        return {
          requestId,
          finish: async (): Promise<DigestSignature> => {
            checkArn(answer.KeyId, route.keyArn);
            if (requestId === undefined) throw new KmsPinError("KMS gave the signature without a request id");
            const der = answer.Signature ?? new Uint8Array();
            const proven = this.#underWay < MANY ? undefined : await this.#proofs()?.check(message, der);
            const signature = proven ?? check(message, der);
            return { ...signature, address: this.address, keyArn: route.keyArn, requestId };
          },
        };
      });
    } catch (error) {
      if (error instanceof KmsSigningError && error.kind === "stop") this.#stop(error);
      throw error;
    } finally {
      this.#underWay--;
    }
  }

  #proofs(): ReleaseThread | undefined {
    if (this.#key !== undefined) this.#thread ??= new ReleaseThread(this.#key);
    return this.#thread;
  }

  /** Several signatures under way may fail together; one page is enough. */
  #stop(error: KmsSigningError): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = error;
    this.#options.onStop?.(error);
  }

  async #readPublicKey(route: KmsRoute): Promise<PublicKeyPoint> {
    return this.#retry("GetPublicKey", [route], async ({ client, keyArn, requestAs }) => {
      const answer = await client.send(new GetPublicKeyCommand({ KeyId: requestAs ?? keyArn }));
      return {
        requestId: answer.$metadata.requestId,
        finish: () => {
          checkArn(answer.KeyId, keyArn);
          const { KeySpec, KeyUsage } = answer;
          if (KeySpec !== "ECC_SECG_P256K1" || KeyUsage !== "SIGN_VERIFY") {
            throw new KmsPinError(
              `the key must be ECC_SECG_P256K1 for SIGN_VERIFY, it is ${String(KeySpec)} for ${String(KeyUsage)}`,
            );
          }
          const key = publicKeyFromSpki(answer.PublicKey ?? new Uint8Array());
          const address = addressOf(key);
          if (address !== this.address) {
            throw new KmsPinError(`the pinned address is ${this.address}, the key's is ${address}`);
          }
          return key;
        },
      };
    });
  }

  /**
   * Calls until one attempt succeeds, an error says stop, or time or attempts are used up.
   *
   * @param call one attempt; `finish` judges its answer, within the same deadline
   */
  async #retry<T>(
    operation: KmsAttempt["operation"],
    routes: KmsSignerOptions["routes"],
    call: (
      route: KmsRoute,
    ) => Promise<{ readonly requestId: string | undefined; readonly finish: () => T | Promise<T> }>,
  ): Promise<T> {
    const { clock, onAttempt } = this.#options;
    const started = clock.monotonic();
    const left = (): number => this.#deadlines.total - (clock.monotonic() - started);
    const attempts: KmsAttempt[] = [];
    let refreshed = false;
    for (let at = 0; ;) {
      const route = routes[at % routes.length] ?? routes[0];
      const began = clock.monotonic();
      let requestId: string | undefined;
      const report = (error: KmsAttempt["error"]): void => {
        const { keyArn } = route;
        const attempt = { operation, keyArn, requestId, milliseconds: clock.monotonic() - began, error };
        attempts.push(attempt);
        onAttempt?.(attempt);
      };
      let result: { readonly value: T };
      try {
        const milliseconds = Math.min(this.#deadlines.attempt, left());
        const what = `${operation} on ${route.keyArn}`;
        const value = await this.#timer.race(what, milliseconds, async () => {
          const answer = await call(route);
          requestId = answer.requestId;
          return answer.finish();
        });
        result = { value };
      } catch (error) {
        const { name, code, message } = describeError(error);
        const { kind, advice, refreshCredentials } = kmsErrorAdvice(error);
        requestId ??= (error as { $metadata?: { requestId?: string } }).$metadata?.requestId;
        const expired = refreshCredentials === true && refreshed;
        const verdict = expired ? "stop" : kind;
        report({ name, message, kind: verdict });
        const fail = (why: string): KmsSigningError =>
          new KmsSigningError(
            `${operation} on ${route.keyArn} failed: ${why} (${code ?? name}: ${message}; request ${requestId ?? "unanswered"})`,
            verdict,
            attempts,
            error,
          );
        if (verdict === "stop") throw fail(advice);
        if (attempts.length >= MAX_ATTEMPTS) throw fail(`${MAX_ATTEMPTS} attempts, the last: ${advice}`);
        if (refreshCredentials === true) {
          refreshed = true;
          const milliseconds = Math.min(this.#deadlines.attempt, left());
          // The SDK keeps what the provider gave until it says itself that it has expired. A provider may hang like KMS.
          await this.#timer
            .race("new credentials", milliseconds, () =>
              route.client.config.credentials({ forceRefresh: true }),
            )
            .catch(() => undefined);
        }
        if (kind === "retry-elsewhere") at++;
        const pause = FIRST_PAUSE * 2 ** (attempts.length - 1) * this.#random();
        if (pause >= left()) throw fail(`no time left of ${this.#deadlines.total} ms, the last: ${advice}`);
        await clock.sleep(pause);
        continue;
      }
      report(undefined);
      return result.value;
    }
  }
}

function checkArn(answered: string | undefined, pinned: string): void {
  if (answered !== pinned)
    throw new KmsPinError(`the pinned key is ${pinned}, KMS answered for ${String(answered)}`);
}
