import type { RpcAnswer } from "./exchange.ts";
import { hexData } from "./quantity.ts";
import { NodeError, WrongCodeError } from "./rpc-error.ts";

/** What stands in for an answer that a node left out. */
export function missingAnswer(): RpcAnswer {
  return { ok: false, error: new NodeError("eth_call", 0, "left without an answer", undefined) };
}

/** @throws NodeError where the node refused the call */
export function resultOf(answer: RpcAnswer): unknown {
  if (!answer.ok) throw answer.error;
  return answer.result;
}

/**
 * What the oracle's method answered.
 * @param decode throws, or returns null, for what the method never answers
 * @throws NodeError where the node refused the call; WrongCodeError where the oracle answers what it never answers
 */
export function readAnswer<T>(method: string, answer: RpcAnswer, decode: (data: string) => T | null): T {
  const data = hexData(method, resultOf(answer));
  const strange = (cause?: unknown): WrongCodeError =>
    new WrongCodeError(`The oracle's ${method} answered what it never answers: ${data.slice(0, 66)}`, {
      cause,
    });
  let decoded: T | null;
  try {
    decoded = decode(data);
  } catch (error) {
    throw strange(error);
  }
  if (decoded === null) throw strange();
  return decoded;
}
