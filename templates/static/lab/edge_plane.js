/** The plane of weights and biases: both sides of an activation's edge, who starts where, and a point to drag. */
(function (Lab) {
  "use strict";

  /** Scales of the weights, and standard deviations of the biases, that the plane shows. */
  const WEIGHTS = [0.005, 400];
  const BIASES = [0, 1];
  const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [42, 12, 26, 42, 310];
  const STEPS = 40;
  const [LETTER, LINE, MOST_LINES, GAP] = [6.9, 16, 5, 6];
  /** Where the plane is narrower than this, its sides are named in two lines. */
  const NARROW = 330;

  const svg = Lab.draw.svg;
  const within = (value, [least, most]) => Math.min(most, Math.max(least, value));
  const text = (x, y, content, anchor, kind) =>
    svg("text", { x, y, "text-anchor": anchor || "start", "font-size": 13, class: kind || "" }, content);

  /** Join the names of places that stand above each other: their dots share one line up to their names. */
  function gathered(places) {
    const made = [];
    for (const { x, name } of [...places].sort((one, other) => other.x - one.x)) {
      const same = made.find((one) => Math.abs(one.x - x) < 3);
      if (same) same.name = `${same.name}, ${name}`;
      else made.push({ x, name });
    }
    return made.map(({ x, name }) => ({ x, name: brief(name) }));
  }

  /** Tell whether the names of two places lie upon each other. */
  const collide = (one, other) => one.level === other.level && one.left < other.right + GAP && other.left < one.right + GAP;

  /** Tell whether the line from one place up to its name runs through another name. */
  const crosses = (one, other) => one.level > other.level && one.x > other.left - 2 && one.x < other.right + 2;

  /**
   * Give every name a place above the axis so that no two of them overlap: a flag to the right of its line, as low as can
   * be; where that is too long, upon its line or left of it. Names come from the right, so that no line runs through a
   * flag; where there is no room for that, lines may run behind names.
   */
  function flags(names, width) {
    const placed = [];
    for (const { x, name } of names) {
      const long = LETTER * name.length;
      const middle = Math.min(Math.max(LEFT + 2, x - long / 2), width - RIGHT - long);
      const ways = [["start", x + 4], ["start", middle], ["end", x - 4 - long]];
      const fit = ways.filter(([, left]) => left > LEFT && left + long <= width - RIGHT);
      const levels = Array.from({ length: MOST_LINES }, (_, level) => level);
      const tried = fit.flatMap(([anchor, left]) => levels.map((level) => ({ x, name, anchor, left, right: left + long, level })));
      const free = tried.filter((one) => !placed.some((other) => collide(one, other)));
      const clear = free.find((one) => !placed.some((other) => crosses(one, other) || crosses(other, one)));
      const chosen = clear || free.sort((one, other) => one.level - other.level)[0];
      if (chosen) placed.push(chosen);
    }
    return placed;
  }

  Lab.EdgePlane = class EdgePlane {
    /**
     * @param {SVGElement} element
     * @param {{name: string, w: number, b: number}[]} places - who starts where; b is a variance.
     * @param {(at: {w: number, s: number}, isStop: boolean) => void} onMove - called while the point is dragged.
     */
    constructor(element, places, onMove) {
      // A finger on the grip drags; elsewhere it scrolls the page, and only a tap moves the point.
      this.grip = Lab.el("div", { class: "edge-grip" });
      this.stage = Lab.el("div", { class: "edge-stage" }, element, this.grip);
      Object.assign(this, { element, places, onMove, at: { w: 1, s: 0 }, held: "" });
      const on = (name, act) => this.stage.addEventListener(name, act);
      on("pointerdown", (event) => this.grab(event));
      on("pointermove", (event) => this.held === "dragged" && this.onMove(this.under(event), false));
      on("pointerup", (event) => this.release(event));
      on("pointercancel", () => (this.held = ""));
      new ResizeObserver(() => this.theory && this.width !== this.wide() && this.paint()).observe(element);
    }

    wide() {
      return Math.max(240, Math.round(this.element.clientWidth) || 320);
    }

    x(w) {
      const share = Math.log(within(w, WEIGHTS) / WEIGHTS[0]) / Math.log(WEIGHTS[1] / WEIGHTS[0]);
      return LEFT + share * (this.width - LEFT - RIGHT);
    }

    y(s) {
      return HEIGHT - BOTTOM - ((within(s, BIASES) - BIASES[0]) / (BIASES[1] - BIASES[0])) * (HEIGHT - TOP - BOTTOM);
    }

    /** Return what lies under a pointer: w with three digits, s with two decimals. */
    under({ clientX, clientY }) {
      const box = this.element.getBoundingClientRect();
      const across = ((clientX - box.left) * (this.width / box.width) - LEFT) / (this.width - LEFT - RIGHT);
      const up = (HEIGHT - BOTTOM - (clientY - box.top) * (HEIGHT / box.height)) / (HEIGHT - TOP - BOTTOM);
      const w = WEIGHTS[0] * (WEIGHTS[1] / WEIGHTS[0]) ** within(across, [0, 1]);
      return { w: Number(w.toPrecision(3)), s: Math.round(100 * (BIASES[0] + (BIASES[1] - BIASES[0]) * within(up, [0, 1]))) / 100 };
    }

    grab(event) {
      if (event.button) return;
      const isTap = event.pointerType === "touch" && event.target !== this.grip;
      this.held = isTap ? "tapped" : "dragged";
      if (isTap) return;
      event.preventDefault(); // no text is selected on the way
      this.stage.setPointerCapture(event.pointerId);
      this.onMove(this.under(event), false);
    }

    release(event) {
      if (this.held) this.onMove(this.under(event), true);
      this.held = "";
    }

    /** Show the edge of an activation. */
    show(theory) {
      if (theory === this.theory) return;
      this.theory = theory;
      this.paint();
    }

    /** Put the point somewhere. */
    put(at) {
      this.at = at;
      if (!this.point) return;
      const [x, y] = [this.x(at.w).toFixed(1), this.y(at.s).toFixed(1)];
      this.point.setAttribute("cx", x);
      this.point.setAttribute("cy", y);
      this.grip.style.left = `${x}px`;
      this.grip.style.top = `${y}px`;
    }

    paint() {
      this.width = this.wide();
      this.element.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
      this.element.setAttribute("height", HEIGHT);
      this.point = svg("circle", { class: "edge-point", r: 9 });
      this.element.replaceChildren(...this.sides(), ...this.axes(), ...this.starts(), this.point);
      this.put(this.at);
    }

    /** Return the two shades and the line between them. */
    sides() {
      const biases = Array.from({ length: STEPS + 1 }, (_, at) => BIASES[0] + ((BIASES[1] - BIASES[0]) * at) / STEPS);
      const edge = this.theory.edge(biases.map((s) => s * s));
      const border = biases.map((s, at) => `${this.x(edge[at]).toFixed(1)},${this.y(s).toFixed(1)}`).join("L");
      const side = (w) => `M${border}L${this.x(w)},${this.y(BIASES[1])}L${this.x(w)},${this.y(BIASES[0])}z`;
      return [
        svg("path", { d: side(WEIGHTS[0]), class: "edge-ordered" }),
        svg("path", { d: side(WEIGHTS[1]), class: "edge-chaotic" }),
        svg("path", { d: `M${border}`, class: "edge-line" }),
        ...this.inLines(LEFT + 6, "gradients shrink", "start"),
        ...this.inLines(this.width - RIGHT - 6, "gradients grow", "end"),
      ];
    }

    /** Write a name at the top of the plane, each word on a line of its own where there is little room. */
    inLines(x, name, anchor) {
      const lines = this.width < NARROW ? name.split(" ") : [name];
      return lines.map((line, at) => text(x, TOP + 16 + LINE * at, line, anchor));
    }

    axes() {
      const [foot, powers] = [HEIGHT - BOTTOM, [-2, -1, 0, 1, 2]];
      const ticks = powers.map((power) => text(this.x(10 ** power), foot + 17, Lab.format.number(10 ** power), "middle"));
      const rungs = [0, 0.5, 1].map((s) => text(LEFT - 6, this.y(s) + 4, Lab.format.number(s), "end"));
      return [
        text(0, 14, "Biases, √Var(b)", "start", "lab-chart-title"),
        text((LEFT + this.width) / 2, HEIGHT - 6, "weights, fan_in·Var(w)", "middle"),
        svg("path", { d: `M${LEFT},${TOP}V${foot}H${this.width - RIGHT}`, class: "edge-axis" }),
        ...ticks,
        ...rungs,
      ];
    }

    /** Return a dot for every place, with its name above it. */
    starts() {
      const dots = this.places.map(({ name, w, b }) =>
        svg("circle", { cx: this.x(w), cy: this.y(Math.sqrt(b)), r: 4.5, class: "edge-start" }, svg("title", {}, name)),
      );
      const foot = this.y(0);
      const names = gathered(this.places.map(({ name, w }) => ({ x: this.x(w), name })));
      const shown = flags(names, this.width).map((one) => ({ ...one, y: foot - 22 - LINE * one.level }));
      const written = shown.map(({ name, anchor, left, right, y }) => text(anchor === "end" ? right : left, y, name, anchor, "edge-name"));
      written.forEach((one) => one.setAttribute("paint-order", "stroke"));
      return [
        ...shown.map(({ x, y }) => svg("path", { d: `M${x},${foot}V${y - 9}`, class: "edge-leader" })),
        ...written,
        ...dots,
      ];
    }
  };

  /** Return the first two of several names. */
  function brief(name) {
    const all = name.split(", ");
    return all.length > 2 ? `${all.slice(0, 2).join(", ")}, …` : name;
  }
})((window.Lab = window.Lab || {}));
