/**
 * Mean field theory of a very wide net at its start: how large a signal is in every layer, what becomes of the angle
 * of two inputs, and what a gradient is multiplied with (Poole et al. 2016, sec. 2; Schoenholz et al. 2017, sec. 2 to
 * 4). Weights are independent with variance w / fan_in, biases have the variance b. No document is touched in here.
 *
 *   q_1 = w q_0 + b, then q_{l+1} = w E[phi(sqrt(q_l) z)²] + b        z is a standard normal number
 *   chi_l = w E[phi'(sqrt(q_l) z)²]                                   a gradient's mean square on its way down
 *   c_{l+1} = (w E[phi(u) phi(v)] + b) / q_{l+1}                      u, v of variance q_l and correlation c_l
 *
 * Averages are those of `Lab.gaussian`; ReLU, leaky ReLU and the line have closed forms (Cho & Saul 2009, sec. 2).
 */
(function (Lab) {
  "use strict";

  const GREATEST = 1e150;
  /** A second moment from which on activations without bounds are two straight lines, to ten digits. */
  const FAR = 1e20;
  const SMALLEST = 1e-150;
  /** Two factors that agree to this relative difference count as equal: a map is the identity there. */
  const NEARLY = 1e-10;
  /** Two inputs whose correlation is this close to 1 count as alike. */
  const ALIKE = 1e-6;
  /** Where the limits of small and of great q are taken. */
  const NEAR_ZERO = 1e-30;
  const NEAR_INFINITY = 1e30;
  /** Second moments between which fixed points are looked for, eight to an octave, from 1e-12 to 1e12. */
  const GRID = Float64Array.from({ length: 641 }, (_, at) => 2 ** (at / 8 - 40));
  /** Scales of the weights between which an edge is looked for. */
  const SCALES = Float64Array.from({ length: 61 }, (_, at) => 10 ** (-2 + at / 12));
  const STRAIGHT = { linear: [1, 1], relu: [0, 1], leaky_relu: [0.01, 1] };
  const KINKED = new Set(["elu", "selu", "softsign"]);
  const ODD = new Set(["tanh", "softsign"]);

  // Activations as the theory sees them -----------------------------------------------------------------------------------

  /** Return the averages of an activation that is a line on either side of 0 (He et al. 2015; Cho & Saul 2009). */
  function straightAverages(below, above) {
    const square = (above * above + below * below) / 2;
    const [odd, even] = [(above + below) ** 2, (above - below) ** 2];
    return {
      square: (q) => q * square,
      slope: () => square,
      mean: (q) => (above - below) * Math.sqrt(q / (2 * Math.PI)),
      growth: () => square,
      product: (q, c) => (q * (odd * c + (even * 2 * (Math.sqrt((1 - c) * (1 + c)) + c * Math.asin(c))) / Math.PI)) / 4,
      slopeProduct: (q, c) => square - (Math.acos(c) / Math.PI) * (even / 2),
    };
  }

  /** Take a function from its far ends on as they are there: 0, or a line of slope 1; GELU is slow to compute there. */
  function shortened(f, above) {
    return (x) => (x > 9 ? above(x) : x < -9 ? 0 : f(x));
  }

  /** Return the averages of any other activation; far out, one without bounds is a line on either side as well. */
  function smoothAverages(name, { phi, slope, bounded }) {
    if (name === "gelu") [phi, slope] = [shortened(phi, (x) => x), shortened(slope, () => 1)];
    const { mean, meanOfPair } = Lab.gaussian;
    const kinked = KINKED.has(name);
    const within = (q) => Math.min(Math.max(q, SMALLEST), GREATEST);
    const far = straightAverages(0, slope(FAR));
    const product = (q, c) => meanOfPair(phi, q, c, { kinked, odd: ODD.has(name) ? -1 : 0 });
    return {
      square: (q) => (q > GREATEST ? Infinity : q < SMALLEST ? phi(0) ** 2 : mean((x) => phi(x) ** 2, q)),
      slope: (q) => mean((x) => slope(x) ** 2, q),
      mean: (q) => mean(phi, q),
      growth: (q) => mean((x) => x * phi(x) * slope(x), within(q)) / within(q),
      product: (q, c) => (q > FAR && !bounded ? far.product(q, c) : product(q, c)),
      slopeProduct: (q, c) => meanOfPair(slope, q, c, { kinked, odd: ODD.has(name) ? 1 : 0 }),
    };
  }

  // Where the maps settle ---------------------------------------------------------------------------------------------------

  /** Return where a function changes its sign between two places (regula falsi with the Illinois rule). */
  function root(f, from, to, tolerance) {
    let [a, b, fa, fb] = [from, to, f(from), f(to)];
    for (let round = 0; round < 100 && Math.abs(b - a) > tolerance && fb !== 0; round++) {
      const next = b - (fb * (b - a)) / (fb - fa);
      const value = f(next);
      if (value * fb < 0) [a, fa] = [b, fb];
      else fa /= 2;
      const moved = Math.abs(next - b);
      [b, fb] = [next, value];
      if (moved < tolerance) break;
    }
    return b;
  }

  /** Return -1 / ln(factor), the layers in which a difference shrinks by e; Infinity where it does not shrink so. */
  function depthScale(factor) {
    const size = Math.abs(factor);
    if (size >= 1 - NEARLY) return Infinity;
    return size > 0 ? -1 / Math.log(size) : 0;
  }

  class MeanField {
    /** @param {string} name - one of the names of `Lab.activations`. */
    constructor(name) {
      const straight = STRAIGHT[name];
      this.name = name;
      Object.assign(this, straight ? straightAverages(...straight) : smoothAverages(name, Lab.activations[name]));
      this.tables = { square: new Float64Array(GRID.length), slope: new Float64Array(GRID.length) };
    }

    /** Return E[phi²] ("square") or E[phi'²] ("slope") at a place of the grid; it is kept. */
    onGrid(what, at) {
      const table = this.tables[what];
      return table[at] || (table[at] = this[what](GRID[at]));
    }

    /**
     * Return between which two q of the grid the second moment settles, for inputs of mean square q0: {low, high}, or
     * {q} where that is known: 0, Infinity, or the q of the first layer where the map is the identity.
     */
    bracket(w, b, q0) {
      const first = w * q0 + b;
      const start = Math.min(Math.max(first, GRID[0]), GRID[GRID.length - 1]);
      const pull = (w * this.square(start) + b) / start - 1;
      if (Math.abs(pull) < NEARLY || (first === 0 && this.square(0) === 0)) return { q: first };
      const way = Math.sign(pull);
      const place = (Math.log2(start) + 40) * 8;
      let at = way > 0 ? Math.floor(place) + 1 : Math.ceil(place) - 1;
      let last = start;
      for (; at >= 0 && at < GRID.length; at += way) {
        if (way * ((w * this.onGrid("square", at) + b) / GRID[at] - 1) < -NEARLY) return { near: last, far: GRID[at], at };
        last = GRID[at];
      }
      return { q: way > 0 ? Infinity : 0 };
    }

    /** Return q*, the second moment that inputs of mean square q0 are led to: 0, a number, or Infinity. */
    settle(w, b, q0 = 1) {
      const found = this.bracket(w, b, q0);
      if ("q" in found) return found.q;
      const pull = (log) => (w * this.square(Math.exp(log)) + b) / Math.exp(log) - 1;
      return Math.exp(root(pull, Math.log(found.near), Math.log(found.far), 1e-13));
    }

    /**
     * Find where a very deep net ends up.
     *
     * @returns {{q: number, chi: number, c: number, xiQ: number, xiC: number, growth: number}} q*, 0 or Infinity where
     *   it does not settle; chi_1, the factor of a gradient's mean square per layer; c*, NaN where every angle is kept;
     *   the depth scales in layers; and the factor by which a deviation of q changes per layer.
     */
    fixedPoint(w, b, q0 = 1) {
      const q = this.settle(w, b, q0);
      const near = Math.min(Math.max(q, NEAR_ZERO), NEAR_INFINITY);
      const growth = w * this.growth(near);
      return { q, chi: w * this.slope(near), ...this.alignment(w, b, near), xiQ: depthScale(growth), growth };
    }

    /** Return c* and xi_c at a second moment; the correlation map is convex (Daniely et al. 2016). */
    alignment(w, b, q) {
      const next = w * this.square(q) + b;
      if (next === 0 || !Number.isFinite(next)) return { c: NaN, xiC: NaN };
      const ofUnlike = (w * this.mean(q) ** 2 + b) / next;
      const slope = (w * this.slope(q) * q) / next;
      if (slope <= 1 + NEARLY) {
        const kept = slope >= 1 - NEARLY && ofUnlike < NEARLY;
        return { c: kept ? NaN : 1, xiC: depthScale(slope) };
      }
      const excess = (c) => (w * this.product(q, c) + b) / next - c;
      if (excess(1 - ALIKE) >= 0) return { c: 1, xiC: Infinity };
      const c = ofUnlike > NEARLY ? root(excess, 1 - ALIKE, 0, 1e-11) : 0;
      return { c, xiC: depthScale((w * this.slopeProduct(q, c) * q) / next) };
    }

    /**
     * Follow two inputs of mean square q0 and cosine c0 up, and a gradient down.
     *
     * @returns {{q: number[], c: number[], chi: number[], delta: number[]}} by layer, from the first: second moment of
     *   the pre-activations, their correlation (NaN from where they vanish or overflow), factor of a gradient's mean
     *   square, and the rms of the gradient over that of the last layer.
     */
    path(w, b, { c0 = 0, q0 = 1, depth }) {
      const made = { q: [], c: [], chi: [], delta: new Array(depth) };
      let [square, shared] = [q0, c0 * q0];
      for (let layer = 0; layer < depth; layer++) {
        const q = w * square + b;
        const c = q > 0 && q < Infinity ? Math.min(1, Math.max(-1, (w * shared + b) / q)) : NaN;
        made.q.push(q);
        made.c.push(c);
        const before = layer ? layer - 1 : 0;
        const still = layer > 0 && Math.abs(q / made.q[before] - 1) < 1e-13 && Math.abs(c - made.c[before]) < 1e-13;
        made.chi.push(still ? made.chi[before] : w * this.slope(q));
        if (still) continue;
        square = this.square(q);
        shared = Number.isNaN(c) ? NaN : this.product(q, c);
      }
      made.delta[depth - 1] = 1;
      for (let layer = depth - 2; layer >= 0; layer--) {
        made.delta[layer] = made.delta[layer + 1] * Math.sqrt(made.chi[layer]);
      }
      return made;
    }

    /**
     * Return the edge: the least w at which chi_1, where inputs of mean square q0 settle, passes 1. It is read from the
     * averages on the grid, to some 1e-4.
     *
     * @param {number[]} biases - variances of the biases.
     * @returns {number[]} one w each; 0 and Infinity where chi_1 is above, or not above, 1 at all of `SCALES`.
     */
    edge(biases, q0 = 1) {
      return Array.from(biases, (b) => {
        const above = (w) => this.roughChi(w, b, q0) > 1;
        const first = SCALES.findIndex(above);
        if (first <= 0) return first ? Infinity : 0;
        let [low, high] = [SCALES[first - 1], SCALES[first]];
        for (let round = 0; round < 18; round++) {
          const middle = Math.sqrt(low * high);
          if (above(middle)) high = middle;
          else low = middle;
        }
        return Math.sqrt(low * high);
      });
    }

    /** Return chi_1 between points of the grid, by straight lines. */
    roughChi(w, b, q0) {
      const found = this.bracket(w, b, q0);
      if (!("at" in found)) return w * this.slope(Math.min(Math.max(found.q, NEAR_ZERO), NEAR_INFINITY));
      const at = Math.max(1, found.far > found.near ? found.at : found.at + 1);
      const pull = (place) => Math.log((w * this.onGrid("square", place) + b) / GRID[place]);
      const [left, right] = [pull(at - 1), pull(at)];
      const share = left === right ? 0 : Math.min(1, Math.max(0, left / (left - right)));
      const [below, above] = [this.onGrid("slope", at - 1), this.onGrid("slope", at)];
      return w * (below + share * (above - below));
    }
  }

  const known = new Map();

  /** Return the theory of an activation; it is made once. */
  Lab.meanField = function (name) {
    if (!known.has(name)) known.set(name, new MeanField(name));
    return known.get(name);
  };
})((window.Lab = window.Lab || {}));
