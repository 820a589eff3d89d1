# In mount and process namespaces of its own (see scripts/rehearse-containers.sh): brings up the engine and makes the checks.
# Usage: rehearse.sh <project> <cgroup slice>
set -euo pipefail
project=$1 slice=$2
here=$project/scripts/containers
. "$here/cgroups.sh"

step() { printf '[%3ss] %s\n' "$SECONDS" "$*"; }
failures=0
check() {
  if [ "$2" = "$3" ]; then echo "  ok   $1"; return; fi
  echo "  FAIL $1: '$2', not '$3'"
  failures=$((failures + 1))
}

# In memory, and in our mounts alone: /mnt stays as it is for everybody else.
scratch=/mnt
mount -t tmpfs -o mode=755 tmpfs "$scratch"
mkdir -p "$scratch"/{box,shared/{app,stand-ins,sandbox}}
shared=$scratch/shared

. "$here/make-engine.sh"
. "$here/check-composition.sh"

step "done, $failures failed"
[ "$failures" = 0 ]
