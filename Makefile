# The whole interface. What each target does stands in the script that it calls.
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: all demo test fuzz lab lab-soak lab-shell bench install uninstall deb rpm clean help

all: ## the programs, native, in out/
	@build/native

demo: ## a disk with a real Debian on it: what pygrub-rbd makes of it, then attached on a throwaway cluster (needs root)
	@build/demo

test: ## every test; ends with "N passed, N failed, N skipped"
	@build/test

fuzz: ## every reader of hostile bytes under AFL++, a minute each; FUZZ_SECONDS=N, FUZZ_TARGETS="NAME..."; then 5000 random programs against real GRUB (FUZZ_SCRIPTS=N)
	@build/fuzz

lab: ## guests on real Xen hosts with a real cluster; CASE="NAME..." for some of the cases (needs root)
	@tests/lab/run $(CASE)

lab-soak: ## a hundred boots in a row there, in about an hour: none fails and nothing accumulates (needs root); SOAK_BOOTS=N for another number
	@LAB_CASES=soak LAB_LIMIT=20000 tests/lab/run

lab-shell: ## a prompt in the dom0 of such a host (needs root)
	@tests/lab/shell

bench: ## pygrub-rbd beside Debian's pygrub, a mount and a plain copy; block-rbd beside the first one, and a boot storm (needs root)
	@bench/run
	@bench/attach
	@bench/storm

install: all ## what packaging/files names below $(DESTDIR): programs in $(PREFIX)/bin, the block script's link, manual pages, completion, the unit that recovers at boot
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" build/install

uninstall: ## away with that again; a configuration file that was changed stays
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" build/install remove

deb: all ## a Debian package, in artifacts/packages
	@build/package-deb

rpm: all ## an RPM package, in artifacts/packages
	@build/package-rpm

clean: ## everything that was made, downloaded tools and disks too
	rm -rf artifacts out

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile
