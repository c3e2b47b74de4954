#!/bin/sh
# keeper.sh PREFIX CLAIM FOLDER: outlives whoever made a lab, and clears it away when that one is gone, however it went:
# it waits for a line on its standard input, or for its end. Then it kills every process in the network namespaces whose
# names begin with PREFIX, removes these, and the folders FOLDER and CLAIM. After the line "keep" FOLDER stays.
set -u
trap '' HUP INT TERM
prefix=$1 claim=$2 folder=$3

word=
read -r word

namespaces=$(ip netns list | awk -v prefix="$prefix" 'index($1, prefix) == 1 { print $1 }')
for namespace in $namespaces; do
  # What is killed may have started another just before.
  for _ in 1 2 3 4 5; do
    pids=$(ip netns pids "$namespace")
    [ -n "$pids" ] || break
    # shellcheck disable=SC2086 # the pids are separate words
    kill -9 $pids 2>/dev/null
    sleep 0.02
  done
  ip netns del "$namespace"
done
[ "$word" = keep ] || rm -rf "$folder"
rm -rf "$claim"
