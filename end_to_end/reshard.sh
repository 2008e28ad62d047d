#!/usr/bin/env bash
# Takes a training state from mesh to mesh, of one, two and four processes, and checks that no bit of it changes.
#
#   end_to_end/reshard.sh [MESH ...]
#
# A mesh is axes and sizes, `fsdp:2+tensor:2`; `one` is one process with one device. Trains three steps on the first (one), then each next one
# starts with the state that the one before has saved, and saves it. Passes when `bin/jaxon checkpoint diff` finds no difference from the first. About
# ten seconds a mesh on two cores.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

meshes=("$@")
if ((${#meshes[@]} == 0)); then
  meshes=(one fsdp:4 tensor:2 fsdp:2+tensor:2 one tensor:4 fsdp:2 tensor:2+context:2 fsdp:4 one)
fi

place=$(mktemp -d)
# The same number of sequences a step on all meshes.
batch=4
options=("${tiny_model[@]}" "base_output_directory=$place" "jax_cache_dir=$place/cache" steps=3 sharding_tolerance=1)
export JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}"

# Trains on a mesh: train_on MESH RUN_NAME [key=value ...]
train_on() {
  local mesh=$1 name=$2 devices=1 part keys=()
  shift 2
  if [[ $mesh == one ]]; then
    set -- train "$@"
  else
    for part in ${mesh//+/ }; do
      keys+=("ici_${part%:*}_parallelism=${part#*:}")
      devices=$((devices * ${part#*:}))
    done
    if [[ $mesh != *fsdp:* ]]; then keys+=(ici_fsdp_parallelism=1); fi
    set -- launch "--processes=$devices" -- train "$@" "${keys[@]}"
  fi
  # The later of two settings of a key counts.
  "$root/bin/jaxon" "$@" "${options[@]}" per_device_batch_size=$((batch / devices)) "run_name=$name" >"$place/$name.log" 2>&1 </dev/null ||
    fail "the run on $mesh ends with an error; see $place/$name.log"
}

count=0
before=
for mesh in "${meshes[@]}"; do
  name=$count-${mesh//[:+]/-}
  if [[ -z $before ]]; then
    train_on "$mesh" "$name"
    first=$name
  else
    train_on "$mesh" "$name" "load_full_state_path=$place/$before"
    grep -q 'State .*from step 3, ' "$place/$name.log" || fail "the run on $mesh does not start with the state of step 3; see $place/$name.log"
    "$root/bin/jaxon" checkpoint diff "$place/$first" "$place/$name" >"$place/$name.diff" || fail "other bits after $mesh; see $place/$name.diff"
    echo "$before -> $mesh: the same bits"
  fi
  before=$name
  count=$((count + 1))
done
echo "PASSED: the state of $first is the same after ${#meshes[@]} meshes: ${meshes[*]}"
rm -rf "$place"
