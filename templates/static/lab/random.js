/** Random numbers: whole numbers are added and shifted, so that every browser has the same bits. */
(function (Lab) {
  "use strict";

  const USES = { weights: 1, noise: 2, data: 3, inputs: 4, cotangent: 5, biases: 6 };

  /** sfc32 on three words, without its first 15 numbers (Doty-Humphrey 2010, PractRand). */
  function generator(a, b, c) {
    let counter = 1;
    function next() {
      const sum = (a + b + counter++) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      return sum >>> 0;
    }
    while (counter <= 15) next();
    const uniform = () => ((next() >>> 6) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 52;
    return { next, uniform, normal: () => quantile(uniform()) };
  }

  /* Wichura 1988, PPND16: in the middle, in the tails, far out. The highest power comes first. */
  const MIDDLE = [
    [2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
      133.14166789178438, 3.3871328727963665],
    [5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
      42.31333070160091, 1],
  ];
  const TAIL = [
    [0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
      5.769497221460691, 4.630337846156546, 1.4234371107496835],
    [1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
      1.6763848301838038, 2.053191626637759, 1],
  ];
  const FAR = [
    [2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
      1.7848265399172913, 5.463784911164114, 6.657904643501103],
    [2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
      0.1369298809227358, 0.599832206555888, 1],
  ];

  /* Hart et al. 1968, algorithm 5666, as in West 2005. */
  const HART = [
    [0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
      220.206867912376],
    [0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
      793.826512519948, 440.413735824752],
  ];

  const polynomial = (coefficients, x) => coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
  const ratio = ([above, below], x) => polynomial(above, x) / polynomial(below, x);

  /** The z below which a standard normal number lies with probability p, to about 1e-15 (Wichura 1988, AS 241). */
  function quantile(p) {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) return q * ratio(MIDDLE, 0.180625 - q * q);
    const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    return Math.sign(q) * (r < 5 ? ratio(TAIL, r - 1.6) : r < 40 ? ratio(FAR, r - 5) : r);
  }

  /** The probability of a standard normal number below z, to about 1e-15; far out by Laplace's continued fraction. */
  function probability(z) {
    const size = Math.abs(z);
    let fraction = size;
    for (let term = size < 3 ? 0 : 40; term > 0; term--) fraction = size + term / fraction;
    const share = size < 3 ? ratio(HART, size) : 1 / (fraction * Math.sqrt(2 * Math.PI));
    const tail = Math.exp((-z * z) / 2) * share;
    return z > 0 ? 1 - tail : tail;
  }

  /**
   * Generators have next(): a whole number, 0 to 2^32 - 1; uniform(): strictly between 0 and 1, with 53 bits of two
   * whole numbers; normal(): standard normal, by inversion of one uniform number. Seeds are whole, 0 to 2^32 - 1. The
   * stream of a use in a layer (from 1) depends neither on the start nor on the number of layers.
   */
  Lab.random = {
    quantile,
    probability,
    sfc32: (seed) => generator(0, 0, seed),
    stream: (seed, use, layer = 0) => generator(USES[use], layer, seed),
  };
})(window.Lab = window.Lab || {});
