/** What is to be done at some time. */
interface Item {
  readonly at: number;
  readonly order: number;
  readonly work: () => Promise<void> | void;
}

/** Things to do, each at its time; of equal times the first to be added is the first to be done. */
export class Agenda {
  readonly #heap: Item[] = [];
  #added = 0;

  /** @param at Unix seconds */
  add(at: number, work: Item["work"]): void {
    const heap = this.#heap;
    heap.push({ at, order: this.#added++, work });
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#isBefore(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** When the next thing is due; null where there is nothing left to do. */
  get next(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  /** Takes the next thing out. */
  take(): Item["work"] | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.work;
    heap[0] = last;
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && this.#isBefore(left, least)) least = left;
      if (right < heap.length && this.#isBefore(right, least)) least = right;
      if (least === i) return first.work;
      this.#swap(i, least);
      i = least;
    }
  }

  #isBefore(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return false;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return;
    [this.#heap[i], this.#heap[j]] = [b, a];
  }
}
