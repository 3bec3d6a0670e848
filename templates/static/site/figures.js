/**
 * Figures that stand in the page itself, with the numbers that they show. A figure is an image until a reader asks for
 * its values, or for one start in every figure; then its SVG is loaded and takes the place of the image.
 */
(function (Site) {
  "use strict";

  const NARROW = matchMedia("(max-width: 43rem)");
  const handed = new Map();
  const figures = new Map();
  let chosen = "";

  /** Take a figure from its script: its drawings by name, each packed. */
  Site.figure = (stem, drawings) => handed.set(stem, drawings);

  /** The start that a reader wants to see in every figure, or "". */
  Site.start = () => chosen;

  /**
   * Put the SVG of a figure in the place of its image.
   * @param {HTMLElement} figure  A `figure` of the page with `data-figure`.
   * @returns {Promise<{svg: SVGElement, panels: object[]}>}
   */
  Site.inline = async function (figure) {
    const one = figures.get(figure);
    const name = NARROW.matches ? "narrow" : "wide";
    if (one.name !== name) {
      const drawing = await drawingOf(one.stem, name);
      if (one.drawing) one.drawing.svg.remove();
      drawing.svg.setAttribute("aria-label", one.picture.querySelector("img").alt);
      Object.assign(one, { name, drawing });
    }
    one.picture.hidden = true;
    if (!one.drawing.svg.isConnected) one.picture.after(one.drawing.svg);
    mark(figure, one.drawing);
    return one.drawing;
  };

  /** Bring the image of a figure back. */
  Site.restore = function (figure) {
    const one = figures.get(figure);
    if (one.drawing) one.drawing.svg.remove();
    one.picture.hidden = false;
    figure.classList.remove("has-start");
  };

  async function drawingOf(stem, name) {
    await Site.load(`figures/live/${stem}.js`);
    const drawings = handed.get(stem);
    const { svg, panels } = JSON.parse(await unpacked(drawings[name] || drawings.wide));
    const made = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
    return { svg: made, panels };
  }

  function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  }

  /** Emphasize the chosen start in a figure, and fade the others. */
  function mark(figure, { svg, panels }) {
    const marks = [...svg.querySelectorAll("[data-start]")];
    const isChosen = (one) => chosen !== "" && one.dataset.start.split("|").includes(chosen);
    svg.querySelectorAll(".chosen-row").forEach((frame) => frame.remove());
    marks.forEach((one) => one.classList.toggle("is-chosen", isChosen(one)));
    figure.classList.toggle("has-start", marks.some(isChosen));
    panels.filter((panel) => chosen && panel.cells).forEach((panel) => frameRows(svg, panel));
  }

  function frameRows(svg, { box: [left, top, right, bottom], cells }) {
    const height = (bottom - top) / cells.shape[0];
    for (const [row, starts] of Object.entries(cells.starts || {})) {
      if (!starts.includes(chosen)) continue;
      const at = cells.flip ? cells.shape[0] - 1 - row : Number(row);
      svg.append(Site.svg("rect", { x: left, y: top + at * height, width: right - left, height, class: "chosen-row" }));
    }
  }

  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => show(entry.target)),
    { rootMargin: "50% 0px" },
  );

  function show(figure) {
    near.unobserve(figure);
    Site.inline(figure).catch((fault) => console.error(`figure: ${fault}`));
  }

  /** Choose a start, or none with "": it is seen in every figure that comes near the screen. */
  Site.choose = function (start) {
    chosen = start;
    Site.store.set("start", start || null);
    figures.forEach((one, figure) => refresh(figure, one));
    document.dispatchEvent(new CustomEvent("startchange", { detail: start }));
  };

  function refresh(figure, one) {
    near.unobserve(figure);
    if (one.starts.includes(chosen)) near.observe(figure);
    else if (one.isRead && one.drawing) mark(figure, one.drawing);
    else Site.restore(figure);
  }

  /** Keep the SVG of a figure while its values are read, whatever start is chosen. */
  Site.hold = function (figure, isRead) {
    const one = figures.get(figure);
    one.isRead = isRead;
    if (!isRead && !one.starts.includes(chosen)) Site.restore(figure);
  };

  function chooser(starts) {
    const options = [...new Set([...starts, chosen])].filter(Boolean).sort();
    const select = Site.el(
      "select",
      { "aria-label": "Highlight a start in every figure", on: { change: () => Site.choose(select.value) } },
      Site.el("option", { value: "" }, "Highlight a start"),
      options.map((name) => Site.el("option", { value: name, selected: name === chosen }, name)),
    );
    return Site.el("span", { class: "start-tool" }, select);
  }

  /** Put a button under a figure that lets its values be read. */
  function offer(figure) {
    const output = Site.el("output", { class: "reading" });
    const button = Site.el("button", { type: "button", "aria-pressed": "false" }, "Read values");
    let [leave, isBusy] = [null, false];
    const end = () => {
      leave();
      leave = null;
      output.textContent = "";
      button.setAttribute("aria-pressed", "false");
    };
    const begin = async () => {
      isBusy = true;
      await Site.load("static/later/readings.js");
      leave = await Site.read(figure, output, () => (end(), button.focus()));
      button.setAttribute("aria-pressed", "true");
    };
    const failed = (fault) => {
      output.textContent = "The values of this figure cannot be loaded.";
      console.error(`readings: ${fault}`);
    };
    button.addEventListener("click", () => {
      if (leave) end();
      else if (!isBusy) begin().catch(failed).finally(() => (isBusy = false));
    });
    NARROW.addEventListener("change", () => leave && end());
    figure.querySelector(".picture").after(Site.el("p", { class: "ask" }, button, output));
  }

  Site.part("figures", function () {
    for (const figure of document.querySelectorAll("figure[data-figure]")) {
      const starts = JSON.parse(figure.dataset.starts || "[]");
      const picture = figure.querySelector("picture");
      if (!picture) continue;
      figures.set(figure, { stem: figure.dataset.figure, starts, picture });
      if (figure.dataset.values === "true") offer(figure);
    }
    const starts = [...figures.values()].flatMap((one) => one.starts);
    if (!starts.length) return;
    chosen = Site.store.get("start") || "";
    Site.tools.append(chooser(starts));
    if (chosen) Site.choose(chosen);
    NARROW.addEventListener("change", () => chosen && Site.choose(chosen));
  });
})(window.Site = window.Site || {});
