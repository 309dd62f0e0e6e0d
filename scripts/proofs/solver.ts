import { init } from "z3-solver";

/** Answers one SMT-LIB query as a solver's command line would: "unsat", or "sat" and the values asked for. */
export type Solve = (query: string) => Promise<string>;

/** Z3, each query in a context of its own. Its threads live on until the process exits. */
export async function z3(): Promise<Solve> {
  const { Z3 } = await init();
  return async (query) => {
    const config = Z3.mk_config();
    const context = Z3.mk_context(config);
    Z3.del_config(config);
    try {
      const answer = await Z3.eval_smtlib2_string(context, query);
      // Z3 complains that there are no values to show for what cannot be; solc then takes nothing from the answer.
      return answer.startsWith("unsat") ? "unsat\n" : answer;
    } finally {
      Z3.del_context(context);
    }
  };
}
