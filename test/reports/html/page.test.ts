/** The page of an audit in a real browser: a large closure, its list, filters, diffs, pictures, keys. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditHtml } from '../../../src/reports/audit-html.ts';
import { type PageOpener, phone, startBrowser } from './browser.ts';
import { closure, object, report, site } from './closures.ts';

let browser: PageOpener;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** Milliseconds until the page was complete, as the browser tells. */
const OPENED = "performance.getEntriesByType('navigation')[0].domComplete";

const many = closure(300, 70);
const html = auditHtml(many, { page: (rule) => `# ${rule}\n\n## What it finds\n\nA \`path\`.` });

describe('a closure of 300 objects and 21,000 paths', () => {
  test('opens and filters sooner than a bare table of the same data opens', async () => {
    const { page, errors } = await browser.open(html);
    // Texts, since the page's world is not the test's.
    const measured = (await page.evaluate(`(() => {
      const search = document.getElementById('search');
      const times = ['data-2099', 'data-2099 python', ''].map((value) => {
        const started = performance.now();
        search.value = value;
        search.dispatchEvent(new Event('input'));
        return performance.now() - started;
      });
      return { filters: times, open: ${OPENED} };
    })()`)) as { readonly filters: readonly number[]; readonly open: number };
    const rows = many.objects.flatMap(({ sites }) =>
      sites.map(
        ({ file, text, rule, remedy }) => `<tr><td>${file}<td>${rule}<td>${text}<td>${remedy.form ?? remedy.reason}`,
      ),
    );
    const bare = await browser.open(`<!doctype html><table>${rows.join('')}</table>`);
    const peer = Number(await bare.page.evaluate(OPENED));
    process.stdout.write(
      `html: ${(html.length / 1e6).toFixed(1)} MB open in ${measured.open.toFixed(0)} ms (a bare table: ${peer.toFixed(0)} ms), filters in ${measured.filters.map((time) => time.toFixed(0)).join(', ')} ms\n`,
    );
    expect(measured.open).toBeLessThan(peer);
    for (const time of measured.filters) expect(time).toBeLessThan(peer / 2);
    expect(errors).toEqual([]);
  });

  test('filters by all of text, object, rule, language, outcome and role, and says how many there are', async () => {
    const { page } = await browser.open(html);
    const count = () => page.textContent('#count');
    expect(await count()).toBe('21,000 paths');
    await page.fill('#search', 'data-2099');
    expect(await count()).toBe('11 of 21,000 paths');
    await page.selectOption('#rule', 'python/');
    expect(await count()).toBe('5 of 21,000 paths');
    await page.fill('#search', '');
    await page.selectOption('#rule', '');
    await page.selectOption('#becomes', 'stays');
    expect(await count()).toBe('217 of 21,000 paths');
    await page.selectOption('#role', 'documentation');
    const found = many.objects
      .flatMap(({ sites }) => sites)
      .filter((one) => one.remedy.kind === 'none' && one.role === 'documentation');
    expect(await count()).toBe(`${found.length} of 21,000 paths`);
    await page.click('#clear');
    await page.selectOption('#object', 'package-5');
    expect(await count()).toBe('70 of 21,000 paths');
  });

  test('keeps what is shown in the address, and shows what an address says', async () => {
    const { page } = await browser.open(html);
    await page.selectOption('#becomes', 'relative');
    await page.fill('#search', 'file-12 ü&=');
    const hash = String(await page.evaluate('location.hash'));
    expect(Object.fromEntries(new URLSearchParams(hash.slice(1)))).toEqual({ q: 'file-12 ü&=', becomes: 'relative' });
    const again = await browser.open(html, {}, '#object=package-7&rule=elf%2F');
    expect(await again.page.textContent('#count')).toBe('35 of 21,000 paths');
    expect(await again.page.inputValue('#rule')).toBe('elf/');
    const unknown = await browser.open(html, {}, '#object=nobody&q=%');
    expect(await unknown.page.textContent('#count')).toBe('0 of 21,000 paths');
    expect([...again.errors, ...unknown.errors]).toEqual([]);
  });

  test('rows further down come into being when they are scrolled to', async () => {
    const { page } = await browser.open(html);
    await page.evaluate("document.getElementById('sites').scrollTop = 68 * 20000");
    await page.waitForSelector('.site[aria-posinset="20001"]');
    expect(await page.locator('.site').count()).toBeLessThan(50);
  });
});

describe('by keyboard', () => {
  test('slash searches, Escape clears, arrows lead along the list, Enter opens a path', async () => {
    const { page, errors } = await browser.open(html);
    await page.keyboard.press('/');
    await page.keyboard.type('data-4');
    expect(await page.inputValue('#search')).toBe('data-4');
    expect(await page.textContent('#count')).toMatch(/^\d.* of 21,000 paths$/);
    await page.keyboard.press('Escape');
    expect(await page.textContent('#count')).toBe('21,000 paths');
    await page.focus('#sites');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const position = () => page.evaluate("document.activeElement.closest('.site')?.getAttribute('aria-posinset')");
    expect(await position()).toBe('2');
    await page.keyboard.press('End');
    expect(await position()).toBe('21000');
    await page.keyboard.press('Enter');
    expect(await page.isVisible('dialog')).toBe(true);
    expect(await page.textContent('#site-body')).toContain('21,000 of 21,000');
    await page.keyboard.press('Escape');
    expect(await page.isVisible('dialog')).toBe(false);
    expect(await position()).toBe('21000');
    expect(errors).toEqual([]);
  });

  test('one row of the list is on the way of the Tab key', async () => {
    const { page } = await browser.open(html);
    expect(await page.locator('.site button.name[tabindex="0"]').count()).toBe(1);
  });
});

describe('before and after', () => {
  test('a path leads to its line, where the changed words are marked', async () => {
    const { page, errors } = await browser.open(html);
    await page.fill('#search', 'data-2044');
    await page.click('.site button.link >> nth=0');
    const line = page.locator('.diff tr.here');
    expect(await line.locator('td.line').first().textContent()).toBe('14');
    expect(await line.locator('del').first().textContent()).toContain('/nix/store');
    expect(await page.locator('.diff tr.added ins').first().textContent()).toContain('os.path.dirname');
    expect(await line.locator('.text').textContent()).toBe(`DATA = "${site(2044).text}"  # where the data is`);
    expect(errors).toEqual([]);
  });

  test('nothing is drawn before it is opened', async () => {
    const { page } = await browser.open(html);
    expect(await page.locator('.file').count()).toBe(0);
    await page.click('#changes-of-3 > summary');
    await page.waitForSelector('#changes-of-3 .file');
    expect(await page.locator('.diff').count()).toBe(0);
    await page.click('#changes-of-3 .file >> nth=0');
    await page.waitForSelector('.diff');
    expect(await page.locator('#changes-of-3 .tags a').first().textContent()).toBe('python/string');
  });

  test('a path of a program stands beside its form, with what is around it', async () => {
    const { page } = await browser.open(html);
    await page.fill('#search', 'data-2045');
    await page.click('.site button.name');
    expect(await page.textContent('.side.before')).toBe(`Before${site(2045).text}`);
    expect(await page.textContent('.side.after')).toBe('Afterform 2045');
    await page.keyboard.press('Escape');
    await page.fill('#search', 'data-2046');
    await page.click('.site button.name');
    expect(await page.textContent('.side.before')).toBe(`BeforeDATA = "${site(2046).text}"  # where the data is`);
    expect(await page.textContent('dialog h2')).toBe(`${site(2046).file}:16:8`);
    expect(await page.locator('dialog .diff tr.here').count()).toBe(1);
  });
});

describe('pictures', () => {
  test('every rectangle and every node leads to its object, which opens', async () => {
    const { page } = await browser.open(html);
    await page.click('.map-size.only-wide a >> nth=0');
    expect(await page.evaluate('location.hash')).toBe('#object-299');
    expect(await page.isVisible('#object-299')).toBe(true);
    expect(await page.textContent('#object-299')).toContain(many.objects[299]?.path);
    const hrefs = await page
      .locator('.map a, .node')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    const missing = [...new Set(hrefs)].filter((href) => !html.includes(`id="${href.slice(1)}"`));
    expect(missing).toEqual([]);
  });

  test('the area is switched without a script', async () => {
    const { page } = await browser.open(html, { javaScriptEnabled: false });
    expect(await page.isVisible('.map-size.only-wide')).toBe(true);
    await page.click('label[for="map-paths"]');
    expect(await page.isVisible('.map-size.only-wide')).toBe(false);
    expect(await page.isVisible('.map-paths.only-wide')).toBe(true);
  });

  test('a node lights up its lines', async () => {
    const { page } = await browser.open(html);
    await page.focus('.node >> nth=3');
    expect(await page.locator('.edge.on').count()).toBeGreaterThan(0);
    await page.focus('#search');
    expect(await page.locator('.edge.on').count()).toBe(0);
  });

  test('a closure that is too large for the picture says what is shown', async () => {
    const { page } = await browser.open(html);
    expect(await page.textContent('section[aria-labelledby=graph]')).toContain('Shown are 60 of 300 objects');
    expect(await page.locator('.node').count()).toBe(60);
  });
});

test('objects are sorted as the reader wishes', async () => {
  const { page } = await browser.open(html);
  await page.selectOption('#order', 'size');
  expect(await page.locator('.object .name').first().textContent()).toBe('package-299');
  await page.selectOption('#order', 'dependents');
  expect(await page.locator('.object .name').first().textContent()).toBe('package-0');
});

test('a link to a rule opens its page', async () => {
  const { page } = await browser.open(html);
  await page.fill('#search', 'data-2045');
  await page.click('.site button.name');
  await page.click('dialog a.tag');
  expect(await page.isVisible('dialog')).toBe(false);
  expect(await page.isVisible('#rule-elf-string')).toBe(true);
  expect(await page.textContent('#rule-elf-string h3')).toBe('What it finds');
});

describe('elsewhere', () => {
  test.each([
    ['a closure', html],
    ['one object', auditHtml(report([object(0, [site(1), site(2), site(97)])]), { page: () => '' })],
    ['nothing found', auditHtml(report([object(0, []), object(1, [])]), { page: () => '' })],
  ])('%s fits a phone', async (_, text) => {
    const { page, errors } = await browser.open(text, phone);
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true");
    await page.evaluate("document.querySelector('.file')?.setAttribute('open', '')");
    await page.waitForTimeout(100);
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(errors).toEqual([]);
  });

  test('paper has no controls, and the paths that are shown', async () => {
    const { page } = await browser.open(html, {}, '#object=package-7');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.isVisible('.controls')).toBe(false);
    expect(await page.isVisible('#sites')).toBe(false);
    expect(await page.locator('.printed-site:visible').count()).toBe(70);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });

  test('without a script, everything but the list and the diffs is there', async () => {
    const { page } = await browser.open(html, { javaScriptEnabled: false }, '#object-5');
    expect(await page.isVisible('noscript >> nth=0')).toBe(true);
    expect(await page.textContent('#object-5')).toContain('package-4');
  });
});
