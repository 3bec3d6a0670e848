/** Keys that work anywhere on a page, such as "/": never where somebody types, and not at all where a reader has put them off. */
(function (Site) {
  "use strict";

  const TYPED = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";
  const OFF = "keys";
  const acts = new Map();

  const areOff = () => Site.store.get(OFF) === "off";

  /** Let a key do something wherever the focus is, unless a dialog is open. */
  Site.onKey = (key, act) => acts.set(key, act);

  /** Make a box that puts these keys off and on, for readers who speak to their machine: `what` says which ones. */
  Site.keySwitch = function (what) {
    const box = Site.el("input", { type: "checkbox" });
    box.checked = !areOff();
    box.addEventListener("change", () => Site.store.set(OFF, box.checked ? null : "off"));
    return Site.el("label", { class: "keys-switch" }, box, ` ${what}`);
  };

  function press(event) {
    const act = acts.get(event.key);
    const isMeant = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!act || !isMeant || areOff() || event.target.closest?.(TYPED) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  }

  Site.part("keys", () => document.addEventListener("keydown", press));
})((window.Site = window.Site || {}));
