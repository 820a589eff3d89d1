# Debian 13's packages of the engine and of the stand-ins, with all that they need, as archives in a folder. What is there stays.
# Usage: fetch-packages.sh <folder>
set -euo pipefail
folder=$1
mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | grep -E '^URIs:|^deb ' | grep -oE 'https?://[^ ]+' | sed -n 1p || true)
mirror=${mirror:-http://deb.debian.org/debian}

fetch() {
  local name=$1 variant=$2 packages=$3
  [ ! -s "$folder/$name.tar" ] || return 0
  # Under its own name only when it is whole.
  rm -f "$folder/$name.part"
  mmdebstrap --quiet --format=tar --variant="$variant" --include="$packages" trixie "$folder/$name.part" "deb $mirror trixie main" \
    2>"$folder/$name.log" || { rm -f "$folder/$name.part"; cat "$folder/$name.log" >&2; return 1; }
  mv "$folder/$name.part" "$folder/$name.tar"
}

# Set up as installed packages are; the others are only unpacked, which is much faster and enough for them.
fetch base essential ca-certificates & base=$!
fetch services extract redis-server,caddy,busybox,libcap2-bin & services=$!
fetch engine extract docker.io,docker-cli,docker-compose,docker-buildx,mount,iptables,iproute2,procps,curl,tini,jq & engine=$!
wait $base && wait $services && wait $engine
