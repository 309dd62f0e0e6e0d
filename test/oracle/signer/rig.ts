import { Agent } from "node:http";

import { KMSClient, type KMSClientConfig } from "@aws-sdk/client-kms";
import { expect } from "chai";

import { manualClock, systemClock } from "../../../oracle/clock.ts";
import { createKmsClient } from "../../../oracle/signer/kms-client.ts";
import { createKmsKey } from "../../../oracle/signer/kms-key.ts";
import { KmsSigner, type KmsSignerOptions } from "../../../oracle/signer/kms-signer.ts";
import { KeyStore } from "../../../oracle/signer/local-kms/key-store.ts";
import { LocalKms, type Exchange, type LocalKmsOptions } from "../../../oracle/signer/local-kms/local-kms.ts";
import { ServiceModel } from "./service-model.ts";

/** What the rig's clients sign requests with. */
export const ACCESS_KEY = { accessKeyId: "AKIATESTTESTTESTTEST", secretAccessKey: "a secret of the test" };
export const REGION = "ap-northeast-1";
export const ACCOUNT = "111122223333";

/** A local KMS for one test, with SDK clients on it. Every exchange is held against the service model. */
export class Rig {
  readonly kms: LocalKms;
  readonly store: KeyStore;
  readonly endpoint: string;
  readonly exchanges: Exchange[] = [];
  readonly events: Record<string, unknown>[] = [];
  readonly #clients: KMSClient[] = [];
  readonly #waiting: { readonly until: (exchange: Exchange) => boolean; readonly resolve: () => void }[] = [];

  private constructor(kms: LocalKms, store: KeyStore, endpoint: string) {
    this.kms = kms;
    this.store = store;
    this.endpoint = endpoint;
  }

  static async start(options: Partial<LocalKmsOptions> = {}): Promise<Rig> {
    const relay: { rig?: Rig } = {};
    const store = options.store ?? KeyStore.inMemory();
    const kms = new LocalKms({
      store,
      accessKeys: [ACCESS_KEY],
      account: ACCOUNT,
      // The SDK signs requests with the system's time.
      clock: systemClock(),
      onEvent: (event) => relay.rig?.events.push(event),
      onExchange: (exchange) => relay.rig?.saw(exchange),
      ...options,
    });
    const endpoint = await kms.listen();
    relay.rig = new Rig(kms, store, endpoint);
    return relay.rig;
  }

  /** An SDK client as anyone would make it, but for where it finds the service. */
  client(config: KMSClientConfig = {}): KMSClient {
    const client = new KMSClient({
      region: REGION,
      endpoint: this.endpoint,
      credentials: ACCESS_KEY,
      requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 128 }) },
      ...config,
    });
    this.#clients.push(client);
    return client;
  }

  /** ARN of the key that `signer` made last. */
  keyArn = "";

  /** A signer over a new key, its pins read from the service as an operator would. */
  async signer(options: Partial<KmsSignerOptions> = {}): Promise<KmsSigner> {
    const { keyArn, address } = await createKmsKey(this.client());
    this.keyArn = keyArn;
    return KmsSigner.open({
      address,
      routes: [{ client: this.signerClient(), keyArn }],
      // Stands still: no deadline passes on a slow machine unless a test moves it.
      clock: manualClock(0),
      random: () => 0,
      ...options,
    });
  }

  /** A replica of the last key in another Region: the same material under another ARN. */
  replicate(region: string): string {
    const keyId = this.keyArn.split("/")[1]!;
    this.store.putKey({ ...this.store.key(REGION, keyId)!, region });
    return this.keyArn.replace(REGION, region);
  }

  /** The client that production code makes, but that a machine that is busy for seconds is no hanging KMS. */
  signerClient(
    credentials: NonNullable<KMSClientConfig["credentials"]> = ACCESS_KEY,
    region = REGION,
  ): KMSClient {
    const timeouts = { connection: 120_000, request: 120_000 };
    const client = createKmsClient({ region, endpoint: this.endpoint, credentials, timeouts });
    this.#clients.push(client);
    return client;
  }

  /** Resolves once the service has received a request that passes. */
  async received(until: (exchange: Exchange) => boolean): Promise<void> {
    if (this.exchanges.some(until)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ until, resolve });
    });
  }

  /** Stops everything, and fails if an exchange broke the service model. */
  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.kms.close();
    expect(this.modelFlaws()).to.deep.equal([]);
  }

  /** What the model has against the exchanges so far. Requests that were refused as invalid may be; faults are free. */
  modelFlaws(): string[] {
    const model = ServiceModel.find();
    if (model === undefined) return [];
    return this.exchanges.flatMap(({ operation, request, status, response, fault }) => {
      if (!model.operations().includes(operation) || status === undefined || fault?.fault === "html")
        return [];
      const refused =
        status === 400 &&
        /"(Validation|Serialization|[A-Z][a-z]+Signature|MissingAuthenticationToken|RequestEntityTooLarge|UnrecognizedClient)Exception"/.test(
          response,
        );
      return [
        ...(refused ? [] : model.requestFlaws(operation, request)),
        ...(fault === undefined ? model.responseFlaws(operation, status, response) : []),
      ];
    });
  }

  private saw(exchange: Exchange): void {
    this.exchanges.push(exchange);
    for (const { until, resolve } of this.#waiting) if (until(exchange)) resolve();
  }
}
