/** Debian's Chromium, as root and without a network, for the pages of reports. */

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export interface OpenPage {
  readonly page: Page;
  /** What the page complained of, and every address that it asked for. */
  readonly errors: string[];
}

export interface PageOpener {
  /** @param fragment with `#` */
  open(html: string, options?: BrowserContextOptions, fragment?: string): Promise<OpenPage>;
  close(): Promise<void>;
}

export async function startBrowser(): Promise<PageOpener> {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-html-')));
  const browser: Browser = await chromium.launch({
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
  let pages = 0;
  return {
    async open(html, options = {}, fragment = '') {
      const file = join(work, `page-${pages++}.html`);
      writeFileSync(file, html);
      const page = await (await browser.newContext(options)).newPage();
      const errors: string[] = [];
      page.on('console', (message) => errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) errors.push(`request ${request.url()}`);
      });
      await page.goto(`file://${file}${fragment}`);
      return { page, errors };
    },
    async close() {
      await browser.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

export const phone: BrowserContextOptions = { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true };
