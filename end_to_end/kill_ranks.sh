#!/usr/bin/env bash
# Kills a random process of a run at a random moment, again and again, and checks that the run ends as promised.
#
#   end_to_end/kill_ranks.sh [COUNT] [SEED]
#
# COUNT runs (50) of two to four processes on this host, over IPC and UDP by turns. One gets SIGKILL while the processes start or compile, or
# in the middle of training. Then: every other process ends within 5 s with an error that names the one that was killed and the collective
# or what it was doing; launch ends with an exit code other than 0; no process, nothing in /dev/shm and nothing in the temporary
# directory is left; each process that was in a collective has written its flight record. Ends with 1 at the first miss, whose log it keeps.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

count=${1:-50}
seed=${2:-1}
limit=5
RANDOM=$seed
place=$(mktemp -d)
trap end_all EXIT

# One run and one kill. Random numbers are drawn first, so that a seed means the same kills on every machine.
kill_one() {
  local run=$1
  local processes=$((2 + RANDOM % 3)) moment=$((RANDOM % 4)) step=$((1 + RANDOM % 15)) millis=$((RANDOM % 1000))
  local victim=$((RANDOM % processes)) transport=ipc when
  if ((run % 2)); then transport=udp; fi
  log=$place/$run.log
  mkdir -p "$place/$run/tmp" "$place/$run/out"
  # Most of such a run is the JIT's work; its first compiler is enough here.
  JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-} -Djava.io.tmpdir=$place/$run/tmp" launch_in_background "$processes" \
    train "${tiny_model[@]}" steps=100000 "collective_transport=$transport" "base_output_directory=$place/$run/out" run_name=run

  case $moment in
    0) when="$millis ms after its start" ;;
    1)
      when="$millis ms after the run began to compile"
      await_line 60 '^\[0\] Hardware' || fail "run $run did not begin to compile; see $log"
      ;;
    *)
      when="$millis ms after step $step"
      await_line 120 "^\[0\] step $step/" || fail "run $run did not come to step $step; see $log"
      ;;
  esac
  sleep "$(awk -v m=$millis 'BEGIN { print m / 1000 }')"
  local begin others=()
  for number in "${!pids[@]}"; do
    if ((number != victim)); then others+=("${pids[number]}"); fi
  done
  begin=$(date +%s%N)
  kill -9 "${pids[victim]}"
  await $limit none_running "${others[@]}" || fail "run $run: some of ${others[*]} outlive process $victim by $limit s, killed $when; see $log"
  local took code=0
  took=$(seconds_since "$begin")
  await $limit none_running "$launcher" || fail "run $run: launch runs $limit s after its processes; see $log"
  wait "$launcher" || code=$?
  check_end "$run" "$processes" "$victim" "$code"
  printf '%3d: process %d of %d over %s, killed %s: exit code %d, the others ended after %s s, %s\n' \
    "$run" "$victim" "$processes" "$transport" "$when" "$code" "$took" "$told"
}

# Checks what a run has said and left. Sets `told`.
check_end() {
  local run=$1 processes=$2 victim=$3 code=$4 number own records left
  ((code != 0)) || fail "run $run: launch ends with 0; see $log"
  grep -q "^launch: process $victim ended with exit code 137 (SIGKILL" "$log" || fail "run $run: launch does not name process $victim; see $log"
  records=0
  for ((number = 0; number < processes; number++)); do
    if ((number == victim)); then continue; fi
    # An error that all find is told once, with the number of the first.
    own=$(grep -E "^\[$number\] process $number|^\[[0-9]\] process $victim .*(left|before)" "$log" |
      grep -E "(process|rank) $victim([^0-9]|$)" | head -1 || true)
    [[ -n $own ]] || fail "run $run: process $number does not name process $victim; see $log"
    if [[ $own =~ all_reduce|all_gather|reduce_scatter|all_to_all|collective_permute|broadcast|barrier ]]; then
      [[ -s $(find "$place/$run/out" -name "flight_recorder_${number}_*.txt" | head -1) ]] ||
        fail "run $run: process $number was in a collective and left no flight record; see $log"
      records=$((records + 1))
    elif [[ ! $own =~ ends\ while\ it|stops\ waiting\ at|before\ all|as\ soon\ as ]]; then
      fail "run $run: process $number tells neither a collective nor what it was doing: $own; see $log"
    fi
  done
  if grep -q $'\tat ' "$log"; then fail "run $run: a stack trace; see $log"; fi
  for number in "${!pids[@]}"; do
    left=$(find /dev/shm -maxdepth 1 -name "*-${pids[number]}" 2>/dev/null || true)
    [[ -z $left ]] || fail "run $run: process $number left $left; see $log"
  done
  left=$(find "$place/$run/tmp" -mindepth 1)
  [[ -z $left ]] || fail "run $run left in the temporary directory: $left; see $log"
  told="$records of $((processes - 1)) in a collective"
}

# Built before the clock runs.
"$root/bin/jaxon" --version >/dev/null
for ((run = 1; run <= count; run++)); do
  kill_one "$run"
done
echo "PASSED: $count kills with seed $seed, each a clean error on every process within $limit s"
rm -rf "$place"
