/**
 * Averages of functions of one normal number, and of two that are correlated: composite Gauss-Legendre rules, cut at 0,
 * where some activations have a kink, and at 1, 2, 4, … from it, where each of them changes its shape.
 */
(function (Lab) {
  "use strict";

  /** Return nodes and weights of the Gauss-Legendre rule on [-1, 1], by Newton's method. */
  function legendre(count) {
    const rule = { x: new Float64Array(count), w: new Float64Array(count), count };
    for (let at = 0; at < count; at++) {
      let x = Math.cos((Math.PI * (at + 0.75)) / (count + 0.5));
      let slope = 1;
      for (let round = 0; round < 8; round++) {
        let [before, value] = [1, x];
        for (let k = 2; k <= count; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
        slope = (count * (x * value - before)) / (x * x - 1);
        x -= value / slope;
      }
      rule.x[at] = x;
      rule.w[at] = 2 / ((1 - x * x) * slope * slope);
    }
    return rule;
  }

  const ROOT = Math.sqrt(2 * Math.PI);
  const RULE = legendre(10);
  const RULE_OF_PAIR = legendre(8);
  /** Standard deviations at which the line is cut and ends, on either side; for pairs, whose cost is the square. */
  const CUTS = [0, 2, 4, 6, 8, 9];
  const CUTS_OF_PAIR = [0, 2, 5, 8];
  /** Ratio of two cuts that are far out. */
  const PACE = 4;

  /** Return cuts on the positive half of the line: some fixed ones, and `first`, 2 `first`, 4 `first`, … below the end. */
  function halfCuts(fixed, first) {
    const cuts = fixed.slice();
    for (let mark = first; mark < fixed[fixed.length - 1]; mark *= mark < 4 * first ? 2 : PACE) cuts.push(mark);
    return cuts.sort((one, other) => one - other);
  }

  /** Return the sum over z > 0 of `both(z)`, each z weighed with the normal density. */
  function halfMean(both, cuts, rule) {
    let total = 0;
    for (let piece = 1; piece < cuts.length; piece++) {
      const half = (cuts[piece] - cuts[piece - 1]) / 2;
      if (half === 0) continue;
      for (let node = 0; node < rule.count; node++) {
        const z = cuts[piece - 1] + half * (1 + rule.x[node]);
        total += half * rule.w[node] * Math.exp((z * z) / -2) * both(z);
      }
    }
    return total / ROOT;
  }

  /**
   * Return E[f(sqrt(q) z)] for a standard normal z.
   *
   * @param {(x: number) => number} f - smooth but for a kink at 0.
   * @param {number} q - variance; it counts as 1e-150 to 1e150.
   */
  function mean(f, q) {
    const std = Math.sqrt(Math.min(Math.max(q, 1e-150), 1e150));
    return halfMean((z) => f(std * z) + f(-std * z), halfCuts(CUTS, 1 / std), RULE);
  }

  const places = new Float64Array(2200);

  /** Fill `places` with the z at which `center + std z` is 0 or 1, 2, 4, … from it, sorted, and with ends and cuts. */
  function pairCuts(center, std, first) {
    let count = 0;
    const end = 8;
    const put = (z) => z > -end && z < end && (places[count++] = z);
    for (const cut of CUTS_OF_PAIR) {
      places[count++] = cut;
      if (cut) places[count++] = -cut;
    }
    put(-center / std);
    const reach = Math.abs(center) + end * std;
    for (let mark = first; mark < reach; mark *= mark < 4 * first ? 2 : PACE) {
      put((mark - center) / std);
      put((-mark - center) / std);
    }
    places.subarray(0, count).sort();
    return count;
  }

  /** Return E[f(center + std z)]. */
  function blurred(f, center, std, first) {
    if (std === 0) return f(center);
    const count = pairCuts(center, std, first);
    const rule = RULE_OF_PAIR;
    let total = 0;
    for (let piece = 1; piece < count; piece++) {
      const left = places[piece - 1];
      const half = (places[piece] - left) / 2;
      if (half === 0) continue;
      for (let node = 0; node < rule.count; node++) {
        const z = left + half * (1 + rule.x[node]);
        total += half * rule.w[node] * Math.exp((z * z) / -2) * f(center + std * z);
      }
    }
    return total / ROOT;
  }

  /**
   * Return E[f(u) f(v)] for u, v of variance q and correlation c.
   *
   * Both are `sqrt(q) (sqrt(c) y + sqrt(1 - c) z)` with a common y and a z of their own, so that the average over the
   * two z comes apart into one each; for c < 0 the sign of one y is turned.
   *
   * @param {(x: number) => number} f
   * @param {number} q
   * @param {number} c - from -1 to 1.
   * @param {{kinked: boolean, odd: number}} shape - whether f has a kink at 0; -1 for an odd f, 1 for an even one, else 0.
   */
  function meanOfPair(f, q, c, { kinked, odd }) {
    const std = Math.sqrt(q);
    const [shared, own] = [std * Math.sqrt(Math.abs(c)), std * Math.sqrt(1 - Math.abs(c))];
    const least = Math.max(1, (8 * std) / 2 ** 26);
    const nearest = Math.max(kinked ? Math.min(own, 1) : 1, (8 * std) / 2 ** 26);
    const both = (y) => {
      const above = blurred(f, shared * y, own, least);
      const below = odd ? odd * above : blurred(f, -shared * y, own, least);
      return c < 0 ? 2 * above * below : above * above + below * below;
    };
    return halfMean(both, halfCuts(CUTS_OF_PAIR, shared ? nearest / shared : 8), RULE_OF_PAIR);
  }

  Lab.gaussian = { mean, meanOfPair };
})((window.Lab = window.Lab || {}));
