# `make help` explains each target; `make demo` and `make test` need nothing installed but Python 3.11+.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

unexport PYTHONDONTWRITEBYTECODE # images of Python set it: each run of pytest would rewrite all tests and plugins anew

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
PIP_AUDIT_VERSION := 2.10.1
ADVISORIES := https://pypi.org/pypi/pip-audit/$(PIP_AUDIT_VERSION)/json
BIN := .venv/bin
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
LOCK := $(COMPILE) --all-extras --group dev pyproject.toml
LOCK_STACK := $(COMPILE) --group stack -c requirements.lock
COMPOSE = ESG_ENV_FILE=.env.production.example $$($(BIN)/python -c 'import compose; print(*compose.__path__)')/docker-compose --env-file .env.production.example

# The OpenTelemetry collector with the parts that infra/otel/collector.yaml names, outside the checkout: built once for
# all checkouts whose builder.yaml says the same.
GO ?= $(or $(shell command -v go),/usr/local/go/bin/go)
# They run for seconds and take minutes to build: unoptimised and without debugging data, two fifths less.
GO_QUICKLY := GOFLAGS='-trimpath -ldflags=-s "-gcflags=all=-N -l -dwarf=false"'
OTELCOL_VERSION := v0.139.0
OTELCOL := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/esg/otelcol-$(OTELCOL_VERSION)-$(shell sha256sum infra/otel/builder.yaml | cut -c 1-8)/otelcol

# What checks the chart, outside the checkout: built once, by Go modules; the Kubernetes API's schemas are those in PyPI's
# kubernetes-validate, the oldest and the newest Kubernetes that the chart is checked for.
HELM_VERSION := v4.3.1
KUBECONFORM_VERSION := v0.8.0
SCHEMAS_VERSION := 1.37.0
KUBERNETES := 1.31.0 1.37.0
KEDA_VERSION := v2.21.0
PROMETHEUS_OPERATOR_VERSION := v0.85.0
HELM_TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/esg/helm-$(HELM_VERSION)-$(KUBECONFORM_VERSION)-$(SCHEMAS_VERSION)
HELM := $(HELM_TOOLS)/bin/helm

.PHONY: help
help: ## Explain each target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.ready ## Build the environment .venv from requirements.lock (done by every other target)

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "venv is missing: installing Debian's python3-venv"; apt-get update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq python3-venv && $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) pip sync -q --compile-bytecode --require-hashes requirements.lock # compiled once, or a fleet starts three times slower
	$(UV) pip install -q --no-deps -e .
	@$(BIN)/python -m compileall -q esg tasks workers beat_schedule api celeryconfig.py
	@touch $@

override REPORT := $(value REPORT)# as it was given, whatever the characters: the shell reads it from the environment
export REPORT

.PHONY: demo
demo: setup ## Start the fleet, score three sample reports (or REPORT=file-or-url) and write their pages
	@$(BIN)/esg demo $(if $(REPORT),"$$REPORT",tests/golden/samples/*.pdf)

.PHONY: test
test: setup ## Run all tests on the embedded defaults
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder # a file's tests share their fleet; the folders with the long ones come first

.PHONY: test-browser
test-browser: setup ## Use the pages in a real Chromium: a live API, a fleet, axe-core (Chromium by apt where missing)
	@command -v chromium chromium-browser google-chrome >/dev/null || { echo "Chromium is missing: installing Debian's"; apt-get update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends chromium; }
	$(BIN)/pytest -n 0 --timeout 600 tests/browser

.PHONY: screenshots
screenshots: setup ## Make the README's pictures of the pages, by the same tests
	$(BIN)/pytest -n 0 --timeout 600 tests/browser/test_pictures.py --screenshots docs/images

.PHONY: test-howto
test-howto: setup ## Follow the pages of docs/howto in a copy of the checkout, file by file and command by command
	$(BIN)/pytest -n 2 --timeout 900 tests/howto

CHAOS := $(if $(HOURS),--hours $(HOURS) --json docs/reliability/chaos.json,--minutes 5) $(if $(SEED),--seed $(SEED))

.PHONY: chaos
chaos: setup .venv/lib/shifted_clock.so ## Break whatever can break while reports keep coming, and check that nothing is lost (HOURS=1 SEED=7)
	$(BIN)/python -m tests.chaos $(CHAOS)

.PHONY: soak
soak: setup ## Loop reports under load for MINUTES=60; fail when memory, files, connections or keys grow
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),60) --json docs/reliability/soak.json

.PHONY: reliability
reliability: setup ## Write docs/reliability.md from what chaos, soak and the others measured
	$(BIN)/python docs/reliability.py

.venv/lib/shifted_clock.so: tests/chaos/shifted_clock.c | .venv/.ready
	@command -v $(CC) >/dev/null || { echo "a C compiler is missing: installing Debian's"; apt-get update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends gcc libc6-dev; }
	$(CC) -O2 -Wall -Wextra -Werror -shared -fPIC -o $@ $< -ldl

.PHONY: coverage
coverage: setup ## Tell the branch coverage of esg and tasks by the tests that start no fleet
	$(BIN)/pytest -n 3 --dist loadfile --cov --cov-branch --cov-report= tests/unit tests/contract tests/golden
	@$(BIN)/coverage report --format=total | sed 's/.*/branch coverage of esg and tasks, by tests without a fleet: &%/'

.PHONY: check
check: setup ## Lint, types, import law, reference pages, the lock, the compose file, Dockerfiles and scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory check-security check-docs check-lock check-infra

.PHONY: check-security
check-security: setup
	$(BIN)/bandit -q -c pyproject.toml -r esg tasks workers beat_schedule api celeryconfig.py 2> >(grep -v 'nosec encountered' >&2)
	$(BIN)/mypy docs/licences.py
	$(BIN)/python docs/licences.py --check

.PHONY: licences
licences: setup ## Write docs/reference/licences.md; fails for a licence that may not be in it
	$(BIN)/python docs/licences.py

.PHONY: audit
audit: setup ## Ask PyPI for known vulnerabilities of all that is locked; fails where nobody can be asked, and says so
	@$(BIN)/python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=20)' $(ADVISORIES) 2>/dev/null || { \
		echo "NOT AUDITED: $(ADVISORIES) does not answer, so nobody was asked for known vulnerabilities (a mirror of PyPI often has no JSON API)."; \
		echo "Before a release run it where that answers, on this requirements.lock: docs/operations/security.md#what-is-installed"; exit 1; }
	$(UV) tool run --from pip-audit==$(PIP_AUDIT_VERSION) pip-audit --strict --vulnerability-service pypi --disable-pip --require-hashes -r requirements.lock

.PHONY: check-lock
check-lock: setup
	@cp requirements.lock .venv/requirements.lock && $(LOCK) -o .venv/requirements.lock && diff -u requirements.lock .venv/requirements.lock \
		|| { echo "requirements.lock is behind pyproject.toml; run: make lock"; exit 1; }
	@cp requirements-stack.lock .venv/requirements-stack.lock && $(LOCK_STACK) -o .venv/requirements-stack.lock && diff -u requirements-stack.lock .venv/requirements-stack.lock \
		|| { echo "requirements-stack.lock is behind pyproject.toml; run: make lock"; exit 1; }

.PHONY: check-infra
check-infra: setup
	$(BIN)/hadolint infra/docker/*Dockerfile
	$(BIN)/shellcheck scripts/*.sh infra/docker/install.sh .ci/run
	@for profiles in '' lake vectors observability tunnel lake,vectors,observability,tunnel; do \
		COMPOSE_PROFILES=$$profiles $(COMPOSE) config --quiet || { echo "docker-compose.yml is wrong with the profiles: $$profiles"; exit 1; }; \
	done

.PHONY: check-deploy
check-deploy: check-infra $(OTELCOL) .venv/image/.ready ## Check what deploys: compose, Dockerfiles, scripts, the collector's configuration, our rules over them
	$(OTELCOL) validate --config infra/otel/collector.yaml
	IMAGE=.venv/image $(BIN)/pytest -q -n 0 tests/deploy

$(OTELCOL):
	@mkdir -p $(dir $@)
	$(GO_QUICKLY) GOBIN=$(dir $@) $(GO) install go.opentelemetry.io/collector/cmd/builder@$(OTELCOL_VERSION)
	sed 's#^dist:#&\n  output_path: $(dir $@)build#' infra/otel/builder.yaml >$(dir $@)builder.yaml
	cd $(dir $@) && $(GO_QUICKLY) ./builder --config builder.yaml
	@mv $(dir $@)build/otelcol $@ && rm -rf $(dir $@)build

.venv/image/.ready: .venv/.ready infra/docker/install.sh $(shell find esg tasks workers beat_schedule api -type f -not -path '*/__pycache__/*')
	@rm -rf .venv/image && $(BIN)/python -m venv --without-pip .venv/image
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh infra/docker/install.sh .venv/image && touch $@

.PHONY: image-size
image-size: .venv/image/.ready ## Tell what the image copies onto its base, by the same script that installs it there
	@find .venv/image/lib -type f -printf '%s %P\n' | awk '{ split($$2, part, "/"); size[part[3]] += $$1; all += $$1 } \
		END { for (name in size) printf "%7.1f MB  %s\n", size[name] / 1e6, name | "sort -rn | head -12"; close("sort -rn | head -12"); \
		printf "%7.1f MB  in all\n", all / 1e6 }'

.PHONY: sbom
sbom: .venv/image/.ready ## Write dist/esg.cdx.json, what is in the image (CycloneDX)
	@mkdir -p dist
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --spec-version 1.6 \
		--output-reproducible --output-format JSON --output-file dist/esg.cdx.json --validate .venv/image/bin/python

.PHONY: check-alerts
check-alerts: .venv/.prometheus ## Lint rules, alerts and scripts with their own tools; run promtool's tests of every alert
	@$(BIN)/promtool check config --syntax-only infra/prometheus/prometheus.yml
	@$(BIN)/promtool check rules --lint=all --lint-fatal infra/prometheus/rules/*.yml
	@printf '%s\n' infra/prometheus/tests/*.yml | xargs -n 1 -P 2 $(BIN)/promtool test rules
	$(BIN)/shellcheck scripts/*.sh

# The programs alone, out of Debian's package: installed as a whole it would start a service of its own.
.venv/.prometheus: | .venv/.ready
	@command -v prometheus >/dev/null && command -v promtool >/dev/null && ln -sf "$$(command -v prometheus)" "$$(command -v promtool)" $(BIN)/ || { \
		folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cd "$$folder" \
		&& { apt-get -o APT::Sandbox::User=root download -qq prometheus 2>/dev/null || { apt-get update -qq && apt-get -o APT::Sandbox::User=root download -qq prometheus; }; } \
		&& dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x -C "$(CURDIR)/$(BIN)" --strip-components 3 ./usr/bin/prometheus ./usr/bin/promtool; }
	@$(BIN)/promtool --version | head -1
	@touch $@

.PHONY: check-helm
check-helm: setup $(HELM_TOOLS)/.ready ## Check the Helm chart: helm lint, kubeconform on two Kubernetes, our policies over what it renders
	@for values in infra/helm/values/*.yaml; do \
		$(HELM) lint --strict --quiet infra/helm/esg --values $$values 2> >(grep -v 'found symbolic link' >&2) || exit 1; \
		for kubernetes in $(KUBERNETES); do \
			$(HELM) template esg infra/helm/esg --namespace esg --kube-version $$kubernetes --values $$values 2> >(grep -v 'found symbolic link' >&2) \
			| $(HELM_TOOLS)/bin/kubeconform -strict -summary -kubernetes-version $$kubernetes \
				-schema-location '$(HELM_TOOLS)/kubernetes/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json' \
				-schema-location 'infra/helm/schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json' \
			| sed "s#^#$$(basename $$values) on $$kubernetes: #"; [[ "$${PIPESTATUS[*]}" =~ ^[0\ ]+$$ ]] || exit 1; \
		done; \
	done
	@HELM=$(HELM) $(BIN)/pytest -q -n 0 tests/helm

$(HELM_TOOLS)/.ready: .venv/.ready
	@mkdir -p $(HELM_TOOLS)/bin $(HELM_TOOLS)/kubernetes
	$(GO_QUICKLY) GOBIN=$(HELM_TOOLS)/bin $(GO) install helm.sh/helm/v4/cmd/helm@$(HELM_VERSION)
	$(GO_QUICKLY) GOBIN=$(HELM_TOOLS)/bin $(GO) install github.com/yannh/kubeconform/cmd/kubeconform@$(KUBECONFORM_VERSION)
	$(UV) pip install -q --no-deps --target $(HELM_TOOLS)/package kubernetes-validate==$(SCHEMAS_VERSION)
	@for version in $(KUBERNETES); do \
		rm -rf $(HELM_TOOLS)/kubernetes/v$$version && \
		mv $(HELM_TOOLS)/package/kubernetes_validate/kubernetes-json-schema/v$$version-local-strict $(HELM_TOOLS)/kubernetes/v$$version && \
		sed -i 's#"/api/_definitions.json#"_definitions.json#; s#"$$id":#"$$comment":#' $(HELM_TOOLS)/kubernetes/v$$version/*.json || exit 1; \
	done
	@rm -rf $(HELM_TOOLS)/package && touch $@

.PHONY: helm-schemas
helm-schemas: setup ## Write infra/helm/schemas anew, from the definitions of KEDA and the Prometheus operator
	$(BIN)/python tests/helm/schemas.py \
		$$($(GO) mod download -json github.com/kedacore/keda/v2@$(KEDA_VERSION) | sed -n 's/.*"Dir": "\(.*\)",/\1/p')/config/crd/bases/keda.sh_scaledobjects.yaml \
		$$($(GO) mod download -json github.com/prometheus-operator/prometheus-operator@$(PROMETHEUS_OPERATOR_VERSION) | sed -n 's/.*"Dir": "\(.*\)",/\1/p')/example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml

.PHONY: fuzz
fuzz: setup ## Feed hostile inputs to all that reads (INPUTS=100000 SEED=1, TARGET=pdf for one; REPLAY=FILE TARGET=pdf tries one again)
	$(BIN)/python -m tests.hostile $(if $(TARGET),--target $(TARGET)) $(if $(REPLAY),--replay $(REPLAY),\
		--inputs $(or $(INPUTS),100000) --seed $(or $(SEED),1) $(if $(TARGET),,--json docs/reliability/hostile.json))

.PHONY: check-docs
check-docs: setup
	$(BIN)/mypy docs/generate.py docs/measure.py docs/reliability.py docs/capacity.py docs/bench.py
	$(BIN)/python docs/generate.py --check
	$(BIN)/python docs/reliability.py --check
	$(BIN)/python docs/capacity.py --check
	$(BIN)/python docs/bench.py --check-page

.PHONY: docs
docs: setup ## Write docs/reference from the code
	$(BIN)/python docs/generate.py

.PHONY: capacity
capacity: setup ## Simulate the fleet by recorded runs and write docs/operations/capacity.md
	$(BIN)/python docs/capacity.py

.PHONY: quality
quality: setup ## Measure the engine against ../shared/labels and write docs/quality.md
	$(BIN)/python docs/measure.py

.PHONY: check-quality
check-quality: setup ## Fail when a figure of docs/quality.md has fallen by more than its noise
	$(BIN)/python docs/measure.py --check

.PHONY: bench
bench: setup ## Measure speed beside the peers (BENCH_REPORTS=folder) and write docs/performance.json and .md
	$(BIN)/python docs/bench.py

.PHONY: check-bench
check-bench: setup ## Fail when a cost of docs/performance.md's short form has risen by more than its noise
	$(BIN)/python docs/bench.py --check

.PHONY: performance
performance: setup ## Write docs/performance.md anew from docs/performance.json
	$(BIN)/python docs/bench.py --page

.PHONY: lock-peers
lock-peers: setup ## Bring the locks of tests/bench/peers up to date with their requirements.in
	@for peer in tests/bench/peers/*/; do \
		$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			$$([ ! -f $$peer/overrides.txt ] || echo --overrides $$peer/overrides.txt) $$peer/requirements.in -o $$peer/requirements.lock || exit 1; \
	done

.PHONY: embedding-graph
embedding-graph: setup ## Write esg/embed/data/minilm.onnx anew; its SHA-256 is pinned in esg/embed/local.py
	$(UV) run -q --no-project --script scripts/embedding_graph.py esg/embed/data/minilm.onnx

.PHONY: embedding-models
embedding-models: setup ## Measure ours beside the other embedding models of PyPI on ../shared/labels (minutes)
	$(BIN)/python scripts/embedding_models.py

.PHONY: lock
lock: setup ## Bring requirements.lock up to date with pyproject.toml
	$(LOCK) -o requirements.lock
	$(LOCK_STACK) -o requirements-stack.lock

.PHONY: restore-drill
restore-drill: setup ## Score, back up, lose everything, restore and go on, with a real fleet; in test-stack on PostgreSQL and S3
	$(BIN)/pytest -n 0 tests/integration/test_restore.py

.PHONY: test-stack
test-stack: .venv/.stack .venv/.prometheus ## Run the pipeline, and the contract suites of stores, on real servers, started for it
	@command -v curl >/dev/null || { echo "curl is missing: installing Debian's"; apt-get update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends curl; }
	$(BIN)/python -m tests.stack

.PHONY: test-cloud
test-cloud: setup ## Run the tests that need an account of watsonx.ai; they skip without one
	$(BIN)/pytest tests/cloud

.venv/.stack: .venv/.ready requirements-stack.lock
	$(UV) pip install -q --compile-bytecode --require-hashes -r requirements-stack.lock
	@touch $@

.PHONY: record-cloud
record-cloud: setup ## Record what watsonx.ai answers for the tests to replay; needs IBM_WATSONX_API_KEY and _PROJECT_ID
	$(BIN)/python -m tests.cloud.record

.PHONY: format
format: setup ## Let ruff format the code and fix what it can
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: clean
clean: ## Stop the fleet; remove the environment and all state of the embedded fleet
	@[ ! -x $(BIN)/esg ] || $(BIN)/esg down
	rm -rf .venv .esg .mypy_cache .ruff_cache .pytest_cache .coverage* htmlcov
