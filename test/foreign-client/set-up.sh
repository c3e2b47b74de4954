#!/bin/sh
# Puts in place what the client in Python needs, and makes its stubs from the contract:
#
#   set-up.sh FOLDER    FOLDER gets the Python modules, made from proto/ of this tree and from proto/ beside this script
#
# Debian's own Python with python3-grpcio, and protoc with its plugin for Python. What is missing is installed by apt, as
# root or through sudo; where that cannot be, one line says why and the exit code is 1.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
contract=$(CDPATH='' cd -- "$here/../../proto" && pwd)
plugin=/usr/bin/grpc_python_plugin
# The well-known types of protobuf, which the contract's errors import.
well_known=/usr/include

say() { echo "foreign client: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

[ $# = 1 ] || fail "usage: set-up.sh FOLDER"
stubs=$1

missing_packages() {
  /usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null || echo python3-grpcio
  [ -x /usr/bin/protoc ] || echo protobuf-compiler
  [ -x $plugin ] || echo protobuf-compiler-grpc
  [ -e $well_known/google/protobuf/any.proto ] || echo libprotobuf-dev
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=180 "$@" </dev/null >&2
}

missing=$(missing_packages | tr '\n' ' ')
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null || fail "missing, and no apt-get to install it: $missing"
  as_root true 2>/dev/null || fail "missing, and neither root nor sudo without a password to install it: $missing"
  apt update || say "apt-get update failed; trying with what apt knows"
  # shellcheck disable=SC2086 # the names are separate words
  apt install -y --no-install-recommends $missing || fail "apt could not install: $missing"
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "$missing" ] || fail "installed, and still not to be found: $missing"
fi

mkdir -p "$stubs"
# shellcheck disable=SC2046 # the paths of the contract have no spaces
/usr/bin/protoc --proto_path="$contract" --proto_path="$here/proto" --proto_path=$well_known \
  --python_out="$stubs" --plugin=protoc-gen-grpc_python=$plugin --grpc_python_out="$stubs" \
  $(cd "$contract" && find . -name '*.proto' -printf '%P ') $(cd "$here/proto" && find . -name '*.proto' -printf '%P ') ||
  fail "protoc refused the contract"
