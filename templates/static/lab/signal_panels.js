/** What the widget "one signal, any scale" draws: a histogram for every layer, and what goes up and down by layer. */
(function (Lab) {
  "use strict";

  const BINS = 27;
  const [LEFT, RIGHT, TOP, HEIGHT] = [52, 74, 24, 128];
  /** A bar of this share of the outputs fills its column; longer ones are cut. */
  const FULL = 0.1;
  /** Which outputs are shown: all of an activation with two bounds, else what a healthy net puts out. */
  const BOUNDS = { tanh: [-1, 1], softsign: [-1, 1], sigmoid: [0, 1] };
  const USUAL = { linear: [-4, 4], elu: [-2, 4], selu: [-2, 4] };
  const OTHERS = [-1, 4];
  /** Powers of ten that the axis of sizes may reach, up and down. */
  const REACHES = [3, 6, 12, 24, 40];

  const panels = (Lab.signalPanels = {});

  /** Write the outline of a histogram that stands on the vertical line at `x`; `length` is that of a full bar. */
  function outline(shares, x, length) {
    const thick = HEIGHT / BINS;
    const steps = Array.from(shares, (share, bin) => {
      const end = x + length * Math.min(1, share / FULL);
      return `H${end.toFixed(1)}V${(TOP + HEIGHT - (bin + 1) * thick).toFixed(1)}`;
    });
    return `M${x.toFixed(1)},${TOP + HEIGHT}${steps.join("")}H${x.toFixed(1)}z`;
  }

  const text = (x, y, content, anchor, kind) =>
    Lab.draw.svg("text", { x, y, "text-anchor": anchor, "font-size": 13, class: kind || "" }, content);

  /** Return the title and the axis of the histograms. */
  function frame(width, [from, to], isBounded) {
    const middle = from < 0 ? 0 : (from + to) / 2;
    const marks = [from, middle, to].flatMap((value) => {
      const y = TOP + (HEIGHT * (to - value)) / (to - from);
      const kind = isBounded && value !== middle ? "lab-rule" : "lab-grid";
      return [
        Lab.draw.svg("line", { x1: LEFT, x2: width - RIGHT, y1: y, y2: y, class: kind }),
        text(LEFT - 6, y + 4, Lab.format.number(value), "end"),
      ];
    });
    const title = `Outputs; ${isBounded ? "red: at a flat end" : "gray: off"}`;
    return [text(0, 14, title, "start", "lab-chart-title"), ...marks];
  }

  /**
   * Draw the outputs of every layer as bars that stand on a line of their own; flat ones in another color.
   *
   * @param {SVGElement} svg
   * @param {{activation: string, layers: object[]}} net - as `Lab.Chain` passes it; the last layer is no layer.
   */
  panels.histograms = function (svg, net) {
    const { greatest } = Lab.activations[net.activation];
    const isBounded = net.activation in BOUNDS;
    const [from, to] = BOUNDS[net.activation] || USUAL[net.activation] || OTHERS;
    const width = Math.max(220, svg.clientWidth || 320);
    const layers = net.layers.slice(0, -1);
    const column = (width - LEFT - RIGHT) / layers.length;
    const [all, flat, feet] = [[], [], []];
    layers.forEach((layer, at) => {
      const shares = Lab.histogram(layer, { from, to, bins: BINS, flat: 0.05 * greatest });
      const x = LEFT + at * column;
      all.push(outline(shares.all, x, 0.86 * column));
      flat.push(outline(shares.flat, x, 0.86 * column));
      feet.push(`M${x.toFixed(1)},${TOP}v${HEIGHT}`);
    });
    const made = [["signal-foot", feet], ["signal-bars", all], [isBounded ? "signal-flat" : "signal-off", flat]];
    svg.setAttribute("viewBox", `0 0 ${width} ${TOP + HEIGHT + 4}`);
    svg.setAttribute("height", TOP + HEIGHT + 4);
    svg.replaceChildren(
      ...frame(width, [from, to], isBounded),
      ...made.map(([name, d]) => Lab.draw.svg("path", { class: name, d: d.join("") })),
    );
  };

  /** Return the least reach of the axis that holds all the numbers. */
  function reach(values) {
    const powers = values.filter((value) => value > 0 && value < Infinity).map((value) => Math.abs(Math.log10(value)));
    const most = Math.max(0, ...powers);
    return 10 ** (REACHES.find((one) => one >= most) || REACHES[REACHES.length - 1]);
  }

  const layersAxis = (count, label) => ({ label, from: 0.5, to: count + 0.5 });

  /** Draw the rms of the signal, and of the gradient over that of the last layer. */
  panels.sizes = function (svg, readings) {
    const signal = readings.map(({ rmsH }) => rmsH);
    const top = readings[readings.length - 1].rmsDelta;
    const gradient = readings.map(({ rmsDelta }) => rmsDelta / top);
    const end = reach([...signal, ...gradient]);
    const dots = svg.clientWidth > 24 * readings.length;
    return Lab.draw.lines(svg, {
      title: "Signal up, gradient down",
      lines: [
        { y: signal, tone: "ink", label: "signal", dots },
        { y: gradient, tone: "accent", label: "gradient", dots },
      ],
      x: layersAxis(readings.length),
      y: { log: true, from: 1 / end, to: end },
      rules: [{ y: 100, label: "100 times" }, { y: 0.01, label: "a hundredth" }],
      height: 190,
      right: RIGHT,
    });
  };

  /** Draw the share of flat slopes, and of units that are flat for every input. */
  panels.shares = function (svg, readings, isBounded) {
    return Lab.draw.lines(svg, {
      title: isBounded ? "At a flat end (dashed: always)" : "Off (dashed: for all inputs)",
      lines: [
        { y: readings.map(({ saturated }) => saturated), tone: "ink", label: isBounded ? "saturated" : "off" },
        { y: readings.map(({ dead }) => dead), tone: "b", dash: true, label: isBounded ? "stuck" : "dead" },
      ],
      x: layersAxis(readings.length, "layer"),
      y: { from: 0, to: 1 },
      height: 150,
      right: RIGHT,
    });
  };

  /** Return the table of all numbers. */
  panels.table = function (readings) {
    const heads = ["layer", "signal (rms)", "gradient (rms)", "saturated", "saturated for all inputs"];
    const { number, percent } = Lab.format;
    const row = ({ rmsH, rmsDelta, saturated, dead }, at) => {
      const cells = [number(rmsH), number(rmsDelta), percent(saturated), percent(dead)];
      return Lab.el("tr", {}, Lab.el("th", { scope: "row" }, String(at + 1)), cells.map((one) => Lab.el("td", {}, one)));
    };
    return [
      Lab.el("caption", {}, "All numbers by layer"),
      Lab.el("thead", {}, Lab.el("tr", {}, heads.map((head) => Lab.el("th", { scope: "col" }, head)))),
      Lab.el("tbody", {}, readings.map(row)),
    ];
  };
})((window.Lab = window.Lab || {}));
