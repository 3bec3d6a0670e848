/**
 * The symmetry playground: start a net wrong, and watch what training can do with it.
 *
 * This file holds the settings and one or two runs, and moves them; what is trained, shown and set stands in the other
 * files of the playground.
 */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const { percent, number } = Lab.format;
  const { Run, DEFAULTS, DRAWN, PRESETS, figureOf, presetSettings, ownSettings, hiddenOf } = Lab.playground;

  /** Milliseconds of training in a frame that is drawn, and in one that is not. */
  const SLICE = 8;
  const QUIET_SLICE = 24;
  const FEW = 50;
  const PLAYED = 600;
  const MOST = 20000;
  const POINTS = 101;
  const LOST = "training has diverged: the numbers grew beyond what a computer can hold. Go back, or reset";

  Lab.widget("playground", function (live, lab) {
    let settings = DEFAULTS;
    let runs = [];
    let updates = 0;
    let playing = null;
    let isCompared = false;

    // Parts -----------------------------------------------------------------------------------------------------------

    const shown = [Lab.playground.panels(), Lab.playground.panels()];
    const controls = Lab.playground.controls(change);
    const hand = Lab.playground.hand((net, weights) => load({ ...settings, preset: "", start: "hand", net, weights }));
    const challenges = Lab.playground.challenges({
      load: (setup) => load({ ...setup, ...kept(), preset: "" }),
      run: (until) => play(updates < until ? until : updates + until),
      choose: (challenge) => change("challenge", challenge),
    });
    const presets = PRESETS.map(([name, text], at) =>
      Lab.button(text, () => start(name), { "data-preset": name, "aria-keyshortcuts": at + 1 }),
    );
    const toggle = Lab.button("Play", () => (playing ? stop() : play(lab.isCalm() ? updates + FEW : updates < PLAYED ? PLAYED : MOST)), {
      class: "primary",
    });
    const compared = () => change("compare", compare.checked ? "yes" : "no");
    const compare = el("input", { type: "checkbox", name: "compare", on: { change: compared } });
    const figure = el("p", { class: "pg-figure" });

    function build() {
      const group = Lab.group(`One press plays (keys 1 to ${PRESETS.length})`, ...presets);
      group.className = "pg-presets";
      group.addEventListener("keydown", (event) => {
        const at = Number(event.key) - 1;
        if (!PRESETS[at] || event.ctrlKey || event.altKey || event.metaKey) return;
        presets[at].focus();
        start(PRESETS[at][0]);
      });
      const moves = [["Step", 1], ["50 steps", FEW], ["Back 50", -FEW], ["Reset, same seed", -Infinity]];
      const move = ([text, by]) => Lab.button(text, () => jump(updates + by));
      const fresh = Lab.button("New seed", () => change("seed", Math.floor(Math.random() * 1e6)));
      const train = Lab.group("Train", toggle, ...moves.map(move), fresh, controls.speed);
      train.className = "pg-train";
      const both = "Compare with a second start, on the same data and seed";
      live.classList.add("pg");
      live.append(
        group,
        train,
        el("div", { class: "pg-two" }, shown.map(({ head }) => head)),
        figure,
        el("label", { class: "pg-choice" }, compare, both),
        controls.second,
        el("details", {}, el("summary", {}, "Change the net"), controls.first, controls.net),
        hand.element,
        challenges.element,
        el("div", { class: "pg-two" }, shown.map(({ body }) => body)),
      );
    }

    // Settings --------------------------------------------------------------------------------------------------------

    /** Return the settings that presets and challenges leave as they are. */
    const kept = () =>
      Object.fromEntries(Object.entries(settings).filter(([key]) => /2$|^(compare|speed|seed|challenge)$/.test(key)));

    function start(name) {
      load({ ...DEFAULTS, ...kept(), ...presetSettings(lab.data, name) });
      const packed = packedOf(settings);
      shown[0].head.parentNode.scrollIntoView({ block: "nearest" }); // on a telephone it lies below the buttons
      play(lab.isCalm() ? FEW : packed ? packed.figure.at : PLAYED);
    }

    /** Take a change of one control; the net starts anew where it has a part in it. */
    function change(key, value) {
      const changed = { ...settings, [key]: value };
      if (key === "speed" || key === "challenge") return (settings = changed), save();
      if (/^start/.test(key) && Lab.starts[value]) {
        for (const size of ["size", "noise"]) {
          changed[key.replace("start", size)] = Lab.starts[value][size] ?? DEFAULTS[size];
        }
      }
      load(DRAWN.includes(key) ? { ...changed, preset: "" } : changed);
    }

    /** Set everything, and go to an update from the start. */
    function load(given, at = 0) {
      halt();
      const isLarge = given.start === "hand" && !Lab.playground.isSmall(given.net);
      settings = isLarge ? { ...given, net: "4-2" } : given;
      const packed = packedOf(settings);
      const points = packed ? pointsOf(lab.data.points) : drawn(settings);
      const net = { ...settings, hidden: hiddenOf(settings.net) };
      const starts = settings.compare === "yes" ? [0, 1] : [0];
      runs = starts.map((of) => new Run(net, startOf(ownSettings(settings, of), of ? null : packed), points));
      updates = 0;
      arrange();
      play(Math.min(at, MOST), true);
    }

    /** The figure's own net, unless it is compared: both starts are then drawn from the same random numbers. */
    const packedOf = ({ preset, compare: both }) => (both === "yes" ? undefined : figureOf(lab.data, preset));

    const drawn = ({ data, seed }) => Lab.problems[data].draw(Lab.random.stream(seed, "data"), POINTS);

    const pointsOf = ({ x, y }) => ({ x: Float64Array.from(x.flat()), y: Uint8Array.from(y), count: y.length });

    function startOf({ start: name, size, noise, biases, biasSize, weights, net }, packed) {
      if (packed) return { weights: packed.weights, biases: packed.biases };
      return name === "hand" ? Lab.playground.parsed(weights, net) : { name, size, noise, biases, biasSize };
    }

    /** Show what belongs to these settings: controls, and one or two columns. */
    function arrange() {
      compare.checked = runs.length > 1;
      controls.show(settings);
      controls.second.hidden = !compare.checked;
      live.classList.toggle("pg-both", compare.checked);
      presets.forEach((button) => button.setAttribute("aria-pressed", button.dataset.preset === settings.preset));
      hand.show(settings.net, runs[0].net.layers);
      shown.forEach(({ head, body }, at) => (head.hidden = body.hidden = !runs[at]));
      const named = (at) => Lab.playground.inWords(ownSettings(settings, at), ["start", "size", "noise", "biases"]);
      runs.forEach((run, at) => shown[at].open(run, named(at)));
    }

    // Moving ----------------------------------------------------------------------------------------------------------

    const watch = () => challenges.watch(runs.map((run, at) => [ownSettings(settings, at), run]));

    /** Make one update; challenges look at every fiftieth. */
    function advance() {
      runs.forEach((run) => run.advance());
      updates++;
      if (updates % FEW === 0) watch();
    }

    /** Tell whether no run has numbers left, so that nothing can change any more. */
    const isOver = () => runs.every(({ isLost }) => isLost);

    /** Train until an update, a slice in each frame; quietly, nothing is drawn on the way. */
    function play(until, isQuiet = lab.isCalm()) {
      halt();
      compareWithFigure();
      playing = { until, isQuiet, frame: 0 };
      toggle.textContent = "Pause";
      slice();
    }

    function slice() {
      const { until, isQuiet, frame } = playing;
      const end = performance.now() + (isQuiet ? QUIET_SLICE : SLICE);
      const from = updates;
      const hundred = 100 * (Math.floor(from / 100) + 1);
      const to = isQuiet ? until : Math.min(until, hundred, from + Number(settings.speed));
      while (updates < to && !isOver() && (updates === from || performance.now() < end)) advance();
      if (updates >= until || isOver()) return stop();
      if (!isQuiet) runs.forEach((_, at) => shown[at].show(frame));
      if (!isQuiet && updates === hundred) say();
      Object.assign(playing, { frame: frame + 1, asked: requestAnimationFrame(slice) });
    }

    function halt() {
      if (playing) cancelAnimationFrame(playing.asked);
      playing = null;
      toggle.textContent = "Play";
    }

    /** Stop, and show everything as it is now. */
    function stop() {
      halt();
      runs.forEach((_, at) => shown[at].settle());
      watch();
      compareWithFigure();
      say();
      save();
    }

    /** Go to an update at once: backwards means again from the start, on the same seed. */
    function jump(to) {
      halt();
      if (to < updates) {
        runs.forEach((run) => run.rewind());
        updates = 0;
      }
      play(Math.max(0, to), true);
    }

    // Telling ---------------------------------------------------------------------------------------------------------

    function say() {
      const told = runs.map(function (run, at) {
        const { units, right, saturated, pressed, loss } = run.read();
        const differ = `${units.distinct} of ${units.of} units of layer ${units.layer} differ`;
        const where = saturated ? ` in layer ${pressed}` : "";
        const found = `${differ}, ${percent(right)} right, loss ${number(loss)}, ${percent(saturated)} saturated${where}`;
        const words = run.isLost ? LOST : found;
        return runs[1] ? `start ${at + 1}: ${words}` : words;
      });
      lab.say(`Update ${updates}: ${told.join("; ")}.${isCompared ? ` ${figure.textContent}` : ""}`);
    }

    /** Say what the figure says, where this is the figure's net; until its last update, when that will be. */
    function compareWithFigure() {
      const packed = packedOf(settings);
      const isTrainedAlike = packed && settings.rate === packed.rate && settings.optimizer === DEFAULTS.optimizer;
      figure.hidden = !isTrainedAlike;
      isCompared = isTrainedAlike && updates === packed.figure.at;
      if (figure.hidden) return;
      const { accuracy, distinct, saturated, label, href, at } = packed.figure;
      const link = href ? el("a", { href, target: lab.isEmbedded && "_blank" }, numbered(href) || label) : label;
      if (!isCompared) return figure.replaceChildren(link, ` shows this net after ${at} updates.`);
      const { right, layers: [first] } = runs[0].read();
      const pairs = [
        ["", percent(accuracy), percent(right)],
        ["different units in layer 1: ", distinct[0], first.distinct],
        ["saturated in layer 1: ", percent(saturated[0]), percent(first.saturated)],
      ];
      const words = pairs.map(([what, theirs, ours]) => `${what}${theirs}, you got ${ours}`).join("; ");
      figure.replaceChildren(link, ` says ${words}.`);
    }

    /** Return the number of a figure, which stands in the page's own links to it. */
    const numbered = (href) =>
      Array.from(document.querySelectorAll(`a[href$="${href.replace(/.*#/, "#")}"]`), (link) => link.textContent).find((text) =>
        /^Figure \d/.test(text),
      );

    const save = () => lab.save({ ...Lab.playground.toState(settings, lab.data), ...(updates && { at: updates }) });

    function open(state) {
      const set = Lab.playground.fromState(state, lab.data);
      load(set, Math.round(Number(state.at)) || 0);
      challenges.open(set.challenge);
    }

    Lab.playground.colors.look();
    lab.onTheme(() => (Lab.playground.colors.look(), playing || stop()));
    build();
    open(lab.state());
    lab.onState(open);
  });
})((window.Lab = window.Lab || {}));
