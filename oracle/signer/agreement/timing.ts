/** All durations of the protocol. They are part of the epoch: signers that wait differently do not meet. */
export interface Timing {
  /** Seconds between ticks; divides the fixing period. */
  readonly tick: number;
  /** Milliseconds from an ordinary tick to its observation: venues' answers are still arriving. */
  readonly observeDelay: number;
  /** Milliseconds from a fixing to its observation, at most 120,000. */
  readonly fixingDelay: number;
  /** Milliseconds after the delay in which an observation may still be signed. */
  readonly observeWindow: number;
  /** Milliseconds a leader waits for all observations of an ordinary tick. */
  readonly leaderWait: number;
  /** Milliseconds a leader waits for all observations of a fixing. */
  readonly fixingLeaderWait: number;
  /** Milliseconds after the leader's wait in which its proposal may arrive, in round 0. */
  readonly proposeSlack: number;
  /** Milliseconds to wait for more votes once a quorum has voted, in round 0. */
  readonly voteTimeout: number;
  /** No timeout is longer, in milliseconds. */
  readonly maxTimeout: number;
  /** Milliseconds between two times all votes held are sent again. */
  readonly resend: number;
  /** The same for a fixing that is open for longer than `patience`. */
  readonly slowResend: number;
  /** Milliseconds. */
  readonly patience: number;
  /** Seconds after which an ordinary tick is given up. */
  readonly ordinaryLife: number;
  /** Seconds after which a fixing without a quorum of signatures is absent for good. */
  readonly fixingLife: number;
}

export const TIMING: Timing = {
  tick: 10,
  observeDelay: 500,
  fixingDelay: 5_000,
  observeWindow: 2_000,
  leaderWait: 1_000,
  fixingLeaderWait: 3_000,
  proposeSlack: 500,
  voteTimeout: 1_000,
  maxTimeout: 60_000,
  resend: 1_000,
  slowResend: 30_000,
  patience: 60_000,
  ordinaryLife: 30,
  fixingLife: 86_400,
};

/** Every multiple of this is a fixing time, in seconds. */
export const FIXING_PERIOD = 300;

export function isFixing(time: number): boolean {
  return time % FIXING_PERIOD === 0;
}

/** The first fixing time behind `time`, in seconds. */
export function nextFixing(time: number): number {
  return (Math.floor(time / FIXING_PERIOD) + 1) * FIXING_PERIOD;
}

/** From a time to its observation, in milliseconds. */
export function observationDelay(timing: Timing, time: number): number {
  return isFixing(time) ? timing.fixingDelay : timing.observeDelay;
}

/** Until when an observation of `time` may be signed, in Unix milliseconds. */
export function observableUntil(timing: Timing, time: number): number {
  return 1000 * time + observationDelay(timing, time) + timing.observeWindow;
}

/** How long a leader waits for observations, in milliseconds. */
export function leaderWait(timing: Timing, time: number): number {
  return isFixing(time) ? timing.fixingLeaderWait : timing.leaderWait;
}

/** A timeout of this round: a third longer with every round, so that rounds come to outlast any delay. */
export function roundTimeout(base: number, round: number, { maxTimeout }: Timing): number {
  let timeout = base;
  for (let i = 0; i < round && timeout < maxTimeout; i++) timeout = Math.floor((timeout * 13) / 10);
  return Math.min(timeout, maxTimeout);
}

/** @throws RangeError for durations with which the protocol cannot work */
export function checkTiming(timing: Timing): void {
  for (const [name, value] of Object.entries(timing) as [string, number][]) {
    if (!Number.isInteger(value) || value < 1 || value >= 2 ** 31) {
      throw new RangeError(`${name} is ${value}, but must be a whole number from 1`);
    }
  }
  const { tick, fixingDelay } = timing;
  if (FIXING_PERIOD % tick !== 0) {
    throw new RangeError(`a tick of ${tick} s does not divide the fixing period of ${FIXING_PERIOD} s`);
  }
  if (fixingDelay > 120_000) {
    throw new RangeError(`fixingDelay is ${fixingDelay} ms, but may be at most 120000 ms`);
  }
}
