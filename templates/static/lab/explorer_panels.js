/** The explorer's three charts over the layers, which share one marked layer, and the table of what they show. */
(function (Lab) {
  "use strict";

  const { el, format } = Lab;
  const TITLES = ["Signal →", "← Gradient", "Saturated, and dead (dashed)"];
  /** How a chart is read aloud: its name, the kinds of values of which it tells both ends, and how to write them. */
  const TOLD = [
    ["Signal", ["size"], format.number],
    ["Gradient", ["gradient"], format.number],
    ["Saturated and dead", ["saturated", "dead"], format.percent],
  ];
  const WIDEST = [1e-15, 1e15];

  /** [kind of value, head of its column, theory or none]: what is known by layer. */
  const COLUMNS = [
    ["size", "signal", format.number],
    ["theory", "theory", format.number],
    ["signal", "differs", format.number],
    ["gradient", "gradient", format.number],
    ["gradient_theory", "theory", format.number],
    ["saturated", "saturated", format.percent],
    ["dead", "dead", format.percent],
  ];

  /** Return the ends of an axis of powers of ten that shows the limits, and what lies beyond them up to `WIDEST`. */
  function powers(lines, limit) {
    const values = lines.flatMap((line) => Array.from(line.y)).filter((value) => value > 0 && value < Infinity);
    const ends = [Math.min(1 / limit, ...values) / 2, Math.max(limit, ...values) * 2];
    return [Math.max(WIDEST[0], ends[0]), Math.min(WIDEST[1], ends[1])];
  }

  /** Put zero at the lower edge of an axis of powers of ten, and infinity at the upper one. */
  const onAxis = (values, [from, to]) =>
    Array.from(values, (value) => (value === 0 ? from : value === Infinity ? to : value));

  const line = ({ tone }, y, more) => ({ y, tone, ...more });
  const named = ({ letter }) => ({ label: letter });

  /** Return what the chart of sizes shows: measured with a name, theory dashed, the differences as dots. */
  function sizes(nets, measured, theory, limit, dots) {
    const lines = nets.flatMap((net) => [
      line(net, net[theory], { dash: true }),
      line(net, net[measured], named(net)),
      ...(dots ? [line(net, net[dots], { dots: "only" })] : []),
    ]);
    const ends = powers(lines, limit);
    const y = { log: true, from: ends[0], to: ends[1] };
    const shown = lines.map((one) => ({ ...one, y: onAxis(one.y, ends) }));
    return { lines: shown, y, rules: [{ y: limit }, { y: 1 / limit }] };
  }

  function shares(nets) {
    const lines = nets.flatMap((net) => [line(net, net.dead, { dash: true }), line(net, net.saturated, named(net))]);
    return { lines, y: { from: 0, to: 1 } };
  }

  /** Tell where the lines of one net in a chart begin and end. */
  function ends(net, kinds, write) {
    const told = kinds.map((kind) => {
      const values = net[kind];
      return `${kinds.length > 1 ? `${kind} ` : ""}from ${write(values[0])} to ${write(values[values.length - 1])}`;
    });
    return `${net.letter}, ${net.name}: ${told.join(", ")}`;
  }

  /** Return caption, head and body of the table of every layer. */
  function tabled(nets) {
    const heads = nets.map((net) =>
      el("th", { colspan: COLUMNS.length, scope: "colgroup" }, `${net.letter}: ${net.name}`),
    );
    const columns = nets.flatMap(() => COLUMNS.map(([, head]) => el("th", { scope: "col" }, head)));
    const cells = (at) => nets.flatMap((net) => COLUMNS.map(([kind, , write]) => el("td", {}, write(net[kind][at]))));
    const layers = Array.from(nets[0].size, (_, at) => at);
    const rows = layers.map((at) => el("tr", {}, el("th", { scope: "row" }, String(at + 1)), cells(at)));
    const first = el("tr", {}, el("td", {}), heads);
    const caption = el("caption", {}, "Every layer of what is chosen");
    return [caption, el("thead", {}, first, el("tr", {}, el("th", { scope: "col" }, "layer"), columns)), el("tbody", {}, rows)];
  }

  /**
   * Make the panels, with a control of the caller's below them.
   *
   * @param {function(number)} onLayer called with the layer that a reader marks
   * @returns {{box: Element, move: function(number, number), show: function(object[], number, boolean)}} `move` marks a
   *   layer (0 for the last) of nets of a depth; `show` draws nets of that depth ({letter, tone, name} and values by
   *   layer) with the limit, and with their differences or without.
   */
  Lab.panels = function (option, onLayer) {
    const charts = TITLES.map(() => Lab.draw.svg("svg", { role: "img" }));
    const slider = Lab.range("layer", { min: 1, max: 1, step: 1, value: 1 });
    const reading = el("p", { class: "explorer-reading" });
    const table = el("table", {});
    const scroll = el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Every layer" }, table);
    const all = el("details", {}, el("summary", {}, "Every layer as a table"), scroll);
    let marks = [];
    let nets = [];

    const layer = () => Math.min(Number(slider.value), nets[0].size.length);

    /** Tell all values of one net in one layer. */
    function values(net, at) {
      const of = (kind, write) => write(net[kind][at - 1]);
      const predicted = (kind) => (Number.isNaN(net[kind][at - 1]) ? "" : ` (theory ${of(kind, format.number)})`);
      return (
        `${net.letter}: signal ${of("size", format.number)}${predicted("theory")}, ` +
        `gradient ${of("gradient", format.number)}${predicted("gradient_theory")}, ` +
        `saturated ${of("saturated", format.percent)}, dead ${of("dead", format.percent)}`
      );
    }

    /** Mark the layer of the slider in all charts, in the line of text and in the table. */
    function mark() {
      if (!nets.length) return;
      marks.forEach((one) => one.mark(layer()));
      reading.textContent = `Layer ${layer()}. ${nets.map((net) => values(net, layer())).join("; ")}.`;
      slider.setAttribute("aria-valuetext", reading.textContent);
      const rows = table.querySelectorAll("tbody tr");
      rows.forEach((row, at) => row.classList.toggle("is-marked", at + 1 === layer()));
    }

    function fill() {
      table.replaceChildren(...(all.open && nets.length ? tabled(nets) : []));
      mark();
    }

    function point(chart, event) {
      slider.value = Math.round(marks[chart].xAt(event.clientX));
      mark();
    }

    const done = () => onLayer(Number(slider.value));
    slider.addEventListener("input", mark);
    slider.addEventListener("change", done);
    all.addEventListener("toggle", fill);
    charts.forEach((chart, at) => {
      chart.addEventListener("pointermove", (event) => point(at, event));
      chart.addEventListener("pointerleave", done);
    });

    return {
      box: el(
        "div",
        { class: "explorer-layers", hidden: true },
        el("div", { class: "explorer-panels" }, charts),
        Lab.field("Layer", slider),
        reading,
        option,
        all,
      ),
      move(to, depth) {
        slider.max = depth;
        slider.value = to || depth;
      },
      show(chosen, limit, differences) {
        nets = chosen;
        const specs = [
          sizes(nets, "size", "theory", limit, differences && "signal"),
          sizes(nets, "gradient", "gradient_theory", limit),
          shares(nets),
        ];
        const x = { label: "layer", from: 1, to: Math.max(2, Number(slider.max)) };
        marks = specs.map((spec, at) => {
          const [name, ...how] = TOLD[at];
          charts[at].setAttribute("aria-label", `${name} by layer. ${nets.map((net) => ends(net, ...how)).join("; ")}.`);
          return Lab.draw.lines(charts[at], { title: TITLES[at], x, height: 210, ...spec });
        });
        fill();
        mark();
      },
    };
  };
})((window.Lab = window.Lab || {}));
