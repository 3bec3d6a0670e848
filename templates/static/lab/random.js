/**
 * Random numbers of the lab: the same bits in every browser, since only 32-bit integers are added and shifted.
 */
(function (Lab) {
  "use strict";

  /** What a generator is for: each use has numbers of its own. */
  const USES = { weights: 1, noise: 2, data: 3, inputs: 4, cotangent: 5, biases: 6 };

  /** Numbers that are thrown away at the start, until every bit of the seed has reached every bit of the state. */
  const ROUNDS = 15;

  /**
   * Start sfc32, the small fast counting generator, on three words (Doty-Humphrey 2010, PractRand).
   *
   * @param {number} a
   * @param {number} b
   * @param {number} c whole numbers, taken modulo 2^32
   * @returns {() => number} gives the next whole number, 0 to 2^32 - 1
   */
  function generator(a, b, c) {
    let counter = 1;
    function next() {
      const result = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + result) | 0;
      return result >>> 0;
    }
    [a, b, c] = [a | 0, b | 0, c | 0];
    for (let round = 0; round < ROUNDS; round++) {
      next();
    }
    return next;
  }

  /** The value of a polynomial, coefficients from the highest power down. */
  function polynomial(coefficients, x) {
    let value = coefficients[0];
    for (let power = 1; power < coefficients.length; power++) {
      value = value * x + coefficients[power];
    }
    return value;
  }

  /* Numerator and denominator in the middle, in the tails, and far out: Wichura 1988, table of PPND16. */
  const MIDDLE = [
    [2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
      13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608],
    [5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1],
  ];
  const TAIL = [
    [7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
      3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734],
    [1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
      0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1],
  ];
  const FAR = [
    [2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
      0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772],
    [2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
      0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1],
  ];

  function ratio([above, below], x) {
    return polynomial(above, x) / polynomial(below, x);
  }

  /**
   * The number below which a standard normal number lies with probability p (Wichura 1988, algorithm AS 241).
   *
   * @param {number} p between 0 and 1
   * @returns {number} with a relative error of about 1e-15; 0 and 1 give -Infinity and Infinity
   */
  function quantile(p) {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      return q * ratio(MIDDLE, 0.180625 - q * q);
    }
    if (p === 0 || p === 1) {
      return p === 0 ? -Infinity : Infinity;
    }
    const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    const size = r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR, r - 5);
    return q < 0 ? -size : size;
  }

  /** Give a generator of 32-bit numbers its uniform and normal ones. */
  function numbers(next) {
    const uniform = () => {
      const high = next() >>> 6;
      return (high * 67108864 + (next() >>> 6) + 0.5) / 4503599627370496;
    };
    return { next, uniform, normal: () => quantile(uniform()) };
  }

  /**
   * A generator of random numbers.
   *
   * @typedef {object} Random
   * @property {() => number} next a whole number, 0 to 2^32 - 1
   * @property {() => number} uniform strictly between 0 and 1: an odd multiple of 2^-53, made of the upper 26 bits of
   *   two whole numbers
   * @property {() => number} normal standard normal, from one uniform number by inversion
   */
  Lab.random = {
    quantile,

    /**
     * @param {number} seed a whole number, taken modulo 2^32
     * @returns {Random}
     */
    sfc32: (seed) => numbers(generator(0, 0, seed)),

    /**
     * The numbers of one use in one layer: none of them depends on the start, or on how many layers there are.
     *
     * @param {number} seed a whole number, taken modulo 2^32
     * @param {"weights"|"noise"|"data"|"inputs"|"cotangent"|"biases"} use
     * @param {number} [layer] counted from 1; 0 where there is none
     * @returns {Random}
     */
    stream: (seed, use, layer = 0) => numbers(generator(USES[use], layer, seed)),
  };
})(window.Lab = window.Lab || {});
