import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';
import { hasBrowser, openBrowser } from '../support/chromium.ts';
import { openService, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';

/** In each tab: a client whose tokens are in the storage that all tabs of an origin share. */
const inTab = `
  window.nexus = NexusClient.createNexusClient({
    baseUrl: location.origin,
    tokens: {
      get: () => JSON.parse(localStorage.getItem('tokens') ?? 'null') ?? undefined,
      set: (tokens) => tokens ? localStorage.setItem('tokens', JSON.stringify(tokens)) : localStorage.removeItem('tokens'),
    },
  });`;

describe.skipIf(!hasBrowser)('the client in the tabs of a browser', () => {
  let service: Service;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    service = await openService({ synced: false });
    browser = await openBrowser();
    context = await browser.newContext();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  const openTab = async () => {
    const page = await context.newPage();
    // A frontend's own page: the pages of the service allow no calls by scripts of others.
    await page.route('**/a-page', (route) => route.fulfill({ contentType: 'text/html', body: 'A page' }));
    await page.goto(`${service.url}/a-page`);
    const entry = fileURLToPath(new URL('../../client/dist/index.js', import.meta.url));
    const built = await Bun.build({
      entrypoints: ['entry.js'],
      target: 'browser',
      format: 'iife',
      files: {
        'entry.js': `import * as NexusClient from ${JSON.stringify(entry)}; globalThis.NexusClient = NexusClient;`,
      },
    });
    await page.evaluate(`${await built.outputs[0]?.text()};${inTab}`);
    return page;
  };

  test('two that find out together that their token has expired exchange it once, and stay signed in', async () => {
    const tabs = [await openTab(), await openTab()];
    await tabs[0]?.evaluate(`(async () => {
      const body = { name: 'Ada', email: 'ada@example.org', password: 'correct horse' };
      const { data } = await nexus.POST('/api/auth/register', { body });
      localStorage.setItem('tokens', JSON.stringify(data.data));
    })()`);
    let exchanges = 0;
    context.on('request', (request) => {
      if (request.url().endsWith('/api/auth/refresh')) exchanges++;
    });
    const ask = `nexus.GET('/api/user/profile').then(({ response }) => response.status)`;
    const isExpired = `JSON.parse(localStorage.getItem('tokens')).access_token === 'expired'`;
    // What one tab stores reaches the other late, but not always: once would prove little.
    for (let round = 1; round <= 10; round++) {
      await tabs[0]?.evaluate(`localStorage.setItem('tokens',
        JSON.stringify({ ...JSON.parse(localStorage.getItem('tokens')), access_token: 'expired' }))`);
      await until(async () => (await tabs[1]?.evaluate(isExpired)) === true);
      const seen = await Promise.all(tabs.map((tab) => tab.evaluate(ask)));
      expect({ round, seen, exchanges }).toEqual({ round, seen: [200, 200], exchanges: round });
    }
  }, 60_000);
});
