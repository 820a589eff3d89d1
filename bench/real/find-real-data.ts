import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordFiles } from './read-files.ts';

const usualFolder = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** The folder of real records, where there is one: `NEXUS_REAL_DATA`, else the one beside the project. */
export function findRealData(environment: Record<string, string | undefined>): string | undefined {
  const folder = resolve(environment.NEXUS_REAL_DATA || usualFolder);
  return recordFiles.every((file) => existsSync(join(folder, file))) ? folder : undefined;
}
