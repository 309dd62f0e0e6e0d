/** The thread that has Z3: answers one SMT-LIB query after the other, and wakes whoever waits for the answer. */
import { type MessagePort, workerData } from "node:worker_threads";

import { init } from "z3-solver";

const { answered, port } = workerData as { readonly answered: Int32Array; readonly port: MessagePort };
const { Z3 } = await init();

async function solve(query: string): Promise<string> {
  const config = Z3.mk_config();
  const context = Z3.mk_context(config); // each query in one of its own
  Z3.del_config(config);
  try {
    const answer = await Z3.eval_smtlib2_string(context, query);
    // Z3 complains that there are no values to show for what cannot be; solc then takes nothing from the answer.
    return answer.startsWith("unsat") ? "unsat\n" : answer;
  } finally {
    Z3.del_context(context);
  }
}

port.on("message", (query: string) => {
  void solve(query)
    .then(
      (contents) => ({ contents }),
      (error: unknown) => ({ error: String(error) }),
    )
    .then((answer) => {
      port.postMessage(answer);
      Atomics.add(answered, 0, 1);
      Atomics.notify(answered, 0);
    });
});
