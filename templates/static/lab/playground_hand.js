/** Weights by hand: a number for each weight and bias of a small net, and buttons that fill them all. */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const SHAPES = ["1", "2", "4", "2-2", "4-2"];
  const LARGE = 10;

  /** Return the sizes of all layers of a net, [fanIn, fanOut] each. */
  function shapesOf(net) {
    const widths = [2, ...Lab.playground.hiddenOf(net), 2];
    return widths.slice(1).map((fanOut, below) => [widths[below], fanOut]);
  }

  /** Tell whether the weights of a net can be set by hand. */
  const isSmall = (net) => SHAPES.includes(net);

  /** Write weights and biases as one text: per layer its weights, then its biases. */
  const written = (layers) => layers.flatMap(({ W, b }) => [...W, ...b]).map((value) => Number(value.toPrecision(4))).join(",");

  /** Return weights and biases per layer from such a text; what is missing or no number is 0. */
  function parsed(text, net) {
    const values = text.split(",").map(Number).map((value) => (Number.isFinite(value) ? value : 0));
    let from = 0;
    const take = (count) => Array.from({ length: count }, () => values[from++] || 0);
    const layers = shapesOf(net).map(([fanIn, fanOut]) => [take(fanIn * fanOut), take(fanOut)]);
    return { weights: layers.map(([W]) => W), biases: layers.map(([, b]) => b) };
  }

  /** Return the text of a net whose weights are drawn one by one, over biases of zero. */
  function filled(net, draw) {
    return written(shapesOf(net).map(([fanIn, fanOut]) => ({ W: Array.from({ length: fanIn * fanOut }, draw), b: Array(fanOut).fill(0) })));
  }

  /**
   * Make the part for weights by hand.
   *
   * @param {function(string, string): void} changed called with a net and its weights as text
   * @returns {{element: Element, show: function(string, Layer[]): void}} `show` takes the net and its layers at the start
   */
  function hand(changed) {
    let net = "2";
    const shapes = SHAPES.map((shape) => [shape, `2-${shape}-2`]);
    const shape = Lab.choice("hand", [["", "larger"], ...shapes]);
    const place = el("div", { class: "pg-hand" });
    const random = () => Lab.random.sfc32((Math.random() * 2 ** 32) >>> 0);
    const fill = (text, start) =>
      Lab.button(text, () => {
        const draw = start();
        changed(net, filled(net, draw));
      });
    const signs = () => ((numbers) => () => (numbers.uniform() < 0.5 ? -LARGE : LARGE))(random());
    const normals = () => ((numbers) => () => numbers.normal())(random());
    const fills = Lab.group(
      "Fill with",
      fill("0.5, all equal", () => () => 0.5),
      fill(`±${LARGE}: large, positive and negative`, signs),
      fill("random numbers", normals),
    );
    shape.addEventListener("change", () => shape.value && changed(shape.value, filled(shape.value, () => 0.5)));

    function show(shown, layers) {
      shape.value = isSmall(shown) ? shown : "";
      net = shape.value || "2";
      place.replaceChildren(...(shape.value ? layers.map((layer, at) => table(layer, at, at === layers.length - 1)) : []));
      const inputs = [...place.querySelectorAll("input")];
      inputs.forEach((input) => (input.onchange = () => changed(net, inputs.map(({ value }) => Number(value) || 0).join(","))));
    }

    const element = el("details", {}, el("summary", {}, "Set the weights by hand"), Lab.field("Net", shape), fills, place);
    return { element, show };
  }

  /** Make the table of one layer: a row per input and one for the biases, a column per unit. */
  function table({ fanIn, fanOut, W, b }, at, isOutput) {
    const name = isOutput ? "Output" : `Layer ${at + 1}`;
    const unit = (column) => (isOutput ? `class ${column}` : `unit ${column + 1}`);
    const cell = (value, from, column) =>
      el("td", {}, Lab.number("", { value: Number(value.toPrecision(4)), "aria-label": `${name}, ${from} to ${unit(column)}` }));
    const row = (from, values) =>
      el("tr", {}, el("th", { scope: "row" }, from), Array.from(values, (value, column) => cell(value, from, column)));
    const below = (input) => `${at ? "unit" : "input"} ${input + 1}`;
    const rows = Array.from({ length: fanIn }, (_, input) => row(below(input), W.subarray(input * fanOut, (input + 1) * fanOut)));
    const titles = Array.from({ length: fanOut }, (_, column) => el("th", { scope: "col" }, unit(column)));
    return el("div", { class: "scroll" }, el("table", {}, el("caption", {}, name), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "from"), titles)), el("tbody", {}, rows, row("bias", b))));
  }

  Object.assign(Lab.playground, { hand, parsed, written, isSmall });
})((window.Lab = window.Lab || {}));
