/** The script's part for the rest: links into what is closed, the graph's lines, the order of objects, paper. */

export const partsScript = `
// Objects and rules are closed until something leads to them.
function goToFragment() {
  if (fromAddress(true)) return;
  let target;
  try { target = byId(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  const closed = target?.closest('details') ?? null;
  if (closed === null) return;
  closed.open = true;
  closed.scrollIntoView({ block: 'start' });
  closed.querySelector('summary').focus({ preventScroll: true });
}
addEventListener('hashchange', goToFragment);
// The same link again changes no address.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link !== null && link.getAttribute('href') === location.hash) goToFragment();
});

const picture = byId('graph-picture');
if (picture !== null) {
  const edges = [...picture.querySelectorAll('.edge')];
  const nodes = new Map([...picture.querySelectorAll('.node')].map((node) => [node.dataset.node, node]));
  const light = (id) => {
    picture.classList.toggle('lit', id !== undefined);
    for (const node of nodes.values()) node.classList.toggle('on', node.dataset.node === id);
    for (const edge of edges) {
      const { from, to } = edge.dataset;
      const on = from === id || to === id;
      edge.classList.toggle('on', on);
      if (on) { nodes.get(from).classList.add('on'); nodes.get(to).classList.add('on'); }
    }
  };
  for (const kind of ['pointerover', 'focusin']) picture.addEventListener(kind, (event) => light(event.target.closest('.node')?.dataset.node));
  for (const kind of ['pointerleave', 'focusout']) picture.addEventListener(kind, () => light(undefined));
}

// A picture is one stop of the Tab key; arrows lead from link to link.
for (const drawn of document.querySelectorAll('.map, #graph-picture')) {
  const links = [...drawn.querySelectorAll('a')];
  const reach = (one) => { for (const link of links) link.setAttribute('tabindex', link === one ? 0 : -1); };
  reach(links[0]);
  drawn.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next = links[links.indexOf(event.target.closest('a')) + step];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    reach(next);
    next.focus();
  });
}

const objectList = byId('object-list');
const order = byId('order');
function sortObjects() {
  const key = order.value;
  const items = [...objectList.children];
  const by = { name: (a, b) => (a.dataset.name < b.dataset.name ? -1 : 1) };
  items.sort(by[key] ?? ((a, b) => b.dataset[key] - a.dataset[key] || b.dataset.paths - a.dataset.paths));
  objectList.append(...items);
}
order?.addEventListener('input', sortObjects);

// Paper has the paths that are shown, as far as they can be read, and what is opened.
const PRINTED = 500;
addEventListener('beforeprint', () => {
  const box = byId('printed');
  if (box === null) return;
  const items = shown.slice(0, PRINTED).map((site) => {
    const made = element('div', 'printed-site', element('p', 'code', data.objects[site[0]] + ' / ' + nameOf(site) + placeOf(site)));
    made.append(element('p', 'code', data.texts[site[7]]), element('p', '', kinds[site[4]] + ' (' + data.rules[site[2]] + ', ' + data.roles[site[3]] + '): ' + data.texts[site[8]]));
    return made;
  });
  const told = shown.length > PRINTED ? ['The first ' + PRINTED + ' of ' + counted(shown.length, 'path') + '.'] : [];
  box.replaceChildren(...told.map((text) => element('p', 'soft', text)), ...items);
});
addEventListener('afterprint', () => byId('printed')?.replaceChildren());

if (list !== null && !fromAddress(true)) filter();
if (location.hash !== '' && !location.hash.includes('=')) goToFragment();
`;
