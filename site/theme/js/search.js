/* Search in the page: the box in the header, and the search page with its filters.
   The index is made by pipeline/export/search.py, which describes its files. They are loaded as scripts,
   since fetch is refused where a page was opened from a folder. Nothing is sent anywhere. */
"use strict";
(() => {
  const ROOT = new URL("..", document.currentScript.src);
  const LIST = 8, PAGE = 20, FILES = 8;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const EXACT = 8, BEGINS = 5, ALIKE = 5.5, SOUNDS = 3, IN_TEXT = 0.5, KIND = 4;

  // Files of the index

  const given = new Map(), asked = new Map();
  window.depositarySearch = (name, content) => given.set(name, content);

  function load(name) {
    if (!asked.has(name)) {
      asked.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = new URL(`search/${name}.js`, ROOT);
        script.onload = () => done(given.get(name));
        script.onerror = () => { asked.delete(name); failed(new Error(name)); };
        document.head.append(script);
      }));
    }
    return asked.get(name);
  }

  let index;
  async function open() {
    if (!index) {
      const content = await load("index");
      const runs = `[${content.runs}]`;
      index = {
        ...content,
        words: leaves(content.words),
        cards: leaves(content.cards),
        isRun: new RegExp(`^${runs}`),
        tokens: new RegExp(`${runs}+|(?:(?!${runs})[\\p{L}\\p{N}])+`, "gu"),
        sounds: content.sounds.map(([from, to]) => [new RegExp(from, "g"), to.replace("\\", "$")]),
        rank: new Map(content.kinds.map(([name], at, all) => [name, KIND * (1 - at / all.length)])),
        titles: new Map(content.kinds),
      };
    }
    return index;
  }

  function leaves(tree) {
    const names = [], above = [""];
    let name = "";
    for (let at = 0; at < tree.length; at++) {
      if (tree[at] === "(") above.push(name);
      else if (tree[at] === ")") above.pop();
      else {
        name = above.at(-1) + tree[at];
        if (tree[at + 1] !== "(") names.push(name);
      }
    }
    return names.length ? names : [""];
  }

  /* The file that holds a word with these digits, and the files of all words that begin with them. */
  const holding = (names, digits) => names.filter((name) => digits.startsWith(name) || name === `${digits}-`);
  const below = (names, digits) => names.filter((name) => name.startsWith(digits));
  const loadAll = (folder, names, most = 1) => Promise.all([...new Set(names)].slice(0, most).map((name) => load(`${folder}/${name || "all"}`)));

  // Words: folded as pipeline/export/folding.py folds them

  function fold(text) {
    const bare = text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC");
    return [...bare].map((letter) => index.letters[letter] ?? letter).join("");
  }
  const utf16 = (word) => word.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0")).join("");
  const octal = (id) => Array.from(id, (letter) => (ALPHABET.indexOf(letter) + 64).toString(8).slice(1)).join("");
  const sound = (word) => index.sounds.reduce((spelled, [from, to]) => spelled.replace(from, to), word);

  function shared(a, b) {
    let at = 0;
    while (at < a.length && a[at] === b[at]) at++;
    return at;
  }

  /* How well a word of the index answers a word of the query: exactly, by its beginning, or but for its ending. */
  function likeness(word, query, stem) {
    if (word === query) return EXACT;
    if (word.startsWith(query)) return BEGINS + query.length / word.length;
    const same = shared(word, query);
    return same >= stem && word.length - same <= 3 ? ALIKE * same / query.length : 0;
  }

  function stemOf(word) {
    if (index.isRun.test(word)) return word.length > 2 ? word.length - 1 : word.length;
    return word.length > 4 ? Math.max(4, word.length - 3) : word.length;
  }

  // Looking up

  /* The records of one word: identifier → {score, group}. `common` where there are too many to list. */
  async function lookUp(query, most) {
    const found = { hits: new Map(), common: 0 }, { words } = index, digits = utf16(query), stem = stemOf(query);
    const files = holding(words, digits);
    if (query.length > 1 || index.isRun.test(query)) {
      files.push(...below(words, digits), ...holding(words, utf16(query.slice(0, stem))), ...below(words, utf16(query.slice(0, stem))));
      take(found, await loadAll("w", files, most), (word) => likeness(word, query, stem));
    } else {
      take(found, await loadAll("w", files, most), (word) => (word === query ? EXACT : 0));
    }
    if (found.hits.size < 3 && /^[a-z]{4,}$/.test(query)) {
      const heard = `~${sound(query)}`, told = utf16(heard);
      const score = (word) => (word === heard ? SOUNDS : word.startsWith(heard) ? SOUNDS - 1 : 0);
      if (heard.length > 3) take(found, await loadAll("w", [...holding(words, told), ...below(words, told)], 2), score);
    }
    return found;
  }

  async function lookUpChoice(choice) {
    const word = `=${choice}`, found = { hits: new Map(), common: 0 };
    take(found, await loadAll("w", holding(index.words, utf16(word))), (other) => (other === word ? EXACT : 0));
    return found;
  }

  function take(found, files, scoreOf) {
    for (const { groups, words } of files) {
      for (const word in words) {
        const score = scoreOf(word), [named, said = "", total = 0] = words[word];
        if (!score) continue;
        if (score === EXACT) found.common = total;
        add(found.hits, groups, named, score);
        add(found.hits, groups, said, score * IN_TEXT);
      }
    }
  }

  function add(hits, groups, postings, score) {
    for (let at = 0; at < postings.length; at += 9) {
      const id = postings.slice(at + 3, at + 9), known = hits.get(id);
      if (known && known.score >= score) continue;
      const group = groups[ALPHABET.indexOf(postings[at]) * 64 + ALPHABET.indexOf(postings[at + 1])];
      hits.set(id, { id, score, group, size: ALPHABET.indexOf(postings[at + 2]) });
    }
  }

  /* Records that answer a query, best first, and how many there are. */
  async function find(text, chosen = {}) {
    await open();
    const words = [...new Set(fold(text).match(index.tokens) ?? [])].slice(0, 6).map((word) => word.slice(0, index.isRun.test(word) ? index.run : 30));
    const lookups = await Promise.all(words.map((word) => lookUp(word, Math.max(words.length > 4 ? 1 : 2, Math.floor(FILES / words.length)))));
    const party = chosen.party ? await lookUpChoice(chosen.party) : null;
    if (!words.length) {
      const choice = ["year", "status", "kind"].find((name) => chosen[name]);
      if (party) lookups.push(party);
      else if (choice) lookups.push(await lookUpChoice(`${choice}/${chosen[choice]}`));
    }
    const found = together(lookups).filter((hit) => {
      const [kind, status, year] = hit.group.split("|");
      hit.kind = kind.replace("#", "");
      if (!words.length && kind.endsWith("#")) return false;
      hit.score += (index.rank.get(kind) ?? 0) + hit.size / 32;
      return (!chosen.kind || chosen.kind === hit.kind) && (!chosen.status || chosen.status === status) &&
        (!chosen.year || chosen.year === year) && (!party || party.hits.has(hit.id));
    });
    found.sort((a, b) => b.score - a.score || b.group.localeCompare(a.group) || (a.id < b.id ? -1 : 1));
    return { found, words, more: lookups.some((one) => one.common) && lookups.every((one) => one.common || one.hits.size >= 1000) };
  }

  /* Those that answer every word; where none does, those that answer most. A word too common to be listed whole excludes nothing. */
  function together(lookups) {
    const telling = lookups.filter((one) => !one.common);
    const all = new Map();
    for (const { hits } of telling.length ? telling : lookups) {
      for (const [id, hit] of hits) {
        const before = all.get(id);
        all.set(id, before ? { ...before, score: before.score + hit.score, count: before.count + 1 } : { ...hit, count: 1 });
      }
    }
    let best = 0;
    for (const { count } of all.values()) best = Math.max(best, count);
    const kept = [...all.values()].filter((hit) => !telling.length || hit.count === best);
    for (const { hits } of telling.length ? lookups.filter((one) => one.common) : []) {
      for (const hit of kept) hit.score += hits.get(hit.id)?.score ?? 0;
    }
    return kept;
  }

  /* What results show, with those first that have the whole query in a name. */
  async function show(hits, text, words) {
    const files = new Map(await Promise.all(hits.map(async ({ id }) => {
      const [file] = await loadAll("c", holding(index.cards, octal(id)));
      return [id, file[id] ?? []];
    })));
    const whole = fold(text).trim();
    const shown = hits.flatMap((hit) => files.get(hit.id).map(([ref, label, context, state, names, lang]) => {
      const other = names.find(([, name]) => words.some((word) => fold(name).replace(/\s/g, "").includes(word.slice(0, stemOf(word)))));
      const near = whole && [label, ...names.map(([, name]) => name)].some((name) => fold(name).includes(whole));
      return { kind: index.titles.get(hit.kind) ?? hit.kind, ref, label, lang, context, state, other, score: hit.score + (near ? 1 : 0) };
    }));
    return shown.sort((a, b) => b.score - a.score);
  }

  // What is shown

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    for (const key in attributes) if (attributes[key]) made.setAttribute(key, attributes[key]);
    made.append(text);
    return made;
  }

  function address(ref) {
    const [path, anchor] = ref.split("#");
    return new URL(`${path}.html${anchor ? `#${encodeURIComponent(anchor)}` : ""}`, ROOT).href;
  }

  /* The text, with the beginnings of words that the query names marked; in scripts without spaces any part of a word. */
  function marked(text, words) {
    const out = new DocumentFragment();
    let done = 0;
    for (const { 0: token, index: start } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const folded = fold(token);
      const word = words.find((one) => (index.isRun.test(one) ? folded.includes(one) : folded.startsWith(one)));
      if (!word) continue;
      const same = folded.length === token.length; // where folding changed the length, the whole word is marked
      const from = start + (same ? folded.indexOf(word) : 0), to = same ? from + word.length : start + token.length;
      out.append(text.slice(done, from), element("mark", text.slice(from, to)));
      done = to;
    }
    out.append(text.slice(done));
    return out;
  }

  function lines(result, heading, words) {
    const about = element("span", [result.kind, result.state].filter(Boolean).join(" · "), { class: "soft" });
    const parts = [heading, " ", about];
    if (result.other) parts.push(" ", element("span", marked(result.other[1], words), { class: "other", lang: result.other[0] }));
    if (result.context) parts.push(" ", element("span", marked(result.context, words), { class: "context" }));
    return parts;
  }

  const countInWords = (count, more) => (count ? `${more ? "More than " : ""}${count.toLocaleString("en")} ${count === 1 ? "result" : "results"}` : "Nothing found");
  const FAILED = "The index could not be loaded.";

  // The box in the header: a combobox with a list, as the ARIA Authoring Practices describe it

  function box(form) {
    const input = form.querySelector("input"), list = form.querySelector("[role=listbox]"), status = form.querySelector("[role=status]");
    let results = [], active = -1, turn = 0;

    function expand(yes) {
      list.hidden = !yes;
      input.setAttribute("aria-expanded", String(yes));
      if (!yes) activate(-1);
    }
    function activate(at) {
      active = at;
      [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    }
    const goTo = (at) => { location.href = results[at]; if (location.href.split("#")[0] === results[at].split("#")[0]) expand(false); };
    const everything = () => `${form.action}#${new URLSearchParams({ q: input.value.trim() })}`;

    async function update() {
      const text = input.value.trim(), mine = ++turn;
      if (!text) { status.textContent = ""; return expand(false); }
      try {
        const { found, words, more } = await find(text);
        const shown = await show(found.slice(0, LIST), text, words);
        if (mine !== turn) return;
        list.replaceChildren(...shown.map((result, at) => {
          const option = element("li", "", { role: "option", id: `found-${at}`, "aria-selected": "false", "data-ref": result.ref });
          option.append(...lines(result, element("b", marked(result.label, words), { lang: result.lang }), words));
          return option;
        }));
        results = shown.map((result) => address(result.ref));
        const count = countInWords(found.length, more);
        if (found.length > shown.length) {
          list.append(element("li", `All ${found.length.toLocaleString("en")} results`, { role: "option", id: `found-${shown.length}`, "aria-selected": "false", class: "all" }));
          results.push(everything());
        }
        status.textContent = shown.length ? `${count}. The arrow keys choose.` : `${count} for ${text}`;
        status.dataset.for = text;
        if (!shown.length) list.append(element("li", status.textContent, { role: "option", id: "found-0", "aria-disabled": "true" }));
        activate(-1);
        expand(document.activeElement === input);
      } catch {
        if (mine === turn) status.textContent = FAILED;
      }
    }

    input.addEventListener("focus", () => open().catch(() => {}));
    input.addEventListener("input", update);
    input.addEventListener("keydown", (event) => {
      const last = results.length - 1;
      if (event.key === "Escape") {
        if (list.hidden) input.value = "";
        else { expand(false); event.preventDefault(); }
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { if (input.value.trim()) update(); return; }
        const down = event.key === "ArrowDown";
        if (last >= 0) activate(down ? (active >= last ? 0 : active + 1) : (active <= 0 ? last : active - 1));
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        goTo(active);
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const at = [...list.children].indexOf(event.target.closest("li"));
      if (results[at]) goTo(at);
    });
    input.addEventListener("blur", () => expand(false));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) location.href = everything();
    });
    document.querySelector(".to-search a")?.addEventListener("click", (event) => {
      event.preventDefault();
      form.classList.add("open");
      input.focus();
    });
  }

  // The search page: its state stands in the address, behind "#"

  async function page(form) {
    const list = document.querySelector("#results"), status = document.querySelector("#count"), more = document.querySelector("#more");
    const article = form.closest("article"), parts = article.querySelectorAll(".part"), foot = document.querySelector(".foot");
    let turn = 0, limit = PAGE;

    async function update() {
      const mine = ++turn, { q = "", ...chosen } = state();
      try {
        const { found, words, more: open } = await find(q, chosen);
        const shown = await show(found.slice(0, limit), q, words);
        if (mine !== turn) return;
        list.replaceChildren(...shown.map((result) => {
          const heading = element("b", element("a", marked(result.label, words), { href: address(result.ref), lang: result.lang }), { class: "entry" });
          const item = element("li", "");
          item.append(...lines(result, heading, words));
          return item;
        }));
        const asked = q || Object.values(chosen).some(Boolean);
        status.textContent = asked ? `${countInWords(found.length, open)}${found.length > shown.length ? `, ${shown.length} shown` : ""}.` : "";
        more.hidden = found.length <= shown.length;
      } catch {
        if (mine === turn) status.textContent = FAILED;
      }
    }

    const state = () => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
    function write() {
      limit = PAGE;
      history.replaceState(null, "", `#${new URLSearchParams(state())}`);
      update();
    }
    function read() {
      const asked = new URLSearchParams(location.hash.slice(1) || location.search);
      limit = PAGE;
      for (const field of form.elements) if (field.name) field.value = asked.get(field.name) ?? "";
      return update();
    }

    /* What stands below the filters is taken out until they and the results are there, so that they push nothing away. */
    for (const part of [...parts, foot]) part.remove();
    try {
      const choices = await load("facets");
      for (const name in choices) {
        const select = form.elements[name];
        if (!select) continue;
        select.append(...choices[name].map(([value, words]) => element("option", words, { value })));
        select.closest("p").hidden = !choices[name].length;
      }
      await read();
    } catch {
      status.textContent = FAILED;
    }
    article.append(...parts);
    document.body.append(foot);
    form.addEventListener("input", write);
    form.addEventListener("submit", (event) => { event.preventDefault(); write(); });
    more.addEventListener("click", async () => {
      const next = list.children.length;
      limit += PAGE;
      await update();
      list.children[next]?.querySelector("a").focus();
    });
    window.addEventListener("hashchange", read);
  }

  document.querySelectorAll("form.find").forEach(box);
  document.querySelectorAll("form.search").forEach(page);
})();
