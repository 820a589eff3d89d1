import { fileURLToPath } from 'node:url';
import { readOnce } from '../http/answers/read-once.ts';

interface Asset {
  type: string;
  read: () => Promise<Uint8Array<ArrayBuffer>>;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

const ownFile = (name: string) => fileURLToPath(new URL(`./assets/${name}`, import.meta.url));
const assetOf = (type: string, path: string): Asset => ({ type, read: readOnce(path) });

/** What the pages of whoever is signed in load: ours, and the plotting library's from its package. */
export function consoleAssets(): ReadonlyMap<string, Asset> {
  const packaged = (name: string) => fileURLToPath(import.meta.resolve(`uplot/dist/${name}`));
  return new Map([
    ['console.js', assetOf(script, ownFile('console.js'))],
    ['uplot.js', assetOf(script, packaged('uPlot.iife.min.js'))],
    ['uplot.css', assetOf(style, packaged('uPlot.min.css'))],
  ]);
}

/** The one thing that whoever is about to sign in needs, too. */
export const styleSheet = readOnce(ownFile('console.css'));
