/* global uPlot */
const refreshEveryMs = 10_000;
const plotHeight = 200;
const plots = new Map();

/** What the style sheet says at the moment: light or dark. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 16);

function draw(holder) {
  const id = holder.dataset.plot;
  const data = JSON.parse(document.getElementById(`plot-data-${id}`).textContent);
  plots.get(id)?.destroy();
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line') },
    ticks: { stroke: colour('--line') },
  };
  const line = (label, name, fill) => ({
    label,
    stroke: colour(name),
    width: 2,
    points: { show: false },
    fill,
  });
  const settings = {
    width: holder.clientWidth,
    height: plotHeight,
    cursor: { y: false },
    scales: {
      y: { range: (plot) => [0, topOf(plot.data)] },
      ms: { range: (_, __, max) => [0, Math.max(100, 1.1 * (max ?? 0))] },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map(clock) },
      { ...axis, size: 56 },
      {
        ...axis,
        scale: 'ms',
        side: 1,
        size: 64,
        grid: { show: false },
        values: (_, ticks) => ticks.map((ms) => `${ms} ms`),
      },
    ],
    // UTC, as everywhere on the page.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    series: [
      { label: 'time', value: (_, seconds) => (seconds === null ? '--' : `${clock(seconds)} UTC`) },
      line('calls', '--accent', `color-mix(in srgb, ${colour('--accent')} 15%, transparent)`),
      line('throttled', '--warn'),
      line('failed', '--bad'),
      { ...line('average wait (ms)', '--good'), scale: 'ms', width: 1.5, spanGaps: true, points: {} },
      { ...line('allowed', '--quiet'), dash: [8, 6] },
    ],
  };
  plots.set(id, new uPlot(settings, data, holder));
}

/** Shows the allowed rate only if the calls come near it. Otherwise it would flatten their curve. */
function topOf([, calls, , , , [allowed]]) {
  const peak = Math.max(5, ...calls);
  return 1.05 * (allowed !== null && peak > allowed / 5 ? Math.max(peak, allowed) : peak);
}

const drawAll = () => document.querySelectorAll('[data-plot]').forEach(draw);

/** The page as it would be now, with the runs that are chosen. */
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(`/admin${location.search}`, {
    headers: { accept: 'text/html' },
    redirect: 'error',
  }).catch(() => undefined);
  if (answer?.ok) takeOver(await pageOf(answer));
}

const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html');

/** Whatever only shows something is replaced; what one is in the middle of stays. */
function takeOver(fresh) {
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next === null || part.contains(document.activeElement) || part.querySelector('details[open]'))
      continue;
    if (next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
  }
  for (const [id, plot] of plots) {
    const data = fresh.getElementById(`plot-data-${id}`);
    if (data === null) continue;
    document.getElementById(`plot-data-${id}`).textContent = data.textContent;
    plot.setData(JSON.parse(data.textContent));
  }
}

let soon;
function refreshSoon() {
  if (soon !== undefined) return;
  soon = setTimeout(() => {
    soon = undefined;
    refresh();
  }, 300);
}

const states = new Map();

function show(run) {
  const job = document.querySelector(`[data-job="${CSS.escape(run.job)}"]`);
  if (job !== null) {
    job.querySelector('[data-progress]').value = run.progress;
    job.querySelector('[data-state]').textContent =
      `${run.status}, ${run.counts.seen.toLocaleString('en')} seen`;
  }
  const row = document.querySelector(`[data-run="${CSS.escape(run.id)}"]`)?.closest('tr');
  const badge = row?.querySelector('.badge');
  const before = states.get(run.id) ?? badge?.textContent;
  states.set(run.id, run.status);
  if (row) {
    row.querySelector('progress').value = run.progress;
    badge.textContent = run.status;
    badge.className = `badge ${run.status}`;
    for (const count of row.querySelectorAll('[data-count]'))
      count.textContent = run.counts[count.dataset.count].toLocaleString('en');
  }
  if (before === run.status) return;
  // Said once, not with every step: a screen reader reads it out.
  if (before !== undefined) {
    const said = document.getElementById('said');
    said.textContent = `${run.job}: ${run.status}.`;
    said.className = run.status === 'succeeded' ? 'notice' : 'notice undone';
  }
  refreshSoon();
}

/** Asked for without leaving the page: the focus and the place stay where they are. */
async function send(form) {
  const button = form.querySelector('button');
  button.setAttribute('aria-busy', 'true');
  const answer = await fetch(form.action, { method: 'POST', headers: { accept: 'text/html' } }).catch(
    () => undefined,
  );
  button.removeAttribute('aria-busy');
  // Signed out, or something that the answer itself must say.
  if (answer?.ok !== true || new URL(answer.url).pathname !== '/admin') return form.submit();
  const fresh = await pageOf(answer);
  const said = document.getElementById('said');
  const next = fresh.getElementById('said');
  said.className = next.className;
  said.textContent = next.textContent;
  form.closest('details.ask')?.removeAttribute('open');
  takeOver(fresh);
}

document.addEventListener('submit', (event) => {
  const { pathname } = new URL(event.target.action);
  if (event.target.method !== 'post' || !/^\/admin\/(sync|failures)\//.test(pathname)) return;
  event.preventDefault();
  send(event.target);
});

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
new ResizeObserver(() => {
  for (const [id, plot] of plots) {
    const { clientWidth } = document.querySelector(`[data-plot="${id}"]`);
    if (clientWidth !== plot.width) plot.setSize({ width: clientWidth, height: plotHeight });
  }
}).observe(document.querySelector('main'));

const events = new EventSource('/admin/events');
events.addEventListener('run', (event) => show(JSON.parse(event.data)));
setInterval(refresh, refreshEveryMs);
document.addEventListener('visibilitychange', refresh);
