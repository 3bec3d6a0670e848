/**
 * Widget "one signal, any scale": a slider for the scale of the weights, and what a deep net does with a signal from
 * there. Inputs are standard normal, as on the front page; the verdict follows the same rules.
 */
(function (Lab) {
  "use strict";

  const [WIDTH, INPUTS] = [64, 48];
  const SLICE = 5; // milliseconds
  const [LEAST, MOST, STEP] = [-4, 4, 0.02];
  const FIRST = { scale: WIDTH, activation: "tanh", depth: 20, seed: 1 };
  const ONE_DRAW = `This is one draw, ${WIDTH} units per layer; near a limit another may get another verdict.`;
  const STOPS = [
    ["normal(0.01)", "random_normal", { size: 0.01 }],
    ["PyTorch", "torch_default"],
    ["Glorot, LeCun", "glorot_normal"],
    ["He", "he_normal"],
    ["normal(1)", "random_normal", { size: 1 }],
  ].map(([label, start, chosen]) => {
    const variance = Lab.starts[start].std(WIDTH, WIDTH, chosen) ** 2;
    return { label, scale: Number((WIDTH * variance).toPrecision(6)) };
  });

  /** Return the scale at a place of the slider: that of a stop where one is near, else with three digits. */
  function scaleAt(place) {
    const stop = STOPS.find(({ scale }) => Math.abs(Math.log10(scale) - place) <= STEP / 2);
    return stop ? stop.scale : Number((10 ** place).toPrecision(3));
  }

  const clamp = (value, least, most, otherwise) => (Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise);

  /** Return a state of which everything is allowed. */
  function allowed(asked) {
    const { scale, activation, depth, seed } = { ...FIRST, ...asked };
    return {
      scale: clamp(Lab.numberOf(scale), 10 ** LEAST, 10 ** MOST, FIRST.scale),
      activation: Lab.has(Lab.activations, activation) ? activation : FIRST.activation,
      depth: Math.round(clamp(Lab.numberOf(depth), 2, 50, FIRST.depth)),
      seed: Math.round(clamp(Lab.numberOf(seed), 0, 2 ** 32 - 1, FIRST.seed)),
    };
  }

  class Signal {
    constructor(live, lab) {
      this.lab = lab;
      this.state = allowed(lab.state());
      this.redraw = Lab.onceAFrame((isStop) => this.draw(isStop));
      this.build(live);
      this.show();
      lab.onState((state) => this.change(allowed(state), true));
      new ResizeObserver(() => this.net && Lab.signalPanels.histograms(this.histograms, this.net)).observe(this.histograms);
      requestAnimationFrame(() => setTimeout(() => this.begin())); // not before the page itself is there
    }

    /** Compute for the first time in slices of a few milliseconds, between which the page answers, and draw. */
    begin() {
      this.chain = new Lab.Chain({ width: WIDTH, count: INPUTS, seed: this.state.seed });
      const steps = this.chain.steps(this.state);
      const slice = () => {
        if (this.net) return; // a reader has set something else meanwhile
        const end = performance.now() + SLICE;
        let step = steps.next();
        while (!step.done && performance.now() < end) step = steps.next();
        setTimeout(step.done ? () => this.net || this.draw(true, step.value) : slice);
      };
      slice();
    }

    // Controls

    build(live) {
      this.controls();
      this.sign = Lab.el("span", { class: "verdict-sign", "aria-hidden": "true" });
      this.words = Lab.el("strong", {});
      this.meaning = Lab.el("p", { class: "signal-meaning" });
      [this.histograms, this.sizes, this.shares] = ["Histograms", "Sizes", "Shares"].map((what) =>
        Lab.draw.svg("svg", { role: "img", "aria-label": `${what} by layer, still being computed` }));
      this.table = Lab.el("table", {});
      const scrolls = { class: "scroll", tabindex: "0", role: "group", "aria-label": "All numbers by layer" };
      const end = (text) => Lab.el("span", {}, text);
      live.append(
        Lab.group("Net", Lab.field("Activation", this.activation), this.depthField),
        Lab.group(
          "Scale of the weights, fan_in·Var(w)",
          Lab.el("div", { class: "signal-slider" }, end("too small"), this.slider, this.ticks, end("too large"), this.number),
          Lab.el("div", { class: "signal-stops" }, this.stops),
        ),
        Lab.el("p", { class: "signal-verdict" }, this.sign, this.words),
        this.meaning,
        this.histograms,
        this.sizes,
        this.shares,
        Lab.el("p", {}, this.again),
        Lab.el("details", {}, Lab.el("summary", {}, "All numbers"), Lab.el("div", scrolls, this.table)),
      );
    }

    controls() {
      const slides = (read) => ({ input: () => this.change(read(), false), change: () => this.change({}, true) });
      const names = Object.entries(Lab.activations).map(([name, { label }]) => [name, label]);
      this.slider = Lab.range("place", {
        ...{ min: LEAST, max: MOST, step: STEP, list: "signal-ticks", "aria-label": "Scale of the weights" },
        on: slides(() => ({ scale: scaleAt(Number(this.slider.value)) })),
      });
      const ticks = STOPS.map(({ scale }) => (STEP * Math.round(Math.log10(scale) / STEP)).toFixed(2));
      this.ticks = Lab.el("datalist", { id: "signal-ticks" }, ticks.map((value) => Lab.el("option", { value })));
      this.number = Lab.number("scale", { min: 10 ** LEAST, max: 10 ** MOST, "aria-label": "Scale, as a number" });
      this.number.addEventListener("change", () => {
        this.change({ scale: allowed({ ...this.state, scale: this.number.value }).scale }, true);
      });
      this.activation = Lab.choice("activation", names, this.state.activation);
      this.activation.addEventListener("change", () => this.change({ activation: this.activation.value }, true));
      this.depth = Lab.range("depth", { min: 2, max: 50, on: slides(() => ({ depth: Number(this.depth.value) })) });
      this.layers = Lab.el("span", {}); // an output would take the label from the range
      this.depthField = Lab.field(Lab.el("span", {}, "Layers: ", this.layers), this.depth);
      this.depthField.classList.add("signal-depth");
      this.stops = STOPS.map(({ label, scale }) =>
        Lab.button(label, () => this.change({ scale }, true), { "aria-pressed": "false" }),
      );
      this.again = Lab.button("Draw other weights", () => this.change({ seed: (this.state.seed + 1) % 2 ** 32 }, true));
    }

    /** Take new settings; drawing waits for the next frame, and only the last of several settings is drawn. */
    change(settings, isStop) {
      Object.assign(this.state, settings);
      this.show();
      this.redraw(isStop);
    }

    /** Let the controls say what is set. */
    show() {
      const { scale, activation, depth } = this.state;
      const place = Math.log10(scale);
      if (Math.abs(Number(this.slider.value) - place) > STEP) this.slider.value = place;
      this.number.value = scale;
      this.activation.value = activation;
      this.depth.value = depth;
      this.layers.textContent = String(depth);
      const at = STOPS.findIndex((stop) => stop.scale === scale);
      this.stops.forEach((button, index) => button.setAttribute("aria-pressed", String(index === at)));
      this.slider.setAttribute("aria-valuetext", `${Lab.format.number(scale)}${at < 0 ? "" : `, ${STOPS[at].label}`}`);
    }

    // Readings

    draw(isStop, net = null) {
      const { scale, activation, depth, seed } = this.state;
      if (!this.chain || this.chain.seed !== seed) this.chain = new Lab.Chain({ width: WIDTH, count: INPUTS, seed });
      this.net = net || this.chain.pass({ activation, depth, scale });
      this.readings = Lab.readings(this.net, INPUTS).slice(0, -1);
      this.verdict = Lab.verdict(this.readings);
      const { label, bounded } = Lab.activations[activation];
      this.sign.textContent = this.verdict.sign;
      this.sign.dataset.verdict = this.verdict.verdict;
      this.words.textContent = `${label}, ${depth} layers, scale ${Lab.format.number(scale)}: ${this.verdict.verdict}`;
      this.meaning.textContent = [this.why(), this.sizesInWords(), ONE_DRAW, this.measured()].join(" ");
      Lab.signalPanels.histograms(this.histograms, this.net);
      Lab.signalPanels.sizes(this.sizes, this.readings);
      Lab.signalPanels.shares(this.shares, this.readings, bounded);
      if (isStop) this.stop();
    }

    /** Return the rule that decided, as a sentence. */
    why() {
      const { verdict, meaning } = this.verdict;
      return verdict === "healthy" ? "Signal and gradient arrive." : `${meaning[0].toUpperCase()}${meaning.slice(1)}.`;
    }

    sizesInWords() {
      const { number } = Lab.format;
      const [first, last] = [this.readings[0], this.readings[this.readings.length - 1]];
      const gradient = `the gradient that reaches layer 1 is ${number(first.rmsDelta / last.rmsDelta)} times that of the last`;
      const isMean = last.signal < 0.5 * last.rmsH; // most of it is the same for all inputs
      const apart = isMean ? `, of which only ${number(last.signal)} differs from input to input` : "";
      return `The last layer's signal is ${number(last.rmsH)} times the inputs${apart}; ${gradient}.`;
    }

    /** Return what the build has measured at this scale, or nothing. */
    measured() {
      const { data } = this.lab;
      const { scale, activation, depth } = this.state;
      const column = data && data.verdicts[activation] && data.verdicts[activation][data.depths.indexOf(depth)];
      if (!column) return "";
      const apart = data.scales.map((one) => Math.abs(Math.log(one / scale)));
      const row = apart.indexOf(Math.min(...apart));
      return apart[row] > Math.log(1.05) ? "" : `Most networks that were measured for the map of the front page: ${data.words[column[row]]}.`;
    }

    /** Write down what is seen, for those who do not see it. */
    stop() {
      const { percent } = Lab.format;
      const [depth, last] = [this.readings.length, this.readings[this.readings.length - 1]];
      const where = Lab.activations[this.state.activation].bounded ? "at a flat end" : "off";
      const flat = `${percent(last.saturated)} of the last layer's outputs are ${where}`;
      this.lab.say(`${this.words.textContent}. ${this.meaning.textContent}`);
      this.histograms.setAttribute("aria-label", `Histograms of the outputs of ${depth} layers; ${flat}.`);
      this.sizes.setAttribute("aria-label", `Signal and gradient by layer. ${this.sizesInWords()}`);
      this.shares.setAttribute("aria-label", `Shares by layer; ${flat}, ${percent(last.dead)} of its units for all inputs.`);
      this.table.replaceChildren(...Lab.signalPanels.table(this.readings));
      this.lab.save(this.state);
    }
  }

  Lab.widget("signal", (live, lab) => new Signal(live, lab));
})((window.Lab = window.Lab || {}));
