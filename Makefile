# Cascade. `make` alone explains the targets. What is done already is skipped; targets may run in parallel (make -j).
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PY := .venv/bin/python
NPM_BIN := node_modules/.bin
PAGE_SOURCES := $(shell find api/web -type f -not -path 'api/web/dist/*' -not -path '*/node_modules/*' 2>/dev/null)
SOLIDITY := 'contracts/**/*.sol' 'bench/peers/*.sol'
SOLIDITY_TESTS := 'tests/foundry/**/*.sol'

RUNTIME := .venv/.runtime
TEST_TOOLS := .venv/.test-tools
CONTRACTS_ENV := .venv-contracts/.installed
PROOFS_ENV := .venv-proofs/.installed
PACKAGES := node_modules/.installed
COMPILER := .cache/solcx/.made
PAGE := api/web/dist/index.html

.PHONY: help
help: ## 显示本说明 | this text
	@echo "Cascade   make TARGET [VARIABLE=value]"
	@awk -F ' *## | [|] ' '/^[a-z0-9-]+:.*## / { split($$1, t, ":"); printf "  %-15s %s\n  %-15s %s\n", t[1], $$2, "", $$3 }' $(MAKEFILE_LIST)

# ---- set-up ----------------------------------------------------------------------------------------------------------

.PHONY: setup setup-run artifacts
setup: setup-run $(TEST_TOOLS) $(CONTRACTS_ENV) ## 安装全部环境并编译 | install everything, compile, build the page
setup-run: $(RUNTIME) $(PAGE) artifacts

$(RUNTIME): requirements/runtime.txt scripts/setup/link.py scripts/setup/venv.sh
	@scripts/setup/venv.sh .venv $< $@

$(TEST_TOOLS): requirements/test.txt $(RUNTIME)
	@scripts/setup/venv.sh .venv $< $@

$(CONTRACTS_ENV): requirements/contracts.txt scripts/setup/link.py scripts/setup/venv.sh
	@scripts/setup/venv.sh .venv-contracts $< $@

$(PROOFS_ENV): requirements/proofs.txt scripts/setup/link.py scripts/setup/venv.sh
	@scripts/setup/venv.sh .venv-proofs $< $@

$(PACKAGES): package.json package-lock.json .npmrc
	@scripts/setup/python.sh >/dev/null
	@scripts/setup/node.sh
	@echo "node_modules ← package-lock.json"
	@npm ci --silent || { echo "npm 包安装失败,请检查网络后重试 / npm packages did not install; check the network, then: make setup" >&2; exit 1; }
	@touch $@

$(COMPILER): scripts/setup/make_solc.sh scripts/setup/solc.cjs scripts/setup/compiler.json $(PACKAGES)
	@scripts/setup/make_solc.sh
	@touch $@

# The compile step knows by a hash of its inputs whether there is anything to do.
artifacts: $(RUNTIME) $(COMPILER)
	@$(PY) -m api.chain.compile

$(PAGE): $(PAGE_SOURCES) $(PACKAGES)
	@echo "api/web/dist ← api/web"
	@npm run --silent build
	@touch $@

# ---- run -------------------------------------------------------------------------------------------------------------

.PHONY: demo demo-reset
demo: setup-run ## 演示:ONCE=1 一次性,LEDGER=文件 ROWS=N|all 用真实台账 | the demo; ONCE=1 ends after the story, LEDGER=file ROWS=N|all from a real ledger
	@.venv/bin/scf demo $(if $(ONCE),--once) $(if $(LEDGER),--ledger "$(LEDGER)") $(if $(ROWS),--rows "$(ROWS)")

demo-reset: setup-run ## 清除演示数据 | clear the demo's state
	@.venv/bin/scf demo --reset

# ---- test ------------------------------------------------------------------------------------------------------------

.PHONY: test test-unit test-contracts test-foundry test-api test-index test-faults test-web test-e2e test-deep
test: setup ## 全部测试,最后一行为合计 | every part; the last line is the sum
	@$(PY) -m scripts.setup.run_tests

test-unit: $(TEST_TOOLS) artifacts ## 领域、导入与参考模型 | domain, intake, reference model
	@$(PY) -m scripts.setup.run_tests unit

test-contracts: $(CONTRACTS_ENV) $(TEST_TOOLS) artifacts ## 合约与状态机:anvil 与 ganache | contracts and state machine, on anvil and ganache
	@$(PY) -m scripts.setup.run_tests contracts

test-foundry: $(TEST_TOOLS) $(COMPILER) ## 合约的模糊与不变量测试(forge) | fuzz and invariant tests of the contracts (forge)
	@$(PY) -m scripts.setup.run_tests foundry

test-api: $(TEST_TOOLS) artifacts ## 接口,真实链与数据库 | the API against a real chain and database
	@$(PY) -m scripts.setup.run_tests api

test-index: $(TEST_TOOLS) $(PAGE) artifacts ## 索引器与卷宗,真实链与两种数据库 | indexer and dossiers, against a real chain and both databases
	@$(PY) -m scripts.setup.run_tests index

test-faults: $(TEST_TOOLS) artifacts ## 负载下的故障:两轮强杀,链中断、时钟偏差、磁盘满、库被锁 | faults under load: two rounds of kills, chain gone, wrong clocks, full disk, locked databases
	@$(PY) -m scripts.setup.run_tests faults

test-web: $(TEST_TOOLS) $(PAGE) artifacts ## 页面,无头 Chromium | the page in headless Chromium
	@$(PY) -m scripts.setup.run_tests web

test-e2e: $(TEST_TOOLS) $(PAGE) artifacts ## 演示、重启、中断与强杀 | the demo, its restart, Ctrl-C and kill -9
	@$(PY) -m scripts.setup.run_tests e2e

test-deep: setup ## 全量次数的测试,较慢 | the full counts; slow
	@SCF_TEST_DEEP=1 $(PY) -m scripts.setup.run_tests

.PHONY: faults
faults: setup-run $(TEST_TOOLS) ## 负载下强杀各进程:ROUNDS=轮数 SEED=数,结果 build/faults.json | kill -9 under load, counted by the clients; SEED=… ROUNDS=1 replays a round
	@$(PY) -m tests.faults --rounds $(or $(ROUNDS),20) --seed $(or $(SEED),1)

# ---- prove (by hand) ---------------------------------------------------------------------------------------------------

.PHONY: coverage slither prove fuzz
coverage: $(TEST_TOOLS) $(COMPILER) ## 合约的行与分支覆盖率 | line and branch coverage of the contracts
	@$(PY) -m scripts.setup.foundry_coverage

slither: $(PROOFS_ENV) $(TEST_TOOLS) $(COMPILER) ## 静态分析,每项发现均有说明 | static analysis, each finding explained
	@$(PY) -m scripts.setup.slither

prove: $(PROOFS_ENV) $(TEST_TOOLS) $(COMPILER) ## 形式化证明,范围见 docs/proofs.md | proofs with halmos; what and how far: docs/proofs.md
	@$(PY) -m scripts.setup.prove

fuzz: $(TEST_TOOLS) $(COMPILER) ## 随机生命不变量测试,可续跑:CALLS=次数 | random lives against the invariants; goes on where it stopped
	@$(PY) -m scripts.setup.fuzz $(CALLS)

# ---- check -----------------------------------------------------------------------------------------------------------

.PHONY: docs
docs: $(RUNTIME) $(COMPILER) ## 由 NatSpec 生成合约手册 | write docs/contracts from the interfaces' NatSpec
	@$(PY) -m scripts.setup.contract_docs

.PHONY: check check-format check-lint check-types check-layers check-solidity check-page check-size check-gas check-docs format
check: $(TEST_TOOLS) $(PACKAGES) artifacts ## 格式、规范、类型、分层、合约大小、gas 快照、合约手册 | format, lint, types, layers, contract size, gas snapshot, the manual
	@$(MAKE) -k check-format check-lint check-types check-layers check-solidity check-page check-size check-gas check-docs

check-format: $(TEST_TOOLS)
	@.venv/bin/ruff format --check --quiet . || { echo "next: make format" >&2; exit 1; }

check-lint: $(TEST_TOOLS)
	@.venv/bin/ruff check --quiet .

check-types: $(TEST_TOOLS)
	@.venv/bin/mypy

check-layers: $(TEST_TOOLS)
	@.venv/bin/lint-imports --no-logo

check-solidity: $(PACKAGES)
	@$(NPM_BIN)/prettier --check --log-level warn $(SOLIDITY) $(SOLIDITY_TESTS) || { echo "next: make format" >&2; exit 1; }
	@$(NPM_BIN)/solhint --disc --noPoster --max-warnings 0 $(SOLIDITY)

check-page: $(PACKAGES)
	@$(NPM_BIN)/prettier --check --log-level warn 'api/web/**/*.{ts,tsx,css,html}' || { echo "next: make format" >&2; exit 1; }
	@$(NPM_BIN)/tsc --noEmit -p api/web

check-size: artifacts
	@$(PY) -m scripts.setup.contract_size

check-gas: artifacts
	@$(PY) -m bench.gas --check

check-docs: $(RUNTIME) $(COMPILER)
	@$(PY) -m scripts.setup.contract_docs --check

format: $(TEST_TOOLS) $(PACKAGES) ## 统一格式 | put every source into its format
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix --quiet . || true
	@$(NPM_BIN)/prettier --write --log-level warn $(SOLIDITY) $(SOLIDITY_TESTS) 'api/web/**/*.{ts,tsx,css,html}'

# ---- measure and tidy ------------------------------------------------------------------------------------------------

.PHONY: bench bench-api bench-dossier bench-gas bench-index bench-page bench-rebuild bench-trace gas-snapshot screenshots client lock clean
bench: setup-run ## 性能测量,结果为 JSON | measurements, results as JSON
	@$(PY) -m bench

bench-page: setup-run $(TEST_TOOLS) ## 页面性能:2 万行台账、5,000 张凭证、1 万张的流转树 | the page with a ledger of 20,000 rows, 5,000 notes held, a tree of 10,000
	@$(PY) -m bench.page

bench-dossier: artifacts ## 4 级凭证的卷宗:大小、写出与核验秒数 | the dossier of a tier-4 note: size, seconds to write and to check
	@$(PY) -m bench.dossier

bench-index: artifacts ## 索引速度:SQLite 与 PostgreSQL,与 web3.py、节点字节并列 | events indexed a second, SQLite and PostgreSQL, beside web3.py and the node's bytes
	@$(PY) -m bench.indexing

bench-rebuild: artifacts ## 由链重建索引:NOTES=凭证数(默认一百万),两种数据库,秒数与内存 | `scf reindex` of a chain of NOTES notes (a million), on both databases: seconds, memory
	@$(PY) -m bench.rebuild $(NOTES)

bench-trace: setup-run $(TEST_TOOLS) ## 追溯性能:1 万、10 万、100 万张凭证,SQLite 与 PostgreSQL | traces, fund flow, positions over 10,000 to a million notes, on both databases
	@$(PY) -m bench.trace

bench-gas: artifacts ## 各操作的 gas,精确值,与同类代币并列 | gas of every act, exact, beside the same act of other tokens
	@$(PY) -m bench.gas

bench-api: setup-run ## 接口性能:读、写、端到端,与裸 Starlette、web3.py 并列;QUICK=1 短测 | the API under load, beside bare Starlette and web3.py; QUICK=1 is short
	@$(if $(QUICK),QUICK=1) $(PY) -m bench.api

gas-snapshot: artifacts ## 更新 gas 快照与文档中的表 | renew the gas snapshot and the tables in docs/figures.md
	@$(PY) -m bench.gas --renew

mutate: $(TEST_TOOLS) artifacts ## 合约变异测试,可续跑:CONTRACT=名称 SAMPLE=数 SEED=数 MINUTES=数 WRITE=1 | mutation tests of the contracts; goes on where it stopped; WRITE=1 renews docs/mutation.md
	@nice $(PY) -m bench.mutation $(if $(CONTRACT),--contract $(CONTRACT)) $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(WRITE),--write)

screenshots: setup-run $(TEST_TOOLS) ## 各视图的中英文截图:docs/views.md | pictures of every view in both languages: docs/views.md
	@$(PY) -m tests.web.screenshots

client: $(RUNTIME) artifacts ## 由 OpenAPI 生成 Python 客户端 | the API's Python client: build/client/cascade_client.py
	@$(PY) -m scripts.setup.api_client

lock: ## 更新 requirements/ 的锁定文件 | renew the lock files in requirements/
	@scripts/setup/lock.sh

clean: ## 删除生成物,ALL=1 连同环境;不动 var/ | remove what was made, ALL=1 the environments too; var/ stays
	@rm -rf build/artifacts api/web/dist reports .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@$(if $(ALL),rm -rf .venv .venv-contracts .venv-proofs node_modules .cache)
