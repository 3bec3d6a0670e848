/**
 * Activations. No z overflows, an infinite one gives the limit, one that is no number stays none; where a slope jumps
 * it has the value from the left.
 */
(function (Lab) {
  "use strict";

  const SELU_ALPHA = 1.6732632423543772;
  const SELU_SCALE = 1.0507009873554805;

  const { probability } = Lab.random;
  const density = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const step = (z, below) => (z > 0 ? 1 : z <= 0 ? below : z);
  const between = (least, z, greatest) => Math.max(least, Math.min(greatest, z));
  const softsign = (z) => z / (1 + Math.abs(z));
  const tail = (z) => Math.exp(-Math.abs(z));
  const sigmoid = (z) => (z < 0 ? tail(z) : 1) / (1 + tail(z));

  /** The slope of the sigmoid: positive far out, where h (1 - h) would round to 0. */
  function bell(z) {
    const t = tail(z);
    return t / ((1 + t) * (1 + t));
  }

  const entry = (label, phi, slope, greatest = 1, bounded = false) => ({ label, phi, slope, greatest, bounded });

  /** Name -> {label, phi(z), slope(z): its derivative, greatest: of all slopes, bounded: on both sides}. */
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
      (z) => Math.max(z, -40) * probability(z),
      (z) => probability(z) + between(-40, z, 40) * density(z),
      1.128904145184726,
    ),
    silu: entry(
      "SiLU",
      (z) => Math.max(z, -800) * sigmoid(z),
      (z) => sigmoid(z) + between(-800, z, 800) * bell(z),
      1.099839320128629,
    ),
    softplus: entry("softplus", (z) => Math.max(z, 0) + Math.log1p(tail(z)), sigmoid),
    softsign: entry("softsign", (z) => softsign(between(-1e38, z, 1e38)), (z) => (1 + Math.abs(z)) ** -2, 1, true),
  };
})(window.Lab = window.Lab || {});
