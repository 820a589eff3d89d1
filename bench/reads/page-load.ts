import { speakWithParent } from '../child-program.ts';
import { percentile } from '../statistics.ts';

/** Pages of a frontend at a fixed rate: whoever is answered late does not come later because of that. */
export interface PageOrder {
  url: string;
  /** Asked for at once; a page is there when all are. */
  paths: readonly string[];
  headers: Record<string, string>;
  perSecond: number;
  pages: number;
}

/** From when a page was due, so that waiting counts. */
export interface PageFigures {
  p50Ms: number;
  p99Ms: number;
  /** Of the last page. */
  lateMs: number;
}

async function loadPages({ url, paths, headers, perSecond, pages }: PageOrder): Promise<PageFigures> {
  const startMs = performance.now() + 20;
  const waits = new Float64Array(pages);
  const ask = async (path: string) => {
    const answer = await fetch(`${url}${path}`, { headers });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    await answer.arrayBuffer();
  };
  const open: Promise<void>[] = [];
  for (let page = 0; page < pages; page++) {
    const dueMs = startMs + (page * 1000) / perSecond;
    const early = dueMs - performance.now();
    if (early > 0) await Bun.sleep(early);
    const load = async () => {
      await Promise.all(paths.map(ask));
      waits[page] = performance.now() - dueMs;
    };
    open.push(load());
  }
  await Promise.all(open);
  return { lateMs: waits.at(-1) ?? 0, p50Ms: percentile(waits, 0.5), p99Ms: percentile(waits, 0.99) };
}

if (import.meta.main) speakWithParent('up', (order) => loadPages(order as PageOrder));
