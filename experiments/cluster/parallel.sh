#!/usr/bin/env bash
# A planned sweep by GNU parallel, on one machine or on several that share a file system.
#
#   lightcone plan raft-elections --seeds 10000 --out DIR
#   ./parallel.sh DIR PARTS OUT [options for parallel, such as --sshlogin one,two,three]
#
# When it was interrupted, run it again: parts that are done are left as they are, and the others go on where they stopped.
set -euo pipefail

(($# >= 3)) || { echo "parallel.sh: $# arguments, want a directory with a plan, a number of parts and a directory for results" >&2; exit 2; }
plan=$(realpath "$1") parts=$2 out=$3
shift 3
lightcone=$(command -v "${LIGHTCONE:-lightcone}") || { echo "parallel.sh: no ${LIGHTCONE:-lightcone}: put it on PATH, or set LIGHTCONE" >&2; exit 2; }
[[ $parts =~ ^[1-9][0-9]*$ ]] || { echo "parallel.sh: number of parts is $parts, want 1 or more" >&2; exit 2; }

seq 0 $((parts - 1)) | parallel --will-cite --halt soon,fail=1 "$@" "$lightcone" run "$plan" --workers 1 --shard "{}/$parts"
"$lightcone" merge "$plan" --out "$out"
