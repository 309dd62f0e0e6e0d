import { readFileSync } from "node:fs";
import path from "node:path";

/** An import or re-export at the top of a module that is there at run time: not one of types alone. */
const IMPORT = /^(?:import|export) (?!type )[^"';]*from "([^"]+)"/gm;
const HARDHAT = /^(hardhat|@nomicfoundation\/hardhat)\b/;

/**
 * Whether a test runs on a chain in its process: it, or a file of ours that it imports, imports Hardhat at run time. Such
 * tests run under Hardhat, whose matchers take `above`, `within` and `closeTo` for integers only; the others run without.
 */
export function needsChain(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const names = [...readFileSync(file, "utf8").matchAll(IMPORT)].map(([, name]) => name ?? "");
  if (names.some((name) => HARDHAT.test(name))) return true;
  const ours = names.filter((name) => name.startsWith("."));
  return ours.some((name) => needsChain(path.join(path.dirname(file), name), seen));
}
