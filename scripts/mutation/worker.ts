/** Runs Solidity tests against mutants; one process, so that it can be killed. */
import {
  CollectStackTraces,
  EdrContext,
  L1_CHAIN_TYPE,
  l1GenesisState,
  l1HardforkFromString,
  l1SolidityTestRunnerFactory,
  type SuiteResult,
  TestStatus,
} from "@nomicfoundation/edr";

import type { Job, Start, Verdict } from "./messages.ts";

/** An endless loop ends here; the tests themselves need less, as they show before each batch. */
const GAS = 400_000_000n;
/** A mutant that allocates without end takes this process with it, and not the machine. */
const MEMORY = 2_500_000_000;
const HARDFORK = "Prague";

setInterval(() => {
  if (process.memoryUsage.rss() > MEMORY) process.exit(9);
}, 100);

const context = new EdrContext();
// Not awaited here: a message that comes before there is a listener is lost.
const ready = context.registerSolidityTestRunnerFactory(L1_CHAIN_TYPE, l1SolidityTestRunnerFactory());
let start: Start | undefined;

async function run({ code, probes, suites, runs }: Job): Promise<Verdict> {
  if (!start) throw new Error("A job came before the start.");
  await ready;
  const { artifacts, target } = start;
  const mutant = { id: target.id, contract: { ...target.contract, bytecode: code } };
  let tests = 0;

  const steps = [...probes, ...suites.map((suite) => ({ suite, test: undefined }))];
  for (const { suite, test } of steps) {
    const results: SuiteResult[] = [];
    const done = Promise.withResolvers<undefined>();
    await context.runSolidityTests(
      L1_CHAIN_TYPE,
      [...artifacts, mutant],
      [suite],
      {
        projectRoot: process.cwd(),
        hardfork: HARDFORK,
        gasLimit: GAS,
        disableBlockGasLimit: true,
        disableTransactionGasCap: true,
        localPredeploys: l1GenesisState(l1HardforkFromString(HARDFORK)),
        ...(test !== undefined && { testPattern: `^${test}\\b` }),
        fuzz: { runs: runs.fuzz, seed: "0x6e616b616e65" },
        invariant: { runs: runs.invariant, depth: 64, failOnRevert: true },
        collectStackTraces: CollectStackTraces.OnFailure,
      },
      { ignoreContracts: false },
      (result) => {
        results.push(result);
        done.resolve(undefined);
      },
    );

    await done.promise;
    const all = results.flatMap(({ testResults }) => testResults);
    tests += all.length;
    const failed = all.find(({ status }) => status === TestStatus.Failure);
    if (failed)
      return {
        failed: `${suite.name}.${failed.name}`,
        by: { suite, test: failed.name.replace(/\(.*/, "") },
        tests,
        error: failed.reason ?? "",
      };
  }
  return { tests };
}

process.on("message", (message: Start | Job) => {
  if (message.kind === "start") start = message;
  else
    run(message).then(
      (verdict) => process.send?.(verdict),
      (error: unknown) => process.send?.({ tests: 0, failed: "the runner", error: String(error) }),
    );
});
