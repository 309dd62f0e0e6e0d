import type { Artifact, ArtifactId } from "@nomicfoundation/edr";

/** What the parent sends first: all that is compiled, and apart from it the contract under test. */
export interface Start {
  readonly kind: "start";
  readonly artifacts: readonly Artifact[];
  readonly target: Artifact;
}

/** One test of a suite, by its name without arguments. */
export interface Probe {
  readonly suite: ArtifactId;
  readonly test: string;
}

/** Run these tests alone, then these suites, one after another, until one fails. */
export interface Job {
  readonly kind: "job";
  /** Creation code of the contract under test, hexadecimal with 0x. */
  readonly code: string;
  readonly probes: readonly Probe[];
  readonly suites: readonly ArtifactId[];
  readonly runs: { readonly fuzz: number; readonly invariant: number };
}

export interface Verdict {
  /** "OracleLatestTest.test_verify_notWhereHalted", or nothing where all passed. */
  readonly failed?: string;
  readonly by?: Probe;
  readonly tests: number;
  readonly error?: string;
}
