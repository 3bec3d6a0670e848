/**
 * What the build has packed for the explorer: unpacking it, and asking for one cell. Here nothing is drawn.
 *
 * A pair is a start with an activation; its row in all packed numbers is `start * activations + activation`. A cell is
 * a pair at one depth on one data set.
 */
(function (Lab) {
  "use strict";

  const [ZERO, NEGATIVE, NAN, INFINITE] = [-32768, 32765, 32766, 32767];
  const STEPS = 100;

  const packed = (Lab.packed = {});

  /** Tell whether this browser can unpack. */
  packed.isPossible = function () {
    try {
      return Boolean(new DecompressionStream("deflate"));
    } catch {
      return false;
    }
  };

  /**
   * Undo `packing.py` from its end: base64, deflate, two planes of bytes, steps along each of `rows` rows.
   *
   * @returns {Promise<Uint16Array>}
   */
  async function codes(text, rows) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer());
    const count = planes.length / 2;
    const found = new Uint16Array(count);
    for (let at = 0; at < count; at++) {
      const before = at % (count / rows) ? found[at - 1] : 0;
      found[at] = before + planes[at] + 256 * planes[count + at];
    }
    return found;
  }

  /** Unpack whole numbers, which come back exactly. */
  packed.counts = codes;

  /** Unpack sizes, which come back within 1.2 %; zero, inf and nan come back as they are, a negative number as −1. */
  packed.sizes = async function (text, rows) {
    const special = { [ZERO]: 0, [NEGATIVE]: -1, [NAN]: NaN, [INFINITE]: Infinity };
    const signed = new Int16Array((await codes(text, rows)).buffer);
    return Float64Array.from(signed, (code) => (code in special ? special[code] : 10 ** (code / STEPS)));
  };

  /** Unpack every text of an object with the same function. */
  async function each(texts, rows, unpack) {
    const found = await Promise.all(Object.values(texts).map((text) => unpack(text, rows)));
    return Object.fromEntries(Object.keys(texts).map((name, at) => [name, found[at]]));
  }

  /**
   * Open the data of the explorer: names at once, verdicts when `ready` has come true, and the layers of a data set
   * when they are asked for.
   *
   * @returns {object} the words and names of the build, `ready`, `cell`, `trainedFrom`, `layersOf` and `net`.
   */
  packed.open = function (data) {
    const pairs = data.starts.length * data.activations.length;
    const layers = new Map();
    let cells, trained;
    const ready = (async () => {
      cells = await Promise.all(data.data.map((one) => each(one.cells, pairs, packed.counts)));
      trained = await Promise.all(data.trained.map((one) => each(one.cells, pairs, packed.counts)));
    })();
    const rowOf = ({ start, activation }) => start * data.activations.length + activation;
    const word = (kind, place) => data.words[kind][place];

    /** The verdict on a pair: {verdict, other, networks, agree, crosses, crossed}; `depth` and `set` are places. */
    function cell(pair, depth, set) {
      const at = rowOf(pair) * data.depths.length + depth;
      const found = Object.fromEntries(Object.entries(cells[set]).map(([name, values]) => [name, values[at]]));
      for (const kind of ["verdict", "other", "crosses"]) found[kind] = word(kind, found[kind]);
      return found;
    }

    /** How trainings from a pair ended: a list of {data, optimizer, rate, steps, width, outcome, networks, of_it}. */
    function trainedFrom(pair, depth) {
      return data.trained.flatMap((one, number) => {
        const place = one.depths.indexOf(data.depths[depth]);
        const at = rowOf(pair) * one.depths.length + place;
        const { outcome, networks, of_it } = trained[number];
        if (place < 0 || !outcome[at]) return [];
        const ended = { outcome: word("outcome", outcome[at]), networks: networks[at], of_it: of_it[at] };
        const { data: on, optimizer, rate, steps, width } = one;
        return [{ data: on, optimizer, rate, steps, width, ...ended }];
      });
    }

    /** Unpack the layers of a data set; null where there was no room for them. */
    function layersOf(set) {
      if (!layers.has(set)) layers.set(set, data.layers[set] && each(data.layers[set], pairs, packed.sizes));
      return layers.get(set);
    }

    /** Cut one net out of unpacked layers: name -> values from the first layer to the last. */
    function net(unpacked, pair, depth) {
      const deepest = data.depths[data.depths.length - 1];
      const all = data.depths.reduce((sum, one) => sum + one, 0);
      const before = data.depths.slice(0, depth).reduce((sum, one) => sum + one, 0);
      const cut = ([name, values]) => {
        const from = name.startsWith("gradient") ? rowOf(pair) * all + before : rowOf(pair) * deepest;
        return [name, values.slice(from, from + data.depths[depth])];
      };
      return Object.fromEntries(Object.entries(unpacked).map(cut));
    }

    return { ...data, ready, cell, trainedFrom, layersOf, net };
  };
})((window.Lab = window.Lab || {}));
