/**
 * The frame of what every page can do with a script: each part is one file, joined by the build into one classic
 * script, so that it runs from file:// too. A page is whole without any of it.
 */
(function (Site) {
  "use strict";

  const CALM = matchMedia("(prefers-reduced-motion: reduce)");
  const parts = [];
  const loaded = new Map();

  /** Address of the site's root, with a slash at its end. */
  Site.root = new URL("..", document.currentScript.src).href;

  /** Take a part of the page: `start()` runs once when the page is there; one that fails takes no other along. */
  Site.part = (name, start) => parts.push([name, start]);

  /** Tell whether a reader wants no motion. */
  Site.isCalm = () => CALM.matches;

  /**
   * Make an element. Keys of `settings` are attributes; `on` holds listeners. Children that are no elements become text;
   * null, undefined and false are left out.
   */
  Site.el = function (tag, settings, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(settings || {})) {
      if (key === "on") Object.entries(value).forEach(([event, act]) => made.addEventListener(event, act));
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  };

  /** Make an element of an SVG; children that are no elements become text. */
  Site.svg = function (tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  /** Write a whole number in raised digits. */
  Site.raised = (power) => String(power).replace("-", "⁻").replace(/[0-9]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);

  /** What a reader has chosen on this device; where nothing can be kept, it lasts as long as the page. */
  const kept = new Map();
  Site.store = {
    get(key) {
      try {
        return localStorage.getItem(`reportgen.${key}`);
      } catch {
        return kept.get(key) ?? null;
      }
    },
    set(key, value) {
      kept.set(key, value);
      try {
        if (value === null) localStorage.removeItem(`reportgen.${key}`);
        else localStorage.setItem(`reportgen.${key}`, value);
      } catch {
        // Private windows and some file:// pages keep nothing.
      }
    },
  };

  /** Load a classic script of the site by its path, once; the promise is kept when it has run. */
  Site.load = function (path) {
    if (!loaded.has(path)) {
      loaded.set(path, new Promise((done, fail) => {
        const failed = () => fail(new Error(`${path} cannot be loaded`));
        document.head.append(Site.el("script", { src: Site.root + path, on: { load: done, error: failed } }));
      }));
    }
    return loaded.get(path);
  };

  /** Return what the address names behind its #, or null: anybody may write anything there. */
  Site.named = function () {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };

  /** Tell something to readers who listen; nobody sees it. */
  Site.say = (text) => (status.textContent = text);

  const status = Site.el("p", { class: "unseen", role: "status" });

  document.addEventListener("DOMContentLoaded", function () {
    document.body.append(status);
    Site.tools = document.querySelector("header .tools") || Site.el("div");
    Site.tools.hidden = false;
    for (const [name, start] of parts) {
      try {
        start();
      } catch (fault) {
        console.error(`${name}: ${fault}`);
      }
    }
  });
})(window.Site = window.Site || {});
