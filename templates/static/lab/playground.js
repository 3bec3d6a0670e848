/**
 * The symmetry playground: start a net wrong, and watch what training can do with it.
 *
 * This file holds what is on the desk (settings, one or two runs) and moves it; what is trained, shown and set stands in
 * the other files of the playground.
 */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const { percent, number } = Lab.format;
  const { Run, DEFAULTS, DRAWN, PRESETS, figureOf, presetSettings, ownSettings, hiddenOf } = Lab.playground;
  const SLICE = 8;
  const QUIET_SLICE = 24;
  const FEW = 50;
  const PLAYED = 600;
  const MOST = 20000;

  Lab.widget("playground", function (live, lab) {
    let settings = DEFAULTS;
    let runs = [];
    let playing = null;
    let updates = 0;

    // Parts -----------------------------------------------------------------------------------------------------------

    const shown = [Lab.playground.panels(), Lab.playground.panels()];
    const controls = Lab.playground.controls(change);
    const hand = Lab.playground.hand((net, weights) => load({ ...settings, preset: "", start: "hand", net, weights }));
    const challenges = Lab.playground.challenges(DEFAULTS, {
      load: (setup) => load({ ...setup, preset: "", compare: settings.compare, seed: settings.seed, challenge: challenges.chosen() }),
      run: (count) => play(updates < count ? count : updates + count),
      changed: (challenge) => ((settings = { ...settings, challenge }), save()),
    });
    const presets = PRESETS.map(([name, text]) => Lab.button(text, () => start(name), { "data-preset": name, "aria-pressed": "false" }));
    const toggle = Lab.button("Play", () => (playing ? stop() : play(lab.isCalm() ? updates + FEW : MOST)), { class: "primary" });
    const compare = el("input", { type: "checkbox", name: "compare", on: { change: () => change("compare", compare.checked ? "yes" : "no") } });
    const figure = el("p", { class: "pg-figure" });

    function build() {
      const group = Lab.group("One press loads a start and plays it", ...presets);
      group.classList.add("pg-presets");
      group.addEventListener("keydown", digit);
      live.append(
        group,
        el("div", { class: "pg-two" }, shown.map(({ head }) => head)),
        Lab.group(
          "Train",
          toggle,
          Lab.button("Step", () => jump(updates + 1)),
          Lab.button("50 steps", () => jump(updates + FEW)),
          Lab.button("Back 50", () => jump(updates - FEW)),
          Lab.button("Reset, same seed", () => jump(0)),
          Lab.button("New seed", () => change("seed", (Math.random() * 1e6) >>> 0)),
          controls.speed,
        ),
        figure,
        Lab.group("", el("label", { class: "pg-choice" }, compare, "Compare with a second start, on the same data and seed")),
        controls.second,
        el("details", {}, el("summary", {}, "Change the net"), controls.first, controls.net),
        hand.element,
        challenges.element,
        el("div", { class: "pg-two" }, shown.map(({ body }) => body)),
      );
    }

    /** A digit pressed on one of the presets starts the preset of this number. */
    function digit(event) {
      const preset = PRESETS[Number(event.key) - 1];
      if (preset && !event.ctrlKey && !event.altKey && !event.metaKey) start(preset[0]);
    }

    // Settings --------------------------------------------------------------------------------------------------------

    function start(name) {
      const { compare: both, speed, seed, challenge } = settings;
      const second = Object.fromEntries(Object.keys(DEFAULTS).filter((key) => key.endsWith("2")).map((key) => [key, settings[key]]));
      load({ ...DEFAULTS, ...second, compare: both, speed, seed, challenge, ...presetSettings(lab.data, name) });
      const packed = figureOf(lab.data, name);
      play(lab.isCalm() ? FEW : packed ? packed.figure.at : PLAYED);
    }

    /** Take a change of one control: the net starts anew, but for the speed and the weights of a figure. */
    function change(key, value) {
      const changed = { ...settings, [key]: value };
      if (key === "speed") return (settings = changed), save();
      const [kind, suffix] = [key.replace("2", ""), key.endsWith("2") ? "2" : ""];
      if (kind === "start" && Lab.starts[value]) {
        for (const of of ["size", "noise"]) changed[of + suffix] = Lab.starts[value][of] ?? settings[of + suffix];
      }
      if (DRAWN.includes(key)) changed.preset = "";
      load(changed);
    }

    /** Set everything, and put the nets back to their start. */
    function load(given, at) {
      stop(true);
      settings = given;
      if (settings.start === "hand" && !Lab.playground.isSmall(settings.net)) settings = { ...settings, net: "4-2" };
      const figures = figureOf(lab.data, settings.preset);
      const points = figures ? Lab.playground.givenPoints(lab.data.points) : Lab.playground.drawPoints(settings.data, settings.seed);
      const net = { ...settings, hidden: hiddenOf(settings.net) };
      runs = (settings.compare === "yes" ? [false, true] : [false]).map((second) => new Run(net, startOf(second, figures), points));
      updates = 0;
      arrange();
      if (at) play(Math.min(at, MOST), true);
      else settle();
    }

    function startOf(second, packed) {
      const own = ownSettings(settings, second);
      if (!second && packed) return { weights: packed.weights, biases: packed.biases };
      return own.start === "hand" ? Lab.playground.parsed(own.weights, own.net) : { ...own, name: own.start };
    }

    /** Show what belongs to these settings: controls, and one or two columns. */
    function arrange() {
      const both = runs.length > 1;
      compare.checked = both;
      controls.show(settings);
      controls.second.hidden = !both;
      live.classList.toggle("pg-both", both);
      presets.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.preset === settings.preset)));
      hand.show(settings.net, runs[0].net.layers);
      shown.forEach(({ head, body }, at) => (head.hidden = body.hidden = at >= runs.length));
      runs.forEach((run, at) => shown[at].open(run, Lab.playground.startInWords(ownSettings(settings, at === 1))));
    }

    // Moving ----------------------------------------------------------------------------------------------------------

    /** Make some updates; challenges look at every fiftieth. */
    function advance(count) {
      for (let made = 0; made < count; made++) {
        runs.forEach((run) => run.advance(1));
        updates++;
        if (updates % FEW === 0) watch();
      }
    }

    const watch = () => challenges.watch(runs.map((run, at) => ({ run, settings: ownSettings(settings, at === 1) })));

    /** Train until an update, in slices of a few milliseconds; quietly, nothing is drawn on the way. */
    function play(until, quiet = lab.isCalm()) {
      stop(true);
      playing = { until, quiet, frame: 0 };
      figure.hidden = true;
      toggle.textContent = "Pause";
      slice();
    }

    function slice() {
      const now = playing;
      const end = performance.now() + (now.quiet ? QUIET_SLICE : SLICE);
      const last = now.quiet ? Infinity : updates + Number(settings.speed);
      const before = updates;
      while (updates < now.until && updates < last && (updates === before || performance.now() < end)) advance(1);
      if (updates >= now.until) return stop();
      if (!now.quiet) {
        runs.forEach((_, at) => shown[at].draw(now.frame++));
        if (Math.floor(updates / 100) > Math.floor(before / 100)) say();
      }
      now.asked = requestAnimationFrame(slice);
    }

    /** Stop, and show everything as it is now. */
    function stop(silent) {
      if (playing) cancelAnimationFrame(playing.asked);
      playing = null;
      toggle.textContent = "Play";
      if (!silent) settle();
    }

    /** Go to an update at once: backwards means again from the start, on the same seed. */
    function jump(to) {
      stop(true);
      const target = Math.max(0, to);
      if (target < updates) {
        runs.forEach((run) => run.rewind());
        updates = 0;
      }
      play(target, true);
    }

    // Telling ---------------------------------------------------------------------------------------------------------

    function settle() {
      runs.forEach((_, at) => shown[at].settle());
      watch();
      compareWithFigure();
      say();
      save();
    }

    function say() {
      const told = runs.map((run) => {
        const { units, right, saturated, loss } = run.read();
        return `${units.distinct} of ${units.of} units of layer ${units.layer} differ, ${percent(right)} right, loss ${number(loss)}, ${percent(saturated)} saturated`;
      });
      const words = told.length > 1 ? told.map((text, at) => `start ${at + 1}: ${text}`).join("; ") : told[0];
      lab.say(`Update ${updates}: ${words}.${figure.hidden ? "" : ` ${figure.textContent}`}`);
    }

    /** Say what the figure says, where this is the figure's net after the figure's updates. */
    function compareWithFigure() {
      const packed = figureOf(lab.data, settings.preset);
      const isSame = packed && settings.rate === packed.rate && settings.optimizer === "sgd" && updates === packed.figure.at;
      figure.hidden = !isSame;
      if (!isSame) return;
      const { right, layers } = runs[0].read();
      const { accuracy, distinct, saturated, label, href } = packed.figure;
      const pairs = [
        [percent(accuracy), percent(right), " right"],
        [distinct[0], layers[0].distinct, " different units in layer 1"],
        [percent(saturated[0]), percent(layers[0].saturated), " saturated in layer 1"],
      ];
      const words = pairs.map(([theirs, ours, of]) => `${theirs}${of}, you got ${ours}`).join("; ");
      figure.replaceChildren(href ? el("a", { href }, label) : label, ` says ${words}.`);
    }

    const save = () => lab.save({ ...Lab.playground.toState(settings, lab.data), ...(updates ? { at: updates } : {}) });

    function open(state) {
      load(Lab.playground.fromState(state, lab.data), Math.round(Number(state.at)) || 0);
      challenges.open(settings.challenge);
    }

    Lab.playground.colors.forget();
    lab.onTheme(() => (Lab.playground.colors.forget(), settle()));
    build();
    open(lab.state());
    lab.onState(open);
  });
})((window.Lab = window.Lab || {}));
