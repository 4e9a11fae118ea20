// Lists: filters and sorts the rows that a page holds, keeps the choice in the address, saves the rows shown as CSV.
// It knows no kind. The page says everything: a control [data-facet] for each facet, and on each list [data-rows]
// the marks of its rows, in their order: rows joined by "|", facets by ";", of each facet the numbers of its options by ",".
'use strict';
{
  const NONE = 'not-on-record';
  const box = document.querySelector('[data-list]');
  const panel = document.querySelector('fieldset.filter');
  const controls = [...document.querySelectorAll('.filter [name]')];
  const facets = [...panel.querySelectorAll('[data-facet]')];
  const names = facets.map((facet) => facet.name);
  const [search, sort] = ['q', 'sort'].map((name) => panel.querySelector(`[name=${name}]`));
  const [count, chosen] = document.querySelector('output').children;
  const button = panel.querySelector('button');
  const sorted = box.querySelector('template').content.firstElementChild;

  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const inOneLine = (element) => element.textContent.replace(/\s+/g, ' ').trim();
  const entry = (element) => element.querySelector('.entry') ?? element.firstElementChild;

  const rows = [...box.querySelectorAll('[data-rows]')].flatMap((list) => {
    const marks = list.dataset.rows.split('|');
    return [...list.children].slice(-marks.length).map((element, at) => ({
      element, list, group: list.closest('section, tbody'), marks: marks[at].split(';'), text: fold(element.textContent),
    }));
  });
  let shown = rows;

  const value = (control) => (control.type === 'checkbox' ? (control.checked ? 'yes' : '') : control.value.trim());

  const matches = (row, words) =>
    words.every((word) => row.text.includes(word)) &&
    facets.every((facet, at) =>
      !facet.value ||
      (facet.dataset.facet ? row.marks[at].includes(facet.value) : row.marks[at].split(',').includes(`${facet.selectedIndex}`)));

  // What a row is sorted by; null where its record does not say.
  const key = (row, at) => {
    if (at < 0) return fold(inOneLine(entry(row.element)));
    return facets[at].dataset.facet ? row.marks[at].match(/\d.*/)?.[0] ?? null : parseInt(row.marks[at], 10);
  };

  const inOrder = (found) => {
    const at = names.indexOf(sort.value.replace(/^-/, ''));
    const sign = sort.value.startsWith('-') ? -1 : 1;
    const keys = new Map(found.map((row) => [row, key(row, at)]));
    return found.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      return (x === null) - (y === null) || (x === y ? 0 : x < y ? -sign : sign);
    });
  };

  // Rows and groups that are not shown are taken out of the page: nothing styles, prints or reads them.
  const show = () => {
    const words = fold(search.value).split(/\s+/);
    shown = rows.filter((row) => matches(row, words));
    for (const row of rows) {
      row.element.remove();
      row.group.remove();
    }
    sorted.remove();
    if (sort.value) {
      shown = inOrder(shown);
      sorted.querySelector('h2')?.replaceChildren(sort.selectedOptions[0].text);
      (sorted.querySelector('ul') ?? sorted).replaceChildren(...shown.map((row) => row.element));
      if (shown.length) box.append(sorted);
    }
    else {
      for (const row of shown) {
        row.list.append(row.element);
        if (!row.group.parentNode) box.append(row.group);
      }
    }
    shown = shown.filter((row) => row.element.getClientRects().length);
    count.textContent = shown.length;
    chosen.textContent = facets.filter((facet) => facet.value).map((facet) => facet.selectedOptions[0].text)
      .concat(value(search) ? `“${value(search)}”` : []).join(', ');
    for (const link of document.querySelectorAll('.pages a')) link.search = location.search;
  };

  const read = () => {
    const given = new URLSearchParams(location.search);
    for (const control of controls) {
      const wanted = given.get(control.name) ?? '';
      if (control.type === 'checkbox') control.checked = wanted;
      else control.value = wanted;
      if (control.options && control.value !== wanted) {
        if (control === sort) control.value = '';
        else control.add(new Option(wanted, wanted, false, true)); // chosen on another page of the list
      }
    }
    show();
  };

  const write = (query, how) => {
    history[how](null, '', query ? `?${query}` : location.pathname);
  };

  // A cell that a spreadsheet would take for a formula begins with an apostrophe.
  const cell = (text) => `"${/^[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]/.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`;

  const record = (row) => row.element.querySelector('a').pathname.match(/([^/]+\/[^/]+)\.html$/)?.[1] ?? '';

  const words = (facet, mark) => {
    if (facet.dataset.facet) return mark.replace(NONE, '');
    const options = mark.split(',').map((number) => facet.options[number]);
    return options.filter((option) => option.value !== NONE).map((option) => option.text).join('; ');
  };

  // The cells of a row of a table, empty ones for what a wide cell covers; else the one text of a list's row.
  const texts = ({ element }) => [...(element.cells ?? [entry(element)])]
    .flatMap((one) => [inOneLine(one), ...Array(one.colSpan - 1 || 0).fill('')]);

  const save = () => {
    const titles = facets.map((facet) => facet.labels[0].firstChild.data.trim());
    const lines = shown.map((row) => [record(row), ...texts(row), ...facets.map((facet, at) => words(facet, row.marks[at]))]);
    const text = [[...button.dataset.columns.split('|'), ...titles], ...lines]
      .map((line) => `${line.map(cell).join(',')}\r\n`).join('');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }));
    link.download = button.dataset.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 9999);
  };

  document.addEventListener('input', ({ target }) => {
    if (!controls.includes(target)) return;
    const isTyping = target === search && new URLSearchParams(location.search).has('q');
    const state = controls.filter(value).map((control) => [control.name, value(control)]);
    write(`${new URLSearchParams(state)}`, isTyping ? 'replaceState' : 'pushState');
    show();
  });
  panel.querySelector('[data-reset]').addEventListener('click', (event) => {
    event.preventDefault();
    write('', 'pushState');
    read();
  });
  button.addEventListener('click', save);
  addEventListener('popstate', read);
  panel.disabled = false;
  read();
}
