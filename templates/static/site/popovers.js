/**
 * What a dotted term means, and which paper a citation is, in a box beside the link: when the pointer rests on it, when
 * it has the focus, and at the first tap. The next tap, Enter or a click follows the link, as without a script. The
 * pointer may move onto the box, Escape takes it away, and it stays as long as pointer or focus do.
 */
(function (Site) {
  "use strict";

  const LINKS = "article a:is(.term, .cite), dialog a:is(.term, .cite)";
  const [REST, GRACE, GAP, EDGE] = [180, 280, 6, 8];
  const box = Site.el("div", { class: "pop", id: "pop", role: "tooltip", popover: "manual" });
  let link = null;
  let timer = 0;
  let isTouched = false;

  const wait = (act, time) => (clearTimeout(timer), (timer = setTimeout(act, time)));
  const linkAt = (node) => (node instanceof Element ? node.closest(LINKS) : null);

  /** Return what stands in the box: HTML of the build, by the file and anchor of a link. */
  async function words(of) {
    await Site.load("static/terms.js");
    return Site.terms[of.href.split("/").pop()];
  }

  function hide() {
    clearTimeout(timer);
    link?.removeAttribute("aria-describedby");
    link = null;
    box.remove();
  }

  /** Put the box below the link, or above it where there is no room below; the page itself stays as it is. */
  function place(at) {
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const own = box.getBoundingClientRect();
    const left = Math.max(EDGE, Math.min(at.left, width - own.width - EDGE));
    const isBelow = at.bottom + GAP + own.height <= height || at.top < own.height + GAP;
    const top = isBelow ? at.bottom + GAP : at.top - GAP - own.height;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${top + scrollY}px`;
  }

  async function show(of, x) {
    if (link === of) return clearTimeout(timer);
    hide();
    link = of;
    const text = await words(of).catch(() => "");
    if (!text || link !== of) return;
    box.innerHTML = text;
    if (isTouched) box.append(Site.el("p", { class: "pop-more" }, "Tap again to read more"));
    (of.closest("dialog, main") || document.body).append(box);
    box.showPopover?.();
    const lines = [...of.getClientRects()];
    place(lines.find((line) => x >= line.left && x <= line.right) || lines[0]);
    of.setAttribute("aria-describedby", box.id);
  }

  function over({ target, pointerType, clientX }) {
    if (pointerType === "touch") return;
    const at = linkAt(target);
    if (at && at !== link) wait(() => show(at, clientX), REST);
    else if (at || box.contains(target)) clearTimeout(timer);
    else if (link && link !== document.activeElement) wait(hide, GRACE);
    else if (!link) clearTimeout(timer);
  }

  function tap(event) {
    const at = linkAt(event.target);
    if (!isTouched || !at || at === link) return;
    event.preventDefault();
    show(at, event.clientX);
  }

  function press(event) {
    if (event.key !== "Escape" || !link) return;
    if (box.isConnected) event.preventDefault(); // a dialog behind it stays open
    hide();
  }

  Site.part("popovers", function () {
    document.addEventListener("pointerdown", function ({ target, pointerType }) {
      isTouched = pointerType === "touch";
      if (!box.contains(target) && linkAt(target) !== link) hide();
    });
    document.addEventListener("pointerover", over);
    document.documentElement.addEventListener("pointerleave", () => link && link !== document.activeElement && wait(hide, GRACE));
    document.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && linkAt(target) && show(target));
    document.addEventListener("focusout", ({ target }) => target === link && !isTouched && hide());
    document.addEventListener("keydown", press, true);
    document.addEventListener("click", tap, true);
    addEventListener("pagehide", hide);
    addEventListener("resize", hide); // it stands where there was room
  });
})((window.Site = window.Site || {}));
