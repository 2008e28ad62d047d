# Shared by the scripts that launch several processes, which source this file.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# A model that two, three or four processes train on two cores in seconds.
tiny_model=(
  --config=base.yml dataset_type=synthetic hardware=cpu dtype=float32 num_threads=1 enable_tensorboard=false
  base_num_decoder_layers=1 base_emb_dim=24 base_num_query_heads=4 base_num_kv_heads=4 head_dim=4 base_mlp_dim=24
  vocab_size=260 max_target_length=16 per_device_batch_size=1 eval_interval=-1 sample_length=0 log_period=1
)

# Ends the script with a message.
fail() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

seconds_since() {
  awk -v now="$(date +%s%N)" -v then="$1" 'BEGIN { printf "%.2f", (now - then) / 1e9 }'
}

# Waits for a command to succeed: await SECONDS COMMAND ...
await() {
  local end=$(($(date +%s%N) + $1 * 1000000000))
  shift
  until "$@"; do
    (($(date +%s%N) < end)) || return 1
    sleep 0.05
  done
}

# Waits for a line of the run: await_line SECONDS PATTERN
await_line() {
  await "$1" is_told_or_over "$2"
  grep -q "$2" "$log"
}

is_told_or_over() {
  grep -q "$1" "$log" || ! is_running "$launcher"
}

# Starts `bin/jaxon launch` in the background, with output to $log; sets `launcher` and, when they run, `pids` by process number.
# launch_in_background PROCESSES ARGUMENTS ...
launch_in_background() {
  local processes=$1
  shift
  "$root/bin/jaxon" launch "--processes=$processes" -- "$@" >"$log" 2>&1 </dev/null &
  launcher=$!
  await 300 all_found_or_over "$processes" || true
  find_processes "$processes" || fail "the $processes processes did not start; see $log"
}

all_found_or_over() {
  find_processes "$1" || ! is_running "$launcher"
}

find_processes() {
  local pid number
  pids=()
  for pid in $(pgrep -P "$launcher" || true); do
    number=$(tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | sed -n 's/^process_id=//p' || true)
    if [[ -n $number ]]; then pids[number]=$pid; fi
  done
  ((${#pids[@]} == $1))
}

# Whether a process runs: zombies and stopped ones that were killed do not.
is_running() {
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true)
  [[ -n $state && $state != Z && $state != X ]]
}

# The same without a process of its own to ask, for waiting in short turns; a zombie counts.
is_alive() {
  kill -0 "$1" 2>/dev/null
}

none_running() {
  local pid
  for pid in "$@"; do
    if is_running "$pid"; then return 1; fi
  done
}

# Ends what a failed check has left running, by process id.
end_all() {
  local pid
  for pid in ${launcher:-} ${pids[@]+"${pids[@]}"}; do
    if is_running "$pid"; then kill -9 "$pid" 2>/dev/null || true; fi
  done
}
