# A new version comes and goes while requests are made. Read by check-composition.sh.
begin_load() {
  nsenter -t "$init" -n -- "$project/node_modules/bun/bin/bun.exe" "$here/load.ts" \
    http://127.0.0.1:3000/health/ready http://127.0.0.1:3000/health/live 'http://127.0.0.1:3000/api/movies/trending?limit=1' >"$scratch/load.json" &
  loading=$!
}
end_load() {
  kill -TERM "$loading"
  wait "$loading"
  asked=$(jq_inside -r .asked <"$scratch/load.json") lost=$(jq_inside -r .lost <"$scratch/load.json")
  [ "$lost" = 0 ] || cat "$scratch/load.json" "$scratch/upgrade.log"
}
ids() { dc ps -q api worker | sort | tr '\n' ' '; }
stores() { dc ps -q postgres redis proxy | sort | tr '\n' ' '; }
upgrade() { in_app scripts/upgrade.sh "$@" >"$scratch/upgrade.log" 2>&1 || { cat "$scratch/upgrade.log"; echo '  FAIL the upgrade'; failures=$((failures + 1)); }; }
kept() { comm -12 <(tr ' ' '\n' <<<"$1" | sort) <(tr ' ' '\n' <<<"$2" | sort) | grep -c . || true; }

step 'a new version, with a migration, under load'
old=$(ids) old_stores=$(stores)
cp "$app/docs/operations/Caddyfile" "$scratch/Caddyfile"
cat >"$app/migrations/Migration20990101000000_rehearsal.ts" <<'IN'
import { Migration } from '@mikro-orm/migrations';

export class Migration20990101000000_rehearsal extends Migration {
  override up(): void {
    this.addSql('create table rehearsal (id int primary key)');
  }
}
IN
sed -i 's/"version": ".*"/"version": "99.0.0"/' "$app/package.json"
sed -i 's/^\t@https protocol https/\theader X-Rehearsal new\n&/' "$app/docs/operations/Caddyfile"
begin_load
upgrade
end_load
check "no request is lost (of $asked)" "$lost" 0
check 'enough were made' "$((asked > 200))" 1
check 'all API processes and workers are new' "$(kept "$old" "$(ids)")" 0
check 'as many as before' "$(counts)" '2 2'
check 'of the new version' "$(in_app docker compose exec -T api grep -o '"version": "[^"]*"' package.json)" '"version": "99.0.0"'
check 'the ordinary role may use the new table' "$(as_role 'insert into rehearsal values (1) returning id')" '[{"id":1}]'
check 'the proxy has its new configuration' "$(inside curl -s -D - -o /dev/null http://127.0.0.1:3000/health/live | grep -c '^X-Rehearsal: new' || true)" 1
check 'stores and proxy are the same containers' "$(stores)" "$old_stores"
new=$(ids)
dc up -d >/dev/null 2>&1
check '`up -d` without --scale keeps the counts and the containers' "$(counts) $(ids)" "2 2 $new"

step 'the way back, under load'
rm "$app/migrations/Migration20990101000000_rehearsal.ts"
cp "$project/package.json" "$app/package.json"
cp "$scratch/Caddyfile" "$app/docs/operations/Caddyfile"
begin_load
upgrade
end_load
check "no request is lost (of $asked)" "$lost" 0
check 'the old version runs over the newer schema' "$(kept "$new" "$(ids)") $(counts) $(status '/api/movies/trending?limit=1')" '0 2 2 200'

step 'a version that does not run'
now=$(ids)
sed -i "1i throw new Error('this version does not run');" "$app/worker/main.ts"
check 'is taken away again, with a sentence' "$(in_app scripts/upgrade.sh 2>&1 | grep -c '^The new worker does not run' || true) $(ids) $(status /health/ready)" "1 $now 200"
cp "$project/worker/main.ts" "$app/worker/main.ts"

step 'a version that changes a store'
sed -i 's/384mb/385mb/' "$app/docker-compose.yml"
now=$(ids)
check 'is refused without --stop, with a sentence that names it' "$(in_app scripts/upgrade.sh 2>&1 | grep -c 'runs these otherwise: redis' || true) $(ids)" "1 $now"
cp "$project/docker-compose.yml" "$app/docker-compose.yml"
