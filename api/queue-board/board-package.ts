import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const boardPath = '/admin/queues';

/** Where the dashboard's pages come from: its package on this machine. */
export const boardPackage = dirname(fileURLToPath(import.meta.resolve('@bull-board/ui/package.json')));

const staticFolder = join(boardPackage, 'dist/static');

/** Every file that the page may load, by its name under `static/`: only what is in this list is served. */
export function boardAssets(): ReadonlyMap<string, string> {
  const names = [...new Bun.Glob('**/*.{js,css,svg,png,ico,json}').scanSync({ cwd: staticFolder })];
  return new Map(names.map((name) => [name, join(staticFolder, name)]));
}

/** Before all others. */
const stand = '<script defer src="/admin/assets/board.js" data-stand="<%= basePath %>"></script>';

/**
 * The page as its package has it, less the fonts that it would load from elsewhere. It leaves when the session is over,
 * as the pages of the console do.
 */
export async function readBoardPage(values: Record<string, string>): Promise<string> {
  const page = await Bun.file(join(boardPackage, 'dist/index.ejs')).text();
  return page
    .replace(/<link href="https:[^>]*>/g, '')
    .replace(/<base .*\/>\n?/, '')
    .replace('<script defer', `${stand}$&`)
    .replace('</body>', '<script defer src="/admin/assets/session.js"></script>$&')
    .replace(/<%([-=]) *(\w+) *%>/g, (_, kind: string, name: string) =>
      kind === '-' ? (values[name] ?? '') : Bun.escapeHTML(values[name] ?? ''),
    )
    .replace(/(href|src)="static\//g, `$1="${boardPath}/static/`);
}
