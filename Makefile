# lightcone. Nothing but Go is needed for help, run, test and bench; the other targets say what they miss.

SEEDS       ?= 20
FUZZTIME    ?= 30s
AXE         ?= bin/axe/node_modules/axe-core/axe.min.js
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.8.2
PINNED      := ./sim/... ./models/... ./protocols/...
SIMULATED   := ./sim ./sim/check ./sim/measure ./sim/trace ./models/... ./protocols/...

.DEFAULT_GOAL := help
.PHONY: help run hunt bugs test check studies tutorial race browser axe cluster portability notebooks fuzz bench figures clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## the main job: a Raft in five regions, and what its clients see
	go run ./cmd/lightcone run raft-wan --seed 7

hunt: ## a thousand seeds of raft-wan on all cores, until one fails
	go run ./cmd/lightcone hunt raft-wan --seeds 1..1000

bugs: ## every planted bug: how many seeds until it is caught, and by what
	go run ./cmd/lightcone bugs

test: ## all tests that need only Go (under two minutes on two cores)
	go test ./...

check: ## formatting, vet, staticcheck, and the determinism rules
	@test -z "$$(gofmt -l .)" || { echo "not gofmt-ed:"; gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go build -o bin/detvet ./cmd/detvet
	go vet -vettool=bin/detvet $(SIMULATED)

studies: ## every study in full, and its committed figures byte for byte
	go test -count=1 -run Figures ./experiments -experiments.figures

tutorial: ## README's study in a fresh clone, word for word, and how long it takes (needs git)
	go test -count=1 -v -run README ./cmd -readme.clone

race: ## the shorter tests under the race detector (needs a C compiler)
	@command -v gcc >/dev/null || command -v clang >/dev/null || { echo "make race: no C compiler: apt-get install gcc"; exit 1; }
	CGO_ENABLED=1 go test -race -short -timeout 30m ./...

browser: ## the HTML picture in a real browser (needs Chromium)
	@command -v chromium >/dev/null || { echo "make browser: no chromium: apt-get install chromium"; exit 1; }
	LIGHTCONE_AXE=$(abspath $(wildcard $(AXE))) go test -count=1 -tags browser -run Browser ./sim/trace ./experiments/report

axe: ## axe-core, with which make browser also looks for barriers (needs npm)
	@command -v npm >/dev/null || { echo "make axe: no npm: apt-get install npm"; exit 1; }
	npm install --silent --no-audit --no-fund --prefix bin/axe axe-core@4

cluster: ## a sweep in parts, made by Slurm on this machine and by GNU parallel (needs both)
	@for c in slurmctld slurmd sbatch munged parallel; do \
		command -v $$c >/dev/null || { echo "make cluster: no $$c: apt-get install slurmctld slurmd slurm-client munge parallel"; exit 1; }; \
	done
	go test -count=1 -tags slurm ./experiments/cluster

portability: ## the same digests on every platform (needs qemu-user and Node)
	@command -v qemu-aarch64 >/dev/null || { echo "make portability: no qemu-aarch64: apt-get install qemu-user"; exit 1; }
	@command -v node >/dev/null || { echo "make portability: no node: apt-get install nodejs"; exit 1; }
	GOMAXPROCS=1 go test -count=1 -run Digests ./experiments
	GOMAXPROCS=2 go test -count=1 -run Digests ./experiments
	GOAMD64=v1 go test -count=1 $(PINNED) && GOAMD64=v1 go test -count=1 -run Digests ./experiments
	GOAMD64=v3 go test -count=1 $(PINNED) && GOAMD64=v3 go test -count=1 -run Digests ./experiments
	GODEBUG=cpu.fma=off go test -count=1 $(PINNED) && GODEBUG=cpu.fma=off go test -count=1 -run Digests ./experiments
	GOARCH=arm64 go test -count=1 -exec qemu-aarch64 -short $(PINNED) && GOARCH=arm64 go test -count=1 -exec qemu-aarch64 -run Digests ./experiments
	PATH="$$PATH:$$(go env GOROOT)/lib/wasm" GOOS=js GOARCH=wasm go test -count=1 -short $(PINNED)
	PATH="$$PATH:$$(go env GOROOT)/lib/wasm" GOOS=js GOARCH=wasm go test -count=1 -run Digests ./experiments

notebooks: ## every notebook executed, untouched and solved, and its exercises (needs Jupyter)
	@/usr/bin/python3 -c "import ipykernel, matplotlib, nbconvert, pandas" 2>/dev/null && test -x /usr/bin/jupyter-nbconvert || { \
		echo "make notebooks: no Jupyter with matplotlib and pandas: apt-get install -y --no-install-recommends jupyter-nbconvert python3-ipykernel python3-matplotlib python3-pandas"; exit 1; }
	/usr/bin/python3 notebooks/test_notebooks.py

fuzz: ## each fuzz target for FUZZTIME (30s)
	@for f in $$(grep -rl --include='*_test.go' '^func Fuzz' .); do \
		for t in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' $$f); do \
			echo "fuzz $$t in $$(dirname $$f) for $(FUZZTIME)"; \
			go test -run '^$$' -fuzz "^$$t$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$(dirname $$f) || exit 1; \
		done; \
	done

bench: ## the engine beside a lean loop, and the rest
	go test -run '^$$' -bench . ./sim ./models/... ./protocols/... ./experiments

figures: ## write the committed figures anew
	go test -count=1 -run 'Figures' ./experiments -update

clean: ## remove what the targets leave behind
	rm -rf bin out
