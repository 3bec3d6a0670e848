/** What the playground can be set to: settings with their controls, presets, and both as text in the address. */
(function (Lab) {
  "use strict";

  /** Up to 8 hidden layers of up to 16 units. */
  const [MOST_LAYERS, MOST_UNITS] = [8, 16];
  const NET = /^([1-9]|1[0-6])(-([1-9]|1[0-6])){0,7}$/;
  const labels = (entries) => Object.entries(entries).map(([name, { label }]) => [name, label]);

  /** Settings of a start: label, value at opening, and choices or [least, greatest] value. */
  const START = {
    start: ["Weights", "constant", labels(Lab.starts)],
    size: ["Size", 0.2, [-1e6, 1e6]],
    noise: ["Noise", 0.01, [0, 1e6]],
    biases: ["Biases", "zeros", [["zeros", "zero"], ["normal", "random"]]],
    biasSize: ["Size of the biases", 0.1, [0, 1e6]],
  };

  /** All settings, by their names in the address; those of the second start end in 2. */
  const FIELDS = {
    preset: ["", "equal"],
    data: ["Data", "circle", labels(Lab.problems)],
    net: ["Layers and units", "8-8"],
    activation: ["Activation", "tanh", labels(Lab.activations)],
    optimizer: ["Optimizer", "sgd", [["sgd", "gradient descent"], ["adam", "Adam"]]],
    rate: ["Learning rate", 0.5, [0, 1e4]],
    seed: ["Seed", 1, [0, 4294967295]],
    ...START,
    start: ["Weights", "constant", [...labels(Lab.starts), ["hand", "by hand"]]],
    weights: ["", ""],
    compare: ["", "no", [["no"], ["yes"]]],
    ...Object.fromEntries(Object.entries(START).map(([key, field]) => [`${key}2`, field])),
    start2: ["Weights", "glorot_normal", labels(Lab.starts)],
    speed: ["Speed", "5", [["1", "slow"], ["5", "normal"], ["40", "fast"]]],
    challenge: ["", ""],
  };
  const KEYS = Object.keys(FIELDS);
  const DEFAULTS = Object.fromEntries(KEYS.map((key) => [key, FIELDS[key][1]]));

  /** Settings that a preset stands for: where one of them is changed it is that preset no more. */
  const DRAWN = ["data", "net", "activation", "seed", "weights", ...Object.keys(START)];

  // Presets -----------------------------------------------------------------------------------------------------------

  const DEEP = { net: "4-4-4", rate: 0.3 };

  /**
   * Name, text of the button, and settings where the build has packed no figure for it.
   *
   * The first two are the article's demonstrations, so that each is two key presses away at most.
   */
  const PRESETS = [
    ["equal", "All weights equal", {}],
    ["large", "Large, positive and negative", { ...DEEP, start: "random_normal", size: 20 }],
    ["zeros", "All zeros", { start: "zeros" }],
    ["noise", "Equal plus a little noise", { start: "constant_noise" }],
    ["small", "Too small", { ...DEEP, start: "random_normal", size: 0.01 }],
    ["right", "Glorot", { ...DEEP, start: "glorot_normal" }],
    ["he", "He", { activation: "relu", start: "he_normal", rate: 0.1 }],
  ];

  /** Return what the build has packed for a preset, if anything. */
  const figureOf = (data, name) => (data ? data.presets.find((packed) => packed.name === name) : undefined);

  /** Return the settings of a preset; none where there is no such preset. */
  function presetSettings(data, name) {
    const packed = figureOf(data, name);
    const own = PRESETS.find(([known]) => known === name);
    if (!packed) return own ? { ...own[2], preset: name } : {};
    const { problem, activation, widths, rate, start } = packed;
    const sizes = ["size", "noise"].filter((key) => Number.isFinite(start[key])).map((key) => [key, start[key]]);
    const net = widths.slice(1, -1).join("-");
    return { data: problem, activation, net, rate, start: start.name, ...Object.fromEntries(sizes), preset: name };
  }

  // The address -------------------------------------------------------------------------------------------------------

  const hiddenOf = (net) => net.split("-").map(Number);
  const within = (value, least, most) => Math.max(least, Math.min(most, value));

  /** Return one setting from a text: what is not allowed becomes the setting at opening. */
  function read(key, text) {
    const [, usual, allowed] = FIELDS[key];
    if (key === "net") return NET.test(text) ? text : usual;
    if (!allowed) return text;
    if (typeof usual === "string") return allowed.some(([value]) => value === text) ? text : usual;
    const value = Number.isFinite(Lab.numberOf(text)) ? within(Number(text), ...allowed) : usual;
    return key === "seed" ? Math.round(value) : value;
  }

  /** Return whole settings from the texts of an address. */
  function fromState(state, data) {
    const known = KEYS.filter((key) => key in state);
    const given = Object.fromEntries(known.map((key) => [key, read(key, state[key])]));
    const preset = presetSettings(data, known.length ? given.preset : DEFAULTS.preset);
    const usual = { ...DEFAULTS, preset: "", ...preset };
    const isOther = DRAWN.some((key) => key in given && key !== "seed" && given[key] !== usual[key]);
    return { ...usual, ...given, preset: isOther ? "" : usual.preset };
  }

  /** Return the texts for an address: what differs from the preset, or from the settings at opening. */
  function toState(settings, data) {
    const usual = { ...DEFAULTS, preset: "", ...presetSettings(data, settings.preset) };
    const told = KEYS.filter((key) => settings[key] !== usual[key] || key === (settings.preset ? "preset" : "data"));
    return Object.fromEntries(told.map((key) => [key, String(settings[key])]));
  }

  // Words -------------------------------------------------------------------------------------------------------------

  /** Tell whether a start has a size, or noise, that can be set. */
  const has = (start, key) => Boolean(Lab.starts[start]) && Lab.starts[start][key] !== null;

  /** Write settings in words, without those that have no part in this start: "constant, size 0.5". */
  function inWords(settings, keys) {
    const isTold = (key) => !(key in { size: 1, noise: 1 }) || has(settings.start, key);
    return keys.filter(isTold).map((key) => {
      const [label, usual, allowed] = FIELDS[key];
      if (typeof usual === "number") return `${label.toLowerCase()} ${Lab.format.number(settings[key])}`;
      const value = allowed.find(([name]) => name === settings[key])[1];
      return key !== "biases" ? value : value === "zero" ? "" : `${value} biases`;
    }).filter(Boolean).join(", ");
  }

  /** Return the settings with those of the first or the second start under the plain names. */
  function ownSettings(settings, at) {
    if (!at) return settings;
    const own = Object.keys(START).map((key) => [key, settings[`${key}2`]]);
    return { ...settings, ...Object.fromEntries(own), preset: "" };
  }

  // Controls ----------------------------------------------------------------------------------------------------------

  /**
   * Make the controls; `changed` is called with a setting and its new value.
   *
   * @returns {{net: Element, first: Element, second: Element, speed: Element, show: function(object): void}}
   */
  function controls(changed) {
    const made = {};
    function add(key, label, control, act) {
      control.addEventListener("change", act);
      made[key] = control;
      return Lab.field(label, control);
    }
    function field(key) {
      const [label, usual, allowed] = FIELDS[key];
      const [min, max] = allowed;
      const control = typeof usual === "string" ? Lab.choice(key, allowed) : Lab.number(key, { min, max });
      return add(key, label, control, () => changed(key, read(key, control.value)));
    }
    function whole(key, label, max) {
      return add(key, label, Lab.number(key, { min: 1, max, step: 1 }), () => {
        const limited = (control) => within(Math.round(control.value) || 1, 1, control.max);
        changed("net", Array(limited(made.layers)).fill(limited(made.units)).join("-"));
      });
    }
    const training = ["optimizer", "rate", "seed"].map(field);
    const shape = [whole("layers", "Hidden layers", MOST_LAYERS), whole("units", "Units in each", MOST_UNITS)];
    return {
      net: Lab.group("Data, net and training", ...["data", "activation"].map(field), ...shape, ...training),
      first: Lab.group("Start", ...Object.keys(START).map(field)),
      second: Lab.group("Second start", ...Object.keys(START).map((key) => field(`${key}2`))),
      speed: field("speed"),
      show: (settings) => show(made, settings),
    };
  }

  /** Write the settings into the controls, and hide those that a start does not have. */
  function show(made, settings) {
    KEYS.filter((key) => made[key]).forEach((key) => (made[key].value = settings[key]));
    const hidden = hiddenOf(settings.net);
    [made.layers.value, made.units.value] = [hidden.length, hidden[0]];
    for (const suffix of ["", "2"]) {
      const [start, biases] = ["start", "biases"].map((key) => settings[key + suffix]);
      const isShown = { size: has(start, "size"), noise: has(start, "noise"), biases: start !== "hand" };
      isShown.biasSize = isShown.biases && biases !== "zeros";
      Object.entries(isShown).forEach(([key, shown]) => (made[key + suffix].parentNode.hidden = !shown));
    }
  }

  const shared = { FIELDS, DEFAULTS, DRAWN, PRESETS, figureOf, presetSettings, fromState, toState };
  Object.assign(Lab.playground, shared, { has, inWords, ownSettings, hiddenOf, controls });
})((window.Lab = window.Lab || {}));
