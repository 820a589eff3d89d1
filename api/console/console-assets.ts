import { fileURLToPath } from 'node:url';
import { type SharedFile, sharedFile } from '../http/answers/shared-file.ts';

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

const ownFile = (name: string) => fileURLToPath(new URL(`./assets/${name}`, import.meta.url));

/** What the pages of whoever is signed in load: ours, and the plotting library's from its package. */
export function consoleAssets(): ReadonlyMap<string, SharedFile> {
  const packaged = (name: string) => fileURLToPath(import.meta.resolve(`uplot/dist/${name}`));
  return new Map([
    ['console.js', sharedFile(script, ownFile('console.js'))],
    ['uplot.js', sharedFile(script, packaged('uPlot.iife.min.js'))],
    ['uplot.css', sharedFile(style, packaged('uPlot.min.css'))],
  ]);
}

/** The one thing that whoever is about to sign in needs, too. */
export const styleSheet = sharedFile(style, ownFile('console.css'));
