/**
 * Measures the page of an audit in Chromium, beside a bare table of the same data: 300 objects and 21,000 paths, with the changes
 * of every text.
 *
 * usage: node bench/html.ts
 */

import { rulePage } from '../src/cli/rule-page.ts';
import { auditHtml } from '../src/reports/audit-html.ts';
import { startBrowser } from '../test/reports/html/browser.ts';
import { closure } from '../test/reports/html/closures.ts';

const ROUNDS = 7;
const report = closure(300, 70);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

const cells = report.objects.flatMap(({ sites }) =>
  sites.map(
    ({ file, rule, text, remedy }) => `<tr><td>${file}<td>${rule}<td>${text}<td>${remedy.form ?? remedy.reason}`,
  ),
);
const bare = `<!doctype html><table>${cells.join('')}</table>`;
const started = performance.now();
const html = auditHtml(report, { page: rulePage });
const made = performance.now() - started;

/** Until the page is complete, as the browser tells. */
const OPENED = "performance.getEntriesByType('navigation')[0].domComplete";
const SEARCH = `(() => {
  const search = document.getElementById('search');
  const started = performance.now();
  search.value = 'data-2099 python';
  search.dispatchEvent(new Event('input'));
  return performance.now() - started;
})()`;

const browser = await startBrowser();
try {
  const times = { page: [] as number[], bare: [] as number[], first: [] as number[], again: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const { page } = await browser.open(html);
    times.page.push(Number(await page.evaluate(OPENED)));
    times.first.push(Number(await page.evaluate(SEARCH)));
    times.again.push(Number(await page.evaluate(SEARCH)));
    await page.close();
    const table = await browser.open(bare);
    times.bare.push(Number(await table.page.evaluate(OPENED)));
    await table.page.close();
  }
  const rows: readonly (readonly [string, number])[] = [
    ['made by Node', made],
    ['page complete', median(times.page)],
    ['bare table complete', median(times.bare)],
    ['first search', median(times.first)],
    ['later search', median(times.again)],
  ];
  process.stdout.write(`${(html.length / 1e6).toFixed(1)} MB\n\n| what | time |\n| --- | --- |\n`);
  for (const [name, time] of rows) process.stdout.write(`| ${name} | ${time.toFixed(0)} ms |\n`);
} finally {
  await browser.close();
}
