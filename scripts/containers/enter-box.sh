# The first process of the engine's namespaces: makes the box its root, starts the engine, and waits.
set -eu
box=$1 shared=$2
mount --bind "$box" "$box"
cd "$box"
mkdir -p rehearsal old
mount -t proc proc proc
mount -t sysfs sysfs sys
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  # A group with processes of its own hands nothing on.
  mkdir sys/fs/cgroup/engine
  echo $$ >sys/fs/cgroup/engine/cgroup.procs
  for name in $(cat sys/fs/cgroup/cgroup.controllers); do echo "+$name" >sys/fs/cgroup/cgroup.subtree_control || true; done
else
  mount -t tmpfs tmpfs sys/fs/cgroup
  for name in cpu cpuacct cpuset memory devices freezer blkio pids; do
    mkdir "sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "sys/fs/cgroup/$name"
  done
  mkdir sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount --bind "$shared" rehearsal
echo 'nameserver 10.0.2.3' >etc/resolv.conf
pivot_root . old
umount -l /old
ip link set lo up
dockerd >/var/log/dockerd 2>&1 &
exec tini -- sleep infinity
