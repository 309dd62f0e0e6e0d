import { ORACLE } from "./oracle-abi.ts";

/** What a contract reverted with, by name and with its arguments: `FutureReport(observedAt 20, now_ 10)`. */
export function revertReason(data: string | undefined): string {
  if (data === undefined || data === "0x") return "without a reason";
  const error = ORACLE.parseError(data);
  if (error === null) return `with ${data.slice(0, 74)}, which is no error of the oracle`;
  const args = error.fragment.inputs.map(({ name }, i) => `${name} ${String(error.args[i])}`).join(", ");
  return `${error.name}(${args})`;
}

/** The error's name alone; nothing where it is no error of the oracle. */
export function revertName(data: string | undefined): string | undefined {
  return data === undefined ? undefined : ORACLE.parseError(data)?.name;
}
