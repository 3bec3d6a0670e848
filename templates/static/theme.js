// Runs before the page is seen: scripts run here, and the theme that was chosen on this device; else the system decides.
(function (root) {
  root.classList.add("scripted");
  try {
    const theme = localStorage.getItem("reportgen.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Nothing is kept here.
  }
  // The font of formulas is asked for at once, so that no line moves when it arrives; from a disk browsers refuse to.
  if (location.protocol.startsWith("http")) {
    const font = Object.assign(document.createElement("link"), { rel: "preload", as: "font", type: "font/woff2" });
    font.crossOrigin = "anonymous";
    font.href = new URL("fonts/reportgen-math.woff2", document.currentScript.src).href;
    document.head.append(font);
  }
})(document.documentElement);
