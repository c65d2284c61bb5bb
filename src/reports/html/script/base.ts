/** What the other parts of the page's script use. */

export const baseScript = String.raw`
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId('data').textContent);
const kinds = ['relative', 'store alias', 'stays', 'stays, blocks'];
const tones = ['relative', 'alias', 'harmless', 'blocked'];
const grouped = (count) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
const counted = (count, word) => grouped(count) + ' ' + word + (count === 1 ? '' : 's');

// Texts become text nodes, never markup.
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const nameOf = (site) => {
  const file = data.files[site[1]];
  return file === '' ? '(the object itself)' : file;
};
const placeOf = (site) => (site[10] > 0 ? ':' + site[10] + ':' + site[11] : ' +' + site[5]);

function ruleLink(rule) {
  const link = element('a', 'tag code', rule);
  link.href = '#rule-' + rule.replace(/\W/g, '-');
  return link;
}

// The path in what stands around it; of long texts, the nearest.
function pathInContext(site, room) {
  const before = site[12] || '';
  const after = site[13] || '';
  const cut = before.length > room ? '…' + before.slice(before.length - room) : before;
  return [element('span', 'around', cut), element('mark', '', data.texts[site[7]]), element('span', 'around', after)];
}

// Sites of one object stand together.
const ranges = data.objects.map(() => [0, 0]);
for (let i = 0; i < data.sites.length; i++) {
  const range = ranges[data.sites[i][0]];
  if (range[1] === 0) range[0] = i;
  range[1] = i + 1;
}
`;
