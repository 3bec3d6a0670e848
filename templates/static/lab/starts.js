/**
 * Starts of the lab: how the weights of a layer are drawn, defined as the battery's initializers are.
 *
 * Every random start takes one uniform number per weight, in the same order, and never lets it fall: with one stream of
 * random numbers all of them agree in their signs, and those of a family differ by their scale alone.
 */
(function (Lab) {
  "use strict";

  /** Standard deviation of a standard normal number that is cut at two; Keras and JAX divide by it. */
  const TRUNCATED_STD = 0.87962566103423978;

  /** The chance of a standard normal number below -2. */
  const BEYOND = 0.022750131948179195;

  /** Draws of mean 0: [a number, made of one uniform number; its standard deviation]. */
  const NORMAL = [(random) => random.normal(), 1];
  const TRUNCATED = [(random) => Lab.random.quantile(BEYOND + (1 - 2 * BEYOND) * random.uniform()), TRUNCATED_STD];
  const UNIFORM = [(random) => 2 * random.uniform() - 1, 1 / Math.sqrt(3)];
  const SIGNS = [(random) => (random.uniform() < 0.5 ? -1 : 1), 1];

  function fill(fanIn, fanOut, draw) {
    return new Float64Array(fanIn * fanOut).map(draw);
  }

  /** A start of one value, and what is added to it. */
  function constant(label, size, noise = null) {
    const draw = (random, fanIn, fanOut, chosen = {}, noiseRandom = random) => {
      const { size: value, noise: spread } = { size, noise, ...chosen };
      return fill(fanIn, fanOut, () => (spread ? value + spread * noiseRandom.normal() : value));
    };
    return { label, size, noise, draw, std: (fanIn, fanOut, chosen = {}) => ({ noise, ...chosen }).noise || 0 };
  }

  /** A start whose scale, `size`, does not depend on the layer. */
  function sized(label, size, [draw, std]) {
    return {
      label,
      size,
      noise: null,
      draw: (random, fanIn, fanOut, chosen = {}) => {
        const scale = chosen.size ?? size;
        return fill(fanIn, fanOut, () => scale * draw(random));
      },
      std: (fanIn, fanOut, chosen = {}) => std * (chosen.size ?? size),
    };
  }

  /** A start whose variance follows the layer. */
  function scaled(label, variance, [draw, std]) {
    return {
      label,
      size: null,
      noise: null,
      draw: (random, fanIn, fanOut) => {
        const scale = Math.sqrt(variance(fanIn, fanOut)) / std;
        return fill(fanIn, fanOut, () => scale * draw(random));
      },
      std: (fanIn, fanOut) => Math.sqrt(variance(fanIn, fanOut)),
    };
  }

  function dot(a, b) {
    return a.reduce((sum, value, index) => sum + value * b[index], 0);
  }

  /** Make vectors orthogonal and 1 long, one after another; the second pass takes away what rounding left. */
  function orthonormalize(vectors) {
    vectors.forEach((vector, index) => {
      for (let pass = 0; pass < 2; pass++) {
        for (const earlier of vectors.slice(0, index)) {
          const share = dot(vector, earlier);
          vector.forEach((value, entry) => (vector[entry] = value - share * earlier[entry]));
        }
      }
      const length = Math.sqrt(dot(vector, vector));
      vector.forEach((value, entry) => (vector[entry] = value / length));
    });
  }

  /** Rows or columns, whichever are fewer, of a normal matrix made orthonormal: evenly distributed (Mezzadri 2007). */
  function orthogonal(random, fanIn, fanOut) {
    const W = fill(fanIn, fanOut, () => random.normal());
    const [many, few] = [Math.max(fanIn, fanOut), Math.min(fanIn, fanOut)];
    const at = (entry, vector) => (fanIn >= fanOut ? entry * fanOut + vector : vector * fanOut + entry);
    const vectors = Array.from({ length: few }, (_, vector) => fill(many, 1, (_, entry) => W[at(entry, vector)]));
    orthonormalize(vectors);
    vectors.forEach((values, vector) => values.forEach((value, entry) => (W[at(entry, vector)] = value)));
    return W;
  }

  const byInputs = (scale) => (fanIn) => scale / fanIn;
  const byBoth = (fanIn, fanOut) => 2 / (fanIn + fanOut);

  /**
   * One start.
   *
   * @typedef {object} Start
   * @property {string} label for people
   * @property {?number} size what the start is scaled by where that can be chosen: the value, the standard deviation
   *   before any cut, or the limit of the uniform one; here its default
   * @property {?number} noise standard deviation of what is added; here its default
   * @property {(random: Random, fanIn: number, fanOut: number, chosen?: {size?: number, noise?: number},
   *   noiseRandom?: Random) => Float64Array} draw weights W[i * fanOut + j]
   * @property {(fanIn: number, fanOut: number, chosen?: {size?: number, noise?: number}) => ?number} std the declared
   *   standard deviation of a weight; 0 where all are equal
   */
  /** @type {Object<string, Start>} */
  Lab.starts = {
    zeros: { ...constant("zeros", 0), size: null, draw: (random, fanIn, fanOut) => fill(fanIn, fanOut, () => 0) },
    constant: constant("constant", 0.1),
    constant_noise: constant("constant + noise", 0.1, 0.01),
    signs: sized("plus or minus", 10, SIGNS),
    random_normal: sized("normal", 0.05, NORMAL),
    random_uniform: sized("uniform", 0.05, UNIFORM),
    truncated_normal: sized("truncated normal", 0.05, TRUNCATED),
    torch_default: scaled("PyTorch default", byInputs(1 / 3), UNIFORM),
    lecun_normal: scaled("LeCun normal", byInputs(1), TRUNCATED),
    lecun_uniform: scaled("LeCun uniform", byInputs(1), UNIFORM),
    glorot_normal: scaled("Glorot normal", byBoth, TRUNCATED),
    glorot_uniform: scaled("Glorot uniform", byBoth, UNIFORM),
    he_normal: scaled("He normal", byInputs(2), TRUNCATED),
    he_uniform: scaled("He uniform", byInputs(2), UNIFORM),
    orthogonal: {
      label: "orthogonal",
      size: null,
      noise: null,
      draw: orthogonal,
      std: (fanIn, fanOut) => 1 / Math.sqrt(Math.max(fanIn, fanOut)),
    },
  };
})(window.Lab = window.Lab || {});
