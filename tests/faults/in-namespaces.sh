#!/usr/bin/env bash
# Two hosts that are network namespaces, 10.77.0.1 and 10.77.0.2: runs the given command on the first, with FAR_HOST,
# the process whose namespace is the second. Called inside `unshare`, so that nothing of this machine changes.
set -euo pipefail
ip link set lo up
# The second host lives as long as this sleeps.
unshare --net sleep 600 &
far=$!
trap 'kill "$far" 2>/dev/null || true' EXIT
for _ in $(seq 200); do
  [ "$(readlink "/proc/$far/ns/net")" != "$(readlink /proc/self/ns/net)" ] && break
  sleep 0.05
done
ip link add near type veth peer name far netns "/proc/$far/ns/net"
ip addr add 10.77.0.1/24 dev near
ip link set near up
on_far() { nsenter --net="/proc/$far/ns/net" "$@"; }
on_far ip addr add 10.77.0.2/24 dev far
on_far ip link set far up
on_far ip link set lo up
FAR_HOST=$far "$@"
