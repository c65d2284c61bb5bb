/** The script's part for the filters; what they are set to stands in the address, so that a view can be linked to. */

export const filterScript = String.raw`
const names = ['object', 'rule', 'becomes', 'role'];
const controls = new Map([['q', byId('search')], ...names.map((name) => [name, byId(name)])]);
const becomes = { relative: [0], alias: [1], stays: [2, 3] };

let texts;
const textOf = (i) => {
  texts ??= data.sites.map((site) => [data.objects[site[0]], data.files[site[1]], data.rules[site[2]], data.texts[site[7]], data.texts[site[8]], data.texts[site[9]]].join('\n').toLowerCase());
  return texts[i];
};

function wanted() {
  const value = (name) => controls.get(name).value;
  const rules = new Set();
  const rule = value('rule');
  data.rules.forEach((known, i) => {
    if (rule === '' || known === rule || (rule.endsWith('/') && known.startsWith(rule))) rules.add(i);
  });
  const object = value('object') === '' ? -1 : data.objects.indexOf(value('object'));
  const role = value('role') === '' ? -1 : data.roles.indexOf(value('role'));
  return { rules, object, role, kinds: becomes[value('becomes')] ?? [0, 1, 2, 3], words: value('q').toLowerCase().split(/\s+/).filter((word) => word !== '') };
}

function filter() {
  const { rules, object, role, kinds: wantedKinds, words } = wanted();
  const [from, to] = object < 0 ? [0, data.sites.length] : ranges[object];
  const found = [];
  for (let i = from; i < to; i++) {
    const site = data.sites[i];
    if (!rules.has(site[2]) || (role >= 0 && site[3] !== role) || !wantedKinds.includes(site[4])) continue;
    if (words.length > 0 && !words.every((word) => textOf(i).includes(word))) continue;
    found.push(site);
  }
  const all = counted(data.sites.length, 'path');
  byId('count').textContent = found.length === data.sites.length ? all : grouped(found.length) + ' of ' + all;
  showSites(found);
}

function remember() {
  const state = new URLSearchParams();
  for (const [name, control] of controls) if (control.value !== '') state.set(name, control.value);
  history.replaceState(null, '', '#' + (state.size === 0 ? 'paths' : state));
}

function clear() {
  for (const control of controls.values()) control.value = '';
  filter();
  remember();
}

// A fragment with an equals sign is a state of the filters, any other a place in the page.
function fromAddress(scroll) {
  if (list === null) return false;
  const fragment = location.hash.slice(1);
  if (!fragment.includes('=')) return false;
  const state = new URLSearchParams(fragment);
  for (const [name, control] of controls) {
    control.value = state.get(name) ?? '';
    if (control.selectedIndex === -1) control.value = '';
  }
  filter();
  if (scroll) byId('paths').scrollIntoView();
  return true;
}

if (list !== null) {
  for (const control of controls.values()) control.addEventListener('input', () => { filter(); remember(); });
  byId('clear').addEventListener('click', () => { clear(); controls.get('q').focus(); });
  controls.get('q').addEventListener('keydown', (event) => { if (event.key === 'Escape') clear(); });
  addEventListener('keydown', (event) => {
    const typing = /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === '/' && !typing) {
      event.preventDefault();
      controls.get('q').focus();
      controls.get('q').select();
    } else if (event.key === 'Escape' && (!typing || names.includes(document.activeElement.id))) clear();
  });
  let width = innerWidth;
  addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; redraw(); } else draw(); });
}
`;
