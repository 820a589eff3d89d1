#!/usr/bin/env bash
# Replaces what runs by the version in this folder, while the service goes on answering: builds the image, migrates, starts
# new containers beside the old ones (as many as API_COUNT and WORKER_COUNT say), and ends the old ones one by one.
# With --stop it stops everything first: for a version that changes PostgreSQL, Redis or the proxy itself. Volumes stay.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stop=
case "$*" in
  '') ;;
  --stop) stop=1 ;;
  *) sed -n '2,4s/^# //p' "scripts/$(basename "${BASH_SOURCE[0]}")"; echo 'Usage: scripts/upgrade.sh [--stop]'; exit 2 ;;
esac
say() { printf '== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

exec 9<docker-compose.yml
flock -n 9 || fail 'Another upgrade is under way in this folder.'
# Names every setting that is missing in .env.
docker compose config --quiet

# Longer than the proxy keeps the addresses that it looked up, and than a bad process needs to end.
settleSeconds=3
containers() { docker compose ps --all --quiet "$1"; }

# Services whose containers were made from another definition than the one in this folder.
changed() {
  local service is wanted
  for service in "$@"; do
    wanted=$(docker compose config --hash "$service")
    for container in $(containers "$service"); do
      is=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$container")
      [ "$wanted" = "$service $is" ] || { echo "$service"; break; }
    done
  done
}

# Until a container is healthy, or, where it has no health check, still runs after a while.
isWell() {
  local state second
  for second in $(seq 90); do
    state=$(docker inspect --format '{{.State.Running}} {{.RestartCount}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' "$1")
    case $state in
      'true 0 healthy') return 0 ;;
      'true 0 none') [ "$second" -le "$settleSeconds" ] || return 0 ;;
      'true 0 starting') ;;
      *) return 1 ;;
    esac
    sleep 1
  done
  return 1
}

added() { comm -13 <(sort <<<"$2") <(containers "$1" | sort); }

# As many as .env says.
wanted() { docker compose config | awk -v service="  $1:" '$0 == service { on = 1; next } on && /^  [^ ]/ { exit } on && /replicas:/ { print $2 }'; }

# New containers of a service beside the old ones; when they are well the old ones end, one by one.
roll() {
  local service=$1 old container count
  old=$(containers "$service")
  count=$(wanted "$service")
  say "$service: $count new beside $(wc -w <<<"$old") old"
  # Not with --no-deps: compose would take the containers for others than those of a plain `up`, and replace them then.
  docker compose up --detach --no-recreate --scale "$service=$(($(wc -w <<<"$old") + count))" "$service" || undo "$service" "$old"
  for container in $(added "$service" "$old"); do isWell "$container" || undo "$service" "$old"; done
  # Until the proxy knows the new ones.
  [ "$service" != api ] || sleep "$settleSeconds"
  for container in $old; do
    docker stop "$container" >/dev/null
    docker rm "$container" >/dev/null
  done
}

undo() {
  local container
  for container in $(added "$1" "$2"); do
    docker logs --tail 20 "$container" >&2 || true
    docker rm --force "$container" >/dev/null
  done
  fail "The new $1 does not run (its last lines are above): it was taken away, and the old one goes on."
}

say 'the image'
# One image for all.
docker compose build --quiet api

if [ -n "$stop" ] || [ -z "$(docker compose ps --quiet)" ]; then
  say 'stopping everything, and starting it anew'
  docker compose down
  # It ends when the API is healthy and the proxy stands before it.
  exec docker compose up --detach
fi

differing=$(changed postgres redis proxy)
[ -z "$differing" ] || fail "This version runs these otherwise: $(tr '\n' ' ' <<<"$differing")
They cannot be replaced while they serve. Nothing was changed. Run: scripts/upgrade.sh --stop
(the service is away for about half a minute; data and volumes stay)."

say 'the schema'
docker compose up --detach migrate
migrated=$(docker wait "$(containers migrate)")
docker compose logs --no-log-prefix --tail 5 migrate
[ "$migrated" = 0 ] || fail 'The schema could not be migrated: nothing else was changed, and the old version goes on.'
roll worker
roll api
say 'the proxy: its configuration, without a restart'
# Not while it still tries addresses that are gone: a request that it tries anew would be lost.
sleep "$settleSeconds"
docker compose exec -T proxy caddy reload --config /etc/caddy/Caddyfile --adapter caddyfile --address unix//run/caddy/admin.sock
say 'done'
docker compose ps --format 'table {{.Name}}\t{{.Status}}'
