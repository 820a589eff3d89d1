import { fileURLToPath } from 'node:url';
import { type SharedFile, sharedFile } from '../http/answers/shared-file.ts';

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

const ownFile = (name: string) => fileURLToPath(new URL(`./assets/${name}`, import.meta.url));

/** The files that signed-in pages load: our own, and those of the plotting library. */
export function consoleAssets(): ReadonlyMap<string, SharedFile> {
  const packaged = (name: string) => fileURLToPath(import.meta.resolve(`uplot/dist/${name}`));
  return new Map([
    ['console.js', sharedFile(script, ownFile('console.js'))],
    ['board.js', sharedFile(script, ownFile('board.js'))],
    ['session.js', sharedFile(script, ownFile('session.js'))],
    ['uplot.js', sharedFile(script, packaged('uPlot.iife.min.js'))],
    ['uplot.css', sharedFile(style, packaged('uPlot.min.css'))],
  ]);
}

/** The one file that the sign-in page needs, too. */
export const styleSheet = sharedFile(style, ownFile('console.css'));
