/**
 * Widget "edge of chaos": a point in the plane of weights and biases, and what the theory of very wide layers says of a
 * net that starts there: how two inputs and a gradient fare, layer by layer. Dots were measured by the build.
 */
(function (Lab) {
  "use strict";

  const DEPTH = 30;
  const FIRST = { activation: "tanh", w: 1.5, s: 0.2, c: 0.3 };
  const RANGES = { w: [0.005, 400], s: [0, 1], c: [0, 1] };
  /** A gradient that changes by less than this per layer stands on the edge. */
  const STILL = 0.005;
  /** From this depth scale on two inputs approach each other as on the edge, by a power of the depth, in the nets shown. */
  const SLOW = 100;
  /** Activations that settle in two ways: a small signal dies, a large one grows. */
  const TWO_WAYS = new Set(["gelu", "silu"]);
  const SIGNS = { ordered: ["vanishes", "↓"], chaotic: ["explodes", "↑"], "on the edge": ["healthy", "✓"], "the signal dies": ["vanishes", "↓"], "the signal grows": ["explodes", "↑"] };

  function allowed(asked) {
    const state = { ...FIRST, ...asked };
    for (const [key, [least, most]] of Object.entries(RANGES)) {
      const number = Lab.numberOf(state[key]);
      state[key] = Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : FIRST[key];
    }
    if (!Lab.has(Lab.activations, state.activation)) state.activation = FIRST.activation;
    const { activation, w, s, c } = state;
    return { activation, w, s, c };
  }

  // Words -------------------------------------------------------------------------------------------------------------

  /** Return in one or two words where a net stands. */
  function phase({ q, chi, growth }) {
    const settles = q > 0 && q < Infinity;
    const factor = Math.sqrt(settles ? chi : growth);
    if (Math.abs(factor - 1) < STILL) return "on the edge";
    if (!settles) return q === 0 ? "the signal dies" : "the signal grows";
    return factor < 1 ? "ordered" : "chaotic";
  }

  function ofGradient({ chi }) {
    const factor = Math.sqrt(chi);
    if (Math.abs(factor - 1) < STILL) return "deep down a gradient hardly changes from layer to layer";
    if (factor >= 2) return `deep down a gradient becomes ${Lab.format.number(factor)} times as large per layer`;
    return `deep down a gradient ${factor < 1 ? "shrinks" : "grows"} by ${Lab.format.percent(Math.abs(factor - 1))} per layer`;
  }

  const layers = (number) => (number <= 1 ? "one layer" : `about ${Lab.format.number(number)} layers`);
  const cosine = (c) => Lab.format.number(Math.abs(c) < 1e-6 ? 0 : c);

  function ofAngles({ c, xiC, growth }, s) {
    const isLine = Number.isNaN(c) && s > 0; // the biases add the same to both inputs, layer by layer
    if (isLine && Math.abs(growth - 1) >= STILL) return "biases, the same for both, bring two inputs nearer, until the signal outgrows them";
    if (Number.isNaN(c) && !isLine) return "the angle of two inputs no longer changes";
    if (isLine || (c === 1 && xiC > SLOW)) return "two inputs become alike, but slower and slower";
    if (c === 1) return `two inputs become one: at last what differs between them falls to a third within ${layers(xiC)}`;
    return `two inputs that differ at all end up at a cosine of ${cosine(c)}: at last the way that is left falls to a third within ${layers(xiC)}`;
  }

  function ofSignal({ q, growth }, activation) {
    const both = TWO_WAYS.has(activation) ? " Inputs of another size may fare otherwise." : "";
    const still = Math.abs(growth - 1) < STILL;
    if (q > 0 && q < Infinity) return both;
    const down = still ? "toward zero, but hardly from one layer to the next" : `to ${Lab.format.percent(growth)} per layer in the long run`;
    const up = still ? "without end, but slower and slower" : `without end, in the long run ${Lab.format.number(growth)} times per layer`;
    return ` The signal ${q === 0 ? `goes out: its mean square falls ${down}` : `does not settle: its mean square grows ${up}`}.${both}`;
  }

  // The widget --------------------------------------------------------------------------------------------------------

  class Edge {
    constructor(live, lab) {
      this.lab = lab;
      this.data = lab.data || { places: [], angles: [] };
      this.state = allowed(lab.state());
      this.redraw = Lab.onceAFrame((isStop) => this.draw(isStop));
      this.build(live);
      this.show();
      lab.onState((state) => this.change(allowed(state), true));
      requestAnimationFrame(() => setTimeout(() => this.draw(true)));
    }

    build(live) {
      const names = Object.entries(Lab.activations).map(([name, { label }]) => [name, label]);
      this.activation = Lab.choice("activation", names, this.state.activation);
      this.activation.addEventListener("change", () => this.change({ activation: this.activation.value }, true));
      this.sliders = {
        w: this.slider("w", "Weights, fan_in·Var(w)", { min: -2.3, max: 2.6, step: 0.01 }, (place) => Number((10 ** place).toPrecision(3))),
        s: this.slider("s", "Biases, √Var(b)", { min: 0, max: 1, step: 0.01 }, Number),
        c: this.slider("c", "Cosine of two inputs", { min: 0, max: 1, step: 0.01 }, Number),
      };
      this.sign = Lab.el("span", { class: "verdict-sign", "aria-hidden": "true" });
      this.words = Lab.el("strong", {});
      this.meaning = Lab.el("p", { class: "signal-meaning" });
      [this.map, this.angles, this.sizes] = [0, 1, 2].map(() => Lab.draw.svg("svg", { role: "img" }));
      this.map.classList.add("edge-map");
      this.facts = Lab.el("dl", { class: "edge-facts" });
      this.plane = new Lab.EdgePlane(this.map, this.data.places, (at, isStop) => this.change(at, isStop));
      live.append(
        Lab.group("Net", Lab.field("Activation", this.activation), this.destinations()),
        Lab.el("p", { class: "signal-verdict" }, this.sign, this.words),
        this.meaning,
        this.plane.stage,
        Lab.group("Start: drag the point, or use the sliders", ["w", "s", "c"].map((key) => this.sliders[key].field)),
        Lab.el("div", { class: "edge-panels" }, this.angles, this.sizes),
        this.facts,
      );
    }

    /** Make a slider with a number beside it; `valueAt` turns a place of the slider into the number. */
    slider(key, label, settings, valueAt) {
      const range = Lab.range(`${key}-place`, { ...settings, "aria-label": label });
      const number = Lab.number(key, { min: RANGES[key][0], max: RANGES[key][1], "aria-label": `${label}, as a number` });
      range.addEventListener("input", () => this.change({ [key]: valueAt(Number(range.value)) }, false));
      range.addEventListener("change", () => this.change({}, true));
      number.addEventListener("change", () => this.change({ [key]: allowed({ ...this.state, [key]: number.value })[key] }, true));
      const field = Lab.el("span", { class: "edge-slider" }, Lab.el("span", {}, label), range, number);
      return { range, number, field, placeOf: key === "w" ? Math.log10 : Number, step: settings.step };
    }

    /** Make the choice of places to go to: starts and defaults, and networks that were measured. */
    destinations() {
      const { places, angles } = this.data;
      if (!places.length && !angles.length) return null;
      const go = { start: ({ w, b }) => ({ w, s: Math.sqrt(b) }), net: ({ activation, w, c }) => ({ activation, w, c, s: 0 }) };
      const option = (kind) => (one, at) => Lab.el("option", { value: `${kind} ${at}` }, kind === "net" ? `${Lab.activations[one.activation].label}, ${one.name}` : one.name);
      const choice = Lab.el(
        "select",
        { name: "destination" },
        Lab.el("option", { value: "" }, "choose"),
        Lab.el("optgroup", { label: "Starts and defaults" }, places.map(option("start"))),
        Lab.el("optgroup", { label: "Measured networks" }, angles.map(option("net"))),
      );
      choice.addEventListener("change", () => {
        const [kind, at] = choice.value.split(" ");
        if (kind) this.change(go[kind]((kind === "net" ? angles : places)[at]), true);
      });
      return Lab.field("Go to", choice);
    }

    /** Take new settings; only the last of several is drawn, in the next frame. */
    change(settings, isStop) {
      Object.assign(this.state, settings);
      this.show();
      this.redraw(isStop);
    }

    show() {
      this.activation.value = this.state.activation;
      for (const [key, { range, number, placeOf, step }] of Object.entries(this.sliders)) {
        const place = placeOf(this.state[key]);
        if (Math.abs(Number(range.value) - place) > step / 2) range.value = place;
        number.value = Number(this.state[key].toPrecision(6));
        range.setAttribute("aria-valuetext", Lab.format.number(this.state[key]));
      }
      this.plane.put(this.state);
    }

    draw(isStop) {
      const { activation, w, s, c } = this.state;
      const theory = Lab.meanField(activation);
      this.plane.show(theory);
      this.found = theory.fixedPoint(w, s * s);
      this.path = theory.path(w, s * s, { c0: c, depth: DEPTH });
      const where = phase(this.found);
      [this.sign.dataset.verdict, this.sign.textContent] = SIGNS[where];
      const { number } = Lab.format;
      this.words.textContent = `${Lab.activations[activation].label}, weights ${number(w)}, biases ${number(s)}: ${where}`;
      this.meaning.textContent = `In theory, of very wide layers and inputs of mean square 1: ${ofGradient(this.found)}; ${ofAngles(this.found, s)}.${ofSignal(this.found, activation)}`;
      this.drawAngles(this.measured());
      this.drawSizes();
      if (isStop) this.stop();
    }

    /** Return the networks that were measured at this very place, or nothing. */
    measured() {
      const { activation, w, s, c } = this.state;
      return this.data.angles.find(
        (one) => one.activation === activation && s === 0 && Math.abs(one.w / w - 1) < 0.02 && Math.abs(one.c - c) < 0.005,
      );
    }

    drawAngles(measured) {
      const settled = this.found.c;
      Lab.draw.lines(this.angles, {
        title: "Cosine of two inputs, by layer",
        lines: [
          { y: this.path.c, tone: "ink", label: "theory" },
          ...(measured ? [{ y: measured.cosine, tone: "accent", dots: "only", label: "measured" }] : []),
        ],
        x: { label: "layer", from: 0, to: DEPTH },
        y: { from: 0, to: 1 },
        rules: Number.isNaN(settled) ? [] : [{ y: settled, label: "" }],
        height: 190,
        right: 72,
      });
    }

    drawSizes() {
      const signal = this.path.q.map(Math.sqrt);
      const powers = [...signal, ...this.path.delta].filter((value) => value > 0 && value < Infinity).map((value) => Math.abs(Math.log10(value)));
      const end = 10 ** ([2, 4, 8, 16, 32].find((one) => one >= Math.max(0, ...powers)) || 64);
      Lab.draw.lines(this.sizes, {
        title: "Size of signal and gradient",
        lines: [
          { y: signal, tone: "ink", label: "signal" },
          { y: this.path.delta, tone: "accent", label: "gradient" },
        ],
        x: { label: "layer", from: 0, to: DEPTH },
        y: { log: true, from: 1 / end, to: end },
        height: 190,
        right: 72,
      });
    }

    stop() {
      const { number } = Lab.format;
      const { q, chi, c, xiQ, xiC } = this.found;
      const settles = q > 0 && q < Infinity;
      const rows = [
        ["√χ, a gradient's factor per layer", number(Math.sqrt(chi))],
        ["q*, where the mean square settles", settles || q === 0 ? number(q) : "nowhere"],
        ["ξ of the mean square, layers", settles ? number(xiQ) : "–"],
        ["c*, where the cosine settles", Number.isNaN(c) ? "depends on the start" : cosine(c)],
        ["ξ of the cosine, layers", Number.isNaN(c) ? "–" : number(xiC)],
      ];
      this.facts.replaceChildren(
        ...rows.map(([name, value]) => Lab.el("div", {}, Lab.el("dt", {}, name), Lab.el("dd", {}, value))),
      );
      const last = this.path.c[DEPTH - 1];
      this.map.setAttribute("aria-label", `Plane of weights and biases. ${this.words.textContent}.`);
      this.angles.setAttribute("aria-label", `Cosine of two inputs by layer: from ${number(this.path.c[0])} at layer 1 to ${number(last)} at layer ${DEPTH}.`);
      this.sizes.setAttribute("aria-label", `Signal from ${number(Math.sqrt(this.path.q[0]))} at layer 1 to ${number(Math.sqrt(this.path.q[DEPTH - 1]))} at layer ${DEPTH}; gradient at layer 1 ${number(this.path.delta[0])} times that at layer ${DEPTH}.`);
      const net = this.measured();
      this.lab.say(`${this.words.textContent}. ${this.meaning.textContent}${net ? ` Dots: networks that were measured, ${net.name}.` : ""}`);
      this.lab.save(this.state);
    }
  }

  Lab.widget("edge", (live, lab) => new Edge(live, lab));
})((window.Lab = window.Lab || {}));
