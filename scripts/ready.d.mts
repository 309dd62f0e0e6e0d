/** What tests read of ready.mjs, which itself is plain JavaScript. */
interface Entry {
  version?: string;
  integrity?: string;
  optional?: boolean;
  dev?: boolean;
  hasInstallScript?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}
export interface Lockfile {
  packages: Record<string, Entry>;
}
interface Machine {
  os: string;
  cpu: string;
  /** Undefined where there is no choice: not on Linux. */
  libc?: string | undefined;
}
export const DISK_MB: number;
export const DOWNLOAD_MB: number;
export function machineOf(report: {
  header: { platform: string; arch: string; glibcVersionRuntime?: string };
}): Machine;
export function checkMachine(machine: Machine): void;
export function packagesFor(lock: Lockfile, machine: Machine): [string, Entry][];
export function explainNpm(output: string): [what: string, remedy: string];
