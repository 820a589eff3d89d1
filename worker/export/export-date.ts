const dayMs = 86_400_000;
/** TMDb has the day's file ready by then. */
const readyHourUtc = 8;

/** The days (`YYYY-MM-DD`, newest first) whose id export may be there: today's from 08:00 UTC on, else older ones. */
export function exportDates(now: Date, tries = 3): string[] {
  const newest = now.getUTCHours() >= readyHourUtc ? now.getTime() : now.getTime() - dayMs;
  return Array.from({ length: tries }, (_, back) =>
    new Date(newest - back * dayMs).toISOString().slice(0, 10),
  );
}
