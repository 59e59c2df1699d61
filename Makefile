# Thin: everything is said in CMakeLists.txt, tools/setup.sh and tests/run.
BUILD ?= build
PORT ?= 8080
DB ?= $(BUILD)/demo.db
FUZZ_SECONDS ?= 60

.PHONY: all run test bench bench-peers soak fuzz check format install clean setup configure
all: configure
	cmake --build $(BUILD) --target gangmu

setup:
	@sh tools/setup.sh $(BUILD) build
configure: setup
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release > $(BUILD)/configure.log || { cat $(BUILD)/configure.log; exit 1; }

run: all
	@test -f $(DB) || $(BUILD)/gangmu demo --db $(DB) || { rm -f $(DB) $(DB)-wal $(DB)-shm; exit 1; }
	@exec $(BUILD)/gangmu serve --db $(DB) --listen 127.0.0.1:$(PORT) --demo

test:
	@sh tools/setup.sh $(BUILD) build test
	@$(MAKE) --no-print-directory configure
	cmake --build $(BUILD)
	@if test -f tests/browser/package-lock.json; then \
	  npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --loglevel=error; fi
	BUILD=$(BUILD) python3 tests/run

bench: configure
	@sh tools/setup.sh $(BUILD) build test bench
	@cmake --build $(BUILD) --target gangmu benches
	BUILD=$(BUILD) sh bench/run

# Installs Fossil and Redmine from Debian's packages.
bench-peers: configure
	@sh tools/setup.sh $(BUILD) build test bench
	@cmake --build $(BUILD) --target gangmu
	GANGMU=$(abspath $(BUILD))/gangmu python3 bench/peers.py --install
	@cmake --build $(BUILD) --target bench_cases
	BUILD=$(BUILD) python3 bench/cases.py --redmine

soak: configure
	@sh tools/setup.sh $(BUILD) build test
	@cmake --build $(BUILD) --target gangmu
	BUILD=$(BUILD) python3 tests/soak/kill.py
	BUILD=$(BUILD) python3 tests/soak/move.py

fuzz:
	@sh tools/setup.sh $(BUILD) build check
	CC=clang cmake -S . -B $(BUILD)/fuzz -G Ninja -DCMAKE_BUILD_TYPE=Debug -DGANGMU_SANITIZE=fuzzer > $(BUILD)/fuzz.log
	BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) sh tools/fuzz.sh

check:
	@sh tools/setup.sh $(BUILD) build test check
	@$(MAKE) --no-print-directory configure
	cmake --build $(BUILD) --target gangmu
	CC=clang cmake -S . -B $(BUILD)/clang -G Ninja -DCMAKE_BUILD_TYPE=Debug > $(BUILD)/clang.log
	cmake --build $(BUILD)/clang
	BUILD=$(BUILD) sh tools/check.sh

format:
	find src tools tests bench -name '*.[ch]' | xargs clang-format -i

install: all
	cmake --install $(BUILD) $(if $(PREFIX),--prefix $(PREFIX))

clean:
	rm -rf $(BUILD)
