#!/usr/bin/env bash
# Kills a training run again and again, resumes it each time, and checks that nothing shows of it in the end.
#
#   end_to_end/kill_resume.sh [COUNT] [OUTPUT_DIRECTORY]
#
# COUNT times (20 by default) a run that saves after every step gets SIGKILL: every second time while a checkpoint is being written, otherwise at a
# random moment of a random step. Passes when the losses of all steps and every byte of the last state are those of a run that was never killed, and all
# checkpoints are intact. Takes about 5 seconds a kill on two cores. SEED=N repeats a schedule.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
count=${1:-20}
out=${2:-$(mktemp -d)}
RANDOM=${SEED:-1}
steps=$((count * 4 + 10))

options=(--config=base.yml "base_output_directory=$out" "steps=$steps" dtype=bfloat16 base_emb_dim=64 head_dim=16 base_mlp_dim=128 max_target_length=64
  eval_interval=-1 sample_length=0 log_period=1000 enable_tensorboard=false max_num_checkpoints_to_keep=3)

losses() {
  sed -n 's/.*"step":\([0-9]*\),.*"learning\/loss":\([0-9.eE+-]*\).*/\1 \2/p' "$1/metrics.jsonl"
}

lines() {
  if [[ -e $1 ]]; then wc -l <"$1"; else echo 0; fi
}

"$root/bin/train" "${options[@]}" run_name=whole checkpoint_period=1000000 >"$out/whole.log"

checkpoints=$out/killed/checkpoints
saving=0
for ((kill = 1; kill <= count; kill++)); do
  "$root/bin/train" "${options[@]}" run_name=killed checkpoint_period=1 >>"$out/killed.log" 2>&1 &
  run=$!
  metrics=$out/killed/metrics.jsonl
  first=$(lines "$metrics")
  # The file first loses the lines of the steps that are done again, so this is at most a few steps on.
  wanted=$((first + RANDOM % 3))
  while kill -0 $run 2>/dev/null && (($(lines "$metrics") < wanted)); do sleep 0.01; done
  if ((kill % 2)); then
    while kill -0 $run 2>/dev/null && ! compgen -G "$checkpoints/*.tmp" >/dev/null; do :; done
  else
    sleep "0.0$((RANDOM % 100))"
  fi
  kill -9 $run 2>/dev/null || true
  wait $run 2>/dev/null || true
  if compgen -G "$checkpoints/*.tmp" >/dev/null; then saving=$((saving + 1)); fi
done

"$root/bin/train" "${options[@]}" run_name=killed checkpoint_period=1 >>"$out/killed.log" 2>&1
if ! diff <(losses "$out/whole") <(losses "$out/killed"); then
  echo "FAILED: the losses differ; see $out" >&2
  exit 1
fi
"$root/bin/jaxon" checkpoint verify "$out/killed"
if ! "$root/bin/jaxon" checkpoint diff "$out/whole" "$out/killed"; then
  echo "FAILED: the states differ; see $out" >&2
  exit 1
fi
resumed=$(grep -c '^Resuming' "$out/killed.log" || true)
echo "PASSED: $count kills, $saving of them with a checkpoint half written, $resumed resumptions; $steps losses and all bytes of the state are equal; outputs in $out"
