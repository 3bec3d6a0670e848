/** What the playground trains: a net on the points of a problem, from one start, with its way so far. No page in here. */
(function (Lab) {
  "use strict";

  const POINTS = 101;
  const KEPT = 200;
  const SAME = 1e-10;

  /**
   * Return the points of a problem, drawn with a seed.
   *
   * 101 of them, an odd number: balanced classes would leave even the output biases of a net of zeros where they are.
   */
  function drawPoints(problem, seed) {
    return Lab.problems[problem].draw(Lab.random.stream(seed, "data", 0), POINTS);
  }

  /** Return the points that the build has packed: x as pairs of coordinates one after the other, y as 0 or 1. */
  function givenPoints({ x, y }) {
    return { x: Float64Array.from(x), y: Uint8Array.from(y), count: y.length };
  }

  /**
   * One start under training.
   *
   * `net`: {hidden: [units of each hidden layer], activation, optimizer, rate, seed}; `start`: {name, size, noise,
   * biases: "zeros" or "normal", biasSize} or {weights, biases}, arrays per layer.
   */
  class Run {
    constructor(net, start, points) {
      this.settings = net;
      this.start = start;
      this.points = points;
      this.rewind();
    }

    /** Go back to the start: the same seed gives the same weights. */
    rewind() {
      const { hidden, activation, optimizer, seed } = this.settings;
      this.net = new Lab.Net([2, ...hidden, 2], activation, optimizer);
      if (this.start.weights) this.net.set(this.start.weights, this.start.biases);
      else this.net.start(this.start.name, { ...this.start, seed });
      this.updates = 0;
      this.stride = 1;
      this.at = [];
      this.losses = [];
      this.traces = hidden.slice(0, 1).flatMap((units) => Array.from({ length: units }, () => []));
      this.reading = null;
      this.atStart = this.read();
      this.remember(this.atStart.loss);
    }

    /** Make some updates with all points. */
    advance(count) {
      const { x, y, count: points } = this.points;
      for (let made = 0; made < count; made++) {
        const loss = this.net.step(x, y, points, this.settings.rate);
        if (this.updates && this.updates % this.stride === 0) this.remember(loss);
        this.updates++;
      }
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
     * Read the net as it is now.
     *
     * @returns {{updates: number, loss: number, right: number, layers: object[], units: object, saturated: number,
     *   parted: number}} `right`: share of the points; `units`: {layer, distinct, of} of the hidden layer with the
     *   fewest different units; `saturated`: greatest share of a hidden layer; `parted`: the greatest difference
     *   between the weights of two units of the first layer
     */
    read() {
      if (this.reading && this.reading.updates === this.updates) return this.reading;
      const { x, y, count } = this.points;
      const loss = this.net.step(x, y, count, 0);
      const layers = Lab.readings(this.net, count);
      const hidden = layers.filter((layer) => layer.kind === "hidden");
      const fewest = Math.min(...hidden.map((layer) => layer.distinct));
      const layer = hidden.findIndex(({ distinct }) => distinct === fewest);
      return (this.reading = {
        updates: this.updates,
        loss,
        right: rightShare(this.net, this.points),
        layers,
        units: { layer: layer + 1, distinct: fewest, of: this.settings.hidden[layer] },
        saturated: Math.max(...hidden.map(({ saturated }) => saturated)),
        parted: difference(this.net.layers[0]),
      });
    }

    /** Return the lines of the traces that differ, each once. */
    lines() {
      const differs = (one, other) => one.some((value, at) => !(Math.abs(value - other[at]) <= SAME));
      return this.traces.filter((trace, at) => this.traces.slice(0, at).every((earlier) => differs(trace, earlier)));
    }
  }

  /** Return the share of points whose class has the greater output; of equal ones the first counts. */
  function rightShare(net, { y, count }) {
    const outputs = net.layers[net.layers.length - 1].z;
    return y.filter((label, point) => (outputs[2 * point + 1] > outputs[2 * point]) === (label === 1)).length / count;
  }

  /** Return by how much two units of a layer differ at most in a weight that comes in. */
  function difference({ fanIn, fanOut, W }) {
    let greatest = 0;
    for (let input = 0; input < fanIn; input++) {
      const weights = W.subarray(input * fanOut, (input + 1) * fanOut);
      greatest = Math.max(greatest, Math.max(...weights) - Math.min(...weights));
    }
    return greatest;
  }

  Lab.playground = { Run, drawPoints, givenPoints };
})((window.Lab = window.Lab || {}));
