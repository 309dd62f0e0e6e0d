import { expect } from "chai";

import { manualClock } from "../../../../oracle/clock.ts";
import { inProcessExchange } from "../../../../oracle/relayer/rpc/in-process-exchange.ts";
import { JsonRpc } from "../../../../oracle/relayer/rpc/json-rpc.ts";
import { NodeError, WrongChainError } from "../../../../oracle/relayer/rpc/rpc-error.ts";
import { rejection } from "../../../utils/rejection.ts";

describe("inProcessExchange", () => {
  const reverted = Object.assign(new Error("execution reverted"), { code: 3, data: { data: "0x08c379a0" } });
  const rpc = new JsonRpc({
    url: "http://127.0.0.1:1/",
    chainId: 5,
    clock: manualClock(0),
    exchange: inProcessExchange((method, params) => {
      if (method === "eth_chainId") return Promise.resolve("0x5");
      if (method === "eth_call") return Promise.reject(reverted);
      return Promise.resolve(method === "nothing" ? undefined : [method, ...params]);
    }),
  });

  it("answers by place, null for nothing, and hands a refusal on with what a contract reverted with", async () => {
    const calls = ["a", "eth_call", "nothing"].map((method) => ({ method, params: [1] }));
    const [a, call, nothing] = await rpc.batch(calls);
    expect(a).to.deep.equal({ ok: true, result: ["a", 1] });
    expect(nothing).to.deep.equal({ ok: true, result: null });
    const { error } = call as { error: NodeError };
    expect(error).to.be.instanceOf(NodeError).and.to.include({ code: 3, data: "0x08c379a0" });
    expect(error.message).to.equal("eth_call: execution reverted (code 3)");
  });

  it("is not taken where it is of another chain", async () => {
    const other = new JsonRpc({
      url: "http://127.0.0.1:1/",
      chainId: 6,
      clock: manualClock(0),
      exchange: inProcessExchange(() => Promise.resolve("0x5")),
    });
    expect(await rejection(other.request("a"))).to.be.instanceOf(WrongChainError);
  });
});
