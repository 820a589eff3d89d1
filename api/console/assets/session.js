/** What somebody who is signed in was shown goes away with the session: in other tabs, and without a network, too. */
const lookEveryMs = 60_000;
/** So often nobody answers before it counts as over. */
const mostMissed = 5;
let missed = 0;

/** Also where the sign-in page cannot be reached: what the browser shows then is not ours. */
const leave = () => location.replace(`/admin/sign-in?next=${encodeURIComponent(location.pathname)}`);

/** Does not count as use. */
async function look(counts) {
  const answer = await fetch('/admin/assets/session.js', { method: 'HEAD', cache: 'no-store' }).catch(
    () => undefined,
  );
  if (answer !== undefined) missed = 0;
  else if (counts) missed += 1;
  if (answer?.status === 401 || answer?.status === 403 || missed >= mostMissed) leave();
}

setInterval(() => look(true), lookEveryMs);
document.addEventListener('visibilitychange', () => document.hidden || look(false));
addEventListener('pageshow', ({ persisted }) => persisted && look(false));
