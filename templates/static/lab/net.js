/**
 * The network of the lab: layers of units, trained on all points at once, in double precision.
 *
 * Rows are points, z = h W + b with W[i * fanOut + j]; the hidden layers have the activation, the last is linear, under
 * softmax cross-entropy. Nothing is allocated during an update.
 */
(function (Lab) {
  "use strict";

  /** Constants of Adam (Kingma & Ba 2015, algorithm 1). */
  const BETA1 = 0.9;
  const BETA2 = 0.999;
  const EPSILON = 1e-8;

  function makeLayer(fanIn, fanOut) {
    const [weights, units] = [fanIn * fanOut, fanOut];
    const [W, gradW, meanW, squareW] = Array.from({ length: 4 }, () => new Float64Array(weights));
    const [b, gradB, meanB, squareB] = Array.from({ length: 4 }, () => new Float64Array(units));
    return { fanIn, fanOut, W, b, gradW, gradB, meanW, squareW, meanB, squareB };
  }

  /** z = input W + b, for `count` rows. */
  function affine({ fanIn, fanOut, W, b, z }, input, count) {
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < fanOut; j++) {
        let sum = b[j];
        for (let i = 0, from = row * fanIn, w = j; i < fanIn; i++, w += fanOut) {
          sum += input[from + i] * W[w];
        }
        z[row * fanOut + j] = sum;
      }
    }
  }

  function apply(phi, z, h, size) {
    for (let index = 0; index < size; index++) {
      h[index] = phi(z[index]);
    }
  }

  /** Mean cross-entropy of softmax in nats; its derivative by the logits goes into delta. */
  function crossEntropy({ fanOut, z, delta }, y, count) {
    let loss = 0;
    for (let row = 0; row < count; row++) {
      const from = row * fanOut;
      let top = z[from];
      for (let j = 1; j < fanOut; j++) {
        top = Math.max(top, z[from + j]);
      }
      let sum = 0;
      for (let j = 0; j < fanOut; j++) {
        delta[from + j] = Math.exp(z[from + j] - top);
        sum += delta[from + j];
      }
      for (let j = 0; j < fanOut; j++) {
        delta[from + j] = (delta[from + j] / sum - (j === y[row] ? 1 : 0)) / count;
      }
      loss += Math.log(sum) + top - z[from + y[row]];
    }
    return loss / count;
  }

  /** gradW = input^T delta and gradB = the sum of delta, over all rows. */
  function gather({ fanIn, fanOut, delta, gradW, gradB }, input, count) {
    gradW.fill(0);
    gradB.fill(0);
    for (let row = 0; row < count; row++) {
      const from = row * fanOut;
      for (let j = 0; j < fanOut; j++) {
        gradB[j] += delta[from + j];
      }
      for (let i = 0; i < fanIn; i++) {
        const value = input[row * fanIn + i];
        for (let j = 0, w = i * fanOut; j < fanOut; j++) {
          gradW[w + j] += value * delta[from + j];
        }
      }
    }
  }

  /** Delta of the layer below = phi'(z) * (delta W^T) (Rumelhart, Hinton & Williams 1986). */
  function passDown({ fanIn, fanOut, W, delta }, below, slope, count) {
    for (let row = 0; row < count; row++) {
      const from = row * fanOut;
      for (let i = 0; i < fanIn; i++) {
        let sum = 0;
        for (let j = 0, w = i * fanOut; j < fanOut; j++) {
          sum += delta[from + j] * W[w + j];
        }
        below.delta[row * fanIn + i] = slope(below.z[row * fanIn + i]) * sum;
      }
    }
  }

  function descend(values, gradients, rate) {
    for (let index = 0; index < values.length; index++) {
      values[index] -= rate * gradients[index];
    }
  }

  /** Adam, update number `made`, with the factors that all entries share taken out of the root (section 2). */
  function adapt(values, gradients, means, squares, rate, made) {
    const root = Math.sqrt(1 - BETA2 ** made);
    const step = (rate * root) / (1 - BETA1 ** made);
    for (let index = 0; index < values.length; index++) {
      const gradient = gradients[index];
      means[index] = BETA1 * means[index] + (1 - BETA1) * gradient;
      squares[index] = BETA2 * squares[index] + (1 - BETA2) * gradient * gradient;
      values[index] -= (step * means[index]) / (Math.sqrt(squares[index]) + EPSILON * root);
    }
  }

  /**
   * @typedef {object} Layer arrays of one layer, rows behind one another; `z`, `h` and `delta` hold the points of the
   *   last pass (they are replaced when more points come)
   * @property {number} fanIn
   * @property {number} fanOut
   * @property {Float64Array} W weights, W[i * fanOut + j]
   * @property {Float64Array} b biases
   * @property {Float64Array} z pre-activations, count * fanOut
   * @property {Float64Array} h activations; z itself in the last layer
   * @property {Float64Array} delta dLoss/dz of the mean loss
   * @property {Float64Array} gradW dLoss/dW
   * @property {Float64Array} gradB dLoss/db
   */

  Lab.Net = class Net {
    /**
     * @param {number[]} widths inputs, units of each hidden layer, classes
     * @param {string} activation a name in Lab.activations
     * @param {"sgd"|"adam"} [optimizer] gradient descent without momentum, or Adam
     */
    constructor(widths, activation, optimizer = "sgd") {
      this.widths = Array.from(widths);
      this.activation = activation;
      this.optimizer = optimizer;
      /** @type {Layer[]} */
      this.layers = this.widths.slice(1).map((fanOut, below) => makeLayer(this.widths[below], fanOut));
      this.updates = 0;
      this.capacity = 0;
    }

    /**
     * Draw all weights, and begin anew. Each layer has streams of its own, so a deeper net keeps its lower layers.
     *
     * @param {string} name a name in Lab.starts
     * @param {{size?: number, noise?: number, seed?: number, biases?: "zeros"|"normal", biasSize?: number}} [chosen]
     *   biases are 0, or normal with the standard deviation biasSize
     * @returns {Net} itself
     */
    start(name, { size, noise, seed = 0, biases = "zeros", biasSize = 0 } = {}) {
      const chosen = { ...(size != null && { size }), ...(noise != null && { noise }) };
      const stream = (use, index) => Lab.random.stream(seed, use, index + 1);
      return this.set(
        this.layers.map(({ fanIn, fanOut }, index) =>
          Lab.starts[name].draw(stream("weights", index), fanIn, fanOut, chosen, stream("noise", index)),
        ),
        this.layers.map(({ b }, index) => {
          const random = stream("biases", index);
          return b.map(() => (biases === "normal" ? biasSize * random.normal() : 0));
        }),
      );
    }

    /**
     * Take weights and biases, and begin anew.
     *
     * @param {ArrayLike<number>[]} weights per layer, W[i * fanOut + j]
     * @param {ArrayLike<number>[]} [biases] per layer; 0 without them
     * @returns {Net} itself
     */
    set(weights, biases) {
      this.layers.forEach((layer, index) => {
        layer.W.set(weights[index]);
        layer.b.fill(0);
        if (biases) {
          layer.b.set(biases[index]);
        }
        for (const name of ["meanW", "squareW", "meanB", "squareB"]) {
          layer[name].fill(0);
        }
      });
      this.updates = 0;
      return this;
    }

    /** @returns {Net} one with the same parameters and the same past, which shares nothing with this one */
    copy() {
      const other = new Net(this.widths, this.activation, this.optimizer);
      other.layers.forEach((layer, index) => {
        for (const name of ["W", "b", "meanW", "squareW", "meanB", "squareB"]) {
          layer[name].set(this.layers[index][name]);
        }
      });
      other.updates = this.updates;
      return other;
    }

    /**
     * @param {Float64Array} x points, count * widths[0]
     * @param {number} count
     * @returns {Float64Array} logits; its first count * classes numbers are of these points
     */
    forward(x, count) {
      this.reserve(count);
      const { phi } = Lab.activations[this.activation];
      const last = this.layers.length - 1;
      for (let index = 0; index <= last; index++) {
        const layer = this.layers[index];
        affine(layer, index ? this.layers[index - 1].h : x, count);
        if (index < last) {
          apply(phi, layer.z, layer.h, count * layer.fanOut);
        }
      }
      return this.layers[last].h;
    }

    /** Make room for this many points. */
    reserve(count) {
      if (count <= this.capacity) {
        return;
      }
      this.layers.forEach((layer, index) => {
        const [z, h, delta] = Array.from({ length: 3 }, () => new Float64Array(count * layer.fanOut));
        Object.assign(layer, { z, h: index < this.layers.length - 1 ? h : z, delta });
      });
      this.capacity = count;
    }

    /**
     * Make one update on all points.
     *
     * @param {Float64Array} x points
     * @param {ArrayLike<number>} y labels
     * @param {number} count
     * @param {number} rate learning rate; 0 fills the gradients and moves nothing
     * @returns {number} the mean loss before the update, in nats
     */
    step(x, y, count, rate) {
      this.forward(x, count);
      const loss = crossEntropy(this.layers[this.layers.length - 1], y, count);
      this.backward(x, count);
      if (rate) {
        this.move(rate);
      }
      return loss;
    }

    /** Fill delta and the gradients of all layers, from delta of the last one down. */
    backward(x, count) {
      const { slope } = Lab.activations[this.activation];
      for (let index = this.layers.length - 1; index >= 0; index--) {
        const below = this.layers[index - 1];
        gather(this.layers[index], index ? below.h : x, count);
        if (index) {
          passDown(this.layers[index], below, slope, count);
        }
      }
    }

    /** Move all parameters against their gradients. */
    move(rate) {
      this.updates++;
      for (let index = 0; index < this.layers.length; index++) {
        const layer = this.layers[index];
        if (this.optimizer === "adam") {
          adapt(layer.W, layer.gradW, layer.meanW, layer.squareW, rate, this.updates);
          adapt(layer.b, layer.gradB, layer.meanB, layer.squareB, rate, this.updates);
        } else {
          descend(layer.W, layer.gradW, rate);
          descend(layer.b, layer.gradB, rate);
        }
      }
    }

    /**
     * @param {ArrayLike<number>} y labels of the points of the last pass
     * @param {number} count
     * @returns {number} share of them that have the greatest logit at their label; of equal logits the first counts
     */
    accuracy(y, count) {
      const { fanOut, z } = this.layers[this.layers.length - 1];
      let right = 0;
      for (let row = 0; row < count; row++) {
        let best = 0;
        for (let j = 1; j < fanOut; j++) {
          best = z[row * fanOut + j] > z[row * fanOut + best] ? j : best;
        }
        right += best === y[row] ? 1 : 0;
      }
      return right / count;
    }
  };
})(window.Lab = window.Lab || {});
