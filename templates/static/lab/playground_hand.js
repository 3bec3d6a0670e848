/** Weights by hand: a number for each weight and bias of a small net, and buttons that fill them all. */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const SHAPES = ["1", "2", "4", "2-2", "4-2"];

  /** Return [fanIn, fanOut] of each layer. */
  function sizesOf(net) {
    const widths = [2, ...Lab.playground.hiddenOf(net), 2];
    return widths.slice(1).map((fanOut, below) => [widths[below], fanOut]);
  }

  /** Return {weights, biases} per layer from a text: numbers with commas, per layer its weights and then its biases. */
  function parsed(text, net) {
    const values = text.split(",").map((value) => (Number.isFinite(Number(value)) ? Number(value) : 0));
    const take = (count) => Array.from({ length: count }, () => values.shift() || 0);
    const layers = sizesOf(net).map(([fanIn, fanOut]) => [take(fanIn * fanOut), take(fanOut)]);
    return { weights: layers.map(([W]) => W), biases: layers.map(([, b]) => b) };
  }

  /** Return the text of a net whose weights are drawn one by one, over biases of zero. */
  function filled(net, weight) {
    const layer = ([fanIn, fanOut]) => [...Array.from({ length: fanIn * fanOut }, weight), ...Array(fanOut).fill(0)];
    return sizesOf(net).flatMap(layer).join(",");
  }

  const FILLS = [
    ["0.5: all equal", () => 0.5],
    ["10 and −10: large, positive and negative", (numbers) => (numbers.uniform() < 0.5 ? -10 : 10)],
    ["random numbers", (numbers) => Number(numbers.normal().toFixed(2))],
  ];

  /**
   * Make the part for weights by hand; `changed` is called with a net and its weights as text. `show` takes the net and
   * its layers at the start.
   */
  function hand(changed) {
    const shape = Lab.choice("hand", [["", "another"], ...SHAPES.map((net) => [net, `2-${net}-2`])]);
    const place = el("div", { class: "pg-hand" });
    const fills = FILLS.map(([text, draw]) =>
      Lab.button(text, function () {
        const numbers = Lab.random.sfc32(Math.floor(Math.random() * 2 ** 32));
        fill(shape.value || "2", () => draw(numbers));
      }),
    );
    const fill = (net, weight) => changed(net, filled(net, weight));
    shape.addEventListener("change", () => shape.value && fill(shape.value, FILLS[0][1]));
    place.addEventListener("change", () =>
      changed(shape.value, Array.from(place.querySelectorAll("input"), ({ value }) => Number(value) || 0).join(",")),
    );
    function show(net, layers) {
      shape.value = SHAPES.includes(net) ? net : "";
      place.replaceChildren(...(shape.value ? layers.map((layer, at) => table(layer, at, !layers[at + 1])) : []));
    }
    const title = el("summary", {}, "Set the weights by hand");
    const element = el("details", {}, title, Lab.field("Net", shape), Lab.group("Fill with", ...fills), place);
    return { element, show };
  }

  /** Make the table of one layer: a row per input and one for the biases, a column per unit. */
  function table({ fanIn, fanOut, W, b }, at, isOutput) {
    const name = isOutput ? "Output" : `Layer ${at + 1}`;
    const units = Array.from(b, (_, unit) => (isOutput ? `class ${unit}` : `unit ${unit + 1}`));
    const input = (value, words) => Lab.number("", { value: Number(value.toPrecision(4)), "aria-label": words });
    const cell = (from) => (value, unit) => el("td", {}, input(value, `${name}, ${from} to ${units[unit]}`));
    const row = (from, values) => el("tr", {}, el("th", { scope: "row" }, from), Array.from(values, cell(from)));
    const rows = Array.from({ length: fanIn }, (_, below) =>
      row(`${at ? "unit" : "input"} ${below + 1}`, W.subarray(below * fanOut, (below + 1) * fanOut)),
    );
    const titles = el("tr", {}, ["from", ...units].map((title) => el("th", { scope: "col" }, title)));
    const body = el("tbody", {}, rows, row("bias", b));
    return el("div", { class: "scroll" }, el("table", {}, el("caption", {}, name), el("thead", {}, titles), body));
  }

  Object.assign(Lab.playground, { hand, parsed, isSmall: (net) => SHAPES.includes(net) });
})((window.Lab = window.Lab || {}));
