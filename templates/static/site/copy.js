/** Buttons that copy: code, and what carries `data-copy`. They say that they have copied, or which keys will. */
(function (Site) {
  "use strict";

  const SHOWN_FOR = 2000;
  const KEYS = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘C" : "Ctrl+C";

  /** Copy what is selected in a box that nobody sees: for pages that may not use the clipboard, as some on a disk. */
  function copySelected(text) {
    const focused = document.activeElement;
    const box = Site.el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true", tabindex: -1 });
    box.value = text;
    (document.querySelector("dialog[open]") || document.body).append(box);
    box.select();
    const isDone = document.execCommand("copy");
    box.remove();
    focused?.focus({ preventScroll: true });
    return isDone;
  }

  /** Copy a text; the promise tells whether that was possible. */
  Site.copy = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  };

  /** Let a button copy what `read()` returns; where that fails, `source` is selected, so that keys copy it. */
  function attach(button, read, source) {
    const label = button.textContent;
    let timer = 0;
    button.addEventListener("click", async function () {
      const isDone = await Site.copy(read());
      if (!isDone && source()) getSelection().selectAllChildren(source());
      button.textContent = isDone ? "Copied" : KEYS;
      Site.say(isDone ? "Copied" : `Press ${KEYS} to copy`);
      clearTimeout(timer);
      timer = setTimeout(function () {
        button.textContent = label;
        Site.say(""); // so that the same words are heard the next time
      }, SHOWN_FOR);
    });
    return button;
  }

  const made = (name) => Site.el("button", { type: "button", class: "copy", "aria-label": name }, "Copy");

  /** Return the code that is seen in tabs, or the code itself. */
  const seen = (tabs) => [...tabs.querySelectorAll("pre")].find((pre) => pre.getClientRects().length);

  const written = (element) => element.textContent.replace(/\n$/, "");

  function addTo(pre) {
    const tabs = pre.closest(".tabs");
    const source = () => (tabs ? seen(tabs) : pre);
    const button = attach(made("Copy this code"), () => written(source()), source);
    (tabs ? tabs.querySelector("pre") : pre).before(button);
  }

  /** Return the code that follows an element in the page. */
  function next(element) {
    const codes = [...document.querySelectorAll("pre, code")];
    return codes.find((code) => element.compareDocumentPosition(code) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  function addTold(element) {
    const read = () => element.dataset.copy || written(next(element));
    const source = () => (element.dataset.copy ? null : next(element));
    const isButton = element.localName === "button";
    attach(isButton ? element : element.appendChild(made(element.dataset.label || "Copy this")), read, source);
    if (isButton) element.hidden = false;
  }

  Site.part("copy", function () {
    const codes = [...document.querySelectorAll("article pre")].filter((pre) => !pre.closest(".lab, [data-copy]"));
    codes.filter((pre) => !pre.matches(".tabs pre ~ pre")).forEach(addTo);
    document.querySelectorAll("[data-copy]").forEach(addTold);
  });
})((window.Site = window.Site || {}));
