import {
  concat,
  dataLength,
  dataSlice,
  getBytes,
  hexlify,
  type Provider,
  toBeHex,
  zeroPadBytes,
} from "ethers";

/**
 * What one cold STATICCALL costs a contract, with the 27 gas of the meter itself. Runs as the constructor of a contract
 * that is never made: it puts the call data in memory, and returns whether the call went well and the gas between.
 * @throws Error where the call fails
 */
export async function coldReadGas(provider: Provider, target: string, callData: string): Promise<number> {
  const size = dataLength(callData);
  const store: string[] = [];
  for (let i = 0; i < size; i += 32) {
    const word = zeroPadBytes(dataSlice(callData, i, Math.min(i + 32, size)), 32);
    store.push("0x7f", word, "0x60", toBeHex(i, 1), "0x52"); // PUSH32 word, PUSH1 i, MSTORE
  }
  const program = concat([
    ...store,
    "0x5a", // GAS
    "0x60606080", // PUSH1 0x60 (output size), PUSH1 0x80 (output at)
    "0x60",
    toBeHex(size, 1),
    "0x5f73", // PUSH0 (input at), PUSH20
    target,
    "0x5afa5a", // GAS, STATICCALL, GAS: before, ok, after
    "0x919060205203", // SWAP2, SWAP1, PUSH1 0x20, MSTORE (ok), SUB
    "0x5f5260405ff3", // PUSH0, MSTORE, PUSH1 0x40, PUSH0, RETURN
  ]);
  const result = getBytes(await provider.call({ data: program }));
  if (result[63] !== 1) throw new Error(`the read ${hexlify(callData)} fails`);
  return Number(BigInt(hexlify(result.slice(0, 32))));
}
