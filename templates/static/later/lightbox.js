/**
 * A figure over the whole window: its message, its words, its place among the figures of the page, and a picture that
 * grows. `present.js` shows the same box to a class. Without a script a figure is a link to its drawing.
 */
(function (Site) {
  "use strict";

  const { el } = Site;
  const ZOOMS = [1, 1.5, 2, 3, 4];
  const SWIPE = 60;
  const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

  const button = (name, act, settings) => el("button", { type: "button", on: { click: act }, ...settings }, name);
  const link = (figure) => figure.querySelector("a.picture");

  const figures = Site.figures();
  let dialog, sheet, place, title, status, stage, image, caption, back, forth, files, opener;

  /** The box: which figure it shows, how large, and whether to a class; `present.js` is told through the last four. */
  const viewer = (Site.viewer = {
    ...{ figures, at: 0, zoom: 0, isPresenting: false, isLong: false },
    ...{ onBuild() {}, onShow() {}, onEnd() {}, onClose() {} },
  });

  // What stands in it -------------------------------------------------------------------------------------------------

  function copies(node, left) {
    const own = node ? node.cloneNode(true) : el("p");
    own.querySelectorAll(left).forEach((one) => one.remove());
    return [...own.childNodes];
  }

  /** Return how to read a figure, a list of nodes for each paragraph, without the words that say what it is. */
  const words = (figure) =>
    [...figure.querySelectorAll("figcaption > p")].map((one) => copies(one, "strong:first-child"));

  /** Return the nodes up to the end of the first sentence. */
  function sentence(nodes) {
    const end = nodes.findIndex((node) => node.nodeType === Node.TEXT_NODE && /[.!?]\s/.test(node.data));
    if (end < 0) return nodes;
    nodes[end].data = nodes[end].data.replace(/([.!?])\s.*/s, "$1");
    return nodes.slice(0, end + 1);
  }

  function fillCaption(figure) {
    const [first = [], ...rest] = words(figure);
    const isShort = viewer.isPresenting && !viewer.isLong;
    const shown = isShort ? [el("p", {}, sentence(first))] : [first, ...rest].map((nodes) => el("p", {}, nodes));
    const fold = caption.querySelector("details");
    if (viewer.isPresenting) return caption.replaceChildren(...shown);
    const isOpen = fold ? fold.open : innerHeight > 700 && innerWidth > 700;
    caption.replaceChildren(el("details", { open: isOpen }, el("summary", {}, "How to read it"), shown));
  }

  /** Return links that save the files of a figure. */
  function saving(figure) {
    const own = [...figure.querySelectorAll(".files a")].filter(({ href }) => /\.(svg|png|csv|csv\.gz)$/.test(href));
    return own.map(({ href, textContent }) => el("a", { href, download: true }, textContent));
  }

  // The picture -------------------------------------------------------------------------------------------------------

  /** Return the drawings of a figure, for a page and for a telephone. */
  function drawings(figure) {
    const [img, source] = ["img", "source"].map((tag) => figure.querySelector(`picture ${tag}`));
    const one = (node, address) => ({ address, width: +node.getAttribute("width"), height: +node.getAttribute("height") });
    return [one(img, img.getAttribute("src")), ...(source ? [one(source, source.getAttribute("srcset"))] : [])];
  }

  /** Show the drawing that fits with the larger letters, as large as it fits or as a reader wants it. */
  function fit() {
    const figure = figures[viewer.at];
    if (!figure || !dialog.open) return;
    const [wide, high] = [stage.clientWidth, stage.clientHeight];
    const scale = ({ width, height }) => Math.min(wide / width, high / height);
    const [best] = drawings(figure).sort((a, b) => scale(b) - scale(a));
    if (image.getAttribute("src") !== best.address) image.src = best.address;
    image.width = Math.floor(best.width * scale(best) * ZOOMS[viewer.zoom]);
    image.height = Math.floor((image.width * best.height) / best.width);
  }

  /** Make the picture larger or smaller, and keep the point under the pointer where it is. */
  function zoom(to, { x, y } = { x: 0.5, y: 0.5 }) {
    viewer.zoom = Math.min(ZOOMS.length - 1, Math.max(0, to));
    const isLarge = viewer.zoom > 0;
    sheet.classList.toggle("zoomed", isLarge);
    if (!isLarge && document.activeElement === stage) title.focus();
    if (isLarge) stage.tabIndex = 0; // so that keys scroll it
    else stage.removeAttribute("tabindex");
    fit();
    stage.scrollTo({ left: x * stage.scrollWidth - stage.clientWidth / 2, top: y * stage.scrollHeight - stage.clientHeight / 2, behavior: "instant" });
    if (isLarge) stage.focus({ preventScroll: true });
  }

  function zoomAt({ clientX, clientY }) {
    const box = image.getBoundingClientRect();
    zoom(viewer.zoom ? 0 : 2, { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height });
  }

  /** Turn pages by a swipe where the picture has nothing to scroll. */
  function swipes() {
    let start = null;
    stage.addEventListener("touchstart", ({ touches }) => (start = touches.length === 1 ? touches[0] : null), { passive: true });
    stage.addEventListener("touchend", function ({ changedTouches: [end] }) {
      if (!start || viewer.zoom || (window.visualViewport?.scale ?? 1) > 1.01) return;
      const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) viewer.go(viewer.at - Math.sign(x));
    });
  }

  // Going through the figures -----------------------------------------------------------------------------------------

  /** Show a figure by its place; presenting goes one further, to what follows the last one. */
  viewer.go = function (at) {
    const last = figures.length - (viewer.isPresenting ? 0 : 1);
    if (at > figures.length && viewer.isPresenting) return viewer.onEnd();
    viewer.at = Math.min(last, Math.max(0, at));
    const figure = figures[viewer.at];
    if (figure) show(figure);
    back.disabled = !viewer.at;
    forth.disabled = viewer.at === last && !viewer.isPresenting;
    if (document.activeElement?.disabled) title.focus();
    viewer.onShow(figure);
    zoom(0);
    status.textContent = `${place.textContent}: ${title.textContent}`;
  };

  function show(figure) {
    const number = figure.querySelector(".message .number")?.textContent || "Figure";
    place.textContent = `${number} · ${viewer.at + 1} of ${figures.length}`;
    title.replaceChildren(...copies(figure.querySelector(".message p"), ".number, .anchor"));
    image.alt = figure.querySelector("img").alt;
    files.replaceChildren(...saving(figure));
    fillCaption(figure);
  }

  viewer.open = function (at, isPresenting) {
    if (!dialog) build();
    viewer.isPresenting = Boolean(isPresenting);
    sheet.classList.toggle("presenting", viewer.isPresenting);
    if (!dialog.open) {
      opener = { element: document.activeElement, at };
      dialog.showModal();
    }
    viewer.go(at);
    title.focus();
  };

  function closed() {
    viewer.onClose();
    const figure = figures[Math.min(viewer.at, figures.length - 1)];
    const isMoved = viewer.at !== opener.at;
    const to = isMoved && figure ? link(figure) : opener.element;
    to?.focus({ preventScroll: !isMoved });
    if (isMoved) figure?.scrollIntoView({ behavior: "instant", block: "start" });
  }

  function press(event) {
    const { key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = { "+": () => zoom(viewer.zoom + 1), "-": () => zoom(viewer.zoom - 1), 0: () => zoom(0) };
    const ends = { Home: 0, End: figures.length - 1 };
    const act = acts[key === "=" ? "+" : key] || (key in ends && (() => viewer.go(ends[key])));
    const step = viewer.zoom && /Arrow/.test(key) ? 0 : STEPS[key]; // arrows scroll a picture that is larger than its place
    if (!act && !step) return;
    event.preventDefault();
    if (act) act();
    else viewer.go(viewer.at + step);
  }

  function build() {
    place = el("p", { class: "viewer-place" });
    title = el("h2", { class: "viewer-title", id: "viewer-title", tabindex: -1, autofocus: true });
    status = el("p", { class: "unseen", role: "status" });
    image = el("img", { on: { click: zoomAt } });
    stage = el("div", { class: "viewer-stage", role: "group", "aria-label": "Picture" }, image);
    caption = el("div", { class: "viewer-caption" });
    files = el("p", { class: "viewer-files" });
    back = button("←", () => viewer.go(viewer.at - 1), { "aria-label": "Previous figure", class: "viewer-turn" });
    forth = button("→", () => viewer.go(viewer.at + 1), { "aria-label": "Next figure", class: "viewer-turn" });
    viewer.tools = el("div", { class: "viewer-tools" },
      button("−", () => zoom(viewer.zoom - 1), { "aria-label": "Smaller", class: "viewer-zoom" }),
      button("+", () => zoom(viewer.zoom + 1), { "aria-label": "Larger", class: "viewer-zoom" }),
      button("✕", () => dialog.close(), { "aria-label": "Close", class: "viewer-close" }));
    sheet = el("div", { class: "viewer-sheet" },
      el("div", { class: "viewer-head" }, place, viewer.tools), title, stage, caption,
      el("div", { class: "viewer-foot" }, back, files, forth), status);
    Object.assign(viewer, { sheet, place, title, fillCaption });
    dialog = viewer.dialog = el("dialog", { class: "viewer", "aria-labelledby": "viewer-title", on: { keydown: press, close: closed } }, sheet);
    document.body.append(dialog);
    new ResizeObserver(fit).observe(stage);
    swipes();
    viewer.onBuild();
  }
})((window.Site = window.Site || {}));
