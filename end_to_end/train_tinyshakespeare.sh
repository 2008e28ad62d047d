#!/usr/bin/env bash
# Trains a four-layer, 256-wide byte-level Llama on a text and checks that it learns, and that a second run repeats it.
#
#   end_to_end/train_tinyshakespeare.sh CORPUS [OUTPUT_DIRECTORY]
#
# CORPUS is tinyshakespeare.txt (1.1 MB, karpathy/char-rnn). Passes when the training loss falls below 1.9 nats per byte within 400 steps of 4,096
# tokens, and two runs of the first 20 steps give the same losses in every digit. Takes several minutes on two cores.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
corpus=${1:?usage: end_to_end/train_tinyshakespeare.sh CORPUS [OUTPUT_DIRECTORY]}
out=${2:-$(mktemp -d)}
limit=1.9

run() {
  "$root/bin/train" --config=tinyshakespeare.yml "dataset_path=$corpus" "base_output_directory=$out" "$@"
}

losses() {
  sed -n 's/.*"step":\([0-9]*\),.*"learning\/loss":\([0-9.eE+-]*\).*/\1 \2/p' "$1/metrics.jsonl"
}

run run_name=twenty_a steps=20 learning_rate_schedule_steps=400 eval_interval=-1 sample_length=0
run run_name=twenty_b steps=20 learning_rate_schedule_steps=400 eval_interval=-1 sample_length=0
if ! diff <(losses "$out/twenty_a") <(losses "$out/twenty_b"); then
  echo "FAILED: two runs with the same seed differ" >&2
  exit 1
fi

run run_name=full
last=$(losses "$out/full" | awk -v limit=$limit '$2 < limit && !first { first = $1 } { last = $2 } END { print first, last }')
read -r first loss <<<"$last"
if [[ -z ${loss:-} ]]; then
  echo "FAILED: the training loss never fell below $limit" >&2
  exit 1
fi
echo "PASSED: below $limit nats per byte at step $first; last loss $loss; two runs agree in every digit; outputs in $out"
