/** What the playground shows of one start: the map with its message, the panels below, and the table of readings. */
(function (Lab) {
  "use strict";

  const { el, draw } = Lab;
  const { number, percent } = Lab.format;
  const GRID = 40;
  const REACH = 2.4;
  const CELL = 32;
  const HEIGHT = 150;
  const TONES = ["a", "b", "c", "d", "ink", "accent", "quiet"];

  /** Middles of the map's cells, row by row from top left, as the net takes them. */
  const PLACES = Float64Array.from({ length: 2 * GRID * GRID }, (_, at) => {
    const cell = at >> 1;
    const along = at % 2 ? GRID - 1 - Math.floor(cell / GRID) : cell % GRID;
    return REACH * ((2 * along + 1) / GRID - 1);
  });

  /** The colors of the page, looked up once; again after a change between light and dark. */
  const colors = {
    look() {
      const [signed, share] = [draw.ramp(draw.signed, -1), draw.ramp(draw.share, 0)];
      Object.assign(colors, { signed, share, ink: [...draw.color("--ink"), 255] });
    },
  };

  // The map -----------------------------------------------------------------------------------------------------------

  /** Paint what the net answers in the plane; where the answer changes the map has a line of ink. */
  function paintMap(canvas, net, copy) {
    const [weights, biases] = ["W", "b"].map((part) => net.layers.map((layer) => layer[part]));
    const outputs = copy.set(weights, biases).forward(PLACES, GRID * GRID);
    const lead = (cell) => outputs[2 * cell + 1] - outputs[2 * cell];
    draw.heat(canvas, GRID, GRID, (column, row) => {
      const cell = row * GRID + column;
      const here = lead(cell);
      const isEdge = (column && here * lead(cell - 1) < 0) || (row && here * lead(cell - GRID) < 0);
      return isEdge ? colors.ink : colors.signed(0.85 * Math.tanh(here / 2));
    });
  }

  /** Draw the training points: class 1 as discs, class 0 as squares. */
  function drawPoints(svg, { x, y }) {
    const at = (value) => 50 * (value / REACH + 1);
    const shapes = Array.from(y, function (label, point) {
      const [left, top] = [at(x[2 * point]), at(-x[2 * point + 1])];
      if (label) return draw.svg("circle", { cx: left, cy: top, r: 1.5, class: "pg-one" });
      return draw.svg("rect", { x: left - 1.3, y: top - 1.3, width: 2.6, height: 2.6, class: "pg-zero" });
    });
    svg.replaceChildren(...shapes);
  }

  // Matrices ----------------------------------------------------------------------------------------------------------

  /** Paint cells as large as the width allows, with a text where one of `least` pixels fits; at(…): [color, text]. */
  function paintCells(canvas, columns, rows, least, at) {
    canvas.width = canvas.clientWidth || 320;
    const side = Math.min(CELL, Math.floor(canvas.width / columns));
    canvas.height = side * rows;
    const context = canvas.getContext("2d");
    context.font = `${Math.min(13, side / 2)}px system-ui, sans-serif`;
    [context.textAlign, context.textBaseline] = ["center", "middle"];
    for (let cell = 0; cell < columns * rows; cell++) {
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const [color, text] = at(column, row) || [];
      if (!color) continue;
      const [red, green, blue] = color;
      context.fillStyle = `rgb(${red} ${green} ${blue})`;
      context.fillRect(column * side, row * side, side - 1, side - 1);
      context.fillStyle = 0.3 * red + 0.59 * green + 0.11 * blue > 140 ? "#000" : "#fff";
      if (side >= least) context.fillText(text, (column + 0.5) * side, (row + 0.5) * side);
    }
  }

  /** Paint the weights, each layer in colors of its own scale, with their signs. */
  function paintWeights(canvas, { net: { layers } }) {
    const greatest = layers.map(({ W }) => W.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-300));
    const units = layers.flatMap(({ b }, layer) => [...Array.from(b, (_, unit) => [layer, unit]), []]);
    const rows = Math.max(...layers.map(({ fanIn }) => fanIn));
    paintCells(canvas, units.length - 1, rows, 11, function (column, row) {
      const [layer, unit] = units[column];
      if (layer === undefined || row >= layers[layer].fanIn) return null;
      const weight = layers[layer].W[row * layers[layer].fanOut + unit];
      return [colors.signed(weight / greatest[layer]), weight > 0 ? "+" : weight < 0 ? "−" : weight === 0 ? "0" : "?"];
    });
  }

  function paintSaturation(canvas, run, layers) {
    const columns = Math.max(...layers.map(({ perUnit }) => perUnit.length));
    paintCells(canvas, columns, layers.length - 1, 20, function (column, row) {
      const share = layers[row].perUnit[column];
      return share === undefined ? null : [colors.share(share), String(Math.round(100 * share))];
    });
  }

  // Charts ------------------------------------------------------------------------------------------------------------

  /** Draw a chart over the updates. */
  function drawOver(svg, run, values, y, rules) {
    const dots = run.at.length < 2; // a line needs two points
    const lines = values.map((line, at) => ({ x: run.at, y: line, tone: TONES[at % TONES.length], dots }));
    const x = { label: "updates", from: 0, to: Math.max(50, run.updates) };
    draw.lines(svg, { lines, x, y, rules, height: HEIGHT, right: 16 });
  }

  function drawTraces(svg, run) {
    const lines = run.lines();
    const values = lines.flat().filter(Number.isFinite);
    drawOver(svg, run, lines, { from: Math.min(0, ...values), to: Math.max(0.1, ...values) });
  }

  function drawLoss(svg, run) {
    const finite = run.losses.filter((loss) => loss > 0 && loss < Infinity);
    const to = Math.max(0.8, ...finite);
    const axis = to < 4 ? { from: 0, to } : { log: true, from: Math.min(0.1, ...finite), to };
    drawOver(svg, run, [run.losses], axis, [{ y: run.chances.loss, label: "a guess" }]);
  }

  function drawGradients(svg, run, layers) {
    const y = layers.map(({ gradientNorm }) => gradientNorm);
    const sizes = y.filter((norm) => norm > 0 && norm < Infinity);
    const axis = { log: true, from: Math.min(1e-3, ...sizes), to: Math.max(1, ...sizes) };
    const x = { label: "layer", from: 1, to: y.length, ticks: y.map((_, below) => below + 1) };
    draw.lines(svg, { lines: [{ y, dots: true }], x, y: axis, height: HEIGHT, right: 16 });
  }

  // Panels ------------------------------------------------------------------------------------------------------------

  const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const linesOf = (run) => `${counted(run.traces.length, "unit")}, ${counted(run.lines().length, "line")}`;
  const lossOf = (run) => `now ${number(run.read().loss)}; a guess has ${number(run.chances.loss)}`;
  const listed = (key, write) => (run, layers) => layers.map((layer) => write(layer[key])).join(", ");
  const signsOf = (run) =>
    run.net.layers.map(({ W }) => `${W.filter((weight) => weight > 0).length} of ${W.length} positive`).join(", ");

  /** Title, tag, how to draw it of (element, run, readings), and how to say it of (run, readings). */
  const PANELS = [
    ["Weight from the first input to each unit of layer 1", "svg", drawTraces, linesOf],
    ["Loss", "svg", drawLoss, lossOf],
    ["Gradient norm of each layer", "svg", drawGradients, listed("gradientNorm", number)],
    ["Weights: a block per layer, a column per unit", "canvas", paintWeights, signsOf],
    ["Saturated: percent of each unit, a row per layer", "canvas", paintSaturation, listed("saturated", percent)],
  ];

  const COLUMNS = ["Layer", "Different units", "Saturated", "rms of z", "rms of delta", "Gradient norm"];

  function tableRow({ kind, distinct, perUnit, saturated, rmsZ, rmsDelta, gradientNorm }, at) {
    const isHidden = kind === "hidden";
    const sizes = [rmsZ, rmsDelta, gradientNorm].map(number);
    const cells = [`${distinct} of ${perUnit.length}`, isHidden ? percent(saturated) : "–", ...sizes];
    const name = el("th", { scope: "row" }, isHidden ? at + 1 : "output");
    return el("tr", {}, name, cells.map((cell) => el("td", {}, cell)));
  }

  const label = (drawing, words) => drawing.setAttribute("aria-label", words);

  /**
   * Make the panels of one start: `head` and `body`; `open` takes a new run and its name, `show` redraws the map or, in
   * odd frames, the charts, and `settle` redraws all, with labels and table.
   */
  function panels() {
    const [map, units, where, saturated, most] = ["canvas", "strong", "span", "strong", "span"].map((tag) => el(tag));
    const [name, facts, chances, verdict] = ["name", "facts", "facts", "verdict"].map((kind) => el("p", { class: `pg-${kind}` }));
    const points = draw.svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: "pg-points" });
    const drawings = PANELS.map(([, tag]) => (tag === "svg" ? draw.svg(tag) : el(tag)));
    const [counting, caption, rows] = ["span", "caption", "tbody"].map((tag) => el(tag));
    [map, ...drawings].forEach((drawing) => drawing.setAttribute("role", "img"));
    let run;
    let copy;

    const big = (label, kind, ...parts) => el("p", { class: kind }, label, parts);
    const different = big("Different units ", "pg-units", units, where);
    const legend = el("p", { class: "pg-facts" }, "Purple answers ●, orange □.");
    const pressed = big("Saturated: ", "pg-pressed", saturated, most);
    const message = el("div", { class: "pg-message" }, different, pressed, facts, chances, legend);
    const titles = el("thead", {}, el("tr", {}, COLUMNS.map((title) => el("th", { scope: "col" }, title))));
    const figure = ([title], at) =>
      el("figure", { class: "pg-panel" }, el("figcaption", {}, title, at ? null : counting), drawings[at]);
    const scrolling = { class: "scroll", tabindex: 0, role: "group", "aria-label": "Readings, may scroll sideways" };
    const table = el("div", scrolling, el("table", {}, caption, titles, rows));
    const [first, ...others] = PANELS.map(figure);
    const square = el("div", { class: "pg-map" }, map, points);
    const head = el("div", { class: "pg-head" }, name, square, message, verdict, first);
    const body = el("div", { class: "pg-body" }, others, table);

    function show(frame) {
      const { units: found, right, loss, saturated: share, pressed: worst, layers } = run.read();
      if (frame % 2) {
        counting.textContent = `: ${linesOf(run)}`;
        return PANELS.forEach((panel, at) => panel[2](drawings[at], run, layers));
      }
      paintMap(map, run.net, copy);
      units.textContent = `${found.distinct} of ${found.of}`;
      where.textContent = ` in layer ${found.layer}`;
      saturated.textContent = percent(share);
      most.textContent = share ? ` in layer ${worst}` : "";
      const words = run.isLost ? "training has diverged" : `${percent(right)} right, loss ${number(loss)}`;
      const since = run.learned === null ? "" : `\n90 % right first at update ${run.learned}`;
      facts.textContent = `Update ${run.updates}:\n${words}${since}`;
    }

    function settle() {
      const { layers, right } = run.read();
      show(0);
      show(1);
      label(map, `Answer of the net after ${run.updates} updates: ${percent(right)} of the points right`);
      PANELS.forEach(([title, , , words], at) => label(drawings[at], `${title}: ${words(run, layers)}`));
      rows.replaceChildren(...layers.map(tableRow));
      caption.textContent = `Layer by layer after ${run.updates} updates`;
    }

    function open(started, title) {
      run = started;
      copy = new Lab.Net(run.net.widths, run.net.activation);
      name.textContent = `Start: ${title}`;
      const judged = Lab.verdict(run.atStart.layers);
      const isHealthy = judged.verdict === "healthy";
      const meaning = isHealthy ? "signal and gradient arrive; whether it learns is another question" : judged.meaning;
      const sign = el("span", { class: "verdict-sign", "data-verdict": judged.verdict }, judged.sign);
      verdict.replaceChildren("Verdict on the start: ", sign, ` ${judged.verdict}: ${meaning}.`);
      const { guess, line } = run.chances;
      chances.textContent = `A guess: ${percent(guess)} right, the best straight line: ${percent(line)}`;
      drawPoints(points, run.points);
    }

    return { head, body, open, show, settle };
  }

  Object.assign(Lab.playground, { panels, colors });
})((window.Lab = window.Lab || {}));
