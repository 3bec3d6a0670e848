/** What is read off a network, and the verdict on it: definitions, rules, their order and words are the battery's. */
(function (Lab) {
  "use strict";

  const SATURATED_SLOPE = 0.05;
  const PRESSED = 0.5;
  const TOLERANCE = 1e-10;

  /* The range of single precision, in which the battery runs. */
  const GREATEST = 3.4028234663852886e38;
  const TINY = 1.1754943508222875e-38;

  /** The average of some value over a number of indices. */
  function mean(number, value) {
    let sum = 0;
    for (let index = 0; index < number; index++) sum += value(index);
    return sum / number;
  }

  const rms = (values, size = values.length) => Math.sqrt(mean(size, (index) => values[index] ** 2));
  const finiteShare = (values, size) => mean(size, (index) => Math.abs(values[index]) <= GREATEST);

  /** Counted from the first input, so that equal ones differ by exactly 0. */
  function differences(h, units, count) {
    const variance = (unit) => {
      const apart = (row) => h[row * units + unit] - h[unit];
      const center = mean(count, apart);
      return mean(count, (row) => (apart(row) - center) ** 2);
    };
    return Math.sqrt(mean(units, variance));
  }

  function areAlike({ W, b, fanOut }, unit, other) {
    let apart = Math.abs(b[unit] - b[other]);
    for (let at = 0; at < W.length && apart <= TOLERANCE; at += fanOut) apart = Math.abs(W[at + unit] - W[at + other]);
    return apart <= TOLERANCE;
  }

  function distinctUnits(layer) {
    const units = [...layer.b.keys()];
    return units.filter((unit) => !units.slice(0, unit).some((other) => areAlike(layer, unit, other))).length;
  }

  function read(layer, count, kind, { slope, greatest, bounded }) {
    const { z, h, delta, fanOut, gradW } = layer;
    const size = count * fanOut;
    const isSaturated = (index) => Math.abs(slope(z[index])) < SATURATED_SLOPE * greatest;
    const perUnit = layer.b.map((_, unit) => mean(count, (row) => isSaturated(row * fanOut + unit)));
    const saturated = mean(fanOut, (unit) => perUnit[unit]);
    const [rmsZ, rmsH] = [rms(z, size), rms(h, size)];
    return {
      kind,
      saturated,
      pressed: bounded && rmsH < PRESSED * rmsZ ? saturated : 0,
      dead: mean(fanOut, (unit) => perUnit[unit] === 1),
      perUnit,
      rmsZ,
      rmsH,
      signal: differences(h, fanOut, count),
      rmsDelta: rms(delta, size),
      gradientNorm: rms(gradW) * Math.sqrt(gradW.length),
      distinct: distinctUnits(layer),
      finite: Math.min(finiteShare(h, size), finiteShare(delta, size)),
    };
  }

  /**
   * Read every layer as the last step, on `count` points, left it: {kind: "hidden" or "output"; saturated: share of
   * units and inputs with less than 5 % of the greatest slope; pressed: the same where a bound is the reason; dead:
   * share of units that are saturated for all inputs; perUnit: share of inputs for which each unit is; rmsZ, rmsH,
   * rmsDelta: root mean squares; signal: that of the differences of h between inputs; gradientNorm: Frobenius norm of
   * dLoss/dW; distinct: units that differ by more than 1e-10 from all before; finite: share of h and delta in float32}.
   */
  Lab.readings = ({ layers, activation }, count) =>
    layers.map((layer, at) =>
      layers[at + 1]
        ? read(layer, count, "hidden", Lab.activations[activation])
        : read(layer, count, "output", Lab.activations.linear),
    );

  const RULES = [
    ["stuck", "0", "the signal is zero from the first layer on, and so is every gradient of the hidden weights: " +
      "nothing moves", ({ first, moves }) => first === 0 && moves === 0],
    ["symmetric", "=", "all units of a layer start alike, and get the same gradient", ({ distinct }) => distinct <= 1],
    ["overflows", "∞", "a number leaves the range of float32, or is none any more", ({ finite }) => finite < 1],
    ["saturates", "S", "more than 50% of the outputs of a layer are pressed against a bound of an activation that " +
      "has two, where its slope is flat", ({ pressed }) => pressed > 0.5],
    ["dies", "†", "more than 75% of the units of a layer are inactive for every input", ({ dead }) => dead > 0.75],
    ["explodes", "↑", "the signal or the gradient grows by more than a factor of 100 over the net",
      ({ magnitude, gradient }) => magnitude > 100 || gradient > 100],
    ["vanishes", "↓", "the signal or the gradient shrinks by more than a factor of 100 over the net",
      ({ magnitude, gradient }) => magnitude < 0.01 || gradient < 0.01],
    ["alike", "≈", "inputs have become alike: what differs between them is less than 1% of the signal",
      ({ magnitude, signal }) => signal < 0.01 * magnitude],
    ["healthy", "✓", "none of these failures", () => true],
  ];

  /** What the rules look at: the worst layer, the last one, or both ends. */
  function summary(layers) {
    const [first, last] = [layers[0], layers[layers.length - 1]];
    const greatest = (value) => Math.max(...layers.map(value));
    return {
      first: first.rmsZ,
      moves: greatest((layer) => layer.gradientNorm),
      distinct: -greatest(({ distinct, perUnit }) => (perUnit.length > 1 ? -distinct : -Infinity)),
      finite: -greatest((layer) => -layer.finite),
      pressed: greatest((layer) => layer.pressed),
      dead: greatest((layer) => (layer.rmsZ > TINY ? layer.dead : 0)),
      magnitude: last.rmsH,
      signal: last.signal,
      gradient: first.rmsDelta && first.rmsDelta / last.rmsDelta,
    };
  }

  /** {verdict, sign, meaning} of the hidden layers, by the first rule that holds; inputs have an rms of 1. */
  Lab.verdict = (readings) => {
    const net = summary(readings.filter(({ kind }) => kind === "hidden"));
    const [verdict, sign, meaning] = RULES.find((rule) => rule[3](net));
    return { verdict, sign, meaning };
  };
})(window.Lab = window.Lab || {});
