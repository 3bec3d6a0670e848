/** What the explorer says of a cell: its name, one sentence after the other, and the command that repeats it. */
(function (Lab) {
  "use strict";

  const number = Lab.format.number;
  const words = (Lab.cellWords = {});

  const several = (count, one, many) => `${count} ${count === 1 ? one : many}`;
  const nameOf = (book, pair) => [book.starts[pair.start].name, book.activations[pair.activation].name];

  /** Name a cell: "he_normal, tanh, 20 layers". */
  words.name = (book, pair, depth) =>
    [...nameOf(book, pair), several(book.depths[depth], "layer", "layers")].join(", ");

  /** Return [sign, meaning] of a verdict. */
  words.verdict = (book, verdict) => book.verdicts.find(([word]) => word === verdict).slice(1);

  const ARRIVES = "no failure: signal and gradient arrive, and inputs and units stay apart";

  const AT_ONCE = {
    stuck: (layer) => `The signal is zero from layer ${layer} on.`,
    symmetric: (layer) => `Layer ${layer} is the first whose units are all alike.`,
    saturates: (layer) => `Layer ${layer} is the first that is pressed that hard.`,
    dies: (layer) => `Layer ${layer} is the first with so many dead units.`,
    alike: (layer) => `That is so from layer ${layer} on.`,
  };

  /** Tell which layer crossed the limit first, on the way of the signal or on that of the gradient. */
  function crossing(book, { verdict, crosses, crossed }) {
    if (!crosses) return verdict === "healthy" ? "" : "That is so of single networks; the medians of the charts stay within the limit.";
    if (AT_ONCE[verdict]) return AT_ONCE[verdict](crossed);
    const lost = verdict === "overflows";
    if (crosses === "signal") return `The signal ${lost ? "is lost" : "is beyond the limit"} from layer ${crossed} on.`;
    return `The gradient, on its way down, ${lost ? "is lost" : "is beyond the limit"} from layer ${crossed} ${crossed > 1 ? "down to layer 1" : "on"}.`;
  }

  function agreement({ networks, agree, other }) {
    if (agree === networks) return ["It is one network.", "Both networks agree."][networks - 1] || `All ${networks} networks agree.`;
    return `${agree} of ${networks} networks ${agree === 1 ? "says" : "say"} so; ${networks - agree === 1 ? "the other" : "most others"}: ${other}.`;
  }

  const end = (values) => values[values.length - 1];

  /** Tell where signal and gradient end, measured and in theory; `net` is null where the page has no layers. */
  function ends(book, net) {
    if (!net) return "";
    const isMean = end(net.signal) < 0.5 * end(net.size); // most of it is the same for all inputs
    const apart = isMean ? `, what differs in it from input to input at ${number(end(net.signal))}` : "";
    const measured = `The signal ends at ${number(end(net.size))}${apart}, the gradient at ${number(net.gradient[0])}`;
    const [up, down] = [end(net.theory), net.gradient_theory[0]];
    if (Number.isNaN(up) || Number.isNaN(down)) return `${measured}. Theory has no prediction for this pair.`;
    const { change } = book.limits;
    const grows = Math.max(up, down) > change;
    const says = grows ? "the net explodes" : Math.min(up, down) < 1 / change ? "the net vanishes" : "both sizes stay within the limit";
    return `${measured}. Theory puts them at ${number(up)} and ${number(down)}: ${says}.`;
  }

  const OPTIMIZERS = { sgd: "SGD", adam: "Adam" };

  /**
   * Tell whether small networks learned from this start, and what they were given for it: on this data, or on digits
   * where it has no classes.
   */
  function learning(book, pair, depth, set) {
    const all = book.trainedFrom(pair, depth);
    const own = all.filter((one) => one.data === book.data[set].name);
    const told = own.length ? own : all.filter((one) => one.data === "digits");
    if (!told.length) return "Not trained at this depth in this run.";
    const { label } = book.data.find((one) => one.name === told[0].data);
    const ended = told.map(
      ({ optimizer, rate, outcome, of_it, networks }) =>
        `with ${OPTIMIZERS[optimizer] || optimizer} at rate ${number(rate)} ${outcome} (${of_it} of ${networks})`,
    );
    const budget = [...new Set(told.map(({ steps }) => steps))].join(" or ");
    return `Networks of ${told[0].width} units per layer, trained from it on ${label} for ${budget} updates: ${ended.join(", ")}.`;
  }

  /** Return the sentences about a cell. */
  words.sentences = function (book, pair, depth, set, net) {
    const cell = book.cell(pair, depth, set);
    const meaning = cell.verdict === "healthy" ? ARRIVES : words.verdict(book, cell.verdict)[1];
    const said = [`${meaning[0].toUpperCase()}${meaning.slice(1)}.`, crossing(book, cell), agreement(cell)];
    return [...said, ends(book, net), learning(book, pair, depth, set)].filter(Boolean).join(" ");
  };

  const quoted = (word) => (/^[\w.+:@%/][\w.+:@%/=,-]*$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);

  /** Return the command that measures a cell again, for a POSIX shell. */
  words.command = function (book, pair, depth, set) {
    const { width, replicates, batch, seed } = book.run;
    const options = { depth: book.depths[depth], width, replicates, batch, seed, data: book.data[set].name };
    const usual = { batch: "256", data: "gaussian" };
    const given = Object.entries(options).filter(([name, value]) => usual[name] !== value);
    const told = given.map(([name, value]) => `--${name} ${quoted(String(value))}`);
    return ["reportgen show", ...nameOf(book, pair).map(quoted), ...told].join(" ");
  };

  /** Tell what the command needs beside: the file of added data, the plugin of an added name. */
  words.needs = function (book, pair, set) {
    const needs = [];
    if (book.data[set].added) needs.push("Give the path of the data file, and the options that it was read with.");
    if (book.starts[pair.start].added || book.activations[pair.activation].added) {
      needs.push("If a plugin brought the name, add --plugin and its file.");
    }
    return needs.join(" ");
  };

  /** Return the rows of the published tables that a cell stands in, as [file, condition] pairs. */
  words.filters = function (book, pair, depth, set) {
    const [start, activation] = nameOf(book, pair).map((name) => JSON.stringify(name));
    const data = JSON.stringify(book.data[set].name);
    const rows = `initializer == ${start} and activation == ${activation} and data == ${data}`;
    return [
      ["forward.csv.gz", `${rows} and layer <= ${book.depths[depth]}`],
      ["gradients.csv.gz", `${rows} and depth == ${book.depths[depth]}`],
    ];
  };
})((window.Lab = window.Lab || {}));
