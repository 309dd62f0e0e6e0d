/**
 * keccak-256 in WebAssembly, which has the 64-bit integers that the hash is made of: about nine times as fast as
 * JavaScript, where each of them is two halves. The program is put together here, from the specification (FIPS 202, with
 * Ethereum's padding), so that it can be read; it holds no data but what it is hashing.
 */

const LANES = 25;
/** Bytes that go into the state between two permutations. */
const RATE = 136;
const ROUNDS = 24;
const HASH_BYTES = 32;

/** Where things are in the program's memory: the state, one constant a round, and what is to be hashed. */
const CONSTANTS = 8 * LANES;
const INPUT = CONSTANTS + 8 * ROUNDS;
const PAGE = 65_536;
/** As many whole blocks as fit behind. */
const CAPACITY = Math.floor((PAGE - INPUT) / RATE) * RATE;

/** What is used of the host's global; the compiler's own types of it come with those of a browser. */
declare const WebAssembly: {
  readonly Module: new (program: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** What the program shows. */
interface Program {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Takes whole blocks into the state, from one place in memory up to another. */
  readonly absorb: (from: number, to: number) => void;
}

/**
 * Compiles the program.
 * @returns keccak-256; undefined where the host has no WebAssembly or lets nobody compile any
 */
export function compileKeccak(): ((bytes: Uint8Array) => Uint8Array) | undefined {
  let exports;
  try {
    exports = new WebAssembly.Instance(new WebAssembly.Module(program())).exports;
  } catch {
    return undefined;
  }
  const { memory, absorb } = exports as Program;
  const buffer = new Uint8Array(memory.buffer);
  new BigUint64Array(memory.buffer, CONSTANTS, ROUNDS).set(roundConstants());
  return (bytes) => {
    buffer.fill(0, 0, CONSTANTS);
    let at = 0;
    for (; bytes.length - at >= CAPACITY; at += CAPACITY) {
      buffer.set(bytes.subarray(at, at + CAPACITY), INPUT);
      absorb(INPUT, INPUT + CAPACITY);
    }
    const rest = bytes.length - at;
    const end = INPUT + rest + RATE - (rest % RATE);
    buffer.set(at === 0 ? bytes : bytes.subarray(at), INPUT);
    buffer.fill(0, INPUT + rest, end);
    buffer[INPUT + rest] = 0x01;
    buffer[end - 1] = (buffer[end - 1] ?? 0) | 0x80;
    absorb(INPUT, end);
    return buffer.slice(0, HASH_BYTES);
  };
}

/** ι: bits of a shift register, at the places 2^j - 1. */
function roundConstants(): BigUint64Array {
  let register = 1;
  return BigUint64Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << BigInt(2 ** j - 1);
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    }
    return constant;
  });
}

/** ρ and π: how far each lane turns, and where it goes. Lane x + 5y is the one in column x of row y. */
function turns(): { readonly by: number; readonly to: number }[] {
  const by = new Array<number>(LANES).fill(0);
  let [x, y] = [1, 0];
  for (let t = 1; t <= 24; t++) {
    by[x + 5 * y] = ((t * (t + 1)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return by.map((turn, lane) => {
    const [column, row] = [lane % 5, Math.floor(lane / 5)];
    return { by: turn, to: row + 5 * ((2 * column + 3 * row) % 5) };
  });
}

// The program: places of its variables, then instructions by their numbers.
const [FROM, TO, ROUND] = [0, 1, 2];
/** 25 lanes, the parities of 5 columns, what each column is changed by, and 25 lanes on their way. */
const [A, C, D, B] = [3, 3 + LANES, 3 + LANES + 5, 3 + LANES + 10];
const [I32, I64] = [0x7f, 0x7e];

const get = (variable: number): number[] => [0x20, variable];
const set = (variable: number): number[] => [0x21, variable];
const number = (value: number): number[] => [0x41, ...leb(value)];
const load = (offset: number): number[] => [0x29, 3, ...leb(offset)];
const store = (offset: number): number[] => [0x37, 3, ...leb(offset)];
const rotate = (by: number): number[] => [0x42, ...leb(by), 0x89];
const [AND, XOR, NOT] = [[0x83], [0x85], [0x42, 0x7f, 0x85]]; // NOT: with -1, exclusively
/** Repeats until a variable, counted up by a step, has come to a limit. */
const repeat = (body: number[], variable: number, step: number, limit: number[]): number[] => [
  ...[0x03, 0x40, ...body],
  ...[...get(variable), ...number(step), 0x6a, 0x22, variable, ...limit, 0x49, 0x0d, 0, 0x0b],
];
const each = (count: number, instructions: (i: number) => number[]): number[] =>
  Array.from({ length: count }, (_, i) => instructions(i)).flat();

/** Whole numbers, seven bits a byte. */
function leb(value: number): number[] {
  // A bit more than unsigned ones need: signed ones end with a bit that is not set.
  return value < 64 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >> 7)];
}

function round(): number[] {
  const turn = turns();
  const column = (x: number) => x % 5;
  return [
    ...each(5, (x) => [
      ...get(A + x),
      ...each(4, (y) => [...get(A + x + 5 * (y + 1)), ...XOR]),
      ...set(C + x),
    ]),
    ...each(5, (x) => [
      ...get(C + column(x + 4)),
      ...[...get(C + column(x + 1)), ...rotate(1), ...XOR],
      ...set(D + x),
    ]),
    ...each(LANES, (i) => {
      const { by, to } = turn[i] ?? { by: 0, to: 0 };
      return [...get(A + i), ...get(D + column(i)), ...XOR, ...rotate(by), ...set(B + to)];
    }),
    ...each(LANES, (i) => {
      const row = i - column(i);
      const next = [...get(B + row + column(i + 1)), ...NOT, ...get(B + row + column(i + 2)), ...AND];
      return [...get(B + i), ...next, ...XOR, ...set(A + i)];
    }),
    ...[...get(A), ...get(ROUND), ...load(CONSTANTS), ...XOR, ...set(A)],
  ];
}

function program(): Uint8Array<ArrayBuffer> {
  const block = [
    ...each(RATE / 8, (i) => [...get(A + i), ...get(FROM), ...load(8 * i), ...XOR, ...set(A + i)]),
    ...[...number(0), ...set(ROUND)],
    ...repeat(round(), ROUND, 8, number(8 * ROUNDS)),
  ];
  const absorb = [
    ...[2, 1, I32, 2 * LANES + 10, I64],
    ...each(LANES, (i) => [...number(0), ...load(8 * i), ...set(A + i)]),
    ...repeat(block, FROM, RATE, get(TO)),
    ...each(LANES, (i) => [...number(0), ...get(A + i), ...store(8 * i)]),
    0x0b,
  ];
  const section = (id: number, body: readonly number[]): number[] => [id, ...leb(body.length), ...body];
  const text = (name: string): number[] => [name.length, ...new TextEncoder().encode(name)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, I32, I32, 0]), // a function of two numbers, without a result
    ...section(3, [1, 0]), // there is one
    ...section(5, [1, 0, 1]), // and a page of memory
    ...section(7, [2, ...text("memory"), 2, 0, ...text("absorb"), 0, 0]),
    ...section(10, [1, ...leb(absorb.length), ...absorb]),
  ]);
}
