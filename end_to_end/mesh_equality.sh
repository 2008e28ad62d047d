#!/usr/bin/env bash
# Trains a tiny Llama in several processes, each axis of the mesh alone and pairs of them, and compares with one device.
#
#   end_to_end/mesh_equality.sh [--processes=2,4] [--transport=ipc,udp] [--meshes=fsdp:4,fsdp:2+tensor:2,...]
#
# Passes when 20 training steps in float32 give the loss of one device to 1e-5 and the norm of the gradient to 1e-4, relatively, at every
# step, and IPC and UDP give the same bits. About ten seconds a run on two cores.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

processes=2,4
transports=ipc,udp
meshes=
for argument in "$@"; do
  case $argument in
    --processes=*) processes=${argument#*=} ;;
    --transport=*) transports=${argument#*=} ;;
    --meshes=*) meshes=${argument#*=} ;;
    *) fail "unknown argument $argument; see the head of this script" ;;
  esac
done
if [[ -z $meshes ]]; then
  for axis in data fsdp fsdp_transpose tensor tensor_sequence context stage; do
    for count in ${processes//,/ }; do
      meshes+="${meshes:+,}$axis:$count"
    done
  done
  if [[ ,$processes, == *,4,* ]]; then
    meshes+=,fsdp:2+tensor:2,data:2+fsdp:2,fsdp:2+context:2,stage:2+fsdp:2,tensor:2+context:2
  fi
fi

place=$(mktemp -d)
steps=20
batch=8
model=(
  --config=base.yml dataset_type=synthetic hardware=cpu dtype=float32 num_threads=1 enable_tensorboard=false
  base_num_decoder_layers=4 base_emb_dim=32 base_num_query_heads=4 base_num_kv_heads=4 head_dim=8 base_mlp_dim=48
  vocab_size=260 max_target_length=16 eval_interval=-1 sample_length=0 log_period=100 steps=$steps sharding_tolerance=1
  "base_output_directory=$place"
)
# Most of such a run is the JIT's work; its first compiler is enough here.
export JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}"

# Step, loss and norm of the gradient of a run, one line a step.
curve() {
  sed -nE 's/.*"step":([0-9]+),.*"learning\/loss":([-0-9.eE]+).*"learning\/raw_grad_norm":([-0-9.eE]+).*/\1 \2 \3/p' "$place/$1/metrics.jsonl"
}

# Prints the largest relative differences of loss and gradient from those of one device.
differences() {
  paste -d ' ' <(curve alone) <(curve "$1") | awk -v steps=$steps '
    function part(a, b) { d = (a - b) / b; return d < 0 ? -d : d }
    { if (part($5, $2) > loss) loss = part($5, $2); if (part($6, $3) > norm) norm = part($6, $3); if ($1 == $4) same++ }
    END { if (same != steps) { print "1 1"; exit } printf "%.2e %.2e\n", loss, norm }'
}

"$root/bin/jaxon" train "${model[@]}" run_name=alone per_device_batch_size=$batch >"$place/alone.log" 2>&1 ||
  fail "the run on one device; see $place/alone.log"
[[ $(curve alone | wc -l) == "$steps" ]] || fail "the run on one device has no $steps steps; see $place/alone"

runs=0
misses=0
for mesh in ${meshes//,/ }; do
  keys=(ici_fsdp_parallelism=1)
  devices=1
  for part in ${mesh//+/ }; do
    axis=${part%:*}
    if [[ $axis == stage ]]; then axis=pipeline; fi
    # The later of two settings of a key counts.
    keys+=("ici_${axis}_parallelism=${part#*:}")
    devices=$((devices * ${part#*:}))
  done
  if [[ $mesh == *fsdp:* ]]; then keys=("${keys[@]:1}"); fi
  first=
  for transport in ${transports//,/ }; do
    name=${mesh//[:+]/_}_$transport
    if ! "$root/bin/jaxon" launch --processes=$devices -- train "${model[@]}" "${keys[@]}" "run_name=$name" \
      per_device_batch_size=$((batch / devices)) "collective_transport=$transport" >"$place/$name.log" 2>&1 </dev/null; then
      echo "MISS: $mesh over $transport did not run; see $place/$name.log"
      misses=$((misses + 1))
      continue
    fi
    read -r loss norm <<<"$(differences "$name")"
    verdict=ok
    if ! awk -v l="$loss" -v n="$norm" 'BEGIN { exit !(l <= 1e-5 && n <= 1e-4) }'; then verdict=MISS; fi
    if [[ -z $first ]]; then
      first=$name
    elif ! diff -q <(curve "$first") <(curve "$name") >/dev/null; then
      verdict='MISS: other bits than over the first transport'
    fi
    runs=$((runs + 1))
    if [[ $verdict != ok ]]; then misses=$((misses + 1)); fi
    printf '%-24s %s processes over %s: loss differs by %s, gradient norm by %s: %s\n' "$mesh" $devices "$transport" "$loss" "$norm" "$verdict"
  done
done
((misses == 0)) || fail "$misses misses; outputs in $place"
echo "PASSED: $runs runs of $steps steps give the loss of one device to 1e-5 and the gradient to 1e-4"
rm -rf "$place"
