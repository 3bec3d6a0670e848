/** What widgets draw with: a map of colored cells on a canvas, and a chart of lines as SVG. */
(function (Lab, Site) {
  "use strict";

  const TEXT = 13;
  const LINE = 16;

  const draw = (Lab.draw = {});

  const probe = document.createElement("span");
  const colors = new Map();

  /** Return a color of the style sheet as [red, green, blue], by the name of its custom property, in the theme that is shown. */
  draw.color = function (name) {
    if (!colors.size) queueMicrotask(() => colors.clear()); // by the next drawing the theme may be another one
    if (!colors.has(name)) {
      probe.hidden = true;
      probe.style.color = `var(${name})`;
      document.body.append(probe);
      colors.set(name, getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
      probe.remove();
    }
    return colors.get(name);
  };

  const mixed = (from, to, share) => from.map((value, at) => Math.round(value + (to[at] - value) * share));

  /** Return the color of a value from −1 (the one class, or negative) over 0 (paper) to 1. */
  draw.signed = function (value) {
    const size = Math.min(1, Math.abs(value) || 0);
    const end = draw.color(value > 0 ? "--lab-positive" : "--lab-negative");
    return [...mixed(draw.color("--paper"), end, size), 255];
  };

  /** Return the color of a share from 0 (paper) to 1. */
  draw.share = (value) => [...mixed(draw.color("--paper"), draw.color("--lab-share"), Math.min(1, value || 0)), 255];

  /** Return a faster form of one of the two above: the colors of 256 steps, looked up once; no number is paper. */
  draw.ramp = function (color, least) {
    const steps = Array.from({ length: 256 }, (_, at) => color(least + ((1 - least) * at) / 255));
    const none = color(NaN);
    return (value) => steps[Math.max(0, Math.min(255, Math.round(((value - least) / (1 - least)) * 255)))] || none;
  };

  /** Paint a map of cells, one pixel each; the style sheet makes it large. `at(column, row)` gives [r, g, b, a]. */
  draw.heat = function (canvas, columns, rows, at) {
    canvas.width = columns;
    canvas.height = rows;
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) image.data.set(at(column, row), 4 * (row * columns + column));
    }
    context.putImageData(image, 0, 0);
    return context;
  };

  // Charts ------------------------------------------------------------------------------------------------------------

  /** Make an element of SVG, as on every page. */
  draw.svg = Site.svg;

  const drawn = new WeakMap();
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const chart = drawn.get(target);
      if (chart && chart.width !== widthOf(target)) chart.again();
    }
  });

  const widthOf = (svg) => Math.max(220, Math.round(svg.clientWidth) || 320);

  /** Return steps of 1, 2 or 5 times a power of ten, about `count` of them. */
  function linearTicks(from, to, count) {
    const rough = (to - from) / count || 1;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
    const ticks = [];
    for (let at = Math.ceil(from / step) * step; at <= to + step / 1e6; at += step) ticks.push(Number(at.toPrecision(12)));
    return ticks;
  }

  function logTicks(from, to, count) {
    const step = Math.max(1, Math.ceil((Math.log10(to) - Math.log10(from)) / count));
    const ticks = [];
    for (let power = Math.ceil(Math.log10(from) - 1e-9); power <= Math.log10(to) + 1e-9; power++) {
      if (power % step === 0) ticks.push(10 ** power);
    }
    return ticks;
  }

  /** Return an axis: where a value lies between two pixels, and its ticks. */
  function axis(settings, low, high, count) {
    const { from, to, log } = settings;
    const map = log ? Math.log10 : (value) => value;
    const span = map(to) - map(from) || 1;
    return {
      at: (value) => low + ((map(value) - map(from)) / span) * (high - low),
      ticks: settings.ticks || (log ? logTicks(from, to, count) : linearTicks(from, to, count)),
      text: (value) => (log ? Lab.format.power(Math.round(Math.log10(value))) : Lab.format.number(value)),
      holds: (value) => Number.isFinite(map(value)),
    };
  }

  /** Fill in the ends of the axes that a chart leaves open, from its lines. */
  function fitted(spec) {
    const values = spec.lines.flatMap((line) => Array.from(line.y)).filter((y) => Number.isFinite(y) && (!spec.y.log || y > 0));
    const last = Math.max(1, ...spec.lines.map((line) => line.y.length));
    const [least, most] = values.length ? [Math.min(...values), Math.max(...values)] : [1, 1];
    const open = spec.y.log ? { from: Math.min(least, 0.1), to: Math.max(most, 10) } : { from: Math.min(0, least), to: 1.05 * most || 1 };
    return { ...spec, x: { from: 1, to: last, ...spec.x }, y: { ...open, ...spec.y } };
  }

  /** Move labels apart so that none lies upon another; they keep their order. */
  function spread(labels, bottom) {
    labels.sort((one, other) => one.y - other.y);
    labels.forEach((label, at) => at && (label.y = Math.max(label.y, labels[at - 1].y + LINE)));
    for (let at = labels.length - 1; at >= 0; at--) {
      labels[at].y = Math.min(labels[at].y, at === labels.length - 1 ? bottom : labels[at + 1].y - LINE);
    }
    return labels;
  }

  /** Return the path of a line; it breaks where there is no number, and stays inside of the frame. */
  function path(points, x, y, [top, bottom]) {
    let pen = "M";
    return points
      .map(([at, value]) => {
        if (!y.holds(value)) return ((pen = "M"), "");
        const step = `${pen}${x.at(at).toFixed(1)},${Math.max(top, Math.min(bottom, y.at(value))).toFixed(1)}`;
        pen = "L";
        return step;
      })
      .join("");
  }

  /**
   * Draw a chart of lines into an SVG; it follows the width of its element.
   *
   * `lines`: {y, x (1, 2, … where missing), tone: ink accent a b c d quiet, dash, dots, label}; `x` and `y`: {label,
   * from, to, log}; `rules`: {x or y, label}, dashed lines across; `height` in pixels, and `right`, the room for labels.
   *
   * @returns {{xAt: function(number): number, mark: function(?number): void}} what x lies under a pixel of the screen,
   *   and how to mark an x in it.
   */
  draw.lines = function (svg, given) {
    const spec = fitted(given);
    const chart = { marked: null };
    chart.again = () => paint(svg, spec, chart);
    drawn.set(svg, chart);
    resized.observe(svg);
    chart.again();
    return {
      xAt: (client) => chart.xAt(client - svg.getBoundingClientRect().left),
      mark(x) {
        chart.marked = x;
        chart.mark();
      },
    };
  };

  function paint(svg, spec, chart) {
    const width = (chart.width = widthOf(svg));
    const height = spec.height || 180;
    const longest = Math.max(0, ...spec.lines.map((line) => (line.label || "").length));
    const room = spec.right || Math.min(width / 3, 10 + longest * 7);
    const frame = { left: 52, right: width - room, top: spec.title ? 24 : 8, bottom: height - 38 };
    const x = axis(spec.x, frame.left, frame.right, Math.max(2, (frame.right - frame.left) / 60));
    const y = axis(spec.y, frame.bottom, frame.top, 5);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    svg.replaceChildren(...titles(spec, frame), ...grid(x, y, frame), ...rules(spec, x, y, frame), ...lines(spec, x, y, frame));
    const marker = draw.svg("g", { class: "lab-mark" });
    svg.append(marker);
    chart.xAt = (pixel) => inverse(spec.x, (pixel * width) / (svg.clientWidth || width), frame);
    chart.mark = () => marker.replaceChildren(...(chart.marked === null ? [] : marked(spec, chart.marked, x, y, frame)));
    chart.mark();
  }

  function inverse({ from, to, log }, pixel, frame) {
    const share = Math.max(0, Math.min(1, (pixel - frame.left) / (frame.right - frame.left)));
    return log ? from * (to / from) ** share : from + share * (to - from);
  }

  const text = (x, y, content, anchor, kind) =>
    draw.svg("text", { x, y, "text-anchor": anchor || "start", "font-size": TEXT, class: kind || "" }, content);

  function titles(spec, frame) {
    return [
      ...(spec.title ? [text(0, 14, spec.title, "start", "lab-chart-title")] : []),
      ...(spec.x.label ? [text((frame.left + frame.right) / 2, frame.bottom + 34, spec.x.label, "middle")] : []),
    ];
  }

  function grid(x, y, frame) {
    const made = [];
    for (const value of y.ticks) {
      made.push(draw.svg("line", { x1: frame.left, x2: frame.right, y1: y.at(value), y2: y.at(value), class: "lab-grid" }));
      made.push(text(frame.left - 6, y.at(value) + 4, y.text(value), "end"));
    }
    for (const value of x.ticks) made.push(text(x.at(value), frame.bottom + 17, x.text(value), "middle"));
    return made;
  }

  function rules(spec, x, y, frame) {
    return (spec.rules || []).flatMap((rule) => {
      const across = rule.y !== undefined;
      const at = across ? y.at(rule.y) : x.at(rule.x);
      const ends = across ? { x1: frame.left, x2: frame.right, y1: at, y2: at } : { x1: at, x2: at, y1: frame.top, y2: frame.bottom };
      const name = across ? text(frame.left + 4, at - 4, rule.label || "") : text(at + 4, frame.top + 10, rule.label || "");
      return [draw.svg("line", { ...ends, class: "lab-rule" }), name];
    });
  }

  const pointsOf = (line) => Array.from(line.y, (value, at) => [line.x ? line.x[at] : at + 1, value]);

  function lines(spec, x, y, frame) {
    const labels = [];
    const made = spec.lines.flatMap((line) => {
      const points = pointsOf(line);
      const tone = `lab-line tone-${line.tone || "ink"}${line.dash ? " dash" : ""}`;
      const end = points.filter(([, value]) => y.holds(value)).pop();
      if (line.label && end) labels.push({ y: y.at(end[1]) + 4, text: line.label });
      const dots = line.dots ? points.filter(([, value]) => y.holds(value)) : [];
      return [
        ...(line.dots === "only" ? [] : [draw.svg("path", { d: path(points, x, y, [frame.top, frame.bottom]), class: tone })]),
        ...dots.map(([at, value]) => draw.svg("circle", { cx: x.at(at), cy: y.at(value), r: 3, class: tone })),
      ];
    });
    for (const label of labels) label.y = Math.max(frame.top + 10, Math.min(frame.bottom, label.y));
    return [...made, ...spread(labels, frame.bottom).map((label) => text(frame.right + 6, label.y, label.text))];
  }

  function marked(spec, value, x, y, frame) {
    const at = x.at(value);
    const near = spec.lines.flatMap((line) => pointsOf(line).filter(([own, height]) => own === value && y.holds(height)).map(([, height]) => ({ line, height })));
    return [
      draw.svg("line", { x1: at, x2: at, y1: frame.top, y2: frame.bottom }),
      ...near.map(({ line, height }) => draw.svg("circle", { cx: at, cy: Math.max(frame.top, Math.min(frame.bottom, y.at(height))), r: 4, class: `tone-${line.tone || "ink"}` })),
    ];
  }
})((window.Lab = window.Lab || {}), window.Site);
