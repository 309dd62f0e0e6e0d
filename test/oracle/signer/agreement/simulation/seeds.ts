/** Sizes of networks that are simulated. */
export const SIZES = [1, 2, 3, 4, 5, 7, 10] as const;

/** Seeds for each size in the slice that every test run takes. */
export const SLICE: Record<number, number> = { 1: 40, 2: 40, 3: 40, 4: 50, 5: 25, 7: 15, 10: 10 };

/** Seeds for each size in the deep suite. */
export const DEEP = 10_000;
