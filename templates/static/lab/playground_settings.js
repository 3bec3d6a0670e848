/** What the playground can be set to: the settings with their limits, the presets, and the controls that show them. */
(function (Lab) {
  "use strict";

  const MOST_UNITS = 16;
  const MOST_LAYERS = 8;

  /** The settings at opening, by their names in the address. Those of the second start end in 2. */
  const DEFAULTS = {
    preset: "equal",
    data: "circle",
    net: "8-8",
    activation: "tanh",
    optimizer: "sgd",
    rate: 0.5,
    seed: 1,
    start: "constant",
    size: 0.5,
    noise: 0.01,
    biases: "zeros",
    biasSize: 0.1,
    compare: "no",
    start2: "glorot_normal",
    size2: 0.5,
    noise2: 0.01,
    biases2: "zeros",
    biasSize2: 0.1,
    weights: "",
    speed: "5",
    challenge: "",
  };

  /** Names of the settings for people. */
  const NAMES = {
    data: "data",
    net: "layers and units",
    activation: "activation",
    optimizer: "optimizer",
    rate: "rate",
    start: "start",
    size: "size",
    noise: "noise",
    biases: "biases",
    biasSize: "size of the biases",
    seed: "seed",
  };

  const LIMITS = { rate: [0, 1e4], seed: [0, 4294967295], size: [-1e6, 1e6], noise: [0, 1e6], biasSize: [0, 1e6] };
  const SPEEDS = [["1", "slow"], ["5", "normal"], ["40", "fast"]];
  const OPTIMIZERS = [["sgd", "gradient descent"], ["adam", "Adam"]];
  const BIASES = [["zeros", "zero"], ["normal", "random"]];
  const labels = (entries) => Object.entries(entries).map(([name, { label }]) => [name, label]);

  /** Return the choices of a setting, or null where it is a number or a text. */
  function choices(key) {
    const kind = key.replace("2", "");
    if (kind === "start") return [...labels(Lab.starts), ...(key === "start" ? [["hand", "by hand"]] : [])];
    if (kind === "biases") return BIASES;
    return { data: labels(Lab.problems), activation: labels(Lab.activations), optimizer: OPTIMIZERS, speed: SPEEDS, compare: [["no"], ["yes"]] }[key] || null;
  }

  // Presets -----------------------------------------------------------------------------------------------------------

  /**
   * The presets: name, text of the button, and settings where the build has packed none of a figure.
   *
   * The first two are the article's demonstrations, so that each is two key presses away at most.
   */
  const DEEP = { net: "4-4-4", rate: 0.3 };
  const PRESETS = [
    ["equal", "All weights equal", { start: "constant", size: 0.5 }],
    ["large", "Large, positive and negative", { ...DEEP, start: "signs", size: 10 }],
    ["zeros", "All zeros", { start: "zeros" }],
    ["noise", "Equal plus a little noise", { net: "8", start: "constant_noise", size: 0.2, noise: 0.001 }],
    ["small", "Too small", { ...DEEP, start: "random_normal", size: 0.01 }],
    ["glorot", "Glorot", { start: "glorot_normal" }],
    ["he", "He", { activation: "relu", start: "he_normal", rate: 0.1 }],
  ];

  /** Names in the data of the build, where they are others than ours. */
  const FIGURE = { glorot: "right" };

  /** Return what the build has packed for a preset, or undefined. */
  function figureOf(data, name) {
    const packed = data ? data.presets.find((preset) => preset.name === (FIGURE[name] || name)) : undefined;
    return packed && FIGURE[name] && !packed.start.name.startsWith(name) ? undefined : packed;
  }

  /** Return the settings of a preset. */
  function presetSettings(data, name) {
    const packed = figureOf(data, name);
    const own = PRESETS.find(([known]) => known === name);
    if (!packed) return own ? { ...own[2], preset: name } : {};
    const { problem, activation, widths, rate, start } = packed;
    const set = Object.fromEntries(["size", "noise"].filter((key) => Number.isFinite(start[key])).map((key) => [key, start[key]]));
    return { data: problem, activation, net: widths.slice(1, -1).join("-"), rate, start: start.name, ...set, preset: name };
  }

  // Reading what somebody wrote -----------------------------------------------------------------------------------------

  const hiddenOf = (net) => net.split("-").map(Number);
  const isNet = (net) => hiddenOf(net).length <= MOST_LAYERS && hiddenOf(net).every((units) => Number.isInteger(units) && units >= 1 && units <= MOST_UNITS);

  function limited(key, text) {
    const value = Number(text);
    const [least, most] = LIMITS[key.replace("2", "")];
    if (text === "" || !Number.isFinite(value)) return DEFAULTS[key];
    return Math.max(least, Math.min(most, key === "seed" ? Math.round(value) : value));
  }

  /** Return one setting from a text: what is not allowed becomes the setting at opening. */
  function read(key, text) {
    if (typeof DEFAULTS[key] === "number") return limited(key, text);
    if (key === "net") return isNet(text) ? text : DEFAULTS.net;
    const allowed = choices(key);
    return !allowed || allowed.some(([value]) => value === text) ? text : DEFAULTS[key];
  }

  /** Settings that a preset stands for: where one of them is changed it is that preset no more. */
  const DRAWN = ["data", "net", "activation", "start", "size", "noise", "biases", "biasSize", "seed", "weights"];

  /** Return whole settings from the texts of an address. */
  function fromState(state, data) {
    const known = Object.keys(DEFAULTS).filter((key) => key in state);
    const given = Object.fromEntries(known.map((key) => [key, read(key, state[key])]));
    const preset = presetSettings(data, known.length ? given.preset : DEFAULTS.preset);
    const settings = { ...DEFAULTS, preset: "", ...preset, ...given };
    return DRAWN.some((key) => key in preset && settings[key] !== preset[key]) ? { ...settings, preset: "" } : settings;
  }

  /** Return the texts for an address: what differs from the preset, or from the settings at opening. */
  function toState(settings, data) {
    const usual = { ...DEFAULTS, preset: "", ...presetSettings(data, settings.preset) };
    const isTold = (key) => settings[key] !== usual[key] || key === (settings.preset ? "preset" : "data");
    return Object.fromEntries(Object.keys(DEFAULTS).filter(isTold).map((key) => [key, String(settings[key])]));
  }

  /** Write a setting in words, or "" where it has no part in this start. */
  function inWords(key, settings) {
    if (key === "size" || key === "noise") {
      const has = Lab.starts[settings.start] && Lab.starts[settings.start][key] !== null;
      return has ? `${NAMES[key]} ${Lab.format.number(settings[key])}` : "";
    }
    const allowed = choices(key);
    const value = allowed ? allowed.find(([name]) => name === settings[key])[1] : Lab.format.number(settings[key]);
    return key === "start" || key === "optimizer" ? value : `${NAMES[key]} ${value}`;
  }

  /** Name a start: "constant, size 0.5, random biases". */
  function startInWords(settings) {
    const parts = ["start", "size", "noise"].map((key) => inWords(key, settings));
    return [...parts, settings.biases === "normal" ? "random biases" : ""].filter(Boolean).join(", ");
  }

  /** Return the settings of one of the two starts under the plain names. */
  function ownSettings(settings, second) {
    if (!second) return settings;
    const own = ["start", "size", "noise", "biases", "biasSize"].map((key) => [key, settings[`${key}2`]]);
    return { ...settings, ...Object.fromEntries(own), preset: "", weights: "" };
  }

  // Controls ----------------------------------------------------------------------------------------------------------

  /**
   * Make the controls of all settings that have one.
   *
   * @param {function(string, (string|number)): void} changed called with a setting and its new value
   * @returns {{net: Element, first: Element, second: Element, speed: Element, show: function(object): void}}
   */
  function controls(changed) {
    const made = {};
    const act = (key) => (event) => changed(key, read(key, event.target.value));
    const choice = (key, label) => add(key, label, Lab.choice(key, choices(key)), act(key));
    const number = (key, label) => add(key, label, Lab.number(key, { min: LIMITS[key.replace("2", "")][0], max: LIMITS[key.replace("2", "")][1] }), act(key));
    function add(key, label, control, listener) {
      control.addEventListener("change", listener);
      made[key] = control;
      return Lab.field(label, control);
    }
    function shape() {
      const units = Math.max(1, Math.min(MOST_UNITS, Math.round(Number(made.units.value)) || 1));
      const layers = Math.max(1, Math.min(MOST_LAYERS, Math.round(Number(made.layers.value)) || 1));
      changed("net", Array(layers).fill(units).join("-"));
    }
    const whole = (key, label, max) => add(key, label, Lab.number(key, { min: 1, max, step: 1, inputmode: "numeric" }), shape);
    const startFields = (suffix) => [
      choice(`start${suffix}`, "Weights"),
      number(`size${suffix}`, "Size"),
      number(`noise${suffix}`, "Noise"),
      choice(`biases${suffix}`, "Biases"),
      number(`biasSize${suffix}`, "Size of the biases"),
    ];
    const layersAndUnits = [whole("layers", "Hidden layers", MOST_LAYERS), whole("units", "Units in each", MOST_UNITS)];
    const about = [choice("data", "Data"), choice("activation", "Activation"), ...layersAndUnits];
    const training = [choice("optimizer", "Optimizer"), number("rate", "Learning rate"), number("seed", "Seed")];
    const groups = { net: Lab.group("Data, net and training", ...about, ...training), first: Lab.group("Start", ...startFields("")), second: Lab.group("Second start", ...startFields("2")), speed: choice("speed", "Speed") };
    return { ...groups, show: (settings) => show(made, settings) };
  }

  /** Write the settings into the controls, and hide those that this start does not have. */
  function show(made, settings) {
    for (const key of Object.keys(DEFAULTS)) if (made[key]) made[key].value = settings[key];
    const hidden = hiddenOf(settings.net);
    made.layers.value = hidden.length;
    made.units.value = hidden[0];
    for (const suffix of ["", "2"]) {
      const start = Lab.starts[settings[`start${suffix}`]] || { size: null, noise: null };
      made[`size${suffix}`].parentNode.hidden = start.size === null;
      made[`noise${suffix}`].parentNode.hidden = start.noise === null;
      made[`biases${suffix}`].parentNode.hidden = settings[`start${suffix}`] === "hand";
      made[`biasSize${suffix}`].parentNode.hidden = settings[`biases${suffix}`] === "zeros" || settings[`start${suffix}`] === "hand";
    }
  }

  Object.assign(Lab.playground, { DEFAULTS, NAMES, PRESETS, DRAWN, figureOf, presetSettings, fromState, toState, inWords, startInWords, ownSettings, hiddenOf, controls });
})((window.Lab = window.Lab || {}));
