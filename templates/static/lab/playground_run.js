/** What the playground trains: a net on the points of a problem, from one start, with its way so far. */
(function (Lab) {
  "use strict";

  const KEPT = 200;
  const SAME = 1e-10;
  const DIRECTIONS = 180;
  const [LOOK, LEARNED] = [5, 0.9];

  /**
   * One start under training.
   *
   * `settings`: {hidden: units of each hidden layer, activation, optimizer, rate, seed}; `start`: {name, size, noise,
   * biases, biasSize} as Lab.Net has them, or {weights, biases}, arrays per layer; `points`: {x, y, count}.
   */
  class Run {
    constructor(settings, start, points) {
      Object.assign(this, { settings, start, points, chances: chances(points) });
      this.rewind();
    }

    /** Go back to the start: the same seed gives the same weights. */
    rewind() {
      const { settings, start } = this;
      const { hidden, activation, optimizer, seed } = settings;
      this.net = new Lab.Net([2, ...hidden, 2], activation, optimizer);
      if (start.weights) this.net.set(start.weights, start.biases);
      else this.net.start(start.name, { ...start, seed });
      const traces = Array.from({ length: hidden[0] }, () => []);
      const fresh = { isLost: false, learned: null, updates: 0, stride: 1, at: [], losses: [], traces, reading: null };
      Object.assign(this, fresh);
      this.atStart = this.read();
      this.remember(this.atStart.loss);
    }

    /** Make one update with all points; every few of them, see whether nine in ten points are right for the first time. */
    advance() {
      const { x, y, count } = this.points;
      const loss = this.net.step(x, y, count, this.settings.rate);
      if (this.learned === null && this.updates % LOOK === 0 && this.isRight()) this.learned = this.updates;
      this.updates++;
      this.isLost = !Number.isFinite(loss);
      if (this.updates % this.stride === 0) this.remember(loss);
    }

    isRight() {
      return rightShare(this.net.layers[this.net.layers.length - 1].z, this.points.y) >= LEARNED;
    }

    /** Keep the loss, and the weight from the first input to each unit of the first layer; thin out what is old. */
    remember(loss) {
      this.at.push(this.updates);
      this.losses.push(loss);
      this.traces.forEach((trace, unit) => trace.push(this.net.layers[0].W[unit]));
      if (this.at.length <= KEPT) return;
      this.stride *= 2;
      for (const kept of [this.at, this.losses, ...this.traces]) {
        kept.splice(0, kept.length, ...kept.filter((_, at) => at % 2 === 0));
      }
    }

    /**
     * Read the net as it is now: {updates, loss, right: share of the points, layers: Lab.readings, units: {layer,
     * distinct, of} of the hidden layer with the smallest share of different units, saturated: greatest share of a
     * hidden layer, pressed: which layer that is, parted: greatest difference between two units of the first layer in a weight}.
     */
    read() {
      const { updates, net, reading } = this;
      if (reading && reading.updates === updates) return reading;
      const { x, y, count } = this.points;
      const loss = net.step(x, y, count, 0);
      const layers = Lab.readings(net, count);
      const hidden = layers.slice(0, -1);
      const share = ({ distinct, perUnit }) => distinct / perUnit.length;
      const fewest = hidden.reduce((least, layer) => (share(layer) < share(least) ? layer : least));
      const units = { layer: layers.indexOf(fewest) + 1, distinct: fewest.distinct, of: fewest.perUnit.length };
      const saturated = Math.max(...hidden.map((layer) => layer.saturated));
      const pressed = hidden.findIndex((layer) => layer.saturated === saturated) + 1;
      const right = rightShare(net.layers[net.layers.length - 1].z, y);
      return (this.reading = { updates, loss, right, layers, units, saturated, pressed, parted: difference(net.layers[0]) });
    }

    /** Return the lines of the traces that differ, each once. */
    lines() {
      const differs = (one, other) => one.some((value, at) => !(Math.abs(value - other[at]) <= SAME));
      return this.traces.filter((trace, at) => this.traces.slice(0, at).every((earlier) => differs(trace, earlier)));
    }
  }

  /**
   * Return what can be had without a net: {guess, line: shares right of the more frequent class and of the best straight
   * line, of so many directions, loss: of a guess that knows how frequent the classes are}.
   */
  function chances({ x, y, count }) {
    const ones = y.reduce((sum, label) => sum + label, 0);
    const guess = Math.max(ones, count - ones);
    let line = guess;
    for (let turn = 0; turn < DIRECTIONS; turn++) {
      const [a, b] = [Math.cos, Math.sin].map((part) => part((Math.PI * turn) / DIRECTIONS));
      const places = Float64Array.from(y, (_, point) => a * x[2 * point] + b * x[2 * point + 1]);
      const order = Array.from(y.keys()).sort((one, other) => places[one] - places[other]);
      let right = count - ones; // what the line has passed is called 1
      for (const point of order) {
        right += 2 * y[point] - 1;
        line = Math.max(line, right, count - right);
      }
    }
    const part = (share) => (share ? -share * Math.log(share) : 0);
    return { guess: guess / count, line: line / count, loss: part(ones / count) + part(1 - ones / count) };
  }

  /** Return the share of points whose class has the greater output; of equal ones the first counts. */
  const rightShare = (outputs, y) =>
    y.filter((label, point) => (outputs[2 * point + 1] > outputs[2 * point]) === (label === 1)).length / y.length;

  /** Return by how much two units of a layer differ at most in a weight that comes in. */
  function difference({ fanIn, fanOut, W }) {
    const rows = Array.from({ length: fanIn }, (_, input) => W.subarray(input * fanOut, (input + 1) * fanOut));
    return Math.max(...rows.map((weights) => Math.max(...weights) - Math.min(...weights)));
  }

  Lab.playground = { Run };
})((window.Lab = window.Lab || {}));
