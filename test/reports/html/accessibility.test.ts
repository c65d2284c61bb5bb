/** What keyboard and screen reader need, judged by axe-core (WCAG 2.2, level AA) on every kind of page. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rulePage } from '../../../src/cli/rule-page.ts';
import { makeIndex } from '../../../src/pipeline/index/make-index.ts';
import { summarizer } from '../../../src/pipeline/index/summary.ts';
import { auditHtml } from '../../../src/reports/audit-html.ts';
import { indexHtml } from '../../../src/reports/index-html.ts';
import { type PageOpener, phone, startBrowser } from './browser.ts';
import { closure, object, report, site } from './closures.ts';

let browser: PageOpener;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rule and element of everything that axe finds wrong. */
async function wrongs(page: Page): Promise<unknown> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => [id, html.slice(0, 200), failureSummary])))`);
}

const options = { page: rulePage };
const blocked = auditHtml(closure(12, 70), options);
const one = auditHtml(report([object(0, [site(1), site(2), site(97)])]), options);
const clean = auditHtml(report([object(0, []), object(1, [])]), options);
const packages = ['first', 'second'].map((name) => ({ name, report: closure(name.length, 20) }));
const earlier = makeIndex([{ name: 'first', report: report([object(0, [])]) }].map(summarizer()));
const index = indexHtml(makeIndex(packages.map(summarizer()), earlier), { pageOf: (name) => `packages/${name}.html` });

const settings: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['on a phone', { ...phone, colorScheme: 'dark' }],
];

describe.each(settings)('%s', (_, context) => {
  test.each([
    ['a closure with blocked objects', blocked],
    ['one object', one],
    ['nothing found', clean],
    ['an index', index],
  ])('%s', async (__, html) => {
    const { page } = await browser.open(html, context);
    expect(await wrongs(page)).toEqual([]);
  });

  test('everything opened, a path in its dialog', async () => {
    const { page } = await browser.open(blocked, context);
    await page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true");
    await page.waitForSelector('.files .file', { state: 'attached' });
    await page.evaluate("for (const closed of document.querySelectorAll('details.file')) closed.open = true");
    await page.waitForSelector('.diff', { state: 'attached' });
    expect(await wrongs(page)).toEqual([]);
    await page.focus('.site button.name');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    expect(await wrongs(page)).toEqual([]);
  });
});

test('the judge tells good from bad', async () => {
  const { page } = await browser.open(blocked.replaceAll('<label class="grow">Search ', '<label class="grow">'));
  await page.evaluate("document.querySelector('#count').style.color = '#eee'");
  const found = JSON.stringify(await wrongs(page));
  expect(found).toContain('color-contrast');
});

test('the focus can be seen wherever the Tab key leads', async () => {
  const { page } = await browser.open(blocked);
  const seen = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const told = (await page.evaluate(`(() => {
      const one = document.activeElement;
      if (one === null || one === document.body) return undefined;
      const style = getComputedStyle(one);
      const shape = one.querySelector(':scope > rect');
      const label = one.matches('.maps input') ? getComputedStyle(one.nextElementSibling) : style;
      const drawn = shape === null ? label.outlineStyle !== 'none' && parseFloat(label.outlineWidth) >= 2 : parseFloat(getComputedStyle(shape).strokeWidth) >= 2;
      const { width, height } = one.getBoundingClientRect();
      return [one.tagName + '#' + one.id + '.' + one.className.toString().slice(0, 40) + one.textContent.slice(0, 20), drawn && (width > 0 || one.matches('.maps input'))];
    })()`)) as readonly [string, boolean] | undefined;
    if (told === undefined) break;
    expect(told).toEqual([told[0], true]);
    seen.add(told[0]);
  }
  expect(seen.size).toBeGreaterThan(30);
});
