import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { hasBrowser, openBrowser } from '../support/chromium.ts';
import { openService, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';

const account = { email: 'boss@example.org', password: 'the password of the boss' };
const folder = 'reports/screenshots';
const takesPictures = process.env.TEST_PICTURES !== undefined;
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

describe.skipIf(!hasBrowser)('the console in a browser', () => {
  let service: Service;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What a browser complained of, and what it asked of others. */
  const complaints: string[] = [];

  beforeAll(async () => {
    if (takesPictures) await mkdir(folder, { recursive: true });
    service = await openService({
      sandbox: { movies: 500 },
      env: { ADMIN_EMAIL: account.email, ADMIN_PASSWORD: account.password, MIRROR_SCOPE: 'full' },
    });
    browser = await openBrowser();
    context = await browser.newContext({ viewport: sizes.desktop });
    page = await context.newPage();
    watch(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  const watch = (each: Page) => {
    each.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    each.on('pageerror', (error) => complaints.push(String(error)));
    each.on('requestfailed', (request) => {
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`);
    });
    each.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(service.url) && !url.startsWith('data:')) complaints.push(`elsewhere: ${url}`);
    });
    each.on(
      'response',
      (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`),
    );
  };

  /** The page says so, and soon says instead how the run ended. */
  const isTold = (job: string) =>
    page.getByText(new RegExp(`The job was requested|already running|^${job}: succeeded`)).waitFor();

  const serious = async () => {
    if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe.source);
    // Of what is well it would tell each element, too.
    const run = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)";
    return ((await page.evaluate(run)) as axe.Result[])
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  };

  /** For people to look at, where they ask for it by TEST_PICTURES. */
  const picture = async (name: string, fullPage = true) => {
    if (takesPictures) await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
  };

  /** At each width, in light and dark: no serious finding, and nothing beyond the edge, nor of the narrowest one. */
  const inspect = async (name: string) => {
    const isWithin = async (device: string) => {
      const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ device, beyond }).toEqual({ device, beyond: 0 });
    };
    for (const [device, size] of Object.entries(sizes)) {
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect({ device, colorScheme, serious: await serious() }).toEqual({
          device,
          colorScheme,
          serious: [],
        });
        await isWithin(device);
        await picture(`${name}-${device}-${colorScheme}`);
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await isWithin('narrow');
    await picture(`${name}-narrow`);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(sizes.desktop);
  };

  test('leads to the form, which signs an administrator in', async () => {
    await page.goto(`${service.url}/admin`);
    expect(new URL(page.url()).pathname).toBe('/admin/sign-in');
    await inspect('sign-in');
    await page.getByLabel('Email').fill(account.email);
    await page.getByLabel('Password').fill(account.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Console', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin');
    expect(await page.evaluate('document.cookie')).toBe('');
  }, 120_000);

  test('shows figures and plots, and TMDb’s notice', async () => {
    await page.locator('.uplot canvas').first().waitFor();
    expect(await page.locator('.uplot').count()).toBe(2);
    expect(await page.locator('#mirror').textContent()).toContain('With details');
    expect(await page.locator('footer').textContent()).toContain('not endorsed');
    // What the first sync asked for, once the worker has written it down and the page has looked again.
    await page
      .getByText(/^[1-9][\d,]* calls, at most/)
      .first()
      .waitFor({ timeout: 60_000 });
    await inspect('console');
  }, 120_000);

  test('a run that is asked for is seen to move, without the page being loaded again', async () => {
    // Every movie is due again, and each answer takes its time.
    await service.rows(
      "update movies set fetched_at = now() - interval '10 days', refresh_due_at = null where state = 'detailed'",
    );
    service.sandbox.misbehave([{ kind: 'slow', match: '/movie/{id}', delayMs: 400 }]);
    await page.getByRole('button', { name: 'Run details now' }).click();
    await isTold('details');
    await page.evaluate('window.sameDocument = true');
    const bar = page.locator('[data-job="details"] progress');
    const seen = new Set<number>();
    const isMoving = async () => {
      seen.add(Number(await bar.getAttribute('value')));
      return [...seen].filter((value) => value > 0 && value < 1).length >= 3;
    };
    await until(isMoving, 60_000);
    const row = page.locator('#runs tbody tr').first();
    await row.getByText('running').waitFor({ timeout: 10_000 });
    await until(async () => Number(await row.locator('[data-count="seen"]').textContent()) > 0, 30_000);
    await picture('running');
    service.sandbox.misbehave([]);
    await page.locator('[data-job="details"]').getByText('succeeded').waitFor({ timeout: 60_000 });
    await page.locator('#runs').getByText('succeeded').first().waitFor();
    expect(await page.evaluate('window.sameDocument')).toBe(true);
  }, 180_000);

  test('asking for a run keeps the focus and the place', async () => {
    const button = page.getByRole('button', { name: 'Run neighbours now' });
    await button.scrollIntoViewIfNeeded();
    await page.evaluate('scrollBy(0, 40); window.sameDocument = true');
    await button.focus();
    const before = await page.evaluate('scrollY');
    await page.keyboard.press('Enter');
    await isTold('neighbours');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Run neighbours now');
    expect(await page.evaluate('scrollY')).toBe(before);
    expect(await page.evaluate('window.sameDocument')).toBe(true);
  }, 60_000);

  test('a purge is asked for in two steps', async () => {
    const button = page.getByRole('button', { name: 'Run purge now' });
    expect(await button.isVisible()).toBe(false);
    await page.getByText('Run purge…').click();
    await picture('purge');
    await button.click();
    await isTold('purge');
    await button.waitFor({ state: 'hidden' });
  }, 60_000);

  test('filters runs, shows settings, and looks up a movie', async () => {
    await page.locator('select[name=job]').selectOption('genres');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/job=genres/);
    expect(new Set(await page.locator('#runs tbody th').allTextContents())).toEqual(new Set(['genres']));
    await page.getByText('Settings of this API process').click();
    await page.getByText('TMDB_MAX_RPS').waitFor();
    await inspect('settings');
    const [movie] = await service.rows("select tmdb_id, title from movies where state = 'detailed' limit 1");
    await page.getByLabel('TMDb id or title').fill(String(movie?.tmdb_id));
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByRole('heading', { name: String(movie?.title), level: 1 }).waitFor();
    await inspect('movie');
    await page.getByRole('button', { name: 'Fetch again' }).click();
    await page.getByText('The movie is being fetched.').waitFor();
    await page.goto(`${service.url}/admin`);
  }, 120_000);

  test('a refused key stands on top of everything', async () => {
    const rejected = "circuit = 'stopped', opened_at = now(), retry_at = now() + interval '1 hour'";
    await service.rows(
      `update upstream set ${rejected}, reason = 'TMDb rejects the token in TMDB_ACCESS_TOKEN.'`,
    );
    await page.reload();
    await page.locator('#notices').getByText('TMDb rejects the token').waitFor();
    await inspect('notices');
    await service.rows(
      "update upstream set circuit = 'closed', reason = null, opened_at = null, retry_at = null",
    );
    await page.reload();
    expect(await page.locator('#notices .alert').count()).toBe(0);
  }, 120_000);

  test('opens the Bull dashboard behind the same sign-in', async () => {
    await page.getByRole('link', { name: 'Bull dashboard' }).click();
    await page.getByText('on-demand').first().waitFor();
    await page.getByText('Loading').waitFor({ state: 'detached' });
    await picture('queues-desktop', false);
    const id = await service.queues.enqueue('trending', { trigger: 'admin' });
    await page.goto(`${service.url}/admin/queues/queue/sync/${id}`);
    await page.getByText('trending').first().waitFor();
    await page.setViewportSize(sizes.phone);
    await picture('queues-phone', false);
    await page.setViewportSize(sizes.desktop);
  }, 120_000);

  test('says in the dashboard why something is refused', async () => {
    await page.goto(`${service.url}/admin/queues/queue/sync?status=delayed`);
    await page.getByText('Loading').waitFor({ state: 'detached' });
    const answer = page.waitForResponse((it) => it.url().endsWith('/clean/delayed'));
    await page.getByRole('button', { name: 'Clean all' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    expect((await answer).status()).toBe(422);
    await page.getByText('Only completed or failed jobs can be removed.').waitFor();
    expect(complaints.splice(0).every((line) => line.includes('422'))).toBe(true);
  }, 60_000);

  test('no page of the dashboard stands where another could lead it', async () => {
    await page.goto(`${service.url}/admin/queues/queue/sync`);
    await page.getByText('Loading').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.baseURI')).toBe(page.url());
  }, 60_000);

  test.each(['/admin/users', '/admin/queues'])(
    'what %s has shown goes away when its session is over, also without a network',
    async (path) => {
      const other = await browser.newContext({ viewport: sizes.desktop });
      const tab = await other.newPage();
      await tab.clock.install();
      const signInAt = async () => {
        await tab.goto(`${service.url}${path}`);
        await tab.getByLabel('Email').fill(account.email);
        await tab.getByLabel('Password').fill(account.password);
        await tab.keyboard.press('Enter');
        await tab.waitForURL((url) => url.pathname.startsWith(path));
      };
      await signInAt();
      // Looking at it does not end anything.
      await tab.clock.runFor('03:00');
      expect(new URL(tab.url()).pathname).toStartWith(path);
      await service.rows(
        "delete from sessions where kind = 'console' and id = (select id from sessions order by created_at desc limit 1)",
      );
      await tab.clock.runFor('01:00');
      await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
      await signInAt();
      await other.setOffline(true);
      await tab.clock.runFor('06:00');
      await until(async () => !new URL(tab.url()).pathname.startsWith(path), 30_000);
      await other.close();
    },
    120_000,
  );

  test('works without scripts, too', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const other = await plain.newPage();
    await other.goto(`${service.url}/admin`);
    await other.getByLabel('Email').fill(account.email);
    await other.getByLabel('Password').fill(account.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('button', { name: 'Run genres now' }).click();
    await other.getByText(/The job was requested|already running/).waitFor();
    await plain.close();
  }, 120_000);

  test('signs out, and nothing has been complained of', async () => {
    await page.goto(`${service.url}/admin`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto(`${service.url}/admin`);
    expect(new URL(page.url()).pathname).toBe('/admin/sign-in');
    expect(complaints).toEqual([]);
  }, 60_000);
});
