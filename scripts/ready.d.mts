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
export const DISK_MB: number;
export const DOWNLOAD_MB: number;
export function packagesFor(
  lock: Lockfile,
  machine: { os: string; cpu: string; libc?: string },
): [string, Entry][];
export function explainNpm(output: string): [what: string, remedy: string];
