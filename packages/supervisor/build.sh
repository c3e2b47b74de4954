#!/bin/sh
# Compiles build/holdfast-supervisor: static, so that it runs on any Linux of the same architecture and starts fast.
set -eu
cd "$(dirname "$0")"
compiler=${CC:-cc}
if ! command -v "$compiler" >/dev/null; then
  echo "build.sh: no C compiler (\"$compiler\"); install one, on Debian: apt-get install gcc libc6-dev" >&2
  exit 1
fi
mkdir -p build
unfinished=build/.holdfast-supervisor.$$
trap 'rm -f "$unfinished"' EXIT
# shellcheck disable=SC2086 # CFLAGS are words
"$compiler" -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror ${CFLAGS:-} -static -s -o "$unfinished" src/*.c
mv "$unfinished" build/holdfast-supervisor
