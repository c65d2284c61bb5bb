/** The script's part for before and after: diffs are read and drawn when they are opened. */

export const diffScript = String.raw`
const FILES_AT_ONCE = 100;
const hunkCache = new Map();
function hunksOf(object) {
  if (!hunkCache.has(object)) hunkCache.set(object, JSON.parse(byId('hunks-' + object).textContent));
  return hunkCache.get(object);
}

// A line's segments are the same and changed in turn.
function lineBody(line) {
  if (typeof line === 'string') return [line.slice(1)];
  const tag = line[0] === '-' ? 'del' : 'ins';
  return line.slice(1).map((text, i) => (i % 2 === 0 ? text : element(tag, '', text))).filter((part) => part !== '');
}

const signs = { '-': 'removed', '+': 'added', ' ': 'kept' };
function hunkTable([oldStart, newStart, ...lines], marked) {
  const table = element('table', 'diff');
  const body = element('tbody');
  let before = oldStart;
  let after = newStart;
  for (const line of lines) {
    if (line[0][0] === '\\') {
      const note = element('td', 'text soft', 'no line feed at the end');
      body.append(element('tr', '', element('td', 'line'), element('td', 'line'), element('td', 'sign'), note));
      continue;
    }
    const sign = line[0][0] === '-' || line[0][0] === '+' ? line[0][0] : ' ';
    const row = element('tr', signs[sign]);
    if (sign !== '+' && before === marked) row.classList.add('here');
    const numbers = [sign === '+' ? '' : before++, sign === '-' ? '' : after++];
    row.append(...numbers.map((number) => element('td', 'line', String(number))));
    row.append(element('td', 'sign', sign === '-' ? '−' : sign === '+' ? '+' : ''), element('td', 'text', ...lineBody(line)));
    body.append(row);
  }
  table.append(element('caption', 'unseen', 'From line ' + oldStart + ' to ' + Math.max(oldStart, before - 1)), body);
  return table;
}

const lastLine = ([oldStart, , ...lines]) => oldStart + lines.filter((line) => line[0][0] === '-' || line[0][0] === ' ').length - 1;
const holds = (hunk, line) => line >= hunk[0] && line <= Math.max(hunk[0], lastLine(hunk));

function drawHunks(box, object, position, marked) {
  const omitted = data.changes[object][position][3];
  const parts = hunksOf(object)[position].map((hunk) => hunkTable(hunk, marked));
  if (omitted > 0) parts.push(element('p', 'soft', 'And ' + counted(omitted, 'further change') + ' in this file.'));
  box.replaceChildren(...parts);
}

// How many paths each file of an object has, and of which rules.
const fileRules = new Map();
function rulesOf(object, file) {
  if (!fileRules.has(object)) {
    const files = new Map();
    for (let i = ranges[object][0]; i < ranges[object][1]; i++) {
      const site = data.sites[i];
      if (!files.has(site[1])) files.set(site[1], { count: 0, rules: new Set() });
      const entry = files.get(site[1]);
      entry.count++;
      entry.rules.add(site[2]);
    }
    fileRules.set(object, files);
  }
  return fileRules.get(object).get(file) || { count: 0, rules: new Set() };
}

function fileDetails(object, position) {
  const [file, removed, added] = data.changes[object][position];
  const { count, rules } = rulesOf(object, file);
  const made = element('details', 'file');
  const summary = element('summary', '', element('span', 'code name', data.files[file]));
  summary.append(' ', element('span', 'count-removed', '−' + removed), ' ', element('span', 'count-added', '+' + added));
  const box = element('div', 'hunks');
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', 'Changes of ' + data.files[file]);
  const tags = element('p', 'tags', element('span', 'soft', counted(count, 'path') + ' '), ...[...rules].map((rule) => ruleLink(data.rules[rule])));
  made.append(summary, tags, box);
  made.addEventListener('toggle', () => {
    if (made.open && box.childElementCount === 0) drawHunks(box, object, position);
  });
  return made;
}

function drawFiles(box, object, upTo) {
  box.querySelector('button.more')?.remove();
  const all = data.changes[object];
  const end = Math.min(all.length, upTo);
  const made = [];
  for (let i = box.childElementCount; i < end; i++) made.push(fileDetails(object, i));
  box.append(...made);
  if (end === all.length) return;
  const more = element('button', 'more', 'Show more files (' + grouped(all.length - end) + ')');
  more.type = 'button';
  more.addEventListener('click', () => drawFiles(box, object, end + FILES_AT_ONCE));
  box.append(more);
}

for (const details of document.querySelectorAll('details.changes')) {
  details.addEventListener('toggle', () => {
    const box = details.querySelector('.files');
    if (details.open && box.childElementCount === 0) drawFiles(box, Number(details.dataset.changes), FILES_AT_ONCE);
  });
}

// Position of the change that a site is part of, in its object's changes; undefined where there is none.
const changeIndex = new Map();
function changeOf(site) {
  const all = data.changes[site[0]];
  if (all === undefined) return undefined;
  if (!changeIndex.has(site[0])) changeIndex.set(site[0], new Map(all.map(([file], i) => [file, i])));
  return changeIndex.get(site[0]).get(site[1]);
}

// Opens a site's file, draws it with the line marked, and goes there.
function showChange(site) {
  const position = changeOf(site);
  const outer = byId('changes-of-' + site[0]);
  const files = outer.querySelector('.files');
  outer.open = true;
  drawFiles(files, site[0], Math.max(FILES_AT_ONCE, position + 1));
  const made = files.children[position];
  const box = made.querySelector('.hunks');
  drawHunks(box, site[0], position, site[10] || -1);
  made.open = true;
  (box.querySelector('.here') || made).scrollIntoView({ block: 'center' });
  box.focus({ preventScroll: true });
}
`;
