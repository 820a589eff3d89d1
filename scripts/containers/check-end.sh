# Deaths, ends, and a start with secrets in files. Read by check-composition.sh.
step 'a backup'
mkdir "$shared/backup" && chown 1234:1234 "$shared/backup"
dc run --rm -v /rehearsal/backup:/backup --user 1234:1234 migrate bun scripts/backup.ts /backup/nexus.backup >"$scratch/backup.log" 2>&1 || cat "$scratch/backup.log"
check 'is written by the command of the paper' "$(stat -c '%u %a' "$shared/backup/nexus.backup")" '1234 600'

step 'deaths and ends'
api=$(dc ps -q api | sed -n 1p)
inside bash -c "kill -9 \$(docker inspect -f '{{.State.Pid}}' $api)"
for _ in $(seq 40); do [ "$(inside docker inspect -f '{{.RestartCount}} {{.State.Health.Status}}' "$api")" = '1 healthy' ] && break; sleep 0.5; done
check 'a killed API process comes back' "$(inside docker inspect -f '{{.RestartCount}} {{.State.Health.Status}}' "$api") $(status /health/ready)" '1 healthy 200'
since=$SECONDS
dc stop >/dev/null 2>&1
check "stopping takes less than the grace ($((SECONDS - since)) s)" "$((SECONDS - since < 20))" 1
check 'and ends in order' "$(dc ps -a --format '{{.Service}} {{.ExitCode}}' | grep -v sandbox | awk '$2 != 0')" ''

step 'secrets in files'
dc down >/dev/null 2>&1
mkdir "$app/secrets"
secret() { printf '%s\n' "$2" >"$app/secrets/$1"; }
value() { grep "^$1=" "$app/.env" | cut -d= -f2-; }
secret postgres_password "$(value POSTGRES_PASSWORD)"
secret database_app_password "$(value DATABASE_APP_PASSWORD)"
secret owner_database_url "postgresql://nexus:$(value POSTGRES_PASSWORD)@postgres:5432/nexus"
secret database_url "postgresql://nexus_app:$(value DATABASE_APP_PASSWORD)@postgres:5432/nexus"
secret redis_url "redis://:$(value REDIS_PASSWORD)@redis:6379"
secret redis_conf "user default on >$(value REDIS_PASSWORD) $(sed -n 's/^    # user default on ><password> //p' "$app/docs/operations/compose.secrets.yml")"
secret jwt_secret "$(value JWT_SECRET)"
secret admin_password "$(value ADMIN_PASSWORD)"
secret tmdb_access_token "$(value TMDB_ACCESS_TOKEN)"
sed -i -E 's/^(POSTGRES_PASSWORD|DATABASE_APP_PASSWORD|REDIS_PASSWORD|JWT_SECRET)=.*/\1=file/; /^(ADMIN_PASSWORD|TMDB_ACCESS_TOKEN)=/d; s/_COUNT=2/_COUNT=1/' "$app/.env"
compose_files=docker-compose.yml:docs/operations/compose.secrets.yml:/rehearsal/rehearsal.compose.yml
dc up -d >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log"; dc logs --no-color | tail -n 40; }
check 'the service is up, with the data that it had' "$(until_status /health/ready 200) $(status '/api/movies/trending?limit=1')" '200 200'
environments() { local container; for container in $(dc ps -qa); do inside docker inspect "$container" --format '{{json .Config.Env}} {{json .Config.Cmd}}'; done; }
check 'no secret is in an environment' "$(environments | grep -cE 'abcdefgh1234|ijklmnop5678|qrstuvwx9012|0123456789abcdef|correct-horse|nexus-sandbox-key' || true)" 0
check 'as many as .env says' "$(counts)" '1 1'
