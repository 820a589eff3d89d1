import { open, readFile, stat, truncate } from 'node:fs/promises';
import { errorCodeOf } from './error-code.ts';

const maxBytes = 10 * 1024 * 1024;

/** Makes the log 0600, or empties one grown too long; the server appends, so that is safe while it runs. */
export const prepareLog = async (path: string): Promise<void> => {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
    if ((await stat(path)).size > maxBytes) await truncate(path);
  }
};

/** Its last lines, for the message of a start that failed. */
export const tailOfLog = async (path: string): Promise<string> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
};
