/** Values of a figure, read with mouse, finger or arrow keys: of the nearest point of a line, or of a cell of a map. */
(function (Site) {
  "use strict";

  const HELP = "Point at the figure, or walk with the arrow keys; Page Up and Page Down change the panel, Escape ends.";
  const TOUCHED = "Touch the figure where you want to read it, or slide sideways; the button ends it.";
  const NEAR = 12;

  /** Write a number with four digits at most. */
  Site.number = function (value) {
    const size = Math.abs(value);
    if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(4))).replace("-", "−");
    const [digits, power] = value.toExponential(2).split("e");
    return `${Number(digits)}×10${Site.raised(Number(power))}`.replace(/^-/, "−");
  };

  function shareOf({ scale, limits }) {
    const map = scale === "log" ? Math.log : Number;
    const [low, high] = limits.map(map);
    return (value) => (map(value) - low) / (high - low);
  }

  function said(side, value) {
    const named = (side.names || []).find(([place]) => place === value);
    return named ? named[1] : [side.label, Site.number(value)].filter(Boolean).join(": ");
  }

  /** Return the rows of a panel, each with its points in the units of the SVG and their words. */
  function rowsOf(panel, number) {
    return (panel.cells ? rowsOfCells(panel) : rowsOfLines(panel)).map((row) => ({ ...row, number, box: panel.box }));
  }

  function rowsOfLines({ box: [left, top, right, bottom], title, x, y, lines }) {
    const [along, up] = [shareOf(x), shareOf(y)];
    return lines.map((line) => ({
      points: line.x.map((value, at) => ({
        x: left + along(value) * (right - left),
        y: bottom - up(line.y[at]) * (bottom - top),
        words: [title, line.name || line.start, said(x, value), said(y, line.y[at])].filter(Boolean).join(" · "),
      })).sort((one, other) => one.x - other.x),
    }));
  }

  function rowsOfCells({ box: [left, top, right, bottom], title, cells }) {
    const [rows, columns] = cells.shape;
    const [width, height] = [(right - left) / columns, (bottom - top) / rows];
    const name = (names, kind, at) => (names && names[at]) || (names ? "" : `${kind} ${at + 1}`);
    const words = (value) => (value === null ? "nothing" : typeof value === "number" ? Site.number(value) : value);
    const made = Array.from({ length: rows }, (_, row) => ({
      points: Array.from({ length: columns }, (_, column) => ({
        x: left + (column + 0.5) * width,
        y: top + ((cells.flip ? rows - 1 - row : row) + 0.5) * height,
        width,
        height,
        words: [
          title, name(cells.rows, "row", row), name(cells.columns, "column", column),
          words(cells.values[row * columns + column]),
        ].filter(Boolean).join(" · "),
      })),
    }));
    return cells.flip ? made.reverse() : made;
  }

  /** Where a reader is in a figure: a row of points, and one of them. */
  function reader(rows, shown) {
    let [row, at] = [0, 0];
    const nearest = (points, x) => points.reduce((best, point, i) => (
      Math.abs(point.x - x) < Math.abs(points[best].x - x) ? i : best), 0);
    const clamped = (value, count) => Math.min(Math.max(value, 0), count - 1);
    const go = (newRow, newAt) => {
      row = clamped(newRow, rows.length);
      at = clamped(newAt, rows[row].points.length);
      shown(rows[row].points[at]);
    };
    const turn = (step) => {
      const target = clamped(row + step, rows.length);
      go(target, nearest(rows[target].points, rows[row].points[at].x));
    };
    const panel = (step) => {
      const numbers = [...new Set(rows.map((one) => one.number))];
      const number = numbers[clamped(numbers.indexOf(rows[row].number) + step, numbers.length)];
      go(rows.findIndex((one) => one.number === number), 0);
    };
    const keys = {
      ArrowRight: () => go(row, at + 1),
      ArrowLeft: () => go(row, at - 1),
      ArrowUp: () => turn(-1),
      ArrowDown: () => turn(1),
      Home: () => go(row, 0),
      End: () => go(row, Infinity),
      PageDown: () => panel(1),
      PageUp: () => panel(-1),
    };
    return { keys, go, point: (x, y) => closest(rows, x, y, go) };
  }

  function closest(rows, x, y, go) {
    let best = Infinity;
    let found = null;
    rows.forEach(({ box: [left, top, right, bottom], points }, row) => {
      if (x < left - NEAR || x > right + NEAR || y < top - NEAR || y > bottom + NEAR) return;
      points.forEach((point, at) => {
        const away = Math.hypot(point.x - x, point.y - y);
        if (away < best) [best, found] = [away, [row, at]];
      });
    });
    if (found) go(...found);
  }

  /** Draw a ring around a point, or a frame around a cell. */
  function ring(point) {
    if (!point.width) return Site.svg("circle", { cx: point.x, cy: point.y, r: 6, class: "here" });
    const [x, y] = [point.x - point.width / 2, point.y - point.height / 2];
    return Site.svg("rect", { x, y, width: point.width, height: point.height, class: "here" });
  }

  async function read(figure, output) {
    Site.hold(figure, true);
    const { svg, panels } = await Site.inline(figure);
    const link = figure.querySelector(".picture");
    const label = `Values of ${figure.querySelector(".number").textContent.trim()}`;
    const board = Site.el("div", { class: "board", tabindex: 0, role: "application", "aria-label": label });
    const rows = panels.flatMap(rowsOf).filter((row) => row.points.length);
    const walk = reader(rows, (point) => {
      svg.querySelectorAll(".here").forEach((old) => old.remove());
      svg.append(ring(point));
      output.textContent = point.words;
    });
    const pointed = (event) => {
      const [box, { width, height }] = [svg.getBoundingClientRect(), svg.viewBox.baseVal];
      walk.point((event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height);
    };
    board.append(svg);
    board.addEventListener("pointermove", pointed);
    board.addEventListener("pointerdown", pointed);
    board.addEventListener("keydown", (event) => pressed(event, walk.keys));
    link.hidden = true;
    link.after(board);
    output.textContent = matchMedia("(hover: none)").matches ? TOUCHED : HELP;
    return { board, link, svg };
  }

  function pressed(event, keys) {
    const act = keys[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function leave(figure, { board, link, svg }) {
    svg.querySelectorAll(".here").forEach((old) => old.remove());
    link.append(svg);
    link.hidden = false;
    board.remove();
    Site.hold(figure, false);
  }

  /**
   * Let a reader read the values of a figure.
   * @param {HTMLElement} figure
   * @param {HTMLOutputElement} output  Where they are said.
   * @param {function(): void} ended  Called when the reader leaves with Escape.
   * @returns {Promise<function(): void>}  What ends it.
   */
  Site.read = async function (figure, output, ended) {
    const open = await read(figure, output);
    open.board.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      ended();
    });
    open.board.focus({ preventScroll: true });
    return () => leave(figure, open);
  };
})(window.Site = window.Site || {});
