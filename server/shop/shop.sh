#!/usr/bin/env bash
# A PostgreSQL of its own in a temporary folder, with a small shop that goes on until Ctrl-C.
#   shop.sh [--orders N] [--port N]
set -euo pipefail
orders=200000 port=5433
while [ $# -gt 0 ]; do
  case $1 in
    --orders) orders=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    *) echo "shop.sh: unknown option $1" >&2; exit 1 ;;
  esac
done
here=$(cd "$(dirname "$0")" && pwd)
bin=$(dirname "$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
folder=$(mktemp -d)
as=()
# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
server=
stop() {
  [ -z "$server" ] || { kill -INT "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM
cd /
"${as[@]}" "$bin/initdb" --no-sync --auth=scram-sha-256 --auth-local=trust --username=postgres \
  --pgdata "$folder/data" >"$folder/initdb.log"
"${as[@]}" "$bin/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 \
  -c wal_level=logical -c max_slot_wal_keep_size=1GB 2>"$folder/log" &
server=$!
sql() { "${as[@]}" psql -qAtX -v ON_ERROR_STOP=1 -h "$folder" -p "$port" -U postgres "$@"; }
until sql -c 'SELECT 1' >/dev/null 2>&1; do
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.1
done
echo "a shop with $orders orders is being made" >&2
sql -v orders="$orders" >/dev/null <"$here/shop.sql"
export SOURCE_URI="postgres://shopstream_sync:shop@127.0.0.1:$port/postgres?sslmode=disable"
export SOURCE_KEYS=shop.orders.id,shop.order_lines.order_id
# The publication as the plan has it.
(cd "$folder" && DATA_DIR="$folder/plan" "$SERVER" sync --plan) | sed '1,/^-- 3\./d' >"$folder/plan.sql"
while read -r statement; do sql -c "$statement"; done <"$folder/plan.sql"
echo "export SOURCE_URI='$SOURCE_URI'"
echo "export SOURCE_KEYS=$SOURCE_KEYS"
echo 'in another terminal, with these: target/release/server serve --sync (Ctrl-C here ends the shop)' >&2
for ((n = 1; ; n++)); do
  sql -c "CALL shop.tick($n)"
  sleep 1
done
