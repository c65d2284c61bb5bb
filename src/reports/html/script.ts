/**
 * What runs in the page: the list of sites, of which only the rows in sight exist, and its filters. Texts become text
 * nodes, never markup. Plain JavaScript, since the page brings it along.
 */

export const script = `
'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const ROW = 84;
const list = document.getElementById('sites');
const spacer = document.getElementById('spacer');
const count = document.getElementById('count');
const controls = ['search', 'object', 'rule', 'remedy', 'role'].map((id) => document.getElementById(id));
const [search, object, rule, remedy, role] = controls;
const name = (site) => data.objects[site[0]] + (data.files[site[1]] === '' ? '' : '/' + data.files[site[1]]);
let texts;
const textOf = (i) => {
  texts ??= data.sites.map((site) => (name(site) + ' ' + data.rules[site[2]] + ' ' + site[6] + ' ' + site[7]).toLowerCase());
  return texts[i];
};
let shown = [];
function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
  const is = (control, value) => control.value === '' || control.value === String(value);
  shown = [];
  for (let i = 0; i < data.sites.length; i++) {
    const site = data.sites[i];
    if (!is(object, site[0]) || !is(rule, site[2]) || !is(role, site[4]) || !is(remedy, site[5])) continue;
    if (words.length > 0 && !words.every((word) => textOf(i).includes(word))) continue;
    shown.push(site);
  }
  count.textContent = shown.length === data.sites.length ? shown.length + ' paths' : shown.length + ' of ' + data.sites.length + ' paths';
  spacer.style.height = shown.length * ROW + 'px';
  list.scrollTop = 0;
  draw();
}
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const kinds = ['relative', 'alias', 'stays'];
const colours = ['good', 'alias', 'bad'];
function row(site, index) {
  const made = element('div', 'site');
  made.setAttribute('role', 'listitem');
  made.setAttribute('aria-setsize', shown.length);
  made.setAttribute('aria-posinset', index + 1);
  made.style.top = index * ROW + 'px';
  const first = element('div');
  first.append(element('span', 'code', name(site)), element('span', 'soft', ' +' + site[3]));
  const link = element('a', 'tag', data.rules[site[2]]);
  link.href = '#rule-' + data.rules[site[2]].replace(/\\W/g, '-');
  const harmless = site[5] === 2 && data.roles[site[4]] !== 'run-time';
  first.append(link, element('span', 'tag', data.roles[site[4]]), element('span', 'tag ' + (harmless ? 'soft' : colours[site[5]]), kinds[site[5]]));
  const before = element('div', 'code minus', site[6]);
  const after = element('div', site[5] === 2 ? 'soft' : 'code plus', site[7]);
  for (const line of [first, before, after]) line.title = line.textContent;
  made.append(first, before, after);
  return made;
}
function draw() {
  const from = Math.max(0, Math.floor(list.scrollTop / ROW) - 3);
  const to = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 3);
  const rows = [];
  for (let i = from; i < to; i++) rows.push(row(shown[i], i));
  spacer.replaceChildren(...rows);
}
for (const control of controls) control.addEventListener('input', filter);
list.addEventListener('scroll', draw, { passive: true });
addEventListener('resize', draw);
for (const link of document.querySelectorAll('[data-object]')) {
  link.addEventListener('click', () => { object.value = link.dataset.object; filter(); });
}
filter();
`;
