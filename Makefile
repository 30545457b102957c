# Needs GNU make, a POSIX shell, node with npm, and Python for MLflow. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup up down restart status reset demo training deployment deploy monitoring lifecycle test test-unit \
        test-integration test-deploy docs-check bench bench-accuracy pictures lint types format sbom native \
        pin-images compose-env
.NOTPARALLEL:

# The project's own Node comes first on PATH if it is installed, for users whose own is too old.
NODE_HOME := .stack/node/node_modules/node/bin
export PATH := $(CURDIR)/$(NODE_HOME):$(PATH)

# Node runs TypeScript files from 22.18 on. If the machine's Node is older, setup installs a newer one for this project only.
NODE_IS_NEW := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 18) ? 0 : 1)' 2>/dev/null && echo yes)
# A Node that is installed here follows the pinned version.
ifneq ($(NODE_IS_NEW)$(wildcard $(NODE_HOME)/node),yes)
NODE := $(NODE_HOME)/node
endif

INPUT ?= inputs/nyc.yaml
PACKAGES := node_modules/.citibike-packages
CONSOLE := console/web/dist/index.html
CITIBIKE := node client/bin.mjs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

setup: $(PACKAGES) $(CONSOLE) ## install Node (if the machine's is too old) and the packages; up installs the servers

# The package `node` fetches the binary by an install script, which npm does not verify. The package of each platform is the binary itself,
# and its integrity is in the lock file. No such package exists for Macs with Apple silicon.
$(NODE_HOME)/node: stack/node/package-lock.json
	rm -rf .stack/node.new
	mkdir -p .stack/node.new
	cp stack/node/package.json stack/node/package-lock.json .stack/node.new/
	npm ci --prefix .stack/node.new --ignore-scripts --no-audit --no-fund
	cd .stack/node.new/node_modules && ln -sfn node-*-* node
	@.stack/node.new/node_modules/node/bin/node --version >/dev/null || { echo "error: no pinned Node runs here; install Node 22.18 or newer (https://nodejs.org)" >&2; exit 1; }
	rm -rf .stack/node
	mv .stack/node.new .stack/node
	touch $@

# The script `prepare` links the command `citibike`, which npm does not do for a project's own.
$(PACKAGES): package.json package-lock.json | $(NODE)
	npm ci --no-audit --no-fund
	touch $@

# Builds the console's pages for the browser.
$(CONSOLE): $(PACKAGES) $(shell find console/web contracts core/charts -type f -not -path '*/dist/*')
	npx vite build console/web --logLevel warn

up: setup ## start the local stack, installing what is missing
	@$(CITIBIKE) up

down: setup ## stop the local stack and keep its data
	@$(CITIBIKE) down

restart: setup ## stop and start the local stack
	@$(CITIBIKE) down
	@$(CITIBIKE) up

status: setup ## show which services of the local stack run, and where
	@$(CITIBIKE) status

reset: setup ## stop the local stack and delete its data, after a confirmation
	@$(CITIBIKE) reset

demo: setup ## start everything and run a whole lifecycle; DATA=FOLDER reads the archives from a folder
	@DATA='$(DATA)' $(CITIBIKE) demo

training: setup ## run a training with inputs/nyc.yaml, or INPUT=FILE
	@$(CITIBIKE) run training --input '$(INPUT)'

deployment: setup ## roll out the champion
	@$(CITIBIKE) run deployment --input '$(INPUT)'

deploy: deployment ## same as deployment

monitoring: setup ## run a drift check
	@$(CITIBIKE) run monitoring --input '$(INPUT)'

lifecycle: setup ## run ingest, training, rollout and drift check
	@$(CITIBIKE) run lifecycle --input '$(INPUT)'

test: setup ## run all checks and tests, on stacks of their own
	@node tests/run.ts

test-unit: setup ## run the tests that need no servers; npm run test:watch repeats them after each change
	@npm test --silent

test-integration: setup ## run the integration tests on the running stack
	@npx vitest run --project 'integration*'

test-deploy: setup ## build the images and test them on the container engine that docker reaches; DATA=FOLDER reads real archives
	@DATA='$(DATA)' node tests/deploy/run.ts

docs-check: setup ## run the commands of the documentation on a stack of its own; PAGE=docs/FILE.md for one page
	@node tests/docs/run.ts $(PAGE)

bench: setup ## compare with the Python peers, into BENCH.md; BENCH=NAME for one, BENCH_LARGE=1 for all sizes
	@node tests/bench/run.ts $(BENCH)

bench-accuracy: setup ## compare the model with tuned XGBoost on later months, into BENCH.md; DATA=FOLDER, BENCH_TEST_FROM=2025-04 BENCH_TEST_TO=2025-06 for others
	@DATA='$(DATA)' node tests/bench/run.ts accuracy

pictures: setup ## make the pictures of the README from the running stack, after make demo
	@node tests/pictures/run.ts

lint: setup ## check style, imports, the lock files, licences
	@npm run --silent lint

types: setup ## check the types
	@npm run --silent types

format: setup ## format all files
	@npm run --silent format

sbom: setup ## write the bill of materials of the packages that ship, as CycloneDX, into .stack/sbom.cdx.json
	@npm run --silent sbom

native: setup ## build TensorFlow's native addon, which training then uses
	@node stack/native.ts

pin-images: setup ## write digests behind the tags of images, where a registry answers
	@node deploy/pin-images.ts

# Needs neither Node nor the packages, because users of the containers may have neither.
compose-env: ## write .env and the secrets of docker-compose.yml; keeps those that exist
	@sh deploy/compose-env.sh
