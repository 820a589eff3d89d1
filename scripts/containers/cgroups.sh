# Read by others: makes and removes a branch of the control groups, of either version.
cgroup_roots() {
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then echo /sys/fs/cgroup; return; fi
  for name in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
    [ ! -d "/sys/fs/cgroup/$name" ] || echo "/sys/fs/cgroup/$name"
  done
}

make_cgroups() {
  local root file
  for root in $(cgroup_roots); do
    mkdir "$root/$1"
    for file in cpuset.cpus cpuset.mems; do
      [ "${root##*/}" != cpuset ] || cat "$root/$file" >"$root/$1/$file"
    done
  done
}

# The calling process, and what it starts from now on.
enter_cgroups() {
  for root in $(cgroup_roots); do echo "$BASHPID" >"$root/$1/cgroup.procs"; done
}

remove_cgroups() {
  local root left=0
  for root in $(cgroup_roots); do
    find "$root/$1" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ ! -d "$root/$1" ] || left=1
  done
  return "$left"
}
