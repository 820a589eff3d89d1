import { existsSync } from 'node:fs';
import { readArguments } from '#shared/read-arguments.ts';

readArguments({
  usage: `Usage: npm run check-commits

Fails if a commit since the last version has a subject of more than 72 characters.`,
});

/** Fails where a commit since the last version has a subject that is too long. What is older is history. */
const mostCharacters = 72;

interface Commit {
  hash: string;
  parents: string[];
  subject: string;
}

if (!existsSync('.git') || Bun.which('git') === null) pass('There is no git history here: nothing to check.');
if (git('rev-list', '--all', '--max-count=1') === '') pass('There are no commits yet: nothing to check.');
if (git('rev-parse', '--is-shallow-repository') === 'true')
  pass('This clone is shallow, so it does not show which commits are new: nothing to check.');

const { version } = JSON.parse(git('show', 'HEAD:package.json')) as { version: string };
const [release] = git('log', '--format=%H', '-S', `"version": "${version}"`, '--', 'package.json').split(
  '\n',
);
if (!release) fail(`No commit brings version ${version} into package.json, so nobody knows where to begin.`);

const long = commitsSince(release).filter(
  (commit) => lengthOf(commit) > mostCharacters && !isGitsOwn(commit),
);
if (long.length === 0)
  pass(`Every subject since version ${version} has at most ${mostCharacters} characters.`);
for (const commit of long)
  console.error(`${commit.hash.slice(0, 10)} (${lengthOf(commit)} characters): ${commit.subject}`);
fail(
  `A subject may have ${mostCharacters} characters. Shorten it with "git commit --amend" or "git rebase -i", and put the why in the body.`,
);

/** From `first` on, itself among them. */
function commitsSince(first: string): Commit[] {
  const format = '--format=%H%n%P%n%s';
  const lines = git('log', '-z', format, 'HEAD', '--not', `${first}^@`).split('\0');
  return lines.map((entry) => {
    const [hash = '', parents = '', subject = ''] = entry.split('\n');
    return { hash, parents: parents.split(' ').filter((parent) => parent !== ''), subject };
  });
}

function lengthOf({ subject }: Commit): number {
  return [...subject].length;
}

/** Git repeats the whole subject of what it reverts, and hosts name whole branches in merges: nobody chose those words. */
function isGitsOwn({ parents, subject }: Commit): boolean {
  return /^(Revert|Reapply) "/.test(subject) || (parents.length > 1 && subject.startsWith('Merge '));
}

function git(...args: string[]): string {
  const settings = ['-c', 'log.showSignature=false', '-c', 'i18n.logOutputEncoding=UTF-8'];
  const { exitCode, stdout, stderr } = Bun.spawnSync(['git', ...settings, ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
  });
  if (exitCode !== 0) fail(`git ${args[0]} failed: ${stderr.toString().trim()}`);
  return stdout.toString().trim();
}

function pass(sentence: string): never {
  console.log(sentence);
  process.exit(0);
}

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
