#!/usr/bin/env bash
# Stops a process of a run (SIGSTOP), as if it hung, and checks that the others end at the deadline.
#
#   end_to_end/stop_ranks.sh [COUNT] [SEED]
#
# COUNT runs (4) of three processes, over IPC and UDP by turns, with collective_timeout_seconds=5. Passes when the others end between 5 s
# and 10 s after one is stopped in training, with an error that names it and the collective, and launch ends the stopped one, too. Then two
# processes are stopped together, for longer than a silent one counts as alive, and go on: each ends with an error that says so, and
# nothing of the libraries' is shown.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

count=${1:-4}
RANDOM=${2:-1}
deadline=5

shows_no_library() {
  ! grep -qE 'io\.aeron|org\.agrona|com\.hazelcast' "$log"
}

place=$(mktemp -d)
trap end_all EXIT
"$root/bin/jaxon" --version >/dev/null

for ((run = 1; run <= count; run++)); do
  victim=$((RANDOM % 3)) transport=ipc
  if ((run % 2)); then transport=udp; fi
  log=$place/$run.log
  JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}" launch_in_background 3 train "${tiny_model[@]}" steps=100000 \
    "collective_transport=$transport" "collective_timeout_seconds=$deadline" "base_output_directory=$place/$run" run_name=run
  await_line 120 '^\[0\] step 5/' || fail "run $run did not come to step 5; see $log"
  others=()
  for number in "${!pids[@]}"; do
    if ((number != victim)); then others+=("${pids[number]}"); fi
  done
  begin=$(date +%s%N)
  kill -STOP "${pids[victim]}"
  await $((2 * deadline)) none_running "${others[@]}" || fail "run $run: some of ${others[*]} run on after process $victim stopped; see $log"
  took=$(seconds_since "$begin")
  await 15 none_running "$launcher" "${pids[victim]}" || fail "run $run: launch leaves the stopped process; see $log"
  code=0
  wait "$launcher" || code=$?
  ((code != 0)) || fail "run $run: launch ends with 0; see $log"
  awk -v took="$took" -v least=$deadline 'BEGIN { exit !(took >= least - 0.5) }' || fail "run $run: the others ended after $took s; see $log"
  for ((number = 0; number < 3; number++)); do
    if ((number != victim)); then
      grep -E "^\[$number\] process $number: .*(process|rank) $victim[^0-9]" "$log" | grep -qE 'all_reduce|all_gather|reduce_scatter|barrier' ||
        fail "run $run: process $number does not name process $victim and a collective; see $log"
    fi
  done
  shows_no_library || fail "run $run: $log shows what only developers understand"
  echo "$run: process $victim of 3 over $transport stopped: the others ended after $took s, launch with $code"
done

log=$place/together.log
JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}" launch_in_background 2 train "${tiny_model[@]}" steps=100000 \
  "base_output_directory=$place/together" run_name=run
await_line 120 '^\[0\] step 5/' || fail "the run did not come to step 5; see $log"
kill -STOP "${pids[@]}"
sleep 14
kill -CONT "${pids[@]}"
await 60 none_running "$launcher" "${pids[@]}" || fail "the processes run on after they stood still; see $log"
for number in 0 1; do
  grep -qE "^\[$number\] process $number: .*(stood still|is lost)" "$log" || fail "process $number does not say why it ends; see $log"
done
shows_no_library || fail "$log shows what only developers understand"
echo "two processes stood still for 14 s: both ended"
echo "PASSED: $count hangs, each a clear error at the deadline; a standstill of all"
rm -rf "$place"
