/**
 * Points in the plane. Half of them (rounded down) have label 1, the others 0, in random order; both coordinates are
 * standardized over all points drawn.
 */
(function (Lab) {
  "use strict";

  const between = (random, least, greatest) => least + (greatest - least) * random.uniform();
  const polar = (radius, angle) => [radius * Math.cos(angle), radius * Math.sin(angle)];

  /** A disc (label 1) of radius .5 inside a ring from .7 to 1. */
  function circle(random, label) {
    const radius = label ? between(random, 0, 0.5) : between(random, 0.7, 1);
    return polar(radius, between(random, 0, 2 * Math.PI));
  }

  /** Four squares, from .3 to 5.3 in both coordinates; label 1 where the signs are equal. */
  function xor(random, label) {
    const sign = random.uniform() < 0.5 ? -1 : 1;
    return [sign * between(random, 0.3, 5.3), (label ? sign : -sign) * between(random, 0.3, 5.3)];
  }

  /** Two round clouds of variance 1/2, around (2, 2) with label 1 and around (-2, -2). */
  function gaussians(random, label) {
    const coordinate = () => (label ? 2 : -2) + Math.SQRT1_2 * random.normal();
    return [coordinate(), coordinate()];
  }

  /** Two arms of 1.75 turns, one half a circle ahead of that of label 1. */
  function spiral(random, label) {
    const out = random.uniform();
    return polar(out, 2 * Math.PI * 1.75 * out + (label ? 0 : Math.PI));
  }

  /** Labels in random order (Fisher & Yates 1938). */
  function shuffled(random, count) {
    const y = new Uint8Array(count).fill(1, 0, count >> 1);
    for (let last = count - 1; last > 0; last--) {
      const other = Math.floor((last + 1) * random.uniform());
      [y[last], y[other]] = [y[other], y[last]];
    }
    return y;
  }

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function standardized(values) {
    const center = mean(values);
    const std = Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
    return values.map((value) => (value - center) / std);
  }

  function problem(label, place) {
    function draw(random, count) {
      const y = shuffled(random, count);
      const points = Array.from(y, (of) => place(random, of));
      const axes = [0, 1].map((axis) => standardized(points.map((point) => point[axis])));
      return { x: new Float64Array(2 * count).map((_, at) => axes[at % 2][at >> 1]), y, count };
    }
    return { label, draw };
  }

  /** Name -> {label, draw(random, count) -> {x: both coordinates, point after point, y: labels, count}}. */
  Lab.problems = {
    circle: problem("circle", circle),
    xor: problem("xor", xor),
    gaussians: problem("two Gaussians", gaussians),
    spiral: problem("spiral", spiral),
  };
})(window.Lab = window.Lab || {});
