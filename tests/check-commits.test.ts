import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { temporaryFolder } from './support/program.ts';

const script = fileURLToPath(new URL('../scripts/check-commits.ts', import.meta.url));
const long = `fix: ${'x'.repeat(80)}`;

let folder: AsyncDisposable & { path: string };
let repository: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  repository = join(folder.path, 'repository');
  git(folder.path, 'init', '-q', '-b', 'main', repository);
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Nobody's own configuration takes part. */
function environment(): Record<string, string> {
  const who = { NAME: 'Ada', EMAIL: 'ada@example.org' };
  const people = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder.path,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    ...Object.fromEntries(people),
  };
}

function git(cwd: string, ...args: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['git', ...args], { cwd, env: environment() });
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString().trim();
}

const commit = (subject: string, ...more: string[]) =>
  git(repository, 'commit', '-q', '--allow-empty', '-m', subject, ...more);

async function release(version: string, subject = `chore: version ${version}`): Promise<void> {
  await Bun.write(join(repository, 'package.json'), JSON.stringify({ name: 'it', version }, null, 2));
  git(repository, 'add', '.');
  commit(subject);
}

function check(cwd = repository, env = environment()) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, script], { cwd, env });
  return { exitCode, said: `${stdout}${stderr}` };
}

describe('the subjects of commits', () => {
  test('are checked from the commit that brings the version on; older ones are history', async () => {
    await release('0.1.0');
    commit(long);
    expect(check()).toMatchObject({ exitCode: 1, said: expect.stringContaining('(85 characters)') });
    await release('0.2.0');
    commit(`fix: ${'ü'.repeat(67)}`);
    expect(check()).toEqual({
      exitCode: 0,
      said: 'Every subject since version 0.2.0 has at most 72 characters.\n',
    });
    commit(`fix: ${'ü'.repeat(68)}`, '-m', 'The why.');
    const { exitCode, said } = check();
    expect(exitCode).toBe(1);
    expect(said).toContain(`${git(repository, 'rev-parse', 'HEAD').slice(0, 10)} (73 characters): fix: ü`);
    expect(said.match(/characters\): /g)).toHaveLength(1);
  });

  test('include the one that brings the version, and a paragraph that nobody ended', async () => {
    await release('0.1.0');
    await release('0.2.0', long);
    expect(check().exitCode).toBe(1);
    await release('0.3.0');
    commit(`fix: one line\nand ${'another '.repeat(8)}`);
    expect(check().exitCode).toBe(1);
  });

  test('may be longer where git or a host wrote them', async () => {
    await release('0.1.0');
    await Bun.write(join(repository, 'file'), 'text');
    git(repository, 'add', '.');
    commit(`fix: ${'x'.repeat(65)}`);
    git(repository, 'revert', '--no-edit', 'HEAD');
    git(repository, 'switch', '-q', '-c', 'side');
    commit('fix: aside');
    git(repository, 'switch', '-q', 'main');
    git(repository, 'merge', '-q', '--no-ff', '-m', `Merge pull request #1 from ${'a'.repeat(60)}`, 'side');
    expect(check().exitCode).toBe(0);
    commit(`Merge ${'x'.repeat(80)}`);
    expect(check().exitCode).toBe(1);
  });

  test('of a branch are checked once it is merged, in whatever words', async () => {
    await release('0.1.0');
    git(repository, 'switch', '-q', '-c', 'side');
    commit('fix: aside');
    git(repository, 'switch', '-q', 'main');
    git(repository, 'merge', '-q', '--no-ff', '-m', `merge: ${'x'.repeat(80)}`, 'side');
    expect(check().exitCode).toBe(1);
  });

  test('are not checked in a shallow clone, which does not show what is new', async () => {
    await release('0.1.0');
    commit(long);
    const clone = join(folder.path, 'clone');
    git(folder.path, 'clone', '-q', '--depth', '1', pathToFileURL(repository).href, clone);
    expect(check(clone)).toMatchObject({ exitCode: 0, said: expect.stringContaining('shallow') });
  });

  test('are nobody’s business where there is no git, no history, or no commit', async () => {
    expect(check()).toMatchObject({ exitCode: 0, said: 'There are no commits yet: nothing to check.\n' });
    await release('0.1.0', long);
    const nothing = { exitCode: 0, said: 'There is no git history here: nothing to check.\n' };
    expect(check(repository, { ...environment(), PATH: folder.path })).toEqual(nothing);
    expect(check(folder.path)).toEqual(nothing);
  });
});
