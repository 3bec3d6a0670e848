/**
 * What is read off a network, layer by layer, and the verdict on it: definitions, rules, order, thresholds and words
 * are those of the battery.
 */
(function (Lab) {
  "use strict";

  /** A unit is saturated where its slope is below this share of the activation's greatest slope. */
  const SATURATED_SLOPE = 0.05;

  /** Outputs are pressed against a bound where their rms is below this share of that of the pre-activations. */
  const PRESSED = 0.5;

  /** Two units are the same if no weight of theirs, nor the bias, differs by more. */
  const TOLERANCE = 1e-10;

  /** Greatest and smallest number of single precision, in which the battery runs. */
  const GREATEST = 3.4028234663852886e38;
  const TINY = 1.1754943508222875e-38;

  function rms(values, size) {
    let sum = 0;
    for (let index = 0; index < size; index++) {
      sum += values[index] * values[index];
    }
    return Math.sqrt(sum / size);
  }

  function finiteShare(values, size) {
    let finite = 0;
    for (let index = 0; index < size; index++) {
      finite += Math.abs(values[index]) <= GREATEST ? 1 : 0;
    }
    return finite / size;
  }

  /** Root of the variance across inputs, averaged over units; counted from the first input, equal ones have exactly 0. */
  function differences(h, units, count) {
    let sum = 0;
    for (let unit = 0; unit < units; unit++) {
      let mean = 0;
      for (let row = 0; row < count; row++) {
        mean += (h[row * units + unit] - h[unit]) / count;
      }
      for (let row = 0; row < count; row++) {
        sum += (h[row * units + unit] - h[unit] - mean) ** 2;
      }
    }
    return Math.sqrt(sum / (units * count));
  }

  /** Share of the inputs for which each unit is saturated. */
  function saturatedPerUnit({ z, fanOut }, count, { slope, greatest }) {
    const numbers = new Float64Array(fanOut);
    for (let index = 0; index < count * fanOut; index++) {
      numbers[index % fanOut] += Math.abs(slope(z[index])) < SATURATED_SLOPE * greatest ? 1 : 0;
    }
    return numbers.map((number) => number / count);
  }

  function areAlike({ W, b, fanIn, fanOut }, unit, other) {
    if (!(Math.abs(b[unit] - b[other]) <= TOLERANCE)) {
      return false;
    }
    for (let i = 0; i < fanIn; i++) {
      if (!(Math.abs(W[i * fanOut + unit] - W[i * fanOut + other]) <= TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  /** Count the units that differ from every one before them. */
  function distinctUnits(layer) {
    let distinct = 0;
    for (let unit = 0; unit < layer.fanOut; unit++) {
      let other = 0;
      while (other < unit && !areAlike(layer, unit, other)) {
        other++;
      }
      distinct += other === unit ? 1 : 0;
    }
    return distinct;
  }

  function read(layer, count, activation, kind) {
    const size = count * layer.fanOut;
    const [rmsZ, rmsH] = [rms(layer.z, size), rms(layer.h, size)];
    const perUnit = saturatedPerUnit(layer, count, activation);
    const saturated = perUnit.reduce((sum, share) => sum + share, 0) / layer.fanOut;
    return {
      kind,
      saturated,
      pressed: activation.bounded && rmsH < PRESSED * rmsZ ? saturated : 0,
      dead: perUnit.filter((share) => share === 1).length / layer.fanOut,
      perUnit,
      rmsZ,
      rmsH,
      signal: differences(layer.h, layer.fanOut, count),
      rmsDelta: rms(layer.delta, size),
      gradientNorm: rms(layer.gradW, layer.gradW.length) * Math.sqrt(layer.gradW.length),
      distinct: distinctUnits(layer),
      units: layer.fanOut,
      finite: Math.min(finiteShare(layer.h, size), finiteShare(layer.delta, size)),
    };
  }

  /**
   * What is read off one layer.
   *
   * @typedef {object} Reading
   * @property {"hidden"|"output"} kind
   * @property {number} saturated share of pairs of unit and input whose slope is below 5 % of the greatest
   * @property {number} pressed the same where a bound of the activation is the reason, else 0
   * @property {number} dead share of units that are saturated for every input
   * @property {Float64Array} perUnit share of inputs for which each unit is saturated
   * @property {number} rmsZ root mean square of the pre-activations
   * @property {number} rmsH root mean square of the activations
   * @property {number} signal rms of what differs between inputs in the activations
   * @property {number} rmsDelta root mean square of dLoss/dz
   * @property {number} gradientNorm Frobenius norm of dLoss/dW
   * @property {number} distinct units whose incoming weights or bias differ by more than 1e-10 from all before
   * @property {number} units
   * @property {number} finite least share of the activations and of dLoss/dz that are numbers of single precision
   */

  /**
   * Read a network as its last step (a learning rate of 0 will do) left it.
   *
   * @param {Net} net
   * @param {number} count number of points of that step
   * @returns {Reading[]} one per layer, the output last
   */
  Lab.readings = function (net, count) {
    const last = net.layers.length - 1;
    return net.layers.map((layer, index) =>
      index < last
        ? read(layer, count, Lab.activations[net.activation], "hidden")
        : read(layer, count, Lab.activations.linear, "output"),
    );
  };

  /* The first rule that holds gives the verdict. */
  const LIMIT = 100;
  const FLAT = 0.5;
  const DEAD = 0.75;
  const RULES = [
    ["stuck", "0", "the signal is zero from the first layer on, and so is every gradient of the hidden weights: " +
      "nothing moves", (net) => net.first === 0 && net.moves === 0],
    ["symmetric", "=", "all units of a layer start alike, and get the same gradient", (net) => net.distinct <= 1],
    ["overflows", "∞", "a number leaves the range of float32, or is none any more", (net) => net.finite < 1],
    ["saturates", "S", "more than 50% of the outputs of a layer are pressed against a bound of an activation that " +
      "has two, where its slope is flat", (net) => net.pressed > FLAT],
    ["dies", "†", "more than 75% of the units of a layer are inactive for every input", (net) => net.dead > DEAD],
    ["explodes", "↑", "the signal or the gradient grows by more than a factor of 100 over the net",
      (net) => net.magnitude > LIMIT || net.gradient > LIMIT],
    ["vanishes", "↓", "the signal or the gradient shrinks by more than a factor of 100 over the net",
      (net) => net.magnitude < 1 / LIMIT || net.gradient < 1 / LIMIT],
    ["alike", "≈", "inputs have become alike: what differs between them is less than 1% of the signal",
      (net) => net.signal < net.magnitude / LIMIT],
    ["healthy", "✓", "none of these failures", () => true],
  ];

  /** The numbers of a whole network that the rules look at: those of the worst layer, of the last, of both ends. */
  function summary(layers) {
    const [first, last] = [layers[0], layers[layers.length - 1]];
    const of = (value) => layers.map(value);
    return {
      first: first.rmsZ,
      moves: Math.max(...of((layer) => layer.gradientNorm)),
      distinct: Math.min(...of((layer) => (layer.units > 1 ? layer.distinct : Infinity))),
      finite: Math.min(...of((layer) => layer.finite)),
      pressed: Math.max(...of((layer) => layer.pressed)),
      dead: Math.max(...of((layer) => (layer.rmsZ > TINY ? layer.dead : 0))),
      magnitude: last.rmsH,
      signal: last.signal,
      gradient: first.rmsDelta === 0 ? 0 : first.rmsDelta / last.rmsDelta,
    };
  }

  /**
   * Judge a network; its inputs have an rms of 1.
   *
   * @param {Reading[]} readings as Lab.readings returns them
   * @returns {{verdict: string, sign: string, meaning: string}} a word, its sign, and the rule in words
   */
  Lab.verdict = function (readings) {
    const net = summary(readings.filter(({ kind }) => kind === "hidden"));
    const [verdict, sign, meaning] = RULES.find((rule) => rule[3](net));
    return { verdict, sign, meaning };
  };
})(window.Lab = window.Lab || {});
