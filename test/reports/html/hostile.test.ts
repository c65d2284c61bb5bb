/** Names and contents from files that want to be more than text: nothing of them runs, loads, or becomes markup. */

import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeIndex } from '../../../src/pipeline/index/make-index.ts';
import { summarizer } from '../../../src/pipeline/index/summary.ts';
import type { AuditReport, ReportSite } from '../../../src/pipeline/report.ts';
import { auditHtml } from '../../../src/reports/audit-html.ts';
import { escapeHtml } from '../../../src/reports/html/escape.ts';
import { indexHtml } from '../../../src/reports/index-html.ts';
import { type PageOpener, startBrowser } from './browser.ts';
import { object, report, site } from './closures.ts';

let browser: PageOpener;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

const RUN = 'window.hacked=1';
const attacks: readonly (readonly [string, string])[] = [
  ['the end of a script', `</script><script>${RUN}</script>`],
  ['the end of a style or a title', `</style></title><svg onload=${RUN}>`],
  ['a picture that fails', `<img src=x onerror="${RUN}">`],
  ['the end of an attribute', `"' autofocus onfocus=${RUN} x='`],
  ['a comment around data', `<!--<script>${RUN}//`],
  ['an address', `javascript:${RUN}`],
  ['entities and a template', `&lt;b&gt;&amp;#60; \${${RUN}} {{${RUN}}}`],
  ['Markdown', `[x](javascript:${RUN}) ![x](https://example.org/x.png) <b>`],
  ['a style', `};*{display:none}@import url(https://example.org/x.css)`],
  ['line separators and backslashes', `\u2028\u2029\\u003cscript>${RUN}\\`],
  ['turned direction, and nothing to see', `evil\u202egnp.exe\u200b\u2066\ufeff\u0000`],
  ['a long one', `${'x'.repeat(5000)}<b>`],
  ['a key of all objects', '__proto__'],
];

/** The attack wherever a text of a file can stand. */
function hostile(attack: string): AuditReport {
  const hunk = {
    oldStart: 1,
    oldLines: 1,
    newStart: 1,
    newLines: 1,
    lines: [` ${attack}`, `-a ${attack}`, `+b ${attack}`],
  };
  const all: Partial<ReportSite> = {
    file: attack,
    text: attack,
    what: attack,
    reference: attack,
    line: 3,
    column: 4,
    context: { before: attack, after: attack },
  };
  const first = object(0, [], { path: `/nix/store/${'0'.repeat(32)}-${attack}`, references: [attack] });
  const second = object(
    1,
    [
      site(1, { ...all, member: attack, remedy: { kind: 'alias', transform: attack, form: attack } }),
      site(3, { ...all, rule: attack, remedy: { kind: 'relative', transform: attack, form: attack } }),
      site(97, { ...all, remedy: { kind: 'none', code: attack, reason: attack } }),
    ],
    {
      path: `/nix/store/${'1'.repeat(32)}-${attack}`,
      changes: [
        { file: attack, hunks: [hunk], omitted: 3 },
        { file: 'x', member: attack, hunks: [hunk], omitted: 0 },
      ],
    },
  );
  return { ...report([first, second]), storeDir: `/${attack}` };
}

/** Opens and clicks all that there is. */
async function useEverything(page: Page): Promise<void> {
  await page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true");
  await page.waitForSelector('.files .file', { state: 'attached' });
  await page.evaluate("for (const closed of document.querySelectorAll('details.file')) closed.open = true");
  await page.waitForSelector('.diff', { state: 'attached' });
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  await page.click('.site button.name');
  await page.waitForSelector('dialog[open]');
}

/** Elements and attributes that no page of ours has. */
const FOREIGN = `[...document.querySelectorAll('img, iframe, object, embed, link, base, b.x, script:not([type]) ~ script')].length
  + [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name, value }) => name.startsWith('on') || (/href|src/.test(name) && !/^(?:#|packages\\/|https:)/.test(value)))).length`;

describe.each(attacks)('%s', (_, attack) => {
  test('stays text in the page of an audit', async () => {
    const html = auditHtml(hostile(attack), { page: () => `# x\n\n${attack}` });
    const { page, errors } = await browser.open(html);
    await useEverything(page);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.evaluate(FOREIGN)).toBe(0);
    expect(errors).toEqual([]);
    // As it is told in the list: all of it, and nothing that hides or turns.
    const told = (await page.locator('dialog').textContent()) ?? '';
    const shown = attack.replaceAll(
      /[\p{Cf}\p{Cc}\u2028\u2029]/gu,
      (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`,
    );
    expect(told).toContain(shown);
    expect(await page.evaluate('document.body.textContent')).not.toMatch(/[\u202e\u200b\u2066\u0000]/);
  });

  test('stays text in the index', async () => {
    const audit = hostile(attack);
    const index = makeIndex([{ name: attack, report: audit }].map(summarizer()));
    const earlier = makeIndex([{ name: attack, report: report([object(0, [])]) }].map(summarizer()));
    const html = indexHtml(makeIndex([{ name: attack, report: audit }].map(summarizer()), earlier), {
      pageOf: (name) => `packages/${encodeURIComponent(name)}`,
    });
    const { page, errors } = await browser.open(html);
    expect(index.blockers).toHaveLength(1);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.evaluate(FOREIGN)).toBe(0);
    expect(errors).toEqual([]);
  });
});

test('the policy of the page stops what is planted into it', async () => {
  const html = auditHtml(report([object(0, [site(1)])]), { page: () => '' });
  const planted = `<script>${RUN}</script><img src=x onerror="${RUN}"><link rel="stylesheet" href="https://example.org/x.css"><main>`;
  const { page, errors } = await browser.open(html.replace('<main>', planted));
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(errors.filter((error) => /Content Security Policy/.test(error)).length).toBeGreaterThanOrEqual(3);
});

test('whatever a text is, what HTML makes of it is that text', async () => {
  const { page } = await browser.open('<!doctype html><p id="p"></p>');
  const texts = fc.sample(
    fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'lt;', '#', 'x', ' ', '=', '`', '/') }),
    300,
  );
  const markup = texts.map(
    (text) => `<i title="${escapeHtml(text)}" lang='${escapeHtml(text)}'>${escapeHtml(text)}</i>`,
  );
  const read = await page.evaluate((parts) => {
    const document = new (
      globalThis as unknown as {
        DOMParser: new () => {
          parseFromString(
            a: string,
            b: string,
          ): {
            body: {
              querySelectorAll(
                s: string,
              ): Iterable<{ textContent: string; title: string; lang: string; childElementCount: number }>;
            };
          };
        };
      }
    ).DOMParser().parseFromString(parts.join(''), 'text/html');
    return [...document.body.querySelectorAll('i')].map(({ textContent, title, lang, childElementCount }) => [
      textContent,
      title,
      lang,
      childElementCount,
    ]);
  }, markup);
  expect(read).toEqual(texts.map((text) => [text, text, text, 0]));
});
