import type { SolcOutput } from "./compile.ts";
import { SWITCH_FILE } from "./schema.ts";

/** A contract's creation code and where, in bytes, the number of the mutant goes. */
export interface Switchable {
  readonly code: string;
  readonly at: readonly number[];
}

export function switchable(output: SolcOutput, contract: string): Switchable {
  const [file = "", name = ""] = contract.split(":");
  const bytecode = output.contracts?.[file]?.[name]?.evm.bytecode;
  if (!bytecode) throw new Error(`The compiler returned no code for ${contract}.`);
  const at = (bytecode.linkReferences[SWITCH_FILE]?.["MutantSwitch"] ?? []).map(({ start }) => start);
  return { code: bytecode.object, at };
}

/** The creation code in which mutant `id` runs; 0 is the contract as it is. With 0x. */
export function link({ code, at }: Switchable, id: number): string {
  const address = id.toString(16).padStart(40, "0");
  let linked = code;
  for (const start of at) linked = linked.slice(0, 2 * start) + address + linked.slice(2 * start + 40);
  return `0x${linked}`;
}
