# Who reaches the service, and as whom. Read by check-composition.sh.
# Two callers in a network beside this host, with IPv4 and IPv6.
inside sh -c '
  set -e
  ip link add callers type bridge
  ip addr add 10.9.0.1/24 dev callers
  ip -6 addr add fd09::1/64 dev callers nodad
  ip link set callers up
  for i in 2 3; do
    ip netns add caller$i
    ip link add caller$i type veth peer name eth0 netns caller$i
    ip link set caller$i master callers up
    ip -n caller$i addr add 10.9.0.$i/24 dev eth0
    ip -n caller$i -6 addr add fd09::$i/64 dev eth0 nodad
    ip -n caller$i link set eth0 up
    ip -n caller$i link set lo up
  done'
# What a caller gets: the status, or curl's own code (7: refused).
call() {
  local who=$1
  shift
  inside ip netns exec "caller$who" curl -sk -o /dev/null -m 5 -w '%{http_code}' "$@" || echo " $?"
}

step 'without SITE_ADDRESS'
check 'other machines get nothing' "$(call 2 http://10.9.0.1:3000/health/live) $(call 2 'http://[fd09::1]:3000/health/live') $(call 2 http://10.9.0.1:3443/)" '000 7 000 7 000 7'

step 'with SITE_ADDRESS'
printf '%s\n' SITE_ADDRESS=localhost PROXY_TRUSTS=172.30.0.1 >>"$app/.env"
dc up -d proxy >/dev/null 2>&1
https() { call "$1" --resolve "localhost:3443:$2" "https://localhost:3443$3"; }
for _ in $(seq 40); do [ "$(https 2 10.9.0.1 /health/live)" = 200 ] && break; sleep 0.25; done
check 'they are answered over HTTPS' "$(https 2 10.9.0.1 /health/live)" 200
check 'with HSTS' "$(inside curl -sk -D - -o /dev/null --resolve localhost:3443:127.0.0.1 https://localhost:3443/health/live | tr -d '\r' | grep -i '^strict-transport-security')" 'strict-transport-security: max-age=31536000; includeSubDomains'
check 'HTTP leads people there, and no program' "$(call 2 -H 'Host: localhost' -H 'Accept: text/html' http://10.9.0.1:3080/) $(call 2 -H 'Host: localhost' http://10.9.0.1:3080/)" '308 403'
check 'a caller over IPv6 is refused, not counted as somebody else' "$(https 2 '[fd09::1]' /health/live)" '000 7'
inside ip netns exec caller2 curl -sk -o /dev/null -w '%{http_code}\n' --parallel --parallel-max 20 --resolve localhost:3443:10.9.0.1 'https://localhost:3443/api/movies/trending?limit=1#[1-400]' >"$scratch/greedy" || true
check 'who asks too much is refused' "$(($(grep -c 429 "$scratch/greedy") > 50))" 1
check 'others are not' "$(https 3 10.9.0.1 '/api/movies/trending?limit=1')" 200
# This host's own proxy: its calls come from the bridge.
forwarded() { inside curl -sk -o /dev/null -m 5 -w '%{http_code}' -H "X-Forwarded-For: $1" --resolve localhost:3443:127.0.0.1 'https://localhost:3443/api/movies/trending?limit=1'; }
check 'a proxy that is named says who calls, and no other caller does' "$(forwarded 10.9.0.2) $(forwarded 10.9.0.9) $(call 2 -H 'X-Forwarded-For: 10.9.0.9' --resolve localhost:3443:10.9.0.1 'https://localhost:3443/api/movies/trending?limit=1')" '429 200 429'
sed -i '/^SITE_ADDRESS/d; /^PROXY_TRUSTS/d' "$app/.env"
dc up -d proxy >/dev/null 2>&1
