/** The explorer's map of verdicts: a table of buttons, one for every start and activation, and its legend. */
(function (Lab) {
  "use strict";

  const { el, button } = Lab;
  const isSame = (one, other) => one.start === other.start && one.activation === other.activation;

  const KEYS = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    Home: [0, -Infinity],
    End: [0, Infinity],
  };

  const within = (place, list) => Math.max(0, Math.min(place, list.length - 1));

  /**
   * Make the table of buttons: one can be reached by Tab, arrow keys, Home and End go to the others.
   *
   * @param {function({start: number, activation: number})} choose called with the pair of a cell that was pressed
   * @returns {{box: Element, show: function(object)}} `show` paints a view: {depth, set, healthy, chosen}
   */
  Lab.verdictMap = function (book, choose) {
    const made = (start) => book.activations.map((_, activation) => button("", () => go(start, activation, true)));
    const rows = book.starts.map((_, start) => made(start));
    let at = [0, 0];

    function go(start, activation, isChosen) {
      rows[at[0]][at[1]].tabIndex = -1;
      at = [within(start, rows), within(activation, rows[0])];
      rows[at[0]][at[1]].tabIndex = 0;
      if (isChosen) choose({ start, activation });
      else rows[at[0]][at[1]].focus();
    }

    function press(event) {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      const from = event.ctrlKey && Math.abs(step[1]) === Infinity ? [step[1], at[1]] : at;
      go(from[0] + step[0], from[1] + step[1]);
    }

    function show(view) {
      rows.forEach((row, start) =>
        row.forEach((cell, activation) => paint(cell, book, { start, activation }, view)),
      );
    }

    rows.flat().forEach((cell) => (cell.tabIndex = -1));
    rows[0][0].tabIndex = 0;
    const heads = book.activations.map(({ name }) => el("th", { scope: "col" }, el("span", { title: name }, name)));
    const lines = book.starts.map(({ label, name }, start) =>
      el("tr", {}, el("th", { scope: "row", title: name }, label), rows[start].map((cell) => el("td", {}, cell))),
    );
    const caption = el("caption", {}, "Verdict of every start (rows) with every activation (columns)");
    const head = el("thead", {}, el("tr", {}, el("td", {}), heads));
    const table = el("table", { class: "explorer-map", on: { keydown: press } }, caption, head, el("tbody", {}, lines));
    return { box: el("div", { class: "scroll" }, table), show };
  };

  function paint(cell, book, pair, view) {
    const { verdict, other, networks, agree } = book.cell(pair, view.depth, view.set);
    const chosen = view.chosen.find((one) => isSame(one, pair));
    const split = other ? ` (${agree} of ${networks} networks)` : "";
    cell.textContent = chosen ? chosen.tone.toUpperCase() : Lab.cellWords.verdict(book, verdict)[0];
    cell.className = `is-${verdict}${view.healthy && verdict !== "healthy" ? " is-faded" : ""}`;
    cell.style.setProperty("--own", `var(--${verdict})`);
    cell.style.setProperty("--other", `var(--${other || verdict})`);
    const sign = /\w/.test(cell.textContent) ? `, ${cell.textContent}` : ""; // what can be said to a machine that listens
    cell.setAttribute("aria-label", `${Lab.cellWords.name(book, pair, view.depth)}: ${verdict}${split}${sign}`);
    cell.setAttribute("aria-pressed", String(Boolean(chosen)));
  }

  /** Return the legend: every verdict that occurs with its sign, and how many cells have it. */
  Lab.verdictCounts = function (book, view) {
    const counts = {};
    book.starts.forEach((_, start) =>
      book.activations.forEach((_, activation) => {
        const { verdict } = book.cell({ start, activation }, view.depth, view.set);
        counts[verdict] = (counts[verdict] || 0) + 1;
      }),
    );
    return book.verdicts
      .filter(([word]) => counts[word])
      .map(([word, sign, meaning]) => {
        const swatch = el("span", { class: `explorer-sign is-${word}`, "aria-hidden": "true" }, sign);
        swatch.style.setProperty("--own", `var(--${word})`);
        return el("li", { title: meaning }, swatch, ` ${word}: ${counts[word]}`);
      });
  };
})((window.Lab = window.Lab || {}));
