/** Challenges of the playground: predict, try, and the widget sees by itself whether a challenge is met. */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const { number, percent } = Lab.format;
  const UNTIL = 600;
  const ENOUGH = 0.9;

  const learns = (run) => run.read().right >= ENOUGH;
  const learned = (run) => `${percent(run.read().right)} right after ${run.updates} updates`;
  const parts = (size) => (run) => run.read().parted >= size;
  const partedIn = (run) => `the units had parted after ${run.updates} updates`;

  /**
   * One challenge.
   *
   * @typedef {object} Challenge
   * @property {string} title
   * @property {string} question with net, optimizer and number of updates
   * @property {string} task what to find, with which control
   * @property {string[]} choices to predict from
   * @property {object} setup settings that "Try it" loads
   * @property {string[]} free settings that the reader may change; the seed is always free
   * @property {function(Run): boolean} met whether a net has done it; asked at 600 updates at the latest
   * @property {function(Run): string} words how it has done it
   * @property {{key: string, factor: number}} [limit] where the last value is asked for: this setting times the factor
   *   must have failed with the same seed
   */

  /** @type {Object<string, Challenge>} */
  const CHALLENGES = {
    noise: {
      title: "The smallest noise that parts the units",
      question:
        "8 tanh units in one layer start with all weights at 0.2, plus noise; gradient descent at rate 0.5. How small may the noise be if two units are to differ by 0.2 in a weight within 600 updates?",
      task: "Change the noise, in powers of ten, until one parts the units and a tenth of it does not.",
      choices: ["About 0.1", "About 0.001", "Less than 0.000 01"],
      setup: { net: "8", start: "constant_noise", size: 0.2, noise: 0.1 },
      free: ["noise"],
      met: parts(0.2),
      words: partedIn,
      limit: { key: "noise", factor: 0.1 },
    },
    six: {
      title: "Make six sigmoid layers learn",
      question:
        "Six layers of 8 sigmoid units, Glorot's start, gradient descent at rate 0.5: after 600 updates the net still guesses. What gets 90 % of the circle's points right within 600 updates?",
      task: "Change the start, the rate or the optimizer, but neither the layers nor the activation.",
      choices: ["A larger start is enough", "A higher rate is enough", "No start helps, only another optimizer"],
      setup: { net: "8-8-8-8-8-8", activation: "sigmoid", start: "glorot_normal" },
      free: ["start", "size", "noise", "biases", "biasSize", "optimizer", "rate"],
      met: learns,
      words: learned,
    },
    rate: {
      title: "Can the learning rate alone save small weights?",
      question:
        "Two layers of 8 tanh units start with weights of size 0.01; gradient descent at rate 0.5. Can another rate, and nothing else, get 90 % of the circle's points right within 600 updates?",
      task: "Change the rate, and nothing else.",
      choices: ["Yes: the higher, the better", "Yes, but too high a rate fails again", "No"],
      setup: { start: "random_normal", size: 0.01 },
      free: ["rate"],
      met: learns,
      words: learned,
    },
    biases: {
      title: "Break the symmetry by biases only",
      question:
        "Two layers of 8 tanh units start with all weights at 0.5 and all biases at zero; gradient descent at rate 0.5. Can the biases alone make two units differ by 0.5 in a weight within 600 updates?",
      task: "Change the biases and their size, and no weight.",
      choices: ["No: equal weights stay equal", "Yes, with any random biases", "Yes, if they are large enough"],
      setup: { start: "constant", size: 0.5 },
      free: ["biases", "biasSize"],
      met: parts(0.5),
      words: partedIn,
    },
    largest: {
      title: "The largest start that still learns",
      question:
        "Three layers of 4 tanh units start with random weights; gradient descent at rate 0.3. How large may the weights be if the net is to get 90 % of the circle's points right within 600 updates?",
      task: "Change the size until one learns and twice the size does not.",
      choices: ["About 0.2", "About 2", "About 20"],
      setup: { net: "4-4-4", start: "random_normal", size: 0.5, rate: 0.3 },
      free: ["size"],
      met: learns,
      words: learned,
      limit: { key: "size", factor: 2 },
    },
  };

  const isNear = (one, other) => Math.abs(one - other) <= 0.01 * Math.abs(other);

  /** Return the settings that a challenge starts from: its own, and of the rest those that the playground opens with. */
  const setupOf = (challenge, defaults) => ({ ...defaults, biases: "zeros", ...challenge.setup });

  /** Name the settings that make this another net than that of the challenge. */
  function strangers(challenge, settings, defaults) {
    const setup = setupOf(challenge, defaults);
    const fixed = ["data", "net", "activation", "optimizer", "rate", "start", "size", "noise", "biases", "biasSize"];
    const idle = [
      ...(Lab.starts[settings.start] && Lab.starts[settings.start].noise === null ? ["noise"] : []),
      ...(settings.biases === "zeros" ? ["biasSize"] : []),
    ];
    return fixed.filter((key) => ![...challenge.free, ...idle].includes(key) && settings[key] !== setup[key]);
  }

  /** Keeps what was tried in one challenge, and tells when it is met. */
  class Attempts {
    constructor(challenge) {
      this.challenge = challenge;
      this.tried = [];
      this.met = "";
    }

    /** Judge a run at its present update: {settings, run} count once they have succeeded or reached 600 updates. */
    judge(settings, run) {
      const done = this.tried.find((attempt) => attempt.run === run && attempt.key === this.keyOf(settings));
      if (done && done.succeeded) return;
      const succeeded = run.updates <= UNTIL && this.challenge.met(run);
      if (succeeded) this.tried.push({ run, key: this.keyOf(settings), settings, succeeded, words: this.challenge.words(run) });
      else if (run.updates === UNTIL && !done) this.tried.push({ run, key: this.keyOf(settings), settings, succeeded });
      this.met = this.met || this.verdict();
    }

    keyOf(settings) {
      return JSON.stringify(this.challenge.free.concat("seed").map((key) => settings[key]));
    }

    /** Return the sentence that says how the challenge was met, or "". */
    verdict() {
      const { limit } = this.challenge;
      for (const attempt of this.tried.filter(({ succeeded }) => succeeded)) {
        if (!limit) return `${this.changes(attempt)}: ${attempt.words}.`;
        const beyond = this.tried.find((other) => this.isBeyond(attempt, other));
        if (beyond) {
          const [value, failed] = [attempt, beyond].map(({ settings }) => number(settings[limit.key]));
          return `With ${limit.key} ${value}: ${attempt.words}; with ${failed} it failed within ${UNTIL} updates.`;
        }
      }
      return "";
    }

    isBeyond(attempt, { succeeded, settings }) {
      const { key, factor } = this.challenge.limit;
      const wanted = attempt.settings[key] * factor;
      return !succeeded && settings.seed === attempt.settings.seed && isNear(settings[key], wanted);
    }

    /** Name what was set, of that which could be. */
    changes({ settings }) {
      const shown = this.challenge.free.filter((key) => !(key === "biasSize" && settings.biases === "zeros"));
      return shown.map((key) => Lab.playground.inWords(key, settings)).filter(Boolean).join(", ");
    }

    /** Say where the last attempt stands. */
    progress(run) {
      const last = this.tried[this.tried.length - 1];
      if (!last || last.run !== run) return "";
      if (!last.succeeded) return `Not met: not within ${UNTIL} updates.`;
      const { key, factor } = this.challenge.limit;
      return `It works (${last.words}). Now show that ${key} ${number(last.settings[key] * factor)} does not, with the same seed.`;
    }
  }

  /**
   * Make the part with the challenges.
   *
   * @param {object} defaults settings that the playground opens with
   * @param {{load: function(object): void, run: function(number): void, changed: function(string): void}} desk what "Try it",
   *   "Run" and another choice do
   * @returns {{element: Element, open: function(string): void, chosen: function(): string, watch: function}} `watch`
   *   takes pairs of settings and run at their present update
   */
  function challenges(defaults, desk) {
    const options = [["", "Choose one …"], ...Object.entries(CHALLENGES).map(([name, { title }]) => [name, title])];
    const choice = Lab.choice("challenge", options);
    const place = el("div");
    const output = el("p", { class: "pg-met", role: "status" });
    let attempts = null;
    let predicted = "";

    function open(name) {
      choice.value = name;
      const challenge = CHALLENGES[name];
      attempts = null;
      predicted = output.textContent = "";
      if (!challenge) return place.replaceChildren();
      const go = Lab.button("Try it", () => begin(challenge, run), { class: "primary", disabled: true });
      const run = Lab.button(`Run ${UNTIL} updates`, () => desk.run(UNTIL), { disabled: true });
      const choose = (text) => () => ((predicted = text), (go.disabled = false));
      const radio = (text) => el("input", { type: "radio", name: "prediction", on: { change: choose(text) } });
      const predictions = challenge.choices.map((text) => el("label", { class: "pg-choice" }, radio(text), text));
      place.replaceChildren(el("p", {}, challenge.question), Lab.group("Your prediction, first", ...predictions), el("p", {}, challenge.task), Lab.group("", go, run));
    }

    function begin(challenge, run) {
      attempts = new Attempts(challenge);
      run.disabled = false;
      desk.load(setupOf(challenge, defaults));
      output.textContent = "The net is set. " + challenge.task;
    }

    function watch(pairs) {
      if (!attempts || attempts.met) return;
      const { challenge } = attempts;
      const own = pairs.filter(({ settings }) => !strangers(challenge, settings, defaults).length);
      own.forEach(({ settings, run }) => attempts.judge(settings, run));
      if (attempts.met) output.textContent = `Met. ${attempts.met} You had predicted: ${predicted}.`;
      else if (own.length) output.textContent = attempts.progress(own[0].run) || output.textContent;
      else {
        const other = strangers(challenge, pairs[0].settings, defaults).map((key) => Lab.playground.NAMES[key]);
        output.textContent = `This is not the net of the challenge any more: ${other.join(", ")}.`;
      }
    }

    choice.addEventListener("change", () => (open(choice.value), desk.changed(choice.value)));
    const element = el("details", {}, el("summary", {}, "Challenges: predict first"), Lab.field("Challenge", choice), place, output);
    return { element, open: (name) => (open(name), (element.open = Boolean(CHALLENGES[name]))), chosen: () => choice.value, watch };
  }

  Object.assign(Lab.playground, { CHALLENGES, Attempts, challenges, strangers });
})((window.Lab = window.Lab || {}));
