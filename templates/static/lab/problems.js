/**
 * Problems of the lab: points in the plane with two classes, distributed as those of the battery's figures.
 *
 * Half of the points (rounded down) have label 1, the others 0, in random order; both coordinates are standardized over
 * all points drawn.
 */
(function (Lab) {
  "use strict";

  function between(random, least, greatest) {
    return least + (greatest - least) * random.uniform();
  }

  function polar(radius, angle) {
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }

  /** A disc (label 1) of radius .5 inside a ring from .7 to 1; radius and angle are uniform. */
  function circle(random, label) {
    const radius = label ? between(random, 0, 0.5) : between(random, 0.7, 1);
    return polar(radius, between(random, 0, 2 * Math.PI));
  }

  /** Four squares: label 1 where both signs are equal. Sizes are uniform from .3 to 5.3. */
  function xor(random, label) {
    const sign = random.uniform() < 0.5 ? -1 : 1;
    return [sign * between(random, 0.3, 5.3), (label ? sign : -sign) * between(random, 0.3, 5.3)];
  }

  /** Two round clouds of variance 1/2 around (2, 2), label 1, and (-2, -2). */
  function gaussians(random, label) {
    const center = label ? 2 : -2;
    return [center + Math.SQRT1_2 * random.normal(), center + Math.SQRT1_2 * random.normal()];
  }

  /** Two arms, 1.75 turns each: at the share u of its arm a point has radius u; label 0 is turned by half a circle. */
  function spiral(random, label) {
    const out = random.uniform();
    return polar(out, 2 * Math.PI * 1.75 * out + (label ? 0 : Math.PI));
  }

  /** Labels in random order (Fisher & Yates 1938). */
  function shuffledLabels(random, count) {
    const y = new Uint8Array(count).fill(1, 0, Math.floor(count / 2));
    for (let last = count - 1; last > 0; last--) {
      const other = Math.floor((last + 1) * random.uniform());
      [y[last], y[other]] = [y[other], y[last]];
    }
    return y;
  }

  /** Bring one coordinate of all points to mean 0 and variance 1. */
  function standardize(x, coordinate, count) {
    const values = Array.from({ length: count }, (_, point) => x[2 * point + coordinate]);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    values.forEach((value, point) => (x[2 * point + coordinate] = std ? (value - mean) / std : 0));
  }

  function problem(label, place) {
    function draw(random, count) {
      const y = shuffledLabels(random, count);
      const x = new Float64Array(2 * count);
      y.forEach((of, point) => x.set(place(random, of), 2 * point));
      standardize(x, 0, count);
      standardize(x, 1, count);
      return { x, y, count };
    }
    return { label, draw };
  }

  /**
   * One problem.
   *
   * @typedef {object} Problem
   * @property {string} label for people
   * @property {(random: Random, count: number) => {x: Float64Array, y: Uint8Array, count: number}} draw points, with
   *   both coordinates of one behind those of another, and their labels
   */
  /** @type {Object<string, Problem>} */
  Lab.problems = {
    circle: problem("circle", circle),
    xor: problem("xor", xor),
    gaussians: problem("two Gaussians", gaussians),
    spiral: problem("spiral", spiral),
  };
})(window.Lab = window.Lab || {});
