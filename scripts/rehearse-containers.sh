#!/usr/bin/env bash
# Builds our image and runs our docker-compose.yml, both unchanged, on a real Docker engine in namespaces of its own, and tries
# what docs/operations/deploy.md promises: about three minutes. Nothing of it outlives this script, however it ends, and nothing
# outside its namespaces changes. Needs Linux, root, mmdebstrap, slirp4netns, installed packages and a Debian mirror.
# REQUIRE_CONTAINERS=1 makes it fail where it cannot run; elsewhere it says so and is skipped.
set -euo pipefail
usage='Usage: npm run rehearse-containers [-- --fetch]
--fetch  only fetches the packages of the engine, into the folder REHEARSAL_CACHE, where the next run finds them'
fetches=
case "$*" in
  '') ;;
  --fetch) fetches=1 ;;
  -h | --help) sed -n '2,5s/^# //p' "$0"; echo "$usage"; exit 0 ;;
  *) echo "$usage" >&2; exit 2 ;;
esac
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$project/scripts/containers

cannot() {
  echo "!! THE CONTAINERS ARE NOT TRIED: $*" >&2
  [ "${REQUIRE_CONTAINERS:-}" != 1 ] || exit 1
  exit 0
}
[ "$(uname -sm)" = 'Linux x86_64' ] || cannot 'this needs Linux on x86-64'
[ "$(id -u)" = 0 ] || cannot 'this needs root'
for program in mmdebstrap slirp4netns nsenter unshare git; do
  command -v "$program" >/dev/null || cannot "this needs $program"
done
[ -x "$project/node_modules/bun/bin/bun.exe" ] || cannot 'the packages are not installed (npm start)'
unshare --mount --net --pid --ipc --uts --cgroup --fork true 2>/dev/null || cannot 'this machine lets nobody make namespaces'

if [ -n "$fetches" ]; then
  : "${REHEARSAL_CACHE:?the folder for the packages}"
  mkdir -p "$REHEARSAL_CACHE"
  # Whatever it has started ends with it.
  exec unshare --mount --propagation private --pid --mount-proc --fork --kill-child \
    bash -c 'mount -t tmpfs -o mode=755 tmpfs /mnt && TMPDIR=/mnt exec bash "$@"' _ "$here/fetch-packages.sh" "$REHEARSAL_CACHE"
fi

# The engine's own branch of each cgroup hierarchy: the one thing that no namespace takes along when it ends.
slice=nexus-rehearsal-$$
. "$here/cgroups.sh"

# Outlives this script by a moment: when the pipe closes, because we ended or were killed, it ends what is left.
exec 9> >(
  trap '' INT TERM HUP
  exec >/dev/null 2>&1
  read -r inner <&0 || true
  cat
  [ -z "$inner" ] || kill -KILL "$inner" || true
  for _ in $(seq 50); do remove_cgroups "$slice" && break; sleep 0.2; done
)
make_cgroups "$slice"

# Its mounts and processes end with it.
unshare --mount --propagation private --pid --mount-proc --fork --kill-child \
  bash "$here/rehearse.sh" "$project" "$slice" 9>&- &
inner=$!
echo "$inner" >&9
trap 'kill -KILL "$inner" 2>/dev/null || true' EXIT
trap 'exit 143' TERM INT HUP
status=0
wait "$inner" || status=$?
exit "$status"
