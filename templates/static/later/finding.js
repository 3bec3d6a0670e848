/**
 * Finds words in the index that the build makes (`static/search.js`, see `report/extras/searching.py`): a passage is a string
 * with one character per word, and the words stand in one list. So a query is compared with every word once, and with
 * every passage by numbers.
 */
(function (Site) {
  "use strict";

  const [FIRST, LAST_ASCII, NEXT] = [0x23, 0x7e, 0xa0];
  const GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon " +
    "phi chi psi omega"
  ).split(" ");
  const ALSO = { kaiming: "he", xavier: "glorot", msra: "he" };
  const [TITLE, PAGE, KEY, NAMED, BEGUN] = [6, 3, 48, 24, 8];
  const [AROUND, LENGTH] = [9, 34];
  const MOST_TERMS = 20;

  /** Return a text without case, accents and signs of formulas, Greek letters by their names: σ_w² becomes sigmaw2. */
  Site.fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/[\p{M}_^*{}\\$]/gu, "")
      .toLowerCase()
      .replace(/[α-ω]/g, (letter) => GREEK[letter.charCodeAt(0) - 0x3b1]);

  const wordsOf = (text) => Site.fold(text).match(/[\p{L}\p{N}]+/gu) || [];
  const isWord = (token) => /^[\p{L}\p{N}_]/u.test(token);

  /** Return what a term is called here: a name of another library besides the one that is asked for. */
  function spellings(term) {
    const known = Object.keys(ALSO).find((name) => term.startsWith(name));
    return known ? [term, term.replace(known, ALSO[known])] : [term];
  }

  /** Tell how well a word fits a term: it is the term, begins with it, or has it inside; short terms ask for more. */
  function fit(word, term) {
    if (word === term) return 1;
    if (term.length < 2) return 0;
    if (word.startsWith(term)) return term.length > 2 ? 0.7 : 0.2;
    return term.length > 3 && word.includes(term) ? 0.35 : 0;
  }

  /** Tell how well a word fits a term under one of its names, the first of which was asked for. */
  const bestFit = (word, names) => Math.max(...names.map((name, at) => (at ? 0.8 : 1) * fit(word, name)));

  /** Make an index ready: `{words, pages: [[file, title, keywords, [anchor, title, text], …], …]}`. */
  Site.finder = function ({ words, pages }) {
    const tokens = words.split("\n");
    const folded = tokens.map((token) => (isWord(token) ? Site.fold(token) : ""));
    const places = new Map();
    let code = FIRST;
    for (const at of tokens.keys()) {
      places.set(code, at);
      for (code += 1; code === 0x5c || code === 0xad || (code > LAST_ASCII && code < NEXT); ) code += 1;
    }
    const placesOf = (coded) => Array.from(coded, (character) => places.get(character.charCodeAt(0)));

    /** Write the words at some places; single spaces between two words are not in the index. */
    function written(own) {
      const parts = own.map((place) => ({ text: tokens[place], place }));
      for (let at = parts.length - 1; at > 0; at -= 1) {
        if (isWord(parts[at].text) && isWord(parts[at - 1].text)) parts.splice(at, 0, { text: " " });
      }
      return parts;
    }

    const plain = (own) => written(own).map((part) => part.text).join("");

    /** Return the best fit of each term in some words, and how many words fit at all. */
    function hits(own, weights) {
      let [best, count] = [0, 0];
      for (const place of own) {
        if (!weights[place]) continue;
        count += 1;
        best = Math.max(best, weights[place]);
      }
      return best * (1 + 0.3 * Math.log(1 + count));
    }

    /** Return the stretch of a text that has the most terms, in parts that are marked or not. */
    function snippet(own, weights) {
      const fits = own.map((place) => weights.map((of) => of[place]));
      let [start, most] = [0, 0];
      fits.forEach(function (row, at) {
        if (!row.some(Boolean)) return;
        const near = fits.slice(at, at + LENGTH - AROUND);
        const sum = row.reduce((total, _, term) => total + Math.max(...near.map((other) => other[term])), 0);
        if (sum > most) [start, most] = [Math.max(0, at - AROUND), sum];
      });
      const shown = written(own.slice(start, start + LENGTH));
      const parts = shown.map(({ text, place }) => ({ text, isHit: weights.some((of) => of[place] > 0) }));
      if (start) parts.unshift({ text: "… " });
      if (start + LENGTH < own.length) parts.push({ text: " …" });
      return parts;
    }

    function score({ page, at, title, text }, terms, asked) {
      let [sum, found, own] = [0, 0, at ? 0 : 1];
      for (const { names, weights } of terms) {
        const inTitle = hits(title.own, weights);
        const inText = hits(text, weights);
        const inPage = Math.max(0, ...page.words.map((word) => bestFit(word, names)));
        sum += TITLE * inTitle + inText + (at ? 0.3 : PAGE) * inPage;
        found += Math.max(inTitle, inText, inPage) > 0 ? 1 : 0;
        own += inTitle + inText;
      }
      if (!at && page.keys.includes(asked)) sum += KEY;
      else if (title.compact === asked) sum += NAMED;
      else if (title.compact.startsWith(asked)) sum += BEGUN;
      return own ? { sum, found } : { sum: 0, found: 0 };
    }

    const passages = pages.flatMap(function ([file, name, keywords, ...own]) {
      const page = { file, name, keys: keywords.split(" ").map(Site.fold), words: wordsOf(`${name} ${keywords}`) };
      return own.map(function ([anchor, title, text], at) {
        const titled = placesOf(title);
        return { page, at, anchor, title: { own: titled, compact: wordsOf(plain(titled)).join("") }, text: placesOf(text) };
      });
    });

    /**
     * Return the passages that have all words of a query, or most of them, by page, the best first:
     * `{isWhole, pages: [{file, name, passages: [{anchor, title, snippet: [{text, isHit}]}]}]}`.
     */
    return function (query) {
      const wanted = [...new Set(wordsOf(query))].slice(0, MOST_TERMS);
      const terms = wanted.map(function (term) {
        const names = spellings(term);
        return { names, weights: folded.map((word) => (word ? bestFit(word, names) : 0)) };
      });
      if (!terms.length) return { isWhole: true, pages: [] };
      const asked = wanted.join("");
      const scored = passages.map((passage) => ({ passage, ...score(passage, terms, asked) }));
      const most = Math.max(0, ...scored.map(({ found }) => found));
      const best = scored.filter(({ sum, found }) => sum > 0 && found === most).sort((a, b) => b.sum - a.sum);
      return { isWhole: most === terms.length, pages: grouped(best).map(told) };

      function told(of) {
        const { file, name } = of[0].passage.page;
        const weights = terms.map((term) => term.weights);
        const one = ({ passage }) => ({
          anchor: passage.anchor,
          title: passage.at ? plain(passage.title.own) : "",
          snippet: () => snippet(passage.text, weights),
        });
        return { file, name, passages: of.map(one) };
      }
    };
  };

  /** Put what belongs to one page together; the page with the best of all comes first. */
  function grouped(scored) {
    const groups = new Map();
    for (const one of scored) {
      const { page } = one.passage;
      groups.set(page, [...(groups.get(page) || []), one]);
    }
    return [...groups.values()];
  }
})((window.Site = window.Site || {}));
