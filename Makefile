# Builds, runs, tests and measures; `make` lists the targets.
#
# Each recipe is one bash script that stops at the first failure. All file names are relative, so the
# repository may be in a folder whose name has spaces.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

export TARGET := $(or $(CARGO_TARGET_DIR),target)
# Beside the executable, where the server looks for it.
export SITE := $(TARGET)/site
export SERVER ?= $(TARGET)/release/server
# Tools that take long to build are kept where other clones find them.
export CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/shopstream-dashboard
# The command line tool must have the version of the crate in the lock file.
BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
export BINDGEN := $(CACHE)/wasm-bindgen-$(BINDGEN_VERSION)
BINARYEN_VERSION := 132.0.0
export BINARYEN := $(CACHE)/binaryen-$(BINARYEN_VERSION)
export CHROMIUM ?= /usr/bin/chromium
# nginx is there, which not every user's PATH contains.
export PATH := $(PATH):/usr/sbin
# Servers for the tests, in the versions that the tests were written with.
MONGO_JAVA_VERSION := 1.47.0
export MONGO_JAVA := $(CACHE)/mongo-java-server-$(MONGO_JAVA_VERSION)
TOXIPROXY_VERSION := 2.5.0
export TOXIPROXY := $(CACHE)/toxiproxy-$(TOXIPROXY_VERSION)
FAKE_GCS_VERSION := 1.55.1
export FAKE_GCS := $(CACHE)/fake-gcs-server-$(FAKE_GCS_VERSION)
# More compiler flags for the page alone.
export WASM_RUSTFLAGS ?=
# If it were set, the page would load a file with another name.
unexport LEPTOS_OUTPUT_NAME
export DEBIAN_FRONTEND := noninteractive

# Functions for the recipes: print a step, fail with one line, install a package.
define PRELUDE
say() { if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$$*"; else printf '==> %s\n' "$$*"; fi; }
die() { printf 'make: %s\n' "$$*" >&2; exit 1; }
install_package() {
  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "$$1 is missing: install the Debian package(s) $$2"
  say "install $$2 (apt-get)"
  apt-get -qq update </dev/null && apt-get -qq install -y --no-install-recommends $$2 </dev/null >/dev/null \
    || die "$$1 is missing, and apt-get could not install $$2"
}
have() { command -v "$$1" >/dev/null; }
# Installs a Go program: package, version, name, folder.
install_go() {
  [ ! -x "$$4/$$3" ] || return 0
  have go || install_package Go golang-go
  say "set-up: $$3 $$2 (Go, a minute, once on a machine)"
  local fresh="$$4.$$$$"
  GOBIN="$$fresh" go install "$$1@v$$2" </dev/null || die "$$3 could not be built: Go 1.21 or later is needed, this is $$(go version)"
  mkdir -p "$$4"; mv "$$fresh/$${1##*/}" "$$4/$$3"; rmdir "$$fresh"
}
# The compiler for the page: rustup's or Debian's (see target `wasm-target`).
wasm_cargo() {
  local command="$$1"; shift
  local flags=(--target wasm32-unknown-unknown --features hydrate)
  if [ -d "$$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ]; then
    if [ -n "$$WASM_RUSTFLAGS" ]; then export RUSTFLAGS="$$WASM_RUSTFLAGS"; fi
    cargo "$$command" -p app --lib "$${flags[@]}" "$$@"
  else
    [ "$$command" != clippy ] || { say 'no clippy in the Debian compiler: the page is only checked'; command=check; set --; }
    RUSTFLAGS="$$WASM_RUSTFLAGS" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
      /usr/bin/cargo "$$command" -Zbuild-std=std,panic_abort -p app --lib "$${flags[@]}" "$$@"
  fi
}
endef
export PRELUDE
BEGIN = eval "$$PRELUDE"

.PHONY: help run build page server test lint fmt unit budget e2e pictures soak bench bench-archive bench-live bench-faults \
  bench-sync clean rust wasm-target wasm-bindgen binaryen chromium playwright servers redis mongo toxiproxy gcs nginx \
  postgres pgbouncer stores shop

help: ## list the targets
	@echo 'make run           install what is missing, build, and serve on LISTEN_ADDR (127.0.0.1:3000)'
	sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1 \2/p' Makefile | grep -v '^run ' \
	  | while read -r target text; do printf 'make %-13s %s\n' "$$target" "$$text"; done

run: build ## install, build and serve
	@$(BEGIN)
	say 'serve (Ctrl-C ends it)'
	exec "$$SERVER" serve

build: page server ## the server and the page's files: target/release/server, target/site

page: rust wasm-target wasm-bindgen binaryen ## the page's files: WebAssembly, script, style
	@$(BEGIN)
	say 'page: compile to WebAssembly (the first time 2 minutes on 2 cores)'
	wasm_cargo build --profile wasm-release
	say "page: bundle into $$SITE"
	node app/bundle.mjs --wasm "$$TARGET/wasm32-unknown-unknown/wasm-release/app.wasm" --out "$$SITE" \
	  --wasm-bindgen "$$BINDGEN/bin/wasm-bindgen" --wasm-opt "$$BINARYEN/node_modules/.bin/wasm-opt"

server: rust ## the server alone
	@$(BEGIN)
	say 'server: compile (the first time 5 minutes on 2 cores)'
	cargo build --release -p server

test: ## all tests: format, lints, unit, contract and HTTP tests, sizes, browser; installs what is missing
	@$(BEGIN)
	begun=$$SECONDS; report=()
	for step in lint unit budget e2e; do
	  from=$$SECONDS
	  $(MAKE) "$$step" || die "test FAILED in '$$step' (passed before: $${report[*]:-nothing})"
	  report+=("$$step $$((SECONDS - from)) s")
	done
	say "test: all passed in $$((SECONDS - begun)) s ($$(IFS=,; echo "$${report[*]}"))"

lint: rust wasm-target ## format check, clippy natively and for the page, the page's dependencies
	@$(BEGIN)
	say 'lint: format'
	cargo fmt --all --check
	say 'lint: clippy, native'
	cargo clippy --quiet --workspace --all-targets -- -D warnings
	say 'lint: clippy, page'
	wasm_cargo clippy --quiet -- -D warnings
	say 'lint: the page depends on nothing of the server'
	heavy=$$(cargo tree -p app --features hydrate --target wasm32-unknown-unknown -e normal --prefix none \
	  | grep -E '^(tokio|axum|hyper|mongodb|redis|rusqlite) ' | sort -u || true)
	[ -z "$$heavy" ] || die "the page depends on $$heavy"

fmt: rust ## format the Rust code
	@cargo fmt --all

unit: rust servers ## unit, contract and HTTP tests
	@$(BEGIN)
	say 'unit: unit, contract and HTTP tests'
	# A test that hangs ends here, not one that is slow.
	timeout --foreground 40m cargo test --workspace

budget: build playwright ## sizes of what the first view loads
	@$(BEGIN)
	say 'budget: sizes'
	node end2end/budget.mjs

e2e: build chromium playwright redis mongo gcs nginx ## browser tests
	@$(BEGIN)
	say 'e2e: browser tests'
	cd end2end && npx --no-install playwright test

pictures: build chromium playwright ## renew the README's pictures
	@$(BEGIN)
	cd end2end && KEEP_PICTURES=1 npx --no-install playwright test specs/pictures.spec.mjs

bench: build servers ## measure the cache, the page, a store of 1,000,000 orders, MongoDB and Redis
	@$(BEGIN)
	say 'bench: 20,000 orders'
	"$$SERVER" bench
	say 'bench: 1,000,000 orders'
	"$$SERVER" bench --orders 1000000 --rounds 50
	say 'bench: MongoDB and Redis'
	cargo bench --quiet -p server --bench stores

bench-archive: rust ## measure: time and memory of archives of 100,000 to 5,000,000 orders (5 minutes, 5 GB of disk)
	@$(BEGIN)
	cargo bench --quiet -p server --bench archive

bench-live: build chromium playwright ## measure: 500 open pages and a change a second, and a browser (3 minutes)
	@$(BEGIN)
	cargo bench --quiet -p server --bench live
	node end2end/bench_live.mjs

bench-faults: rust servers ## measure a steady load while Redis and MongoDB go down and come back (4 minutes)
	@$(BEGIN)
	cargo bench --quiet -p server --bench faults

soak: rust postgres mongo toxiproxy ## orders from PostgreSQL for long: 200 kills, a store away for 60 s, 60 s of writes without drift (7 minutes)
	@$(BEGIN)
	SOAK=1 cargo test -p server --test sync -- --nocapture \
	  killed_at_any_moment a_store_that_is_away there_is_none_while_the_source_is_written

bench-sync: rust postgres ## measure orders from PostgreSQL: first load, latency, comparing (3 minutes)
	@$(BEGIN)
	cargo bench --quiet -p server --bench sync

clean: ## remove what was built (never data/)
	@cargo clean
	rm -rf target end2end/node_modules end2end/results

# What the targets above need. These print nothing if all is installed.

rust:
	@$(BEGIN)
	have cargo || die 'Rust is missing: install it from https://rustup.rs (version 1.95 or later)'
	have cc || install_package 'a C compiler (for SQLite)' build-essential
	[ -n '$(BINDGEN_VERSION)' ] || die 'Cargo.lock names no wasm-bindgen'
	have node || install_package 'Node.js' nodejs
	have npm || install_package 'npm' npm
	[ "$$(node -p 'parseInt(process.versions.node)')" -ge 20 ] || die "Node.js 20 or later is needed, this is $$(node -v)"

wasm-target: rust
	@$(BEGIN)
	there() { [ -d "$$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ]; }
	if there || dpkg -s rustc-web cargo-web rust-web-src >/dev/null 2>&1; then exit 0; fi
	say 'set-up: the compiler target wasm32-unknown-unknown'
	if have rustup && rustup target add wasm32-unknown-unknown </dev/null && there; then exit 0; fi
	install_package 'the compiler target wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown)' \
	  'rustc-web cargo-web rust-web-src rust-web-llvm lld-22'

wasm-bindgen: rust
	@$(BEGIN)
	if [ -x "$$BINDGEN/bin/wasm-bindgen" ]; then exit 0; fi
	say 'set-up: wasm-bindgen $(BINDGEN_VERSION) (2 minutes, once on a machine)'
	# Without --locked: the tool's lock file names a version that does not exist. Optimising a tool
	# that runs for a second would take 3 more minutes.
	CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	  cargo install --quiet wasm-bindgen-cli --version $(BINDGEN_VERSION) --bin wasm-bindgen --root "$$BINDGEN" \
	  || die 'wasm-bindgen could not be built'

binaryen: rust
	@$(BEGIN)
	if [ -x "$$BINARYEN/node_modules/.bin/wasm-opt" ]; then exit 0; fi
	say 'set-up: binaryen $(BINARYEN_VERSION) (npm)'
	# Installed elsewhere first, so that a partial installation is never used.
	fresh="$$BINARYEN.$$$$"; mkdir -p "$$fresh"; trap 'rm -rf "$$fresh"' EXIT
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$$fresh" binaryen@$(BINARYEN_VERSION) </dev/null \
	  || die 'npm could not install binaryen'
	rm -rf "$$BINARYEN"; mv "$$fresh" "$$BINARYEN"

stores: redis mongo ## run a Redis and a MongoDB in memory until Ctrl-C
	@$(BEGIN)
	folder="$$(mktemp -d)"; trap 'kill $$(jobs -p) 2>/dev/null; rm -rf "$$folder"' EXIT
	trap 'exit 0' INT TERM
	redis-server --bind 127.0.0.1 --port 6390 --save '' --dir "$$folder" >"$$folder/redis.log" &
	if have mongod; then
	  port=27018; mongod --dbpath "$$folder" --bind_ip 127.0.0.1 --port "$$port" >"$$folder/mongod.log" &
	else
	  # It prints its port, and ends when its input ends.
	  coproc JAVA { exec java -Dslf4j.internal.verbosity=ERROR -cp "$$MONGO_JAVA/*" server/tests/support/MongoServer.java; }
	  read -r port <&"$${JAVA[0]}" || die 'mongo-java-server did not start'
	fi
	printf 'MONGODB_URI=mongodb://127.0.0.1:%s\nREDIS_HOST=127.0.0.1\nREDIS_PORT=6390\n' "$$port"
	wait

shop: postgres server ## run a PostgreSQL with a small shop until Ctrl-C, for server sync (ORDERS=200000)
	@$(BEGIN)
	SERVER="$$(realpath "$$SERVER")" exec server/shop/shop.sh --orders "$${ORDERS:-200000}"

# Servers for the tests, unless TEST_MONGODB_URI, TEST_REDIS_URL or TEST_GCS_ENDPOINT name running ones.
servers: redis mongo toxiproxy gcs postgres pgbouncer

redis:
	@$(BEGIN)
	[ -n "$${TEST_REDIS_URL:-}" ] || have redis-server || install_package redis-server redis-server
	have openssl || install_package openssl openssl

mongo:
	@$(BEGIN)
	if [ -n "$${TEST_MONGODB_URI:-}" ] || have mongod || [ -d "$$MONGO_JAVA" ]; then exit 0; fi
	have javac || install_package 'Java' default-jdk-headless
	have mvn || install_package 'Maven' maven
	say 'set-up: mongo-java-server $(MONGO_JAVA_VERSION) (Maven)'
	fresh="$$MONGO_JAVA.$$$$"; trap 'rm -rf "$$fresh"' EXIT
	mvn --quiet --batch-mode -Dstyle.color=never --file server/tests/support/mongo-java-server.pom.xml -Dmongo.java.version=$(MONGO_JAVA_VERSION) \
	  dependency:copy-dependencies -DoutputDirectory="$$fresh" </dev/null || die 'Maven could not install mongo-java-server'
	mv "$$fresh" "$$MONGO_JAVA"

toxiproxy:
	@$(BEGIN)
	install_go github.com/Shopify/toxiproxy/v2/cmd/server $(TOXIPROXY_VERSION) toxiproxy "$$TOXIPROXY"

gcs:
	@$(BEGIN)
	[ -n "$${TEST_GCS_ENDPOINT:-}" ] || install_go github.com/fsouza/fake-gcs-server $(FAKE_GCS_VERSION) fake-gcs-server "$$FAKE_GCS"

nginx:
	@$(BEGIN)
	have nginx || install_package nginx nginx-light

postgres:
	@$(BEGIN)
	if have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then exit 0; fi
	install_package PostgreSQL postgresql

pgbouncer:
	@$(BEGIN)
	have pgbouncer || install_package PgBouncer pgbouncer

chromium:
	@$(BEGIN)
	[ -x "$$CHROMIUM" ] || [ "$$CHROMIUM" = /usr/bin/chromium ] || die "CHROMIUM=$$CHROMIUM is not a program"
	[ -x "$$CHROMIUM" ] || install_package Chromium chromium
	have fc-list && [ -n "$$(fc-list)" ] || install_package 'a font' 'fontconfig fonts-liberation'

playwright: rust
	@$(BEGIN)
	cd end2end
	if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit 0; fi
	say 'set-up: Playwright (npm)'
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --ignore-scripts </dev/null || die 'npm ci failed in end2end'
	touch node_modules/.package-lock.json
