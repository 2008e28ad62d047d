#!/usr/bin/env bash
# Holds bin/jaxon verify logits against Llama written in numpy: logits, gradients and the round trip of bin/jaxon convert.
# Usage: end_to_end/verify_llama.sh [HARDWARE]; needs python3 with numpy.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
hardware=${1:-cpu}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 "$home/end_to_end/reference_llama.py" make "$place"
for model in llama2 llama3 llama3.1 llama3.2; do
  dir=$place/$model
  "$home/bin/jaxon" convert --from "$dir" --to "$dir.again" --max-shard-size 50KB
  "$home/bin/jaxon" verify logits --model "$dir.again" --tokens "$dir/tokens.json" --reference "$dir/reference.safetensors" \
    --write "$dir/logits.safetensors" --gradients "$dir/gradients.safetensors" dtype=float32 hardware="$hardware"
done
python3 "$home/end_to_end/reference_llama.py" check "$place"
