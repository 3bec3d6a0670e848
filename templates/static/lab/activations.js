/**
 * Activations of the lab, by the battery's names. No z overflows, an infinite one gives the limit, and one that is no
 * number stays none. Where a slope jumps it has the value from the left.
 */
(function (Lab) {
  "use strict";

  const SELU_ALPHA = 1.6732632423543772;
  const SELU_SCALE = 1.0507009873554805;

  const step = (z, below) => (z > 0 ? 1 : z <= 0 ? below : z);
  const between = (least, z, greatest) => Math.max(least, Math.min(greatest, z));

  function sigmoid(z) {
    const tail = Math.exp(-Math.abs(z));
    return (z < 0 ? tail : 1) / (1 + tail);
  }

  /** The slope of the sigmoid: positive far out, where h (1 - h) would round to 0. */
  function bell(z) {
    const tail = Math.exp(-Math.abs(z));
    return tail / ((1 + tail) * (1 + tail));
  }

  function gelu(z) {
    return Math.max(z, -40) * Lab.random.probability(z);
  }

  function geluSlope(z) {
    const within = between(-40, z, 40);
    return Lab.random.probability(z) + (within * Math.exp((-within * within) / 2)) / Math.sqrt(2 * Math.PI);
  }

  function softsign(z) {
    const within = between(-1e38, z, 1e38);
    return within / (1 + Math.abs(within));
  }

  /** Saturated is where the slope is below 5 % of the `greatest`; bounded, a phi with bounds on both sides. */
  function entry(label, phi, slope, greatest = 1, bounded = false) {
    return { label, phi, slope, greatest, bounded };
  }

  /** Name -> {label, phi(z), slope(z): its derivative, greatest: the greatest slope, bounded}. */
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
    gelu: entry("GELU", gelu, geluSlope, 1.128904145184726),
    silu: entry(
      "SiLU",
      (z) => Math.max(z, -800) * sigmoid(z),
      (z) => sigmoid(z) + between(-800, z, 800) * bell(z),
      1.099839320128629,
    ),
    softplus: entry("softplus", (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), sigmoid),
    softsign: entry("softsign", softsign, (z) => (1 + Math.abs(z)) ** -2, 1, true),
  };
})(window.Lab = window.Lab || {});
