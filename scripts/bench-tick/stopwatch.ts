/** A moment of this process, in milliseconds. */
export interface Moment {
  readonly wall: number;
  readonly processor: number;
}

/** Now. */
export function moment(): Moment {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), processor: (user + system) / 1000 };
}

/**
 * Milliseconds of work between two moments. Time on the wall runs on while the system lets somebody else run; processor
 * time has in it what other threads of ours did meanwhile, such as compiling. The work was no more than either.
 */
export function workBetween(from: Moment, to: Moment): number {
  return Math.min(to.wall - from.wall, to.processor - from.processor);
}
