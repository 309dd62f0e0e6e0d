import { concat, getCreate2Address, id, keccak256 } from "ethers";

/** The factory that every deployment goes through: CreateX, at the same address on every chain that has it. */
export const CREATE_X = "0xba5Ed099633D3B313e4D5F7bdc1305d3c28ba5Ed";

/**
 * What we give the factory as salt. It begins with neither an address of ours nor zeros, which CreateX would take for
 * a wish to bind the deployment to a sender or a chain.
 */
export const CREATE2_SALT = id("nakane");

/**
 * Where the factory puts a contract: it follows from the code and the constructor's arguments alone, not from who
 * deploys, when, or on which chain.
 * @param bytecode creation code
 * @param args the constructor's arguments, encoded
 */
export function predictAddress(bytecode: string, args: string): string {
  const guarded = keccak256(CREATE2_SALT); // what CreateX makes of a salt that binds nothing
  return getCreate2Address(CREATE_X, guarded, keccak256(concat([bytecode, args])));
}
