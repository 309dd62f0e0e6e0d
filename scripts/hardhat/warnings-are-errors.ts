import type { SolidityHooks } from "hardhat/types/hooks";
import type { CompilerOutputError } from "hardhat/types/solidity";

/** What solc says besides what Hardhat's type lists. */
type SolcError = CompilerOutputError & { sourceLocation?: { file?: string } };

/** Test contracts may be larger than a chain would take; nothing else about them is excused. */
const SIZE_WARNINGS = new Set(["5574", "3860"]);

const isOurs = (file: string | undefined): boolean => file?.startsWith("project/") ?? true;
const isTest = (file: string | undefined): boolean => file?.startsWith("project/test/") ?? false;

/** What a build tells: all but a library's warnings, which are its own business and nothing that our reader can mend. */
export function toldOf(errors: readonly SolcError[]): SolcError[] {
  return errors
    .filter(({ severity, sourceLocation }) => severity !== "warning" || isOurs(sourceLocation?.file))
    .map(harden);
}

/** A warning about our own sources becomes an error. */
export function harden(error: SolcError): SolcError {
  const file = error.sourceLocation?.file;
  if (error.severity !== "warning" || !isOurs(file)) return error;
  if (isTest(file) && SIZE_WARNINGS.has(error.errorCode ?? "")) return error;
  const formattedMessage = error.formattedMessage?.replace(
    /^Warning:/,
    "Error (a warning; ours count as errors):",
  );
  return {
    ...error,
    type: "Error",
    severity: "error",
    ...(formattedMessage !== undefined && { formattedMessage }),
  };
}

/** Hardhat's compiler hook. The build then fails as for any error, and nothing is cached. */
export default async (): Promise<Partial<SolidityHooks>> => ({
  async invokeSolc(context, compiler, input, config, next) {
    const output = await next(context, compiler, input, config);
    return output.errors === undefined ? output : { ...output, errors: toldOf(output.errors) };
  },
});
