import { describe, expect, test } from 'bun:test';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Glob } from 'bun';
import { readApiConfig, readWorkerConfig } from '#shared/config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFile(join(root, path), 'utf8');
const exists = (path: string) =>
  stat(join(root, path)).then(
    () => true,
    () => false,
  );

const pages = ['*.md', 'docs/**/*.md'].flatMap((all) => [...new Glob(all).scanSync({ cwd: root })]).sort();
const folders = ['api', 'worker', 'shared', 'migrations', 'sandbox', 'scripts', 'bench', 'client', 'tests'];

const withoutBlocks = (page: string) => page.replaceAll(/^```[\s\S]*?^```$/gm, '');
const inlineCode = (page: string) =>
  [...withoutBlocks(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
/** Names and code keep their own spelling. */
const prose = (page: string) => withoutBlocks(page).replaceAll(/`[^`\n]+`/g, '');

/** As GitHub makes the address of a heading. */
const anchorsOf = (page: string) =>
  [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );

/** Settings that a file of variables or a page of tables names. */
const variables = (source: string, pattern: RegExp) =>
  [...source.matchAll(pattern)].map(([, name = '']) => name);

test('there are pages', () => {
  expect(pages).toContain('README.md');
  expect(pages).toContain('docs/operations/incidents.md');
});

describe.each(pages)('%s', (path) => {
  test('leads only to files and headings that there are', async () => {
    for (const [, target = ''] of (await text(path)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = '', anchor] = target.split('#');
      const aim = file === '' ? path : normalize(join(dirname(path), file));
      expect({ target, exists: await exists(aim) }).toEqual({ target, exists: true });
      if (anchor !== undefined) expect(anchorsOf(await text(aim))).toContain(anchor);
    }
  });

  test('names only files that there are', async () => {
    const names = new Set(
      folders.flatMap((folder) =>
        [...new Glob(`${folder}/**/*`).scanSync({ cwd: root })].map((it) => basename(it)),
      ),
    );
    for (const code of inlineCode(await text(path))) {
      const isPath = folders.concat('docs').some((folder) => code.startsWith(`${folder}/`));
      if (isPath && /^[\w./-]+$/.test(code))
        expect({ code, exists: await exists(code) }).toEqual({ code, exists: true });
      else if (/^[\w.-]+\.(ts|js)$/.test(code)) expect([...names]).toContain(code);
    }
  });

  test('names only commands that there are', async () => {
    const { scripts } = await Bun.file(join(root, 'package.json')).json();
    const page = await text(path);
    for (const [, script = ''] of page.matchAll(/\b(?:npm|bun) run ([a-z][\w:-]*)/g))
      expect(Object.keys(scripts)).toContain(script);
  });

  test('has lines that a comparison can show, and one spelling', async () => {
    const page = await text(path);
    expect(page.split('\n').filter((line) => line.length > 240)).toEqual([]);
    expect(prose(page).match(british)).toBeNull();
  });
});

const british =
  /\w*(catalogue|favourit|behaviour|colour|neighbour|honour|licence|centre|cancelled|analys(?:e|ing)|(?:organ|recogn|serial|normal)is)\w*/gi;

test('the API description has the same spelling', async () => {
  const said = [...(await text('docs/openapi.json')).matchAll(/"(?:description|summary)": "([^\n]*)"/g)];
  expect(said.length).toBeGreaterThan(100);
  // The name of a job is spelled as it is.
  const words = said.map(([, words = '']) => words.replaceAll(/`[^`]+`|\bneighbours\b(?=,)/g, '')).join('\n');
  expect(words.match(british)).toBeNull();
});

describe('the settings', () => {
  const pattern = /^# ([A-Z][A-Z0-9_]+)=/gm;

  test('are all in docs/settings.md, and nothing else is', async () => {
    const rows = (await text('docs/settings.md')).split('\n').filter((line) => line.startsWith('| `'));
    const explained = rows.flatMap((row) => variables(row.split('|')[1] ?? '', /`([A-Z][A-Z0-9_]+)`/g));
    expect(explained.toSorted()).toEqual(variables(await text('.env.example'), pattern).toSorted());
  });

  test('have the defaults that .env.example says', async () => {
    // What stands there is an example, or belongs to another program.
    const examples = ['DATABASE_URL', 'REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
    const given = [...(await text('.env.example')).matchAll(/^# ([A-Z][A-Z0-9_]+)=(.+)$/gm)]
      .map(([, name = '', value = '']) => [name, value] as const)
      .filter(([name]) => !examples.includes(name));
    expect(given.length).toBeGreaterThan(15);
    const env = Object.fromEntries(given);
    expect(readApiConfig(env)).toEqual(readApiConfig({}));
    expect(readWorkerConfig(env)).toEqual(readWorkerConfig({}));
  });

  test('have the same defaults in docs/settings.md', async () => {
    const page = await text('docs/settings.md');
    const given = [...(await text('.env.example')).matchAll(/^# ([A-Z][A-Z0-9_]+)=(\S+)$/gm)];
    for (const [, name = '', value = ''] of given) {
      const row = page
        .split('\n')
        .find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}\``));
      const isExample = ['DATABASE_URL', 'REDIS_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'].includes(name);
      if (!isExample)
        expect({ name, default: row?.split('|')[2] }).toEqual({
          name,
          default: expect.stringContaining(value),
        });
    }
  });
});

describe('docs/security.md', () => {
  const rowsAfter = async (heading: string) => {
    const [, rest = ''] = (await text('docs/security.md')).split(heading);
    const lines = rest.split('\n').slice(2);
    return lines.slice(0, lines.indexOf('')).map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  };

  test('counts every requirement of the first two levels once', async () => {
    const rows = await rowsAfter('| chapter | requirements | held | not applicable | failed |');
    expect(rows).toHaveLength(17);
    for (const [chapter, all, ...parts] of rows)
      expect([chapter, parts.reduce((sum, part) => sum + Number(part), 0)]).toEqual([chapter, Number(all)]);
    expect(rows.reduce((sum, [, all]) => sum + Number(all), 0)).toBe(253);
  });

  test('gives a reason for each one that fails, and they are at most eight', async () => {
    const counts = await rowsAfter('| chapter | requirements | held | not applicable | failed |');
    const failed = await rowsAfter('| requirement | what is missing | why, and what you can do |');
    expect(failed.length).toBeLessThanOrEqual(8);
    for (const [chapter = '', , , , count] of counts) {
      const number = /^V(\d+) /.exec(chapter)?.[1];
      const of = failed.filter(([requirement]) => requirement?.split('.')[0] === number);
      expect([chapter, of.length]).toEqual([chapter, Number(count)]);
    }
    for (const cells of failed) for (const cell of cells) expect(cell).not.toBe('');
  });

  test('names each one that is not applicable', async () => {
    const counts = await rowsAfter('| chapter | requirements | held | not applicable | failed |');
    const absent = await rowsAfter('| requirements | there is no |');
    const named = absent.flatMap(([requirements = '']) => requirements.split(' '));
    expect(new Set(named).size).toBe(named.length);
    for (const [chapter = '', all, , count] of counts) {
      const number = /^V(\d+) /.exec(chapter)?.[1];
      const of = named.filter((requirement) => requirement.split('.')[0] === number);
      expect([chapter, of.join() === `${number}.*` ? Number(all) : of.length]).toEqual([
        chapter,
        Number(count),
      ]);
    }
  });

  test('names tests for every chapter that applies', async () => {
    const chapters = (await text('docs/security.md')).split(/^## (?=V\d)/m).slice(1);
    expect(chapters).toHaveLength(15);
    for (const chapter of chapters) {
      const [, tests = ''] = chapter.split('\nTests: ');
      expect([chapter.split('\n')[0], tests.match(/`[\w/.-]+\.test\.ts`/)]).toEqual([
        chapter.split('\n')[0],
        expect.anything(),
      ]);
    }
  });
});
