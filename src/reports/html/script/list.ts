/** The script's part for the list of paths, of which only the rows in sight exist. */

export const listScript = `
const list = byId('sites');
const spacer = byId('spacer');
let shown = [];
let active = 0;
let rows = new Map();
const rowHeight = () => Number(getComputedStyle(list).getPropertyValue('--row'));

function row(site, index, height) {
  const made = element('div', 'site');
  made.setAttribute('role', 'listitem');
  made.setAttribute('aria-setsize', shown.length);
  made.setAttribute('aria-posinset', index + 1);
  made.style.top = index * height + 'px';
  const open = element('button', 'code name', nameOf(site), element('span', 'soft', placeOf(site)));
  open.type = 'button';
  open.tabIndex = index === active ? 0 : -1;
  open.addEventListener('click', () => { activate(index, false); openSite(shown, index); });
  const tags = element('span', 'tags', ...(data.objects.length > 1 ? [element('span', 'owner', data.objects[site[0]])] : []));
  tags.append(element('span', 'tag code', data.rules[site[2]]), element('span', 'tag', data.roles[site[3]]), element('span', 'tag tone-' + tones[site[4]], kinds[site[4]]));
  if (changeOf(site) !== undefined) {
    const link = element('button', 'link', 'change');
    link.type = 'button';
    link.tabIndex = open.tabIndex;
    link.setAttribute('aria-label', 'Change of ' + nameOf(site));
    link.addEventListener('click', () => showChange(site));
    tags.append(link);
  }
  const before = element('div', 'before code', ...pathInContext(site, 24));
  const after = element('div', site[4] > 1 ? 'stays' : 'after code', data.texts[site[8]]);
  for (const line of [open, before, after]) line.title = line.textContent;
  made.append(element('div', 'first', open, tags), element('div', 'forms', before, after));
  return made;
}

// Rows that are there already stay, so that none loses the focus.
function draw() {
  const height = rowHeight();
  const from = Math.max(0, Math.floor(list.scrollTop / height) - 4);
  const to = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / height) + 4);
  for (const [index, made] of rows) {
    if ((index >= from && index < to) || made.contains(document.activeElement)) continue;
    made.remove();
    rows.delete(index);
  }
  for (let index = from; index < to; index++) {
    if (rows.has(index)) continue;
    const made = row(shown[index], index, height);
    rows.set(index, made);
    const next = rows.get(index + 1);
    if (next === undefined) spacer.append(made);
    else next.before(made);
  }
}

function showSites(sites) {
  shown = sites;
  active = 0;
  rows = new Map();
  spacer.replaceChildren();
  spacer.style.height = shown.length * rowHeight() + 'px';
  list.scrollTop = 0;
  draw();
}

function redraw() {
  const at = list.scrollTop / Number(list.dataset.row || rowHeight());
  list.dataset.row = rowHeight();
  rows = new Map();
  spacer.replaceChildren();
  spacer.style.height = shown.length * rowHeight() + 'px';
  list.scrollTop = at * rowHeight();
  draw();
}

// One row is on the way of the Tab key; arrows lead along the list.
function activate(index, focus) {
  for (const made of rows.get(active)?.querySelectorAll('button') ?? []) made.tabIndex = -1;
  active = index;
  const height = rowHeight();
  const top = index * height;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight;
  draw();
  const buttons = rows.get(index)?.querySelectorAll('button') ?? [];
  for (const made of buttons) made.tabIndex = 0;
  if (focus) buttons[0]?.focus({ preventScroll: true });
}

list?.addEventListener('keydown', (event) => {
  const page = Math.max(1, Math.floor(list.clientHeight / rowHeight()) - 1);
  const from = list.contains(document.activeElement) && document.activeElement !== list ? active : active - 1;
  const steps = { ArrowDown: from + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1 };
  const to = steps[event.key];
  if (to === undefined || shown.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  activate(Math.min(shown.length - 1, Math.max(0, to)), true);
});
list?.addEventListener('goto', (event) => activate(event.detail, false));
list?.addEventListener('scroll', draw, { passive: true });
`;
