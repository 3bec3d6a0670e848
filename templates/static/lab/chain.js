/**
 * A deep net at its start as a chain of equal layers without biases: inputs go up, a gradient comes down, nothing is
 * learned. The weights are drawn once, with variance 1, and multiplied by what the scale asks for, so that a net of one
 * seed changes smoothly with its scale, and keeps its lower layers when it gets deeper. No document is touched in here.
 */
(function (Lab) {
  "use strict";

  /** Letters as everywhere: z = h W, W[i * width + j], rows are inputs. */
  function makeLayer(width, count) {
    const [z, h, slope, delta] = Array.from({ length: 4 }, () => new Float64Array(count * width));
    return { fanIn: width, fanOut: width, b: new Float64Array(width), z, h, slope, delta, gradW: new Float64Array(1) };
  }

  /** Write `factor` times input W. Inputs are taken by fours, which reads the weights a quarter as often. */
  function multiply(input, W, out, width, count, factor) {
    out.fill(0);
    for (let row = 0; row < count; row += 4) {
      const [first, second, third, fourth] = [0, 1, 2, 3].map((next) => (row + next) * width);
      for (let i = 0; i < width; i++) {
        const [a, b, c, d] = [input[first + i], input[second + i], input[third + i], input[fourth + i]];
        for (let j = 0, w = i * width; j < width; j++, w++) {
          const weight = W[w];
          out[first + j] += a * weight;
          out[second + j] += b * weight;
          out[third + j] += c * weight;
          out[fourth + j] += d * weight;
        }
      }
    }
    for (let at = 0; at < out.length; at++) out[at] *= factor;
  }

  /** Return the matrix with rows and columns exchanged. */
  function transposed(W, width) {
    return W.map((_, at) => W[(at % width) * width + Math.floor(at / width)]);
  }

  const normals = (random, size) => Float64Array.from({ length: size }, () => random.normal());

  Lab.Chain = class Chain {
    /**
     * @param {{width: number, count: number, seed: number}} shape - units of every layer, which are as many as inputs
     *   have features; number of inputs, a multiple of 4; and which net of this shape.
     */
    constructor({ width, count, seed }) {
      Object.assign(this, { width, count, seed });
      this.inputs = normals(Lab.random.stream(seed, "inputs"), count * width);
      this.cotangent = normals(Lab.random.stream(seed, "cotangent"), count * width);
      this.layers = [];
    }

    /** Draw the layers that are missing. */
    grow(depth) {
      while (this.layers.length < depth) {
        const random = Lab.random.stream(this.seed, "weights", this.layers.length + 1);
        const W = normals(random, this.width * this.width);
        this.layers.push({ ...makeLayer(this.width, this.count), W, transposed: transposed(W, this.width) });
      }
    }

    /**
     * Send the inputs up and a gradient down: the loss is the sum of the products of the last layer's outputs with
     * numbers of mean 0 and variance 1.
     *
     * @param {{activation: string, depth: number, scale: number}} asked - a name of `Lab.activations`; number of
     *   layers; fan_in times the variance of a weight.
     * @returns {object} what `Lab.readings` reads as a net: the layers, whose `W` have variance 1, and an empty output
     */
    pass(asked) {
      const steps = this.steps(asked);
      let step = steps.next();
      while (!step.done) step = steps.next();
      return step.value;
    }

    /** The same in short steps, one layer each, for a page that has to answer in between. */
    *steps({ activation, depth, scale }) {
      for (let count = 1; count <= depth; count++) yield this.grow(count);
      const layers = this.layers.slice(0, depth);
      const factor = Math.sqrt(scale / this.width);
      yield* this.up(layers, Lab.activations[activation], factor);
      yield* this.down(layers, factor);
      return { activation, layers: [...layers, { ...makeLayer(0, 0), W: [] }] };
    }

    *up(layers, { phi, slope }, factor) {
      let input = this.inputs;
      for (const layer of layers) {
        multiply(input, layer.W, layer.z, this.width, this.count, factor);
        for (let at = 0; at < layer.z.length; at++) {
          layer.h[at] = phi(layer.z[at]);
          layer.slope[at] = slope(layer.z[at]);
        }
        yield (input = layer.h);
      }
    }

    *down(layers, factor) {
      let above = null;
      for (const layer of [...layers].reverse()) {
        if (above) multiply(above.delta, above.transposed, layer.delta, this.width, this.count, factor);
        else layer.delta.set(this.cotangent);
        for (let at = 0; at < layer.delta.length; at++) layer.delta[at] *= layer.slope[at];
        yield (above = layer);
      }
    }
  };

  /**
   * Count the outputs of a layer in bins of equal width; what lies outside goes into the first or the last.
   *
   * @param {{h: Float64Array, slope: Float64Array}} layer
   * @param {{from: number, to: number, bins: number, flat: number}} range - `flat`: the slope below which an output
   *   counts as one of a flat part.
   * @returns {{all: Float64Array, flat: Float64Array}} shares of the outputs by bin
   */
  Lab.histogram = function ({ h, slope }, { from, to, bins, flat }) {
    const [all, flatOnes, share] = [new Float64Array(bins), new Float64Array(bins), 1 / h.length];
    for (let at = 0; at < h.length; at++) {
      const place = Math.floor(((h[at] - from) / (to - from)) * bins);
      const bin = place >= 0 ? Math.min(place, bins - 1) : 0;
      all[bin] += share;
      if (Math.abs(slope[at]) < flat) flatOnes[bin] += share;
    }
    return { all, flat: flatOnes };
  };
})((window.Lab = window.Lab || {}));
