/**
 * The frame of every widget: it mounts what a page names, hands over the data of the build, keeps the state in the
 * address and makes the controls. A classic script, so that it runs from file:// too.
 *
 * A page holds `<div class="lab" data-lab="NAME">` with words for readers without a script; a widget's script calls
 * `Lab.widget("NAME", (live, lab) => …)`, and the generated file `lab/NAME.js` calls `Lab.data("NAME", {…})`.
 */
(function (Lab, Site) {
  "use strict";

  const widgets = new Map();
  const data = new Map();
  const DARK = matchMedia("(prefers-color-scheme: dark)");

  /** Take the start of a widget: `start(live, lab)` runs once per section that names it, when the page is there. */
  Lab.widget = (name, start) => widgets.set(name, start);

  /** Take what the build has packed for a widget. */
  Lab.data = (name, content) => data.set(name, content);

  /** Tell whether an object has an entry of this name: one of its own, for an address may say "constructor" too. */
  Lab.has = (entries, name) => Object.prototype.hasOwnProperty.call(entries, name);

  /** Return a number from a text of the address or of a control, NaN where there is none. */
  Lab.numberOf = (text) => (String(text).trim() === "" ? NaN : Number(text));

  /** Return a function that may be called often and draws once a frame; it passes on whether any call was a stop. */
  Lab.onceAFrame = function (draw) {
    let waits = false;
    let stops = false;
    return function (isStop) {
      stops = stops || isStop;
      if (waits) return;
      waits = true;
      requestAnimationFrame(function () {
        const isEnd = stops;
        waits = stops = false;
        draw(isEnd);
      });
    };
  };

  // Elements and controls ---------------------------------------------------------------------------------------------

  /** Make an element, as on every page. */
  Lab.el = Site.el;

  /** Put a label around a control. */
  Lab.field = (label, control) => Lab.el("label", { class: "lab-field" }, Lab.el("span", {}, label), control);

  /** Make a select; `options` are [value, label] pairs or plain values. */
  Lab.choice = function (name, options, value) {
    const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
    const made = Lab.el("select", { name }, pairs.map(([key, label]) => Lab.el("option", { value: key }, label)));
    if (value !== undefined) made.value = value;
    return made;
  };

  /** Make an input for a number; `settings` may have min, max, step and value. */
  Lab.number = (name, settings) =>
    Lab.el("input", { type: "number", name, inputmode: "decimal", step: "any", ...settings });

  /** Make a slider; `settings` may have min, max, step and value. */
  Lab.range = (name, settings) => Lab.el("input", { type: "range", name, ...settings });

  Lab.button = (text, act, settings) => Lab.el("button", { type: "button", on: { click: act }, ...settings }, text);

  /** Put controls into a group with a title. */
  Lab.group = (title, ...controls) => Lab.el("fieldset", {}, Lab.el("legend", {}, title), ...controls);

  // Numbers as text ---------------------------------------------------------------------------------------------------

  Lab.format = {
    /** Write a number with two or three digits: 0.25, 12, 3.1·10⁻⁷, ∞; "–" where there is none. */
    number(x) {
      if (x === null || Number.isNaN(x)) return "–";
      if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
      if (x === 0) return "0";
      const size = Math.abs(x);
      if (size >= 1e-3 && size < 1e4) return String(Number(x.toPrecision(size >= 100 ? 3 : 2))).replace("-", "−");
      const [mantissa, power] = x.toExponential(1).split("e");
      return `${mantissa.replace("-", "−")}·10${Site.raised(Number(power))}`;
    },
    /** Write a share in percent: 0 %, 0.4 %, 65 %. */
    percent(x) {
      if (x === null || Number.isNaN(x)) return "–";
      const value = 100 * x;
      return `${value > 0 && value < 1 ? Number(value.toPrecision(1)) : Math.round(value)} %`;
    },
    /** Write a power of ten. */
    power: (exponent) => (exponent === 0 ? "1" : exponent === 1 ? "10" : `10${Site.raised(exponent)}`),
  };

  // The address -------------------------------------------------------------------------------------------------------

  /** Return what the address holds behind the #; some programs that pass a link on write its colon as %3A. */
  const written = () => location.hash.slice(1).replace(/^(\w+)%3A/i, "$1:");

  /** Tell whether the address holds a state of this widget. */
  const isTold = (name) => written().startsWith(`${name}:`);

  /** Return the state of a widget that the address holds, as `#NAME:key=value&key=value`. */
  const stateOf = (name) =>
    isTold(name) ? Object.fromEntries(new URLSearchParams(written().slice(name.length + 1))) : {};

  function hashOf(name, state) {
    return `#${name}:${new URLSearchParams(state).toString().replace(/%2C/g, ",")}`;
  }

  /** Put a state into the address; some viewers forbid it, and then it stays out. */
  function writeAddress(hash) {
    try {
      history.replaceState(null, "", hash);
    } catch {
      /* the state is in the link below the widget all the same */
    }
  }

  // Mounting ----------------------------------------------------------------------------------------------------------

  /** Return the handle that a widget gets: its data, its state, its status. */
  function handle(name, status, sharing) {
    let touched = isTold(name);
    return {
      data: data.has(name) ? data.get(name) : null,
      isEmbedded: embedded(name),
      isCalm: Site.isCalm,
      state: () => stateOf(name),
      touch() {
        touched = true;
      },
      save(state) {
        sharing.show(hashOf(name, state));
        if (touched) writeAddress(hashOf(name, state));
      },
      onState(act) {
        addEventListener("hashchange", () => isTold(name) && act(stateOf(name)));
      },
      onTheme(act) {
        DARK.addEventListener("change", act);
        document.addEventListener("themechange", act);
      },
      say(text) {
        status.textContent = text;
      },
    };
  }

  /** Tell whether the page shows this widget alone: `?embed=NAME`, or `?embed` where the page has but one. */
  function embedded(name) {
    const wanted = new URLSearchParams(location.search).get("embed");
    return wanted === name || (wanted === "" && document.querySelector(".lab").dataset.lab === name);
  }

  /** Make the part that is folded away: a link to the state, and the code that embeds it elsewhere. */
  function sharing(name, title) {
    const text = (label) => Lab.el("textarea", { rows: 2, readonly: true, spellcheck: "false", "aria-label": label });
    const [link, frame] = [text("Link to this state"), text("Code to embed this state")];
    const copy = (area) =>
      Lab.button("Copy", async ({ target }) => {
        const isDone = await Site.copy(area.value);
        if (!isDone) area.select(); // so that a key copies it
        target.textContent = isDone ? "Copied" : "Selected";
      });
    const row = (label, area) => [Lab.el("p", {}, label), area, copy(area)];
    const made = Lab.el(
      "details",
      { class: "lab-share" },
      Lab.el("summary", {}, "Link to this state, or embed it"),
      ...row("A link to what you see, with every setting:", link),
      ...row("For a page of your own:", frame),
      location.protocol === "file:" && Lab.el("p", {}, "Both name a file on this disk. Put the pages online, and copy there."),
    );
    made.show = function (hash) {
      const page = location.href.split(/[?#]/)[0];
      link.value = page + hash;
      const source = `${page}?embed=${name}${hash}`.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
      const height = made.parentNode.offsetHeight - made.offsetHeight + 20;
      frame.value = `<iframe src="${source}" title="${title.replace(/"/g, "&quot;")}" width="100%" height="${height}" loading="lazy"></iframe>`;
    };
    return made;
  }

  function mount(section) {
    const name = section.dataset.lab;
    const start = widgets.get(name);
    if (!start) return;
    const live = Lab.el("div", { class: "lab-live" });
    const status = Lab.el("p", { class: "lab-status", role: "status" });
    const share = sharing(name, section.querySelector(".lab-title").textContent);
    const lab = handle(name, status, share);
    for (const event of ["pointerdown", "keydown", "input"]) live.addEventListener(event, lab.touch, true);
    if (lab.isEmbedded) {
      document.documentElement.classList.add("embed");
      section.classList.add("embedded");
    }
    section.append(live, status, share);
    section.classList.add("is-live");
    try {
      start(live, lab);
    } catch (error) {
      [live, status, share].forEach((part) => part.remove());
      section.classList.replace("is-live", "is-dead"); // the words for readers without a script stand there again
      setTimeout(() => Promise.reject(error)); // the console tells, and the other widgets start all the same
      return;
    }
    if (lab.isEmbedded) return; // it stands at the top already, and would pull the page around its frame down to itself
    if (isTold(name)) section.scrollIntoView();
    lab.onState(() => section.scrollIntoView());
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".lab").forEach(mount));
})((window.Lab = window.Lab || {}), window.Site);
