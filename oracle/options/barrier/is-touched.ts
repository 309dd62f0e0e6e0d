/** Whether spot is at or beyond the barrier now. */
export function isTouched(terms: { spot: number; barrier: number; direction: "up" | "down" }): boolean {
  return terms.direction === "up" ? terms.spot >= terms.barrier : terms.spot <= terms.barrier;
}
