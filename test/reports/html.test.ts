/** The HTML report in a real browser. */

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditReport, ReportObject, ReportSite } from '../../src/pipeline/report.ts';
import { auditHtml } from '../../src/reports/audit-html.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-html-')));
let browser: Browser;
beforeAll(async () => {
  // Debian's Chromium, as root and without a network.
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  rmSync(work, { recursive: true, force: true });
});

const digest = (i: number) => String(i).padStart(32, '0');
const path = (i: number) => `/nix/store/${digest(i)}-package-${i}`;

function site(i: number, changes: Partial<ReportSite> = {}): ReportSite {
  const blocked = i % 97 === 0;
  return {
    file: `lib/file-${i}.py`,
    place: 'contents',
    rule: blocked ? 'dbus/service' : i % 2 === 0 ? 'python/string' : 'elf/string',
    offset: i,
    length: 50,
    text: `${path(i % 7)}/share/data-${i}`,
    reference: `${digest(i % 7)}-package-${i % 7}`,
    role: 'run-time',
    what: 'string',
    remedy: blocked
      ? { kind: 'none', code: 'host-reader', reason: 'the host reads it' }
      : { kind: i % 2 === 0 ? 'relative' : 'alias', transform: 'x', form: `form ${i}` },
    ...changes,
  };
}

function report(objects: readonly ReportObject[]): AuditReport {
  const sites = objects.flatMap((object) => object.sites);
  const byRule: Record<string, number> = {};
  for (const { rule } of sites) byRule[rule] = (byRule[rule] ?? 0) + 1;
  const totals = { occurrences: sites.length, sites: sites.length, bareMentions: 0, byRule, byRole: {}, byRemedy: {} };
  return { version: 1, storeDir: '/nix/store', objects, totals };
}

function object(i: number, sites: readonly ReportSite[]): ReportObject {
  const references = i === 0 ? [] : [path(0), path(i - 1)];
  return { path: path(i), narHash: 'sha256-x', references, sites, bareMentions: 0, size: 1000 * i };
}

async function open(
  html: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; errors: string[] }> {
  const file = join(work, `page-${Math.random().toString(36).slice(2)}.html`);
  writeFileSync(file, html);
  const page = await (await browser.newContext(options)).newPage();
  const errors: string[] = [];
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) errors.push(`request ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return { page, errors };
}

/** Milliseconds until the page was complete, as the browser tells. */
const OPENED = "performance.getEntriesByType('navigation')[0].domComplete";

const many = report(
  Array.from({ length: 300 }, (_, i) =>
    object(
      i,
      Array.from({ length: 70 }, (__, k) => site(i * 70 + k)),
    ),
  ),
);
const html = auditHtml(many, { page: (rule) => `# ${rule}` });

describe('a closure of 300 objects and 21,000 sites', () => {
  test('opens, lists and filters; times beside a bare table of the same data', async () => {
    const { page, errors } = await open(html);
    // Texts, since the page's world is not the test's.
    const measured = (await page.evaluate(`(() => {
      const started = performance.now();
      search.value = 'file-2099';
      search.dispatchEvent(new Event('input'));
      return { filter: performance.now() - started, open: ${OPENED} };
    })()`)) as { readonly filter: number; readonly open: number };
    expect(await page.textContent('#count')).toBe('11 of 21000 paths');
    expect(await page.locator('.site').count()).toBeGreaterThan(5);
    const rows = many.objects.flatMap(({ sites }) => sites.map(({ file, text }) => `<tr><td>${file}<td>${text}`));
    const bare = await open(`<!doctype html><table>${rows.join('')}</table>`);
    const peer = Number(await bare.page.evaluate(OPENED));
    process.stdout.write(
      `html: opens in ${measured.open.toFixed(0)} ms (a bare table: ${peer.toFixed(0)} ms), filters in ${measured.filter.toFixed(0)} ms\n`,
    );
    expect(errors).toEqual([]);
  });

  test('selects by object, rule, what becomes of it, and clears again', async () => {
    const { page } = await open(html);
    await page.selectOption('#remedy', '2');
    expect(await page.textContent('#count')).toMatch(/^217 of /);
    await page.selectOption('#remedy', '');
    await page.click('[data-object="5"]');
    expect(await page.textContent('#count')).toBe('70 of 21000 paths');
    await page.selectOption('#object', '');
    expect(await page.textContent('#count')).toBe('21000 paths');
  });

  test('rows further down come into being when they are scrolled to', async () => {
    const { page } = await open(html);
    await page.evaluate('list.scrollTop = 84 * 20000');
    await page.waitForSelector('.site[aria-posinset="20001"]');
    expect(await page.locator('.site').count()).toBeLessThan(40);
  });

  test('can be used by keyboard and screen reader, and printed', async () => {
    const { page } = await open(html);
    await page.focus('#sites');
    expect(await page.getAttribute('#sites', 'role')).toBe('region');
    expect(await page.locator('.site').first().getAttribute('aria-setsize')).toBe('21000');
    expect(await page.locator('svg[role=img]').first().getAttribute('aria-label')).toMatch(/relative, \d+ alias/);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });

  test('fits a phone', async () => {
    const { page } = await open(html, { viewport: { width: 360, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});

test('nothing from names, paths or reasons runs or becomes markup', async () => {
  const attack = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">\u2028'"&amp;`;
  const hostile = report([
    { ...object(0, []), path: `/nix/store/${digest(0)}-${attack}` },
    object(1, [
      site(1, { file: attack, text: attack, what: attack, member: attack, remedy: { kind: 'alias', form: attack } }),
      site(97, { file: attack, remedy: { kind: 'none', code: 'x', reason: attack } }),
    ]),
  ]);
  const { page, errors } = await open(auditHtml(hostile, { page: () => attack }));
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('.site').first().textContent()).toContain(attack);
  expect(errors).toEqual([]);
});
