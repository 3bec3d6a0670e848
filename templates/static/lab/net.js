/**
 * A network that is trained on all points at once. Rows are points, z = h W + b with W[i * fanOut + j]; hidden layers
 * have the activation, the last is linear, under softmax cross-entropy.
 */
(function (Lab) {
  "use strict";

  /* Adam's (Kingma & Ba 2015, algorithm 1). */
  const BETA1 = 0.9;
  const BETA2 = 0.999;
  const EPSILON = 1e-8;

  /** A layer; its biases stand behind its weights, so that both move at once. */
  function makeLayer(fanIn, fanOut) {
    const [parameters, gradients, means, squares] = [0, 0, 0, 0].map(() => new Float64Array((fanIn + 1) * fanOut));
    const [W, gradW] = [parameters, gradients].map((block) => block.subarray(0, fanIn * fanOut));
    const [b, gradB] = [parameters, gradients].map((block) => block.subarray(fanIn * fanOut));
    return { fanIn, fanOut, W, b, gradW, gradB, parameters, gradients, means, squares };
  }

  /** z = input W + b and h = phi(z); the last layer has them in one array. */
  function passUp({ fanIn, fanOut, W, b, z, h }, input, count, phi) {
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < fanOut; j++) {
        let sum = b[j];
        for (let i = 0; i < fanIn; i++) sum += input[row * fanIn + i] * W[i * fanOut + j];
        z[row * fanOut + j] = sum;
        h[row * fanOut + j] = phi(sum);
      }
    }
  }

  /** Mean cross-entropy in nats; its derivative by the logits goes into delta. */
  function crossEntropy({ fanOut, z, delta }, y, count) {
    let loss = 0;
    for (let from = 0, row = 0; row < count; row++, from += fanOut) {
      let top = z[from];
      for (let j = 1; j < fanOut; j++) top = Math.max(top, z[from + j]);
      let sum = 0;
      for (let j = 0; j < fanOut; j++) sum += delta[from + j] = Math.exp(z[from + j] - top);
      for (let j = 0; j < fanOut; j++) delta[from + j] = (delta[from + j] / sum - (j === y[row])) / count;
      loss += Math.log(sum) + top - z[from + y[row]];
    }
    return loss / count;
  }

  /** gradW = input^T delta, gradB = the sum of delta over all rows. */
  function gather({ fanIn, fanOut, delta, gradients, gradW, gradB }, input, count) {
    gradients.fill(0);
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < fanIn; i++) {
        const value = input[row * fanIn + i];
        for (let j = 0; j < fanOut; j++) gradW[i * fanOut + j] += value * delta[row * fanOut + j];
      }
      for (let j = 0; j < fanOut; j++) gradB[j] += delta[row * fanOut + j];
    }
  }

  /** Delta of the layer below = slope(z) * (delta W^T) (Rumelhart, Hinton & Williams 1986). */
  function passDown({ fanIn, fanOut, W, delta }, below, slope, count) {
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < fanIn; i++) {
        let sum = 0;
        for (let j = 0; j < fanOut; j++) sum += delta[row * fanOut + j] * W[i * fanOut + j];
        below.delta[row * fanIn + i] = slope(below.z[row * fanIn + i]) * sum;
      }
    }
  }

  function descend({ parameters, gradients }, rate) {
    for (let index = 0; index < parameters.length; index++) parameters[index] -= rate * gradients[index];
  }

  /** Update number `made` of Adam, with what all entries share taken out of the root (section 2). */
  function adapt({ parameters, gradients, means, squares }, rate, made) {
    const root = Math.sqrt(1 - BETA2 ** made);
    const step = (rate * root) / (1 - BETA1 ** made);
    for (let index = 0; index < parameters.length; index++) {
      const gradient = gradients[index];
      means[index] = BETA1 * means[index] + (1 - BETA1) * gradient;
      squares[index] = BETA2 * squares[index] + (1 - BETA2) * gradient * gradient;
      parameters[index] -= (step * means[index]) / (Math.sqrt(squares[index]) + EPSILON * root);
    }
  }

  Lab.Net = class Net {
    /**
     * Widths are such as [2, 8, 8, 2], the optimizer is "sgd", without momentum, or "adam". Layers are {fanIn, fanOut,
     * W, b, z, h, delta: dLoss/dz, gradW, gradB}: z, h and delta have a row per point of the last pass, and are new
     * arrays after more points than ever before.
     */
    constructor(widths, activation, optimizer = "sgd") {
      Object.assign(this, { widths, activation, optimizer, updates: 0 });
      this.layers = widths.slice(1).map((fanOut, below) => makeLayer(widths[below], fanOut));
    }

    /**
     * Draw the weights of one of Lab.starts, and begin anew. All starts of a seed share their random numbers, and a
     * deeper net keeps its lower layers. Biases are 0, or "normal" with `biasSize` as standard deviation.
     */
    start(name, { size, noise, seed = 0, biases, biasSize = 1 } = {}) {
      const streams = (use) => this.layers.map((_, below) => Lab.random.stream(seed, use, below + 1));
      const [weights, noises, shifts] = ["weights", "noise", "biases"].map(streams);
      return this.set(
        this.layers.map(({ fanIn, fanOut }, at) =>
          Lab.starts[name].draw(weights[at], fanIn, fanOut, { size, noise }, noises[at]),
        ),
        biases === "normal" && this.layers.map(({ b }, at) => b.map(() => biasSize * shifts[at].normal())),
      );
    }

    /** Take weights, one array per layer, and biases (0 without them), and begin anew. */
    set(weights, biases) {
      this.updates = 0;
      this.layers.forEach(({ W, b, means, squares }, at) => {
        W.set(weights[at]);
        b.fill(0).set(biases ? biases[at] : []);
        means.fill(0);
        squares.fill(0);
      });
      return this;
    }

    /** A net with the same parameters and the same past, which shares nothing with this one. */
    copy() {
      const other = new Net(this.widths, this.activation, this.optimizer);
      other.updates = this.updates;
      other.layers.forEach((layer, at) =>
        ["parameters", "means", "squares"].forEach((name) => layer[name].set(this.layers[at][name])),
      );
      return other;
    }

    /** The logits of `count` points, row by row; x has the coordinates of one point behind those of another. */
    forward(x, count) {
      const { layers, activation } = this;
      const last = layers[layers.length - 1];
      if (!(last.z?.length >= count * last.fanOut)) this.reserve(count);
      for (let at = 0; at < layers.length; at++) {
        const { phi } = Lab.activations[layers[at] === last ? "linear" : activation];
        passUp(layers[at], at ? layers[at - 1].h : x, count, phi);
      }
      return last.z.subarray(0, count * last.fanOut);
    }

    /** Make room for more points than ever before. */
    reserve(count) {
      this.layers.forEach((layer, at) => {
        for (const name of ["z", "h", "delta"]) layer[name] = new Float64Array(count * layer.fanOut);
        if (!this.layers[at + 1]) layer.h = layer.z;
      });
    }

    /** Make an update on all points, y being their labels; returns the loss before it. A rate of 0 moves nothing. */
    step(x, y, count, rate) {
      this.forward(x, count);
      const loss = crossEntropy(this.layers[this.layers.length - 1], y, count);
      this.backward(x, count);
      if (rate) {
        this.updates++;
        for (const layer of this.layers) {
          this.optimizer === "adam" ? adapt(layer, rate, this.updates) : descend(layer, rate);
        }
      }
      return loss;
    }

    /** Fill all gradients, from the last layer's delta down. */
    backward(x, count) {
      const { slope } = Lab.activations[this.activation];
      for (let at = this.layers.length - 1; at >= 0; at--) {
        const below = this.layers[at - 1];
        gather(this.layers[at], below ? below.h : x, count);
        if (below) passDown(this.layers[at], below, slope, count);
      }
    }
  };
})(window.Lab = window.Lab || {});
