/**
 * Activations of the lab, by the names of the battery: phi, its slope, and what saturation is measured by.
 *
 * No z overflows, and an infinite z gives the limit. Where a slope jumps it has the value from the left. A z that is no
 * number stays none.
 */
(function (Lab) {
  "use strict";

  const SELU_ALPHA = 1.6732632423543772;
  const SELU_SCALE = 1.0507009873554805;

  /** 1 above 0, and `below` elsewhere. */
  function step(z, below) {
    return z > 0 ? 1 : z <= 0 ? below : z;
  }

  function sigmoid(z) {
    const tail = Math.exp(-Math.abs(z));
    return (z < 0 ? tail : 1) / (1 + tail);
  }

  /** The slope of the sigmoid: positive far out, where h (1 - h) would round to 0. */
  function bell(z) {
    const tail = Math.exp(-Math.abs(z));
    return tail / ((1 + tail) * (1 + tail));
  }

  function between(lowest, z, greatest) {
    return Math.max(lowest, Math.min(greatest, z));
  }

  function density(z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /* Rational function of Hart et al. 1968, algorithm 5666, as printed in West 2005; highest power first. */
  const ABOVE = [3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
    221.213596169931, 220.206867912376];
  const BELOW = [8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
    637.333633378831, 793.826512519948, 440.413735824752];

  /** The normal distribution function. */
  function below(z) {
    const size = Math.abs(z);
    const tail = size < 3 ? Math.exp(-z * z / 2) * polynomial(ABOVE, size) / polynomial(BELOW, size) : farTail(size);
    return z > 0 ? 1 - tail : tail;
  }

  function polynomial(coefficients, x) {
    let value = 0;
    for (let power = 0; power < coefficients.length; power++) {
      value = value * x + coefficients[power];
    }
    return value;
  }

  /** The chance of a normal number beyond z > 0, by Laplace's continued fraction. */
  function farTail(z) {
    let fraction = z;
    for (let term = 40; term > 0; term--) {
      fraction = z + term / fraction;
    }
    return density(z) / fraction;
  }

  function softsign(z) {
    const within = between(-1e38, z, 1e38);
    return within / (1 + Math.abs(within));
  }

  /**
   * One activation.
   *
   * @typedef {object} Activation
   * @property {string} label for people
   * @property {(z: number) => number} phi
   * @property {(z: number) => number} slope the derivative of phi
   * @property {number} greatest the greatest slope: a unit is saturated where its slope is below 5 % of it
   * @property {boolean} bounded whether phi has a bound on both sides
   */
  function entry(label, phi, slope, greatest = 1, bounded = false) {
    return { label, phi, slope, greatest, bounded };
  }

  /** @type {Object<string, Activation>} */
  Lab.activations = {
    linear: entry("linear", (z) => z, (z) => step(z, 1)),
    sigmoid: entry("sigmoid", sigmoid, bell, 0.25, true),
    tanh: entry("tanh", Math.tanh, (z) => 4 * bell(2 * z), 1, true),
    relu: entry("ReLU", (z) => Math.max(0, z), (z) => step(z, 0)),
    leaky_relu: entry("leaky ReLU", (z) => Math.max(z, 0.01 * z), (z) => step(z, 0.01)),
    elu: entry("ELU", (z) => (z > 0 ? z : Math.expm1(z)), (z) => Math.exp(Math.min(z, 0))),
    selu: entry(
      "SELU",
      (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
      (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z)),
      SELU_SCALE * SELU_ALPHA,
    ),
    gelu: entry(
      "GELU",
      (z) => Math.max(z, -40) * below(z),
      (z) => below(z) + between(-40, z, 40) * density(z),
      1.128904145184726,
    ),
    silu: entry(
      "SiLU",
      (z) => Math.max(z, -800) * sigmoid(z),
      (z) => sigmoid(z) + between(-800, z, 800) * bell(z),
      1.099839320128629,
    ),
    softplus: entry("softplus", (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid),
    softsign: entry("softsign", softsign, (z) => 1 / ((1 + Math.abs(z)) * (1 + Math.abs(z))), 1, true),
  };
})(window.Lab = window.Lab || {});
