/** What the playground shows of one start: the map with its message, the panels below, and the table of readings. */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const { number, percent } = Lab.format;
  const GRID = 40;
  const REACH = 2.4;
  const CELL = 26;
  const SIGNED = 11;

  /** Corners of the map's cells, from top left; their classes are what the net answers there. */
  const PLACES = Float64Array.from({ length: 2 * GRID * GRID }, (_, at) => {
    const cell = at >> 1;
    const along = at % 2 ? GRID - 1 - Math.floor(cell / GRID) : cell % GRID;
    return REACH * ((2 * (along + 0.5)) / GRID - 1);
  });

  /** The colors of the page, looked up once; `forget` after a change between light and dark. */
  const colors = {
    forget() {
      colors.signed = Lab.draw.ramp(Lab.draw.signed, -1);
      colors.share = Lab.draw.ramp(Lab.draw.share, 0);
      colors.ink = [...Lab.draw.color("--ink"), 255];
    },
  };

  const css = ([red, green, blue]) => `rgb(${red} ${green} ${blue})`;
  const readable = ([red, green, blue]) => (0.3 * red + 0.59 * green + 0.11 * blue > 140 ? "#000" : "#fff");

  // The map -----------------------------------------------------------------------------------------------------------

  /** Paint what the net answers in the plane; where the answer changes the map has a line of ink. */
  function paintMap(canvas, run, copy) {
    copy.set(run.net.layers.map(({ W }) => W), run.net.layers.map(({ b }) => b));
    const outputs = copy.forward(PLACES, GRID * GRID);
    const lead = (cell) => outputs[2 * cell + 1] - outputs[2 * cell];
    Lab.draw.heat(canvas, GRID, GRID, (column, row) => {
      const cell = row * GRID + column;
      const here = lead(cell);
      const edge = (column && here * lead(cell - 1) < 0) || (row && here * lead(cell - GRID) < 0);
      return edge ? colors.ink : colors.signed(0.85 * Math.tanh(here / 2));
    });
  }

  /** Draw the training points: class 1 as discs, class 0 as squares. */
  function paintPoints(svg, { x, y, count }) {
    const at = (value) => (50 * (value / REACH + 1)).toFixed(2);
    const points = Array.from({ length: count }, (_, point) => {
      const [left, top] = [at(x[2 * point]), at(-x[2 * point + 1])];
      return y[point]
        ? Lab.draw.svg("circle", { cx: left, cy: top, r: 1.5, class: "pg-one" })
        : Lab.draw.svg("rect", { x: left - 1.3, y: top - 1.3, width: 2.6, height: 2.6, class: "pg-zero" });
    });
    svg.replaceChildren(...points);
  }

  // Matrices ----------------------------------------------------------------------------------------------------------

  /** Paint cells as large as the width allows, with a text where it fits; `at(column, row)`: [color, text] or null. */
  function paintCells(canvas, columns, rows, at, least) {
    const width = (canvas.width = Math.max(160, canvas.clientWidth || 320));
    const side = Math.min(CELL, Math.floor(width / columns));
    canvas.height = side * rows;
    const context = canvas.getContext("2d");
    context.font = `${Math.min(13, Math.floor(side * 0.55))}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (let cell = 0; cell < columns * rows; cell++) {
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const [color, text] = at(column, row) || [];
      if (!color) continue;
      context.fillStyle = css(color);
      context.fillRect(column * side, row * side, side - 1, side - 1);
      if (side < least) continue;
      context.fillStyle = readable(color);
      context.fillText(text, (column + 0.5) * side, (row + 0.5) * side);
    }
  }

  /** Paint the weights: a block per layer, a column per unit, a row per input. */
  function paintWeights(canvas, { net }) {
    const { layers } = net;
    const greatest = layers.map(({ W }) => W.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-300));
    const owners = layers.flatMap(({ fanOut }, layer) => [...Array.from({ length: fanOut }, (_, unit) => [layer, unit]), []]);
    owners.pop();
    const rows = Math.max(...layers.map(({ fanIn }) => fanIn));
    const at = function (column, row) {
      const [layer, unit] = owners[column];
      if (layer === undefined || row >= layers[layer].fanIn) return null;
      const weight = layers[layer].W[row * layers[layer].fanOut + unit];
      return [colors.signed(weight / greatest[layer]), weight > 0 ? "+" : weight < 0 ? "−" : "0"];
    };
    paintCells(canvas, owners.length, rows, at, SIGNED);
  }

  /** Paint the saturated share of each unit: a row per layer. */
  function paintSaturation(canvas, layers) {
    const columns = Math.max(...layers.map(({ perUnit }) => perUnit.length));
    const at = function (column, row) {
      const share = layers[row].perUnit[column];
      return share === undefined ? null : [colors.share(share), String(Math.round(100 * share))];
    };
    paintCells(canvas, columns, layers.length, at, 20);
  }

  // Charts ------------------------------------------------------------------------------------------------------------

  const updates = (run) => ({ label: "updates", from: 0, to: Math.max(50, run.updates) });

  function drawLoss(svg, run) {
    const guess = { y: Math.LN2, label: "a guess" };
    const shown = run.losses.map((loss) => Math.min(loss, 4));
    const to = Math.max(0.8, ...shown.filter(Number.isFinite));
    Lab.draw.lines(svg, { lines: [{ x: run.at, y: shown, tone: "accent" }], x: updates(run), y: { from: 0, to }, rules: [guess], height: 150 });
  }

  function drawTraces(svg, run, lines) {
    const tones = ["a", "b", "c", "d", "ink", "accent", "quiet"];
    const values = lines.flat().filter(Number.isFinite);
    const [least, most] = [Math.min(0, ...values), Math.max(0.1, ...values)];
    const drawn = lines.map((y, at) => ({ x: run.at, y, tone: tones[at % tones.length] }));
    Lab.draw.lines(svg, { lines: drawn, x: updates(run), y: { from: least, to: most }, height: 150 });
  }

  function drawGradients(svg, layers) {
    const y = layers.map(({ gradientNorm }) => gradientNorm);
    const sizes = y.filter((norm) => norm > 0 && Number.isFinite(norm));
    const axis = { log: true, from: Math.min(1e-3, ...sizes), to: Math.max(1, ...sizes) };
    Lab.draw.lines(svg, { lines: [{ y, tone: "ink", dots: true }], x: { label: "layer", from: 1, to: layers.length }, y: axis, height: 150 });
  }

  // Words -------------------------------------------------------------------------------------------------------------

  const COLUMNS = ["Layer", "Different units", "Saturated", "rms of z", "rms of delta", "Gradient norm"];

  function tableRow(layer, at) {
    const isHidden = layer.kind === "hidden";
    const cells = [
      `${layer.distinct} of ${layer.perUnit.length}`,
      isHidden ? percent(layer.saturated) : "–",
      ...[layer.rmsZ, layer.rmsDelta, layer.gradientNorm].map(number),
    ];
    const name = isHidden ? String(at + 1) : "output";
    return el("tr", {}, el("th", { scope: "row" }, name), cells.map((cell) => el("td", {}, cell)));
  }

  const counted = (count, one, several) => `${count} ${count === 1 ? one : several}`;

  /** Say what the traces show: how many lines the units draw. */
  const linesInWords = (lines, units) => `${counted(units, "unit", "units")}, ${counted(lines, "line", "lines")}`;

  function signsInWords({ W }) {
    const positive = W.filter((weight) => weight > 0).length;
    return `${positive} positive, ${W.filter((weight) => weight < 0).length} negative`;
  }

  // One start ---------------------------------------------------------------------------------------------------------

  const canvasOf = () => el("canvas", { role: "img", width: 1, height: 1 });
  const chartOf = () => Lab.draw.svg("svg", { role: "img" });
  const panel = (title, drawing, ...more) => el("figure", { class: "pg-panel" }, el("figcaption", {}, title), drawing, ...more);

  /**
   * Make the panels of one start.
   *
   * @returns {{head: Element, body: Element, open: function(object, string): void, draw: function(number): void,
   *   settle: function(): void}} `open` takes a new run and its name; `draw` redraws part of it, by the number of the
   *   frame; `settle` redraws all, with labels and table
   */
  function panels() {
    const map = canvasOf();
    const points = Lab.draw.svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: "pg-points" });
    const [units, where, pressed, facts, verdict, name] = ["strong", "span", "strong", "p", "p", "p"].map((tag) => el(tag, {}));
    const [traces, loss, gradients] = [chartOf(), chartOf(), chartOf()];
    const [weights, saturation] = [canvasOf(), canvasOf()];
    const [rows, caption, counting] = [el("tbody"), el("caption"), el("span")];
    name.className = "pg-name";
    facts.className = "pg-facts";
    verdict.className = "pg-facts pg-verdict";
    const head = el(
      "div",
      { class: "pg-head" },
      name,
      el("div", { class: "pg-map" }, map, points),
      el(
        "div",
        { class: "pg-message" },
        el("p", { class: "pg-units" }, "Different units ", units, where),
        el("p", { class: "pg-pressed" }, "Saturated: ", pressed),
        facts,
      ),
      verdict,
    );
    const body = el(
      "div",
      { class: "pg-body" },
      panel("Weight from the first input to each unit of layer 1: ", traces),
      panel("Loss", loss),
      panel("Gradient norm of each layer", gradients),
      panel("Weights: a block per layer, a column per unit", weights),
      panel("Saturated share of each unit in percent, a row per layer", saturation),
      el("div", { class: "scroll" }, el("table", {}, caption, el("thead", {}, el("tr", {}, COLUMNS.map((title) => el("th", { scope: "col" }, title)))), rows)),
    );
    body.querySelector("figcaption").append(counting);
    let run;
    let copy;

    function sayUnits() {
      const { units: found, right, loss: now, saturated } = run.read();
      units.textContent = `${found.distinct} of ${found.of}`;
      where.textContent = ` in layer ${found.layer}`;
      facts.textContent = `Update ${run.updates}: ${percent(right)} right, loss ${number(now)}`;
      pressed.textContent = percent(saturated);
    }

    function drawCharts() {
      const lines = run.lines();
      const { layers } = run.read();
      counting.textContent = linesInWords(lines.length, run.traces.length);
      drawTraces(traces, run, lines);
      drawLoss(loss, run);
      drawGradients(gradients, layers);
      paintWeights(weights, run);
      paintSaturation(saturation, layers.slice(0, -1));
    }

    function label() {
      const { layers, right, loss: now } = run.read();
      const norms = layers.map(({ gradientNorm }) => number(gradientNorm)).join(", ");
      const shares = layers.slice(0, -1).map(({ saturated }) => percent(saturated)).join(", ");
      const labels = [
        [map, `Answer of the net after ${run.updates} updates, with the training points: ${percent(right)} right`],
        [traces, `Weights over the updates: ${counting.textContent}`],
        [loss, `Loss over the updates: now ${number(now)}, where a guess has ${number(Math.LN2)}`],
        [gradients, `Gradient norm by layer: ${norms}`],
        [weights, `Weights, layer by layer: ${run.net.layers.map(signsInWords).join("; ")}`],
        [saturation, `Saturated share by layer: ${shares}`],
      ];
      labels.forEach(([drawing, text]) => drawing.setAttribute("aria-label", text));
      rows.replaceChildren(...layers.map(tableRow));
      caption.textContent = `Layer by layer after ${run.updates} updates`;
    }

    return {
      head,
      body,
      open(started, title) {
        run = started;
        copy = new Lab.Net([2, ...run.settings.hidden, 2], run.settings.activation, "sgd");
        name.textContent = `Start: ${title}`;
        const judged = Lab.verdict(run.atStart.layers);
        verdict.textContent = `Verdict: ${judged.sign} ${judged.verdict}: ${judged.meaning}.`;
        paintPoints(points, run.points);
      },
      draw(frame) {
        if (frame % 2) return drawCharts();
        paintMap(map, run, copy);
        sayUnits();
      },
      settle() {
        this.draw(0);
        this.draw(1);
        label();
      },
    };
  }

  Object.assign(Lab.playground, { panels, colors });
})((window.Lab = window.Lab || {}));
