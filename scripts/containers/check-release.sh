# The composition of an older release, filled, becomes this one. Read by check-composition.sh.
step "a release of before ($REHEARSAL_FROM)"
cp "$app/.env" "$scratch/env"
find "$app" -mindepth 1 -delete
git -C "$project" archive "$REHEARSAL_FROM" | tar -x -C "$app"
cp "$scratch/env" "$app/.env"
dc build --quiet
dc up -d --pull never --scale api=2 >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log"; dc logs --no-color | tail -n 80; exit 1; }
check 'is filled' "$(until_status '/api/movies/trending?limit=1' 200)" 200
account() { inside curl -s -o /dev/null -m 10 -w '%{http_code}' -H 'Content-Type: application/json' -d "$2" "http://127.0.0.1:3000/api/auth/$1"; }
check 'has an account' "$(account register '{"name":"Ada","email":"ada@example.org","password":"a horse of its own"}')" 201

step 'its upgrade'
find "$app" -mindepth 1 -delete
copy_project
cp "$scratch/env" "$app/.env"
sed -i '/^REDIS_PASSWORD/d' "$app/.env"
check 'a setting that is missing is named' "$(in_app scripts/upgrade.sh 2>&1 | grep -o 'set REDIS_PASSWORD in .env' | uniq)" 'set REDIS_PASSWORD in .env'
cp "$scratch/env" "$app/.env"
check 'what cannot be replaced is named' "$(in_app scripts/upgrade.sh 2>&1 | grep -o 'runs these otherwise: postgres redis proxy' || true)" 'runs these otherwise: postgres redis proxy'
in_app scripts/upgrade.sh --stop >"$scratch/upgrade.log" 2>&1 || { cat "$scratch/upgrade.log"; dc logs --no-color | tail -n 80; exit 1; }
check 'the account is there' "$(until_status /health/ready 200) $(account login '{"email":"ada@example.org","password":"a horse of its own"}')" '200 200'
