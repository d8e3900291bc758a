#!/usr/bin/env bash
# A planned sweep as a Slurm job array, and a job that merges its parts when all of them have succeeded.
#
#   lightcone plan raft-elections --seeds 10000 --out DIR     DIR is on a file system that all nodes share
#   ./slurm.sh DIR PARTS OUT [options for sbatch, such as --time=2:00:00 --cpus-per-task=8]
#
# It prints the two jobs. When a part was killed or ran out of time, run it again: parts that are done are left as they
# are, and the others go on where they stopped.
set -euo pipefail

(($# >= 3)) || { echo "slurm.sh: $# arguments, want a directory with a plan, a number of parts and a directory for results" >&2; exit 2; }
plan=$(realpath "$1") parts=$2 out=$(realpath -m "$3")
shift 3
lightcone=$(command -v "${LIGHTCONE:-lightcone}") || { echo "slurm.sh: no ${LIGHTCONE:-lightcone}: put it on PATH, or set LIGHTCONE" >&2; exit 2; }
[[ $parts =~ ^[1-9][0-9]*$ ]] || { echo "slurm.sh: number of parts is $parts, want 1 or more" >&2; exit 2; }

part=$(printf '%q run %q --workers "${SLURM_CPUS_PER_TASK:-1}" --shard "$SLURM_ARRAY_TASK_ID/%d"' "$lightcone" "$plan" "$parts")
array=$(sbatch --parsable --job-name=lightcone --array="0-$((parts - 1))" --output="$plan/part-%a.log" "$@" --wrap "$part")
echo "parts: job $array"
merge=$(printf '%q merge %q --out %q' "$lightcone" "$plan" "$out")
merging=$(sbatch --parsable --job-name=lightcone-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes --output="$plan/merge.log" --wrap "$merge")
echo "merge: job $merging"
