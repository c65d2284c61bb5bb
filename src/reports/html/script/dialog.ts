/** The script's part for one path: everything that is known of it. */

export const dialogScript = `
const dialog = byId('site');
const dialogBody = byId('site-body');
// Drawn around a line, of a diff that may be long.
const HUNKS_IN_DIALOG = 3;

function side(title, className, ...parts) {
  return element('div', 'side ' + className, element('h3', '', title), element('p', 'code', ...parts));
}

function button(text, action, disabled) {
  const made = element('button', '', text);
  made.type = 'button';
  made.disabled = disabled === true;
  made.addEventListener('click', action);
  return made;
}

function definitions(pairs) {
  const list = element('dl', 'particulars');
  for (const [term, ...description] of pairs) list.append(element('dt', '', term), element('dd', '', ...description));
  return list;
}

function siteChange(site) {
  const position = changeOf(site);
  if (position === undefined) return [];
  const hunks = hunksOf(site[0])[position];
  const near = site[10] > 0 ? hunks.filter((hunk) => holds(hunk, site[10])) : hunks;
  const box = element('div', 'hunks', ...near.slice(0, HUNKS_IN_DIALOG).map((hunk) => hunkTable(hunk, site[10] || -1)));
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', 'Change of the file');
  const whole = button('The whole file', () => { dialog.close(); showChange(site); });
  return [element('h3', '', 'In the file'), ...(near.length > 0 ? [box] : []), whole];
}

// shown: the sites as the list has them; at: which of them.
function openSite(shown, at) {
  const site = shown[at];
  const title = element('h2', 'code', nameOf(site), element('span', 'soft', placeOf(site)));
  title.id = 'site-title';
  const object = element('a', '', data.objects[site[0]]);
  object.href = '#object-' + site[0];
  const go = (to) => { openSite(shown, to); list.dispatchEvent(new CustomEvent('goto', { detail: to })); };
  const bar = element('div', 'dialog-bar',
    button('← Previous', () => go(at - 1), at === 0),
    button('Next →', () => go(at + 1), at === shown.length - 1),
    element('span', 'soft', grouped(at + 1) + ' of ' + grouped(shown.length)),
    button('Close', () => dialog.close()));
  const stays = site[4] > 1;
  const sides = element('div', 'sides',
    side('Before', 'before', ...pathInContext(site, 400)),
    side(stays ? 'Stays, since' : 'After', stays ? 'stays' : 'after', data.texts[site[8]]));
  dialogBody.replaceChildren(bar, title, element('p', 'tags', ruleLink(data.rules[site[2]]), element('span', 'tag', data.roles[site[3]]), element('span', 'tag tone-' + tones[site[4]], kinds[site[4]])), sides,
    definitions([['Object', object], ['What it is', data.texts[site[9]]], ['Where', counted(site[6], 'byte') + ' from byte ' + grouped(site[5]) + (site[10] > 0 ? '; line ' + grouped(site[10]) + ', column ' + grouped(site[11]) : '')]]),
    ...siteChange(site));
  if (!dialog.open) dialog.showModal();
}

dialog?.addEventListener('click', (event) => {
  // The backdrop, or a link that leads out of the dialog.
  if (event.target === dialog || event.target.closest('a') !== null) dialog.close();
});
`;
