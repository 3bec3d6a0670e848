/** Challenges of the playground: predict, try, and the widget sees by itself whether a challenge is met. */
(function (Lab) {
  "use strict";

  const { el } = Lab;
  const { number, percent } = Lab.format;
  const { DEFAULTS, FIELDS, has, inWords } = Lab.playground;
  const UNTIL = 600;

  const learning = [
    (run) => run.read().right >= 0.9,
    (run) => `${percent(run.read().right)} right after ${run.updates} updates`,
  ];
  const parting = (difference) => [
    (run) => run.read().parted >= difference,
    (run) => `two units differed by ${number(difference)} after ${run.updates} updates`,
  ];

  /**
   * Each with its title, the question (net, optimizer, rate and updates in it), choices to predict from, the task, the
   * settings that "Try it" loads, those that are free, and what must happen to a run: how to see it, and how to say it.
   * `answer` is told at the end: the right prediction, as it holds for most seeds.
   * Where the greatest or the least value is asked for, `limit` is a factor: the free setting times it must have failed
   * with the same seed.
   */
  const CHALLENGES = {
    noise: {
      title: "The smallest noise that parts the units",
      question:
        "One layer of 8 tanh units starts with all weights at 0.2, plus noise; gradient descent at rate 0.5. " +
        "How small may the noise be if two units are to differ by 0.2 in a weight within 600 updates?",
      choices: ["About 0.1", "About 0.001", "Less than 0.000 01"],
      answer:
        "Less than 0.000 01 is enough from most seeds, as the difference grows by a factor in each update. Units that " +
        "have parted have not yet learned, though: compare what is right with the straight line.",
      task: "Find noise that parts the units, and show that a tenth of it does not.",
      setup: { net: "8", start: "constant_noise", size: 0.2, noise: 0.01 },
      free: ["noise"],
      goal: parting(0.2),
      limit: 0.1,
    },
    six: {
      title: "Make six sigmoid layers learn",
      question:
        "Six layers of 8 sigmoid units, Glorot's start, gradient descent at rate 0.5: after 600 updates the " +
        "net still guesses. What gets 90 % of the points right within 600 updates?",
      choices: ["A larger start is enough", "A higher rate is enough", "No start helps, only another optimizer"],
      answer: "A larger start is enough: size 2 learns from most seeds. Adam can do it, too; a higher rate alone cannot.",
      task: "Change the start, the rate or the optimizer, but neither the layers nor the activation.",
      setup: { net: "8-8-8-8-8-8", activation: "sigmoid", start: "glorot_normal" },
      free: ["start", "size", "noise", "biases", "biasSize", "optimizer", "rate"],
      goal: learning,
    },
    rate: {
      title: "Can the learning rate alone save small weights?",
      question:
        "Two layers of 8 tanh units start with normal weights of size 0.01; gradient descent at rate 0.5. Can " +
        "another rate, and nothing else, get 90 % of the points right within 600 updates?",
      choices: ["Yes: the higher, the better", "Yes, but too high a rate fails again", "No"],
      answer: "Yes, but too high a rate fails again: 3 learns from most seeds, 10 from hardly any. With more layers none may do.",
      task: "Change the rate alone.",
      setup: { start: "random_normal", size: 0.01 },
      free: ["rate"],
      goal: learning,
    },
    biases: {
      title: "Break the symmetry by biases only",
      question:
        "Two layers of 8 tanh units start with all weights at 0.5 and all biases at zero; gradient descent at " +
        "rate 0.5. Can the biases make two units differ by 0.5 in a weight within 600 updates?",
      choices: ["No: equal weights stay equal", "Yes, with any random biases", "Yes, if they are large enough"],
      answer: "Yes, if they are large enough: size 0.2 parts the units from most seeds, 0.01 from few within so many updates.",
      task: "Change the biases and their size alone.",
      setup: { size: 0.5 },
      free: ["biases", "biasSize"],
      goal: parting(0.5),
    },
    largest: {
      title: "The largest start that still learns",
      question:
        "Three layers of 4 tanh units start with normal weights; gradient descent at rate 0.3. How large may " +
        "they be if the net is to get 90 % of the points right within 600 updates?",
      choices: ["About 0.2", "About 2", "About 20"],
      answer: "About 2: that learns from most seeds, 8 from hardly any. In between the seed decides.",
      task: "Find a size that learns, and show that twice that size does not.",
      setup: { net: "4-4-4", start: "random_normal", size: 0.5, rate: 0.3 },
      free: ["size"],
      goal: learning,
      limit: 2,
    },
  };

  const FIXED = ["data", "net", "activation", "optimizer", "rate", "start", "size", "noise", "biases", "biasSize"];

  /** Name the settings that make this another net than that of the challenge. */
  function strangers({ setup, free }, settings) {
    const idle = [has(settings.start, "noise") ? "" : "noise", settings.biases === "zeros" ? "biasSize" : ""];
    const usual = { ...DEFAULTS, ...setup };
    return FIXED.filter((key) => !free.includes(key) && !idle.includes(key) && settings[key] !== usual[key]);
  }

  /** What was tried in one challenge: {run, settings, told: how it succeeded, or "" where it did not}. */
  class Attempts {
    constructor(challenge) {
      Object.assign(this, { challenge, tried: [], met: "", last: "" });
    }

    /** Look at a run as it is now; it counts once it has succeeded, or come to 600 updates. */
    judge(settings, run) {
      const [succeeds, told] = this.challenge.goal;
      const isKnown = this.tried.some((attempt) => attempt.run === run);
      if (this.met || isKnown || run.updates > UNTIL) return;
      const success = succeeds(run);
      if (!success && run.updates < UNTIL && !run.isLost) return;
      this.tried.push({ run, settings, told: success ? told(run) : "" });
      this.last = success ? `It works: ${told(run)}. ${this.challenge.task}` : `Not met within ${UNTIL} updates.`;
      this.met = this.tried.map((attempt) => this.verdict(attempt)).find(Boolean) || "";
    }

    /** Say how an attempt meets the challenge, or "". */
    verdict({ settings, told }) {
      const { limit, free } = this.challenge;
      if (!told) return "";
      const words = inWords(settings, free.filter((key) => key !== "biasSize" || settings.biases !== "zeros"));
      if (!limit) return `With ${words}: ${told}.`;
      const wanted = settings[free[0]] * limit;
      const isBeyond = ({ told: worked, settings: { [free[0]]: value, seed } }) =>
        !worked && seed === settings.seed && Math.abs(value / wanted - 1) < 0.01;
      return this.tried.some(isBeyond) ? `With ${words}: ${told}; with ${number(wanted)} it failed.` : "";
    }
  }

  /**
   * Make the part with the challenges. `desk`: what `load(settings)`, `run(updates)` and `choose(name)` do. `watch`
   * takes [settings, run] of each start as they are now.
   */
  function challenges(desk) {
    const options = Object.entries(CHALLENGES).map(([name, { title }]) => [name, title]);
    const choice = Lab.choice("challenge", [["", "Choose one …"], ...options]);
    const place = el("div");
    const output = el("p", { class: "pg-met", role: "status" });
    let attempts = null;
    let predicted;

    function open(name) {
      const challenge = Lab.has(CHALLENGES, name) ? CHALLENGES[name] : null;
      choice.value = challenge ? name : "";
      attempts = null;
      output.textContent = "";
      place.replaceChildren(...(challenge ? parts(challenge) : []));
    }

    function parts(challenge) {
      const again = Lab.button(`Run ${UNTIL} updates`, () => desk.run(UNTIL), { disabled: true });
      const begin = Lab.button("Try it", () => (start(challenge), (again.disabled = false)), { disabled: true });
      const choose = (text) => () => ((predicted = text), (begin.disabled = false));
      const radio = (text) => el("input", { type: "radio", name: "prediction", on: { change: choose(text) } });
      const choices = challenge.choices.map((text) => el("label", { class: "pg-choice" }, radio(text), text));
      const predictions = Lab.group("Your prediction, first", ...choices);
      return [el("p", {}, challenge.question), predictions, el("p", {}, challenge.task), begin, " ", again];
    }

    function start(challenge) {
      attempts = new Attempts(challenge);
      desk.load({ ...DEFAULTS, ...challenge.setup });
      const free = challenge.free.map((key) => FIELDS[key][0].toLowerCase()).join(", ");
      output.textContent = `The net is set. Under “Change the net” you may change: ${free}.`;
    }

    function watch(pairs) {
      if (!attempts || attempts.met) return;
      const own = pairs.filter(([settings]) => !strangers(attempts.challenge, settings).length);
      own.forEach(([settings, run]) => attempts.judge(settings, run));
      const others = strangers(attempts.challenge, pairs[0][0]).map((key) => FIELDS[key][0].toLowerCase());
      if (attempts.met) output.textContent = `Met. ${attempts.met} You predicted: ${predicted}. The answer: ${attempts.challenge.answer}`;
      else if (!own.length) output.textContent = `No longer the net of the challenge: ${others.join(", ")}.`;
      else if (attempts.last) output.textContent = attempts.last;
    }

    choice.addEventListener("change", () => (open(choice.value), desk.choose(choice.value)));
    const title = el("summary", {}, "Challenges: predict first");
    const element = el("details", {}, title, Lab.field("Challenge", choice), place, output);
    return { element, open: (name) => (open(name), (element.open = Lab.has(CHALLENGES, name))), watch };
  }

  Object.assign(Lab.playground, { CHALLENGES, Attempts, challenges, strangers });
})((window.Lab = window.Lab || {}));
