/**
 * The explorer: a map of verdicts as a table of buttons, up to four chosen pairs in words, and their layers in panels.
 *
 * Depth and data set hold for all that is shown, so any cell is explained in two clicks: its depth, and the cell.
 */
(function (Lab, Site) {
  "use strict";

  const { el, button } = Lab;
  const MOST = 4;
  const TONES = ["a", "b", "c", "d"];
  const FIRST = [["he_normal", "relu"], ["glorot_normal", "relu"]];
  const FIRST_DEPTH = 20;

  const TOO_OLD = "This browser is too old to unpack the numbers; the files below the page have them all.";
  const NO_DATA = "The numbers of this page, lab/explorer.js, could not be loaded; the files below the page have them too.";
  const NO_ROOM = "There was no room on this page for the layers on this data set; the files have them.";

  Lab.widget("explorer", function (live, lab) {
    if (!lab.data || !Lab.packed.isPossible()) {
      live.append(el("p", {}, lab.data ? TOO_OLD : NO_DATA));
      return;
    }
    const book = Lab.packed.open(lab.data);
    const view = stateOf(book, lab.state());
    const map = Lab.verdictMap(book, choose);
    const legend = el("ul", { class: "explorer-legend", "aria-label": "Verdicts at this depth" });
    const cards = el("div", { class: "explorer-cards" });
    const note = el("p", { hidden: true }, NO_ROOM);
    const controls = makeControls(book, view, draw, choose);
    const panels = Lab.panels(controls.differences, (layer) => save((view.layer = layer)));

    /** Take a pair in, or out again if it is there; the fifth one takes the place of the first. */
    function choose(pair) {
      const there = view.chosen.find((one) => isSame(one, pair));
      if (there) return remove(there);
      if (view.chosen.length === MOST) view.chosen.shift();
      const tone = TONES.find((free) => view.chosen.every((one) => one.tone !== free));
      view.chosen.push({ ...pair, tone });
      lab.say(`${Lab.cellWords.name(book, pair, view.depth)}: ${book.cell(pair, view.depth, view.set).verdict}`);
      draw();
    }

    function remove(pair) {
      view.chosen = view.chosen.filter((one) => one !== pair);
      lab.say(`${pairName(book, pair)} is no longer shown`);
      draw();
    }

    /** Show the view: what needs no numbers at once, the rest when they are unpacked. */
    async function draw() {
      controls.show();
      panels.move(view.layer, book.depths[view.depth]);
      save();
      await book.ready;
      controls.find();
      map.show(view);
      legend.replaceChildren(...Lab.verdictCounts(book, view));
      const { set } = view;
      const unpacked = await book.layersOf(set);
      if (set !== view.set) return; // the reader went on meanwhile
      explain(unpacked);
      live.dataset.ready = "true";
    }

    function explain(unpacked) {
      const pairs = inOrder(view.chosen);
      const nets = pairs.map((pair) => unpacked && netOf(pair, unpacked));
      cards.replaceChildren(...pairs.map((pair, at) => card(book, pair, view, nets[at], () => remove(pair))));
      note.hidden = Boolean(unpacked);
      panels.box.hidden = !unpacked || !nets.length;
      if (!panels.box.hidden) panels.show(nets, book.limits.change, view.differences);
    }

    const netOf = (pair, unpacked) => ({
      ...book.net(unpacked, pair, view.depth),
      tone: pair.tone,
      letter: pair.tone.toUpperCase(),
      name: pairName(book, pair),
    });

    function save() {
      const pairs = inOrder(view.chosen).flatMap((pair, at) => [
        [`start${at + 1}`, book.starts[pair.start].name],
        [`activation${at + 1}`, book.activations[pair.activation].name],
      ]);
      lab.save({
        depth: book.depths[view.depth],
        data: book.data[view.set].name,
        ...(view.healthy && { only: "healthy" }),
        ...(view.differences && { dots: "yes" }),
        ...(view.layer && { layer: view.layer }),
        ...Object.fromEntries(pairs),
      });
    }

    live.append(controls.top, map.box, legend, controls.below, cards, note, panels.box);
    lab.onState((state) => draw(Object.assign(view, stateOf(book, state))));
    draw();
  });

  const isSame = (one, other) => one.start === other.start && one.activation === other.activation;
  const inOrder = (pairs) => [...pairs].sort((one, other) => (one.tone < other.tone ? -1 : 1));
  const pairName = (book, pair) => `${book.starts[pair.start].name}, ${book.activations[pair.activation].name}`;
  const placeOf = (list, name, otherwise) => Math.max(otherwise, list.findIndex((one) => one.name === name));

  /** Read a state of the address; what it does not tell, or tells wrongly, is as at first. */
  function stateOf(book, state) {
    const wanted = book.depths.indexOf(Number(state.depth));
    const depth = wanted >= 0 ? wanted : Math.max(0, book.depths.indexOf(FIRST_DEPTH));
    const layer = Math.round(Number(state.layer));
    const told = [1, 2, 3, 4].map((at) => [state[`start${at}`], state[`activation${at}`]]).filter(([start]) => start);
    const pairs = (told.length || state.depth ? told : FIRST)
      .map(([start, activation]) => [placeOf(book.starts, start, -1), placeOf(book.activations, activation, -1)])
      .map(([start, activation]) => ({ start, activation }))
      .filter(({ start, activation }) => start >= 0 && activation >= 0)
      .filter((pair, at, all) => all.findIndex((one) => isSame(one, pair)) === at);
    return {
      depth,
      set: placeOf(book.data, state.data, 0),
      healthy: state.only === "healthy",
      differences: state.dots === "yes",
      layer: layer >= 1 && layer <= book.depths[depth] ? layer : 0,
      chosen: pairs.map((pair, at) => ({ ...pair, tone: TONES[at] })),
    };
  }

  // The controls ------------------------------------------------------------------------------------------------------

  function radios(title, name, labels, act) {
    const settings = { type: "radio", name: `explorer-${name}` };
    const inputs = labels.map((_, at) => el("input", { ...settings, on: { change: () => act(at) } }));
    const fields = inputs.map((input, at) => el("label", { class: "lab-field explorer-check" }, input, labels[at]));
    const box = Lab.group(title, ...fields);
    return { box, show: (at) => (inputs[at].checked = true) };
  }

  function check(label, act) {
    const input = el("input", { type: "checkbox", on: { change: () => act(input.checked) } });
    const box = el("label", { class: "lab-field explorer-check" }, input, label);
    return { box, show: (is) => (input.checked = is) };
  }

  function makeControls(book, view, draw, choose) {
    const set = (key) => (value) => {
      view[key] = value;
      if (key === "depth") view.layer = 0;
      draw();
    };
    const depth = radios("Hidden layers", "depth", book.depths.map(String), set("depth"));
    const data = radios("Inputs", "data", book.data.map((one) => one.label), set("set"));
    const healthy = check("Show only healthy cells", set("healthy"));
    const differences = check("Dots: what differs between inputs", set("differences"));
    const activation = Lab.choice("activation", [["", "…"], ...book.activations.map((one, at) => [at, one.name])]);
    const found = el("p", { class: "explorer-found" });

    function find() {
      const pairs = book.starts.map((_, start) => ({ start, activation: Number(activation.value) }));
      const asked = activation.value === "" ? [] : pairs;
      const good = asked.filter((pair) => book.cell(pair, view.depth, view.set).verdict === "healthy");
      const none = asked.length && !good.length ? ["None at this depth."] : [];
      found.replaceChildren(...none, ...good.map((pair) => button(book.starts[pair.start].label, () => choose(pair))));
    }

    activation.addEventListener("change", find);
    const looking = Lab.group("Look for", healthy.box, Lab.field("Healthy starts with", activation), found);
    return {
      top: el("div", { class: "explorer-top" }, depth.box, data.box),
      below: looking,
      differences: differences.box,
      show() {
        depth.show(view.depth);
        data.show(view.set);
        healthy.show(view.healthy);
        differences.show(view.differences);
      },
      find,
    };
  }

  // A chosen pair -----------------------------------------------------------------------------------------------------

  function card(book, pair, view, net, remove) {
    const words = Lab.cellWords;
    const name = words.name(book, pair, view.depth);
    const { verdict } = book.cell(pair, view.depth, view.set);
    const command = el("code", { class: "explorer-command" }, words.command(book, pair, view.depth, view.set));
    const copy = button("Copy", async () => {
      await Site.copy(command.textContent);
      getSelection().selectAllChildren(command); // so that a key copies it where the browser refuses
    });
    const letter = el("span", { class: `explorer-letter letter-${pair.tone}` }, pair.tone.toUpperCase());
    const sign = el("span", { class: "verdict-sign", "data-verdict": verdict, "aria-hidden": "true" });
    sign.textContent = words.verdict(book, verdict)[0];
    const files = words.filters(book, pair, view.depth, view.set).map(([file, rows]) =>
      el("li", {}, el("a", { href: `data/${file}` }, file), ": ", el("code", {}, rows)),
    );
    return el(
      "section",
      { class: "explorer-card", "aria-label": name },
      el("p", { class: "explorer-title" }, letter, sign, el("strong", {}, ` ${name}: ${verdict}`)),
      button("✕", remove, { "aria-label": `Remove ${pairName(book, pair)}` }),
      el("p", { class: "explorer-said" }, words.sentences(book, pair, view.depth, view.set, net)),
      el(
        "details",
        {},
        el("summary", {}, "Measure it again, or take the numbers"),
        el("p", {}, `This command measures these networks again. ${words.needs(book, pair, view.set)}`),
        el("p", {}, command, " ", copy),
        el("p", {}, "Or read the files of this site, and keep these rows:"),
        el("ul", {}, files),
      ),
    );
  }
})((window.Lab = window.Lab || {}), window.Site);
