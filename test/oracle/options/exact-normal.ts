/**
 * The normal distribution in fixed-point integer arithmetic: the references that doubles are judged by. Nothing here
 * is shared with the code under test, and there is no table.
 */
export class FixedPoint {
  readonly bits: bigint;
  readonly one: bigint;
  readonly #sqrtTwoPi: bigint;

  constructor(bits: number) {
    this.bits = BigInt(bits);
    this.one = 1n << this.bits;
    // Machin: π/4 = 4 arctan(1/5) − arctan(1/239)
    const pi = 4n * (4n * this.#arctanInverse(5n) - this.#arctanInverse(239n));
    this.#sqrtTwoPi = squareRoot(2n * pi * this.one);
  }

  /** A double, exactly (bits permitting). */
  of(x: number): bigint {
    if (!Number.isFinite(x)) throw new RangeError(`${x} is no number.`);
    let exponent = 0;
    let mantissa = x;
    while (!Number.isInteger(mantissa)) {
      mantissa *= 2;
      exponent++;
    }
    return (BigInt(mantissa) << this.bits) >> BigInt(exponent);
  }

  multiply = (a: bigint, b: bigint): bigint => (a * b) >> this.bits;
  divide = (a: bigint, b: bigint): bigint => (a << this.bits) / b;

  exp(x: bigint): bigint {
    // exp(x) = exp(x/2ᵏ)^(2ᵏ), with guard bits for the squarings
    const halvings = 40n;
    const wide = this.bits + 2n * halvings;
    const one = 1n << wide;
    const small = x << halvings;
    let term = one;
    let sum = one;
    for (let n = 1n; term !== 0n && term !== -1n; n++) {
      term = (term * small) / (one * n);
      sum += term;
    }
    for (let k = 0n; k < halvings; k++) sum = (sum * sum) >> wide;
    return sum >> (2n * halvings);
  }

  pdf(x: bigint): bigint {
    return this.divide(this.exp(-this.multiply(x, x) / 2n), this.#sqrtTwoPi);
  }

  /** Φ(x) = ½ + φ(x) Σ x^(2n+1)/(1·3·5···(2n+1)): positive terms, subtracted once for a negative x. */
  cdf(x: bigint): bigint {
    const magnitude = x < 0n ? -x : x;
    const square = this.multiply(magnitude, magnitude);
    let term = magnitude;
    let sum = 0n;
    for (let odd = 3n; term !== 0n; odd += 2n) {
      sum += term;
      term = this.multiply(term, square) / odd;
    }
    const half = this.multiply(this.pdf(magnitude), sum);
    return this.one / 2n + (x < 0n ? -half : half);
  }

  /** (approximate − exact)/exact, as a double. */
  relativeError(approximate: number, exact: bigint): number {
    return Number(((this.of(approximate) - exact) << 80n) / exact) / 2 ** 80;
  }

  /** approximate − exact, as a double. */
  absoluteError(approximate: number, exact: bigint): number {
    return Number(((this.of(approximate) - exact) << 80n) / this.one) / 2 ** 80;
  }

  #arctanInverse(n: bigint): bigint {
    let power = this.one / n;
    let sum = 0n;
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += k % 4n === 1n ? power / k : -(power / k);
      power /= n * n;
    }
    return sum;
  }
}

function squareRoot(n: bigint): bigint {
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
