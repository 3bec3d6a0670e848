/**
 * Starts. Every random one makes a weight of one uniform number and never falls with it: from equal generators all have
 * the same signs, and those of a family differ in scale alone.
 */
(function (Lab) {
  "use strict";

  /* Distributions of mean 0: what makes a number, and its standard deviation. */
  const NORMAL = [(random) => random.normal(), 1];
  const UNIFORM = [(random) => 2 * random.uniform() - 1, 3 ** -0.5];
  const SIGNS = [(random) => (random.uniform() < 0.5 ? -1 : 1), 1];

  /* Normal, cut at two standard deviations; Keras and JAX divide by what is left of them. */
  const BEYOND = 0.022750131948179195;
  const CUT = [(random) => Lab.random.quantile(BEYOND + (1 - 2 * BEYOND) * random.uniform()), 0.8796256610342398];

  const fill = (fanIn, fanOut, draw) => new Float64Array(fanIn * fanOut).map(draw);

  /** Weights that are all equal, but for normal noise. */
  function constant(label, size, noise) {
    const chosen = (given, value) => (value === null ? 0 : given ?? value);
    const std = (fanIn, fanOut, given = {}) => chosen(given.noise, noise);
    function draw(random, fanIn, fanOut, given = {}, noiseRandom = random) {
      const spread = std(fanIn, fanOut, given);
      return fill(fanIn, fanOut, () => chosen(given.size, size) + (spread && spread * noiseRandom.normal()));
    }
    return { label, size, noise, draw, std };
  }

  /** Independent weights: `scale` multiplies the distribution, or gives the variance of a layer. */
  function independent(label, [unit, unitStd], scale) {
    const size = scale > 0 ? scale : null;
    const factor = (fanIn, fanOut, given = {}) =>
      size === null ? Math.sqrt(scale(fanIn, fanOut)) / unitStd : given.size ?? size;
    function draw(random, fanIn, fanOut, given) {
      const times = factor(fanIn, fanOut, given);
      return fill(fanIn, fanOut, () => times * unit(random));
    }
    return { label, size, noise: null, draw, std: (...layer) => unitStd * factor(...layer) };
  }

  /** Rows or columns, whichever are fewer, of a normal matrix, made orthonormal: evenly distributed (Mezzadri 2007). */
  function orthogonal(random, fanIn, fanOut) {
    const W = fill(fanIn, fanOut, () => random.normal());
    const [many, few, along, across] = fanIn < fanOut ? [fanOut, fanIn, 1, fanOut] : [fanIn, fanOut, fanOut, 1];
    function dot(one, other) {
      let sum = 0;
      for (let k = 0; k < many; k++) sum += W[one * across + k * along] * W[other * across + k * along];
      return sum;
    }
    for (let one = 0; one < few; one++) {
      for (let pass = 0; pass < 2 * one; pass++) { // twice: the second time takes away what rounding left
        const other = pass % one;
        const share = dot(one, other);
        for (let k = 0; k < many; k++) W[one * across + k * along] -= share * W[other * across + k * along];
      }
      const length = Math.sqrt(dot(one, one));
      for (let k = 0; k < many; k++) W[one * across + k * along] /= length;
    }
    return W;
  }

  const lecun = (fanIn) => 1 / fanIn;
  const glorot = (fanIn, fanOut) => 2 / (fanIn + fanOut);
  const he = (fanIn) => 2 / fanIn;

  /**
   * Name -> {label, size, noise, draw(random, fanIn, fanOut, {size, noise}, noiseRandom) -> weights W[i * fanOut + j],
   * std(fanIn, fanOut, {size, noise}): the declared standard deviation of a weight}. Size is the value, the standard
   * deviation before a cut or the limit of the uniform distribution, noise a standard deviation: here their defaults,
   * null where nothing can be chosen.
   */
  Lab.starts = {
    zeros: constant("zeros", null, null),
    constant: constant("constant", 0.1, null),
    constant_noise: constant("constant + noise", 0.1, 0.01),
    signs: independent("plus or minus", SIGNS, 10),
    random_normal: independent("normal", NORMAL, 0.05),
    random_uniform: independent("uniform", UNIFORM, 0.05),
    truncated_normal: independent("truncated normal", CUT, 0.05),
    torch_default: independent("PyTorch default", UNIFORM, (fanIn) => 1 / (3 * fanIn)),
    lecun_normal: independent("LeCun normal", CUT, lecun),
    lecun_uniform: independent("LeCun uniform", UNIFORM, lecun),
    glorot_normal: independent("Glorot normal", CUT, glorot),
    glorot_uniform: independent("Glorot uniform", UNIFORM, glorot),
    he_normal: independent("He normal", CUT, he),
    he_uniform: independent("He uniform", UNIFORM, he),
    orthogonal: {
      ...independent("orthogonal", NORMAL, (fanIn, fanOut) => 1 / Math.max(fanIn, fanOut)),
      draw: orthogonal,
    },
  };
})(window.Lab = window.Lab || {});
