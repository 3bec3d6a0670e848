/**
 * The figures of a page for a class: one on a screen, its message as the headline. The address names the figure, as
 * `#present-figure-growth`, so that a link opens it; keys are those of presenters. Behind the last figure the next chapter
 * goes on. Full screen where a browser allows it.
 */
(function (Site) {
  "use strict";

  const { el } = Site;
  const MARK = "#present";
  const HINTED = 5000;
  const STILL = 2500;
  const KEYS = [
    ["→ ↓ Space PageDown", "the next figure, then the next chapter"],
    ["← ↑ PageUp", "the figure before"],
    ["Home, End", "the first and the last figure"],
    ["+ − 0", "larger, smaller, as it fits"],
    ["c", "how to read it: one sentence, or all"],
    ["b", "an empty screen, until the next key"],
    ["f", "full screen"],
    ["t", "the theme: system, light, dark"],
    ["Esc", "back to the page"],
  ];

  const viewer = Site.viewer;
  let help, hint, end;
  let isLeaving = false;

  const button = (name, act, settings) => el("button", { type: "button", on: { click: act }, ...settings }, name);
  const following = () => document.querySelector('.turn a[rel="next"]');

  function setAddress(hash) {
    try {
      history.replaceState(null, "", hash);
    } catch {
      // Some viewers forbid it.
    }
  }

  // Full screen: the sheet, for a dialog itself may not fill it --------------------------------------------------------

  function toggleFull() {
    if (!document.fullscreenElement) return viewer.sheet.requestFullscreen?.().catch(() => {});
    isLeaving = true; // by a key of ours: the figures stay
    return document.exitFullscreen();
  }

  function changed() {
    if (document.fullscreenElement) return;
    if (!isLeaving && viewer.isPresenting) viewer.dialog.close(); // one Escape is enough
    isLeaving = false;
  }

  // What is shown -----------------------------------------------------------------------------------------------------

  function goOn() {
    if (following()) location.href = `${following().href}${MARK}`;
  }

  /** Say what comes behind the last figure. */
  function ending() {
    const next = following();
    const title = document.querySelector("h1").textContent;
    viewer.place.textContent = viewer.figures.length ? `End of “${title}”` : `“${title}” has no figures`;
    viewer.title.textContent = next ? next.lastChild.textContent.trim() : "This was the last chapter.";
    end.replaceChildren(next ? el("a", { href: `${next.href}${MARK}` }, "Go on with this chapter →") : "");
  }

  viewer.onShow = function (figure) {
    viewer.sheet.classList.toggle("ended", !figure);
    if (!viewer.isPresenting) return;
    if (!figure) ending();
    setAddress(`${MARK}-${figure ? figure.id : "end"}`);
    const next = viewer.figures[viewer.at + 1];
    if (next) new Image().src = next.querySelector("img").getAttribute("src");
  };

  viewer.onEnd = goOn;

  viewer.onClose = function () {
    help.hidden = true;
    viewer.sheet.classList.remove("blank");
    if (!viewer.isPresenting) return;
    viewer.isPresenting = false;
    if (document.fullscreenElement) document.exitFullscreen();
    const figure = viewer.figures[Math.min(viewer.at, viewer.figures.length - 1)];
    setAddress(figure ? `#${figure.id}` : location.pathname + location.search);
  };

  /** Return the place of the figure that is read: the first one that is not above the window. */
  function near() {
    const at = viewer.figures.findIndex((figure) => figure.getBoundingClientRect().bottom > innerHeight / 4);
    return at < 0 ? viewer.figures.length - 1 : at;
  }

  function start(at, isAsked) {
    viewer.open(at, true);
    if (isAsked && !document.fullscreenElement) toggleFull();
    hint.textContent = isAsked ? "? shows the keys" : "? shows the keys, f fills the screen";
    hint.hidden = false;
    setTimeout(() => (hint.hidden = true), HINTED);
  }

  /** Open what the address names, as `#present`, `#present-figure-growth` or `#present-end`. */
  function fromAddress() {
    const [mark, ...id] = location.hash.split("-");
    if (mark !== MARK) return;
    const at = viewer.figures.findIndex((figure) => figure.id === id.join("-"));
    start(id[0] === "end" ? viewer.figures.length : Math.max(0, at), false);
  }

  // Keys --------------------------------------------------------------------------------------------------------------

  function toggleHelp() {
    help.hidden = !help.hidden;
    (help.hidden ? viewer.title : help).focus();
  }

  function lengthen() {
    viewer.isLong = !viewer.isLong;
    if (viewer.figures[viewer.at]) viewer.fillCaption(viewer.figures[viewer.at]);
  }

  const toggleBlank = () => viewer.sheet.classList.toggle("blank");

  const ANYWHERE = {
    f: toggleFull,
    "?": toggleHelp,
    t: () => document.querySelector(".tools .theme")?.click(),
    p: () => (viewer.isPresenting ? viewer.dialog.close() : start(viewer.at, true)),
  };
  const forth = () => viewer.go(viewer.at + 1);
  const PRESENTING = {
    ...{ " ": forth, Enter: forth, ArrowDown: forth, ArrowUp: () => viewer.go(viewer.at - 1) },
    ...{ c: lengthen, b: toggleBlank, ".": toggleBlank },
  };

  /** Return what a key does; on a control, Space and Enter are the control's. */
  function actOf({ key, target }) {
    if (viewer.sheet.classList.contains("blank")) return toggleBlank;
    if (key === "Escape" && !help.hidden) return toggleHelp;
    const isTaken = /^( |Enter)$/.test(key) ? target.closest("button, a, summary, input") : viewer.zoom && /Arrow/.test(key);
    return ANYWHERE[key] || (viewer.isPresenting && !isTaken && PRESENTING[key]);
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Hide the pointer while it rests. */
  function hidePointer() {
    let timer = 0;
    viewer.sheet.addEventListener("pointermove", function () {
      viewer.sheet.classList.remove("still");
      clearTimeout(timer);
      timer = setTimeout(() => viewer.sheet.classList.add("still"), STILL);
    });
  }

  viewer.onBuild = function () {
    const rows = KEYS.map(([keys, what]) => el("div", {}, el("dt", {}, keys), el("dd", {}, what)));
    help = el("div", { class: "viewer-help", tabindex: -1, role: "group", "aria-label": "Keys", hidden: true },
      el("dl", {}, rows), Site.keySwitch("On the pages, p begins this and / searches"), button("Close", toggleHelp));
    hint = el("p", { class: "viewer-hint", hidden: true });
    end = el("p", { class: "viewer-end" });
    viewer.tools.prepend(
      button("Present", () => start(viewer.at, true), { class: "viewer-present" }),
      button("?", toggleHelp, { "aria-label": "Keys", class: "viewer-keys" }),
    );
    viewer.sheet.append(end, hint, help);
    viewer.dialog.addEventListener("keydown", press, true);
    document.addEventListener("fullscreenchange", changed);
    hidePointer();
  };

  /** Begin, with the figure that is read, as a reader asked for it; or with what the address names. */
  Site.present = (isAsked) => (isAsked ? start(near(), true) : fromAddress());
  addEventListener("hashchange", fromAddress);
})((window.Site = window.Site || {}));
