#!/usr/bin/env bash
# Kills a training run again and again, resumes it each time, and checks that nothing shows of it in the end.
#
#   end_to_end/kill_resume.sh [COUNT] [PROCESSES] [OUTPUT_DIRECTORY]
#
# COUNT times (20) a run of PROCESSES processes (1) that saves after every step, by turns in its own directory and in a local one, gets SIGKILL, a
# random process of it: half of the times while a checkpoint is being written, otherwise at a random moment of a random step, and now and then while it
# starts. After each kill all processes must have ended within 10 s. Passes when the losses of all steps and every byte of the last state are those of a run of as many processes
# that was never killed, and all checkpoints are intact. SEED=N repeats a schedule.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

count=${1:-20}
processes=${2:-1}
out=${3:-$(mktemp -d)}
seed=${SEED:-1}
RANDOM=$seed
limit=10
trap end_all EXIT

# More than are done until the last kill, also where a step takes milliseconds.
steps=$((count * 8 + 10))
options=("${tiny_model[@]}" log_period=1000 "base_output_directory=$out" "jax_cache_dir=$out/cache" "steps=$steps" max_num_checkpoints_to_keep=3)
saving_often=(checkpoint_period=2 enable_emergency_checkpoint=true "local_checkpoint_directory=$out/local" local_checkpoint_period=1)
# Most of such a run is the JIT's work; its first compiler is enough here.
export JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}"

losses() {
  sed -n 's/.*"step":\([0-9]*\),.*"learning\/loss":\([0-9.eE+-]*\).*/\1 \2/p' "$1/metrics.jsonl"
}

lines() {
  if [[ -e $1 ]]; then wc -l <"$1"; else echo 0; fi
}

half_written() {
  compgen -G "$out/killed/checkpoints/*.tmp" || compgen -G "$out/local/*/*.tmp"
}

has_lines() {
  (($(lines "$out/killed/metrics.jsonl") >= wanted)) || ! is_running "$launcher"
}

# Starts the run that is killed, with output to $log; sets `launcher` and `pids`.
start() {
  log=$out/killed.$kill.log
  if ((processes > 1)); then
    launch_in_background "$processes" train "${options[@]}" run_name=killed "${saving_often[@]}"
  else
    "$root/bin/train" "${options[@]}" run_name=killed "${saving_often[@]}" >"$log" 2>&1 </dev/null &
    launcher=$!
    pids=("$launcher")
  fi
  # Or the shell would tell of each kill.
  disown "$launcher"
}

# The run to its end: to_the_end RUN_NAME LOG [key=value ...]
to_the_end() {
  local name=$1 into=$2
  shift 2
  if ((processes > 1)); then set -- launch "--processes=$processes" -- train "$@"; else set -- train "$@"; fi
  "$root/bin/jaxon" "$@" "${options[@]}" "run_name=$name" >"$into" 2>&1 || fail "the run $name ends with an error; see $into"
}

# Pauses without a process of its own, so that what shall be met is not over before it is looked at.
exec {nothing}<> <(:)
pause() {
  read -rt "$1" -u "$nothing" || true
}

"$root/bin/jaxon" --version >/dev/null
to_the_end whole "$out/whole.log" checkpoint_period=1000000

saving=0
resumed=0
for ((kill = 1; kill <= count; kill++)); do
  # Random numbers are drawn first, so that a seed means the same kills on every machine.
  more=$((1 + RANDOM % 3)) millis=$((RANDOM % 100)) victim=$((RANDOM % processes)) starts=$((RANDOM % 8 == 0))
  # The file first loses the lines of the steps that are done again, so a step is new, and what the kill before has left is removed.
  wanted=$(($(lines "$out/killed/metrics.jsonl") + more))
  start
  if ((starts)); then
    pause "$((millis / 40)).$((millis % 10))"
    when="$((millis / 40)).$((millis % 10)) s after its start"
  else
    await 600 has_lines || fail "kill $kill: no step in 10 minutes; see $log"
    when="after $wanted steps or more"
    if ((saving * 2 < kill)); then
      # A save takes some ten milliseconds.
      while is_alive "$launcher" && ! half_written >/dev/null; do pause 0.001; done
    else
      pause "0.$(printf '%03d' "$millis")"
    fi
  fi
  kill -9 "${pids[victim]}" 2>/dev/null || fail "kill $kill: process $victim has ended before; see $log"
  await $limit none_running "$launcher" "${pids[@]}" || fail "kill $kill: of ${pids[*]} some outlive process $victim by $limit s; see $log"
  if ((!starts)) && half=$(half_written); then
    saving=$((saving + 1))
    when="with ${half#"$out/"} half written"
  fi
  if grep -q '^\(\[0\] \)\?Resuming' "$log"; then resumed=$((resumed + 1)); fi
  printf '%3d: process %d of %d killed %s\n' "$kill" "$victim" "$processes" "$when"
done

to_the_end killed "$out/end.log" "${saving_often[@]}"
diff <(losses "$out/whole") <(losses "$out/killed") || fail "the losses differ; see $out"
(($(losses "$out/killed" | wc -l) == steps)) || fail "there are not $steps losses; see $out"
"$root/bin/jaxon" checkpoint verify "$out/killed"
"$root/bin/jaxon" checkpoint verify "$out"/local/*
"$root/bin/jaxon" checkpoint diff "$out/whole" "$out/killed" || fail "the states differ; see $out"
echo "PASSED: $count kills with seed $seed, $processes processes, $saving kills with a checkpoint half written, $resumed resumptions that were killed" \
  "again; $steps losses and all bytes of the state are equal; outputs in $out"
