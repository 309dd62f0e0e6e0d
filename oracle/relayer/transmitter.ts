import { getBytes, keccak256, toQuantity, Transaction } from "ethers";

import type { Clock } from "../clock.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Attempt, Inclusion, Transmission, TransmissionIntent } from "../ledger/transmission.ts";
import type { DigestSigner } from "../signer/digest-signer.ts";
import { abortable } from "./abortable.ts";
import { feesFor, type FeePolicy, type Fees, gwei } from "./fees.ts";
import { RelayError } from "./relay-error.ts";
import { revertName, revertReason } from "./revert-reason.ts";
import type { ChainReading } from "./rpc/chain-reader.ts";
import type { JsonRpc } from "./rpc/json-rpc.ts";
import { hexData, objectOrNull, quantity } from "./rpc/quantity.ts";
import { NodeError } from "./rpc/rpc-error.ts";
import { sendRefusal } from "./send-refusal.ts";

/** How long things may take, in milliseconds. */
export interface Patience {
  /** Between two looks at the chain. */
  readonly poll: number;
  /** Until a transmission is in a block. Behind that it stays open, and is looked at before the next one. */
  readonly inclusion: number;
  /** Until the node's next block is not before the report any more. */
  readonly future: number;
}

/** A moment in a transmission's life. */
export interface TransmissionEvent {
  readonly kind: "opened" | "signed" | "sent" | "closed";
  readonly transmission: Transmission;
}

export interface TransmitterOptions {
  readonly rpc: JsonRpc;
  readonly ledger: Ledger;
  /** The sender's key. */
  readonly signer: DigestSigner;
  readonly clock: Clock;
  readonly fees: FeePolicy;
  readonly patience: Patience;
  readonly onTransmission: (event: TransmissionEvent) => void;
  /** Ends waiting. */
  readonly stopping: AbortSignal;
  /** Ends what is under way. */
  readonly aborted: AbortSignal;
}

/** What a node says for a transaction that reverts: geth's, anvil's and Hardhat's number. */
const REVERTED = 3;

/** Carries transmissions to the chain, one after the other. Whatever happens in between, the ledger knows enough to go on. */
export class Transmitter {
  readonly #options: TransmitterOptions;

  constructor(options: TransmitterOptions) {
    this.#options = options;
  }

  /**
   * Sends what is intended and waits until it is in a block.
   *
   * In this order, so that a crash at any point loses nothing and signs nothing twice: it is simulated; its row reserves
   * the nonce; it is signed; the signed bytes are in the ledger; it is sent.
   * @returns the transmission, closed; or still open, where patience ended first
   * @throws RelayError where it cannot be sent: then nothing is half done
   */
  async transmit(intent: TransmissionIntent, reading: ChainReading): Promise<Transmission> {
    const { ledger, fees: policy } = this.#options;
    const fees = feesFor(reading.baseFee, policy);
    if (fees === null) {
      throw new RelayError(
        "feeCap",
        `Gas costs ${gwei(reading.baseFee)} and the tip ${gwei(policy.tip)}; the cap is ${gwei(policy.cap)}. Nothing is sent until it is cheaper, or the cap is raised.`,
      );
    }
    const gasLimit = await this.#simulate(intent);
    const cost = gasLimit * fees.maxFeePerGas;
    if (reading.balance < cost) {
      throw new RelayError(
        "funds",
        `The sender ${intent.sender} has ${gwei(reading.balance)}, this needs up to ${gwei(cost)}. Top it up on chain ${intent.chainId}.`,
      );
    }
    const opened = await ledger.openTransmission(intent, reading.nonce);
    this.#tell("opened", opened);
    const attempt = await this.#sign(opened, fees, gasLimit);
    await ledger.putAttempt(opened.id, attempt);
    const signed: Transmission = { ...opened, attempts: [attempt] };
    this.#tell("signed", signed);
    await this.#send(signed, attempt);
    this.#tell("sent", signed);
    return this.#untilIncluded(signed);
  }

  /**
   * Goes on with a transmission of the ledger: finds it in a block by any of its attempts, or sends the same signed bytes
   * again. KMS is not asked. One that was never signed never existed for anybody else, and is given up.
   * @returns it, closed or still open
   * @throws RelayError
   */
  async resume(transmission: Transmission): Promise<Transmission> {
    const last = transmission.attempts.at(-1);
    if (last === undefined) {
      return this.#close(transmission, { kind: "abandoned", reason: "it was never signed" });
    }
    const found = await this.#inclusion(transmission);
    if (found !== null) return this.#close(transmission, found);
    await this.#send(transmission, last);
    this.#tell("sent", transmission);
    const again = await this.#inclusion(transmission);
    return again === null ? transmission : this.#close(transmission, again);
  }

  /**
   * Runs it at the next block, not at the newest: a fresh report is of a time that the newest block has not reached.
   *
   * `pending` gives the next block's time on geth, anvil and Hardhat. A node to which `pending` is the newest block
   * (Nethermind, most rollups) says FutureReport until its head has come to the report's time; that is a matter of a block,
   * and is waited for.
   * @returns a gas limit: a fifth above what it took
   */
  async #simulate({ sender: from, to, data }: TransmissionIntent): Promise<bigint> {
    const { rpc, clock, patience, stopping } = this.#options;
    const started = clock.monotonic();
    for (;;) {
      try {
        const gas = quantity(
          "eth_estimateGas",
          await rpc.request("eth_estimateGas", { from, to, data }, "pending"),
        );
        return (gas * 6n) / 5n;
      } catch (error) {
        if (!(error instanceof NodeError)) throw error;
        const name = revertName(error.data);
        const future = name === "FutureReport";
        if (!future || clock.monotonic() - started >= patience.future) {
          const hint = future ? " Is the clock of the node, or ours, wrong?" : "";
          const why = error.data === undefined ? error.message : `it reverts: ${revertReason(error.data)}`;
          throw new RelayError(
            "refused",
            `The chain would refuse the report: ${why}. It was not sent.${hint}`,
            error,
            name,
          );
        }
        await clock.sleep(patience.poll, stopping);
      }
    }
  }

  /** @throws RelayError where KMS does not sign; the row is closed, and its nonce free for the next one */
  async #sign(transmission: Transmission, fees: Fees, gasLimit: bigint): Promise<Attempt> {
    const { signer, clock, aborted } = this.#options;
    const { nonce, chainId, to, data } = transmission;
    try {
      const transaction = Transaction.from({ type: 2, chainId, nonce, to, data, gasLimit, ...fees });
      const asked = signer.signDigest(getBytes(transaction.unsignedHash));
      const { r, s, yParity, requestId } = await abortable(asked, aborted);
      transaction.signature = { r, s, yParity };
      const raw = transaction.serialized;
      return {
        hash: keccak256(raw),
        raw,
        ...fees,
        gasLimit,
        signedAt: clock.wall(),
        kmsRequestId: requestId,
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await this.#close(transmission, { kind: "abandoned", reason: `not signed: ${why}` });
      throw new RelayError("kms", `KMS did not sign for the sender ${signer.address}: ${why}`, error);
    }
  }

  async #send(transmission: Transmission, { raw }: Attempt): Promise<void> {
    try {
      await this.#options.rpc.request("eth_sendRawTransaction", raw);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      // A node that mines at once tells in place of the hash that it was mined and reverted.
      if (error.code === REVERTED) return;
      switch (sendRefusal(error.message)) {
        case "known":
          return;
        case "nonceTooLow":
          if (await this.#isOurs(transmission)) return;
          await this.#close(transmission, {
            kind: "abandoned",
            reason: "its nonce was used by someone else",
          });
          throw new RelayError(
            "nonceTaken",
            `Nonce ${transmission.nonce} of ${transmission.sender} is used, but by no attempt of ours: someone else sends with this key. The relayer has stopped; find out who, then start it again.`,
            error,
          );
        case "funds":
          throw new RelayError(
            "funds",
            `The sender ${transmission.sender} cannot pay (${error.message}). Top it up; the same transaction is sent again then.`,
            error,
          );
        default:
          throw new RelayError(
            "stuck",
            `The node does not take transmission ${transmission.id} (${error.message}). It is sent again with the next report.`,
            error,
            String(transmission.id),
          );
      }
    }
  }

  /** Whether an attempt of ours is in a block. A node behind a balancer may be a moment late with it, so it is asked again. */
  async #isOurs(transmission: Transmission): Promise<boolean> {
    const { clock, patience, stopping } = this.#options;
    for (let looks = 0; looks < 3; looks++) {
      if (looks > 0) await clock.sleep(patience.poll, stopping);
      if ((await this.#inclusion(transmission)) !== null) return true;
    }
    return false;
  }

  async #untilIncluded(transmission: Transmission): Promise<Transmission> {
    const { clock, patience, stopping } = this.#options;
    const started = clock.monotonic();
    for (;;) {
      const found = await this.#inclusion(transmission);
      if (found !== null) return this.#close(transmission, found);
      if (clock.monotonic() - started >= patience.inclusion) return transmission;
      await clock.sleep(patience.poll, stopping);
    }
  }

  /** Which of the attempts is in a block, and how it went. */
  async #inclusion(transmission: Transmission): Promise<Inclusion | null> {
    const { rpc } = this.#options;
    const [newest, ...answers] = await rpc.batch([
      { method: "eth_getBlockByNumber", params: ["latest", false] }, // it is most likely in this one
      ...transmission.attempts.map(({ hash }) => ({ method: "eth_getTransactionReceipt", params: [hash] })),
    ]);
    for (const [i, answer] of answers.entries()) {
      if (!answer.ok) throw answer.error;
      const receipt = objectOrNull("eth_getTransactionReceipt", answer.result);
      const attempt = transmission.attempts[i];
      if (receipt === null || attempt === undefined) continue;
      const { hash } = attempt;
      const block = Number(quantity("blockNumber", receipt["blockNumber"]));
      const gasUsed = quantity("gasUsed", receipt["gasUsed"]);
      if (quantity("status", receipt["status"]) === 0n) {
        const reason = await this.#whyReverted(transmission, attempt, block, gasUsed);
        return { kind: "reverted", hash, block, reason };
      }
      const blockHash = hexData("blockHash", receipt["blockHash"]);
      const latest = newest?.ok === true ? objectOrNull("eth_getBlockByNumber", newest.result) : null;
      const header =
        latest?.["hash"] === blockHash
          ? latest
          : objectOrNull("eth_getBlockByHash", await rpc.request("eth_getBlockByHash", blockHash, false));
      // A reorg has taken the block away between the two answers.
      if (header === null) return null;
      return {
        kind: "included",
        hash,
        block,
        blockHash,
        blockTime: Number(quantity("timestamp", header["timestamp"])),
        gasUsed,
        effectiveGasPrice: quantity("effectiveGasPrice", receipt["effectiveGasPrice"]),
      };
    }
    return null;
  }

  /** A receipt does not say it, so the same call is made on the state before the block. */
  async #whyReverted(
    { sender: from, to, data }: Transmission,
    { gasLimit }: Attempt,
    block: number,
    gasUsed: bigint,
  ): Promise<string> {
    if (gasUsed === gasLimit) return `out of gas: all ${gasLimit} were used`;
    const call = { from, to, data, gas: toQuantity(gasLimit) };
    const [answer] = await this.#options.rpc.batch([
      { method: "eth_call", params: [call, toQuantity(block - 1)] },
    ]);
    if (answer === undefined || answer.ok) return "for a reason that came up in its own block";
    return revertReason(answer.error.data);
  }

  async #close(transmission: Transmission, outcome: Inclusion): Promise<Transmission> {
    await this.#options.ledger.closeTransmission(transmission.id, outcome);
    const closed = { ...transmission, outcome };
    this.#tell("closed", closed);
    return closed;
  }

  #tell(kind: TransmissionEvent["kind"], transmission: Transmission): void {
    this.#options.onTransmission({ kind, transmission });
  }
}
