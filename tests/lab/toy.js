/** A widget as small as can be, with one control of each kind that the others use. */
(function (Lab) {
  "use strict";

  Lab.widget("toy", (live, lab) => {
    const size = Lab.range("size", { min: 0, max: 10, step: 1, value: 3 });
    const kind = Lab.choice("kind", ["one", "two", "three"], "one");
    const count = Lab.number("count", { min: 1, max: 99, step: 1, value: 5 });
    const picture = Lab.el("canvas", { role: "img" });
    const controls = [size, kind, count];

    function show() {
      Lab.draw.heat(picture, 4, 4, (column, row) => Lab.draw.signed((column - row) / Number(count.value)));
      picture.setAttribute("aria-label", `Size ${size.value}, ${kind.value}, ${count.value} of them`);
    }

    function take(state) {
      controls.forEach((control) => control.name in state && (control.value = state[control.name]));
      show();
    }

    function changed() {
      lab.save(Object.fromEntries(controls.map((control) => [control.name, control.value])));
      lab.say(`Size ${size.value}`);
      show();
    }

    function play(event) {
      const pressed = event.target.getAttribute("aria-pressed") !== "true";
      event.target.setAttribute("aria-pressed", pressed);
      if (lab.isCalm()) count.value = 50;
      else requestAnimationFrame(again);
      changed();
    }

    function again() {
      count.value = 1 + (Number(count.value) % 99);
      show();
      if (live.querySelector("[aria-pressed=true]")) requestAnimationFrame(again);
    }

    controls.forEach((control) => control.addEventListener("input", changed));
    live.append(
      Lab.group("Settings", Lab.field("Size", size), Lab.field("Kind", kind), Lab.field("Count", count)),
      Lab.group("Run", Lab.button("Play", play, { "aria-pressed": "false" }), Lab.button("Reset", () => take({ count: 5 }))),
      picture,
    );
    lab.onState(take);
    take(lab.state());
  });
})((window.Lab = window.Lab || {}));
