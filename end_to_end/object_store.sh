#!/usr/bin/env bash
# Trains with checkpoints in an object store, kills the run again and again, each time goes on in an empty output directory, as on another host, and checks
# that nothing shows of it in the end.
#
#   end_to_end/object_store.sh [COUNT] [PROCESSES] [OUTPUT_DIRECTORY]
#
# COUNT kills (4) with SIGKILL of runs of PROCESSES processes (1), by turns while a checkpoint is being written and some steps later. Passes when the losses of all steps
# and every byte of the last state are those of a run that kept its checkpoints in a directory and was never killed, and all checkpoints in the store are intact.
#
# The store is an S3 server that this script starts, or the one that AWS_ENDPOINT_URL_S3 names: then BUCKET is a bucket there, credentials are those of the environment, and
# what is written below s3://BUCKET/jaxon-end-to-end-… stays.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

count=${1:-4}
processes=${2:-1}
out=${3:-$(mktemp -d)}
mkdir -p "$out"
server=
trap 'end_all; if [[ -n $server ]] && is_running "$server"; then kill "$server"; fi' EXIT

"$root/bin/jaxon" --version >/dev/null
if [[ -n ${AWS_ENDPOINT_URL_S3:-} ]]; then
  bucket=${BUCKET:?is needed: a bucket at $AWS_ENDPOINT_URL_S3}
else
  bucket=jaxon
  . "$root/bin/lib.sh"
  find_jdk
  find_maven
  mvn -q -B -f "$root/end_to_end/object_store/pom.xml" dependency:build-classpath "-Dmdep.outputFile=$out/classpath" >"$out/maven.log" 2>&1 ||
    fail "no jars for the server; see $out/maven.log"
  mkdir -p "$out/store"
  "$JAVA_HOME/bin/java" --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -cp "$(<"$out/classpath")" \
    "$root/end_to_end/object_store/Server.java" "$out/store" "$bucket" >"$out/port" 2>"$out/server.log" </dev/null &
  server=$!
  has_port() {
    [[ -s $out/port ]] || ! is_running "$server"
  }
  await 120 has_port && [[ -s $out/port ]] || fail "the server does not start; see $out/server.log"
  export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$(<"$out/port") AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
fi
store=s3://$bucket/jaxon-end-to-end-$(date +%s)-$$
echo "the store is $store at $AWS_ENDPOINT_URL_S3"

steps=$((count * 8 + 10))
options=("${tiny_model[@]}" log_period=1000 "jax_cache_dir=$out/cache" "steps=$steps")
kept=("checkpoint_directory=$store" run_name=killed checkpoint_period=1 max_num_checkpoints_to_keep=3)
export JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}"

# The losses of a run's directories in turn, of each step the last.
losses() {
  local directory
  for directory in "$@"; do
    if [[ -e $directory/metrics.jsonl ]]; then
      sed -n 's/.*"step":\([0-9]*\),.*"learning\/loss":\([0-9.eE+-]*\).*/\1 \2/p' "$directory/metrics.jsonl"
    fi
  done | awk '{ last[$1] = $2 } END { for (step in last) print step, last[step] }' | sort -n
}

has_lines() {
  { [[ -e $metrics ]] && (($(wc -l <"$metrics") >= wanted)); } || ! is_running "$launcher"
}

# A run to its end: to_the_end LOG [key=value ...]
to_the_end() {
  local into=$1
  shift
  if ((processes > 1)); then set -- launch "--processes=$processes" -- train "$@"; else set -- train "$@"; fi
  "$root/bin/jaxon" "$@" "${options[@]}" >"$into" 2>&1 || fail "a run ends with an error; see $into"
}

to_the_end "$out/whole.log" "base_output_directory=$out" run_name=whole checkpoint_period=1000000

directories=()
for ((host = 1; host <= count; host++)); do
  log=$out/host-$host.log
  directories+=("$out/host-$host/killed")
  metrics=$out/host-$host/killed/metrics.jsonl
  wanted=$((2 + host % 4))
  if ((processes > 1)); then
    launch_in_background "$processes" train "${options[@]}" "${kept[@]}" "base_output_directory=$out/host-$host"
  else
    "$root/bin/train" "${options[@]}" "${kept[@]}" "base_output_directory=$out/host-$host" >"$log" 2>&1 </dev/null &
    launcher=$!
    pids=("$launcher")
  fi
  disown "$launcher"
  await 600 has_lines || fail "host $host: no step in 10 minutes; see $log"
  # A save of each step is on its way all the time, and most often not done.
  if ((host % 2)); then sleep 0.02; else sleep "0.$((host % 10))"; fi
  is_running "$launcher" || fail "host $host: the run has ended before it was killed; see $log"
  kill -9 "${pids[host % processes]}"
  await 20 none_running "$launcher" "${pids[@]}" || fail "host $host: some of ${pids[*]} go on; see $log"
  printf '%3d: killed after %d steps or more; %s\n' "$host" "$wanted" "$(grep -o '^\(\[0\] \)\?Resuming.*' "$log" || echo 'it was the first')"
done

to_the_end "$out/end.log" "${kept[@]}" "base_output_directory=$out/end"
grep -o 'Resuming.*' "$out/end.log" || fail "the last run did not go on from the store; see $out/end.log"
diff <(losses "$out/whole") <(losses "${directories[@]}" "$out/end/killed") || fail "the losses differ; see $out"
(($(losses "$out/whole" | wc -l) == steps)) || fail "there are not $steps losses; see $out"
"$root/bin/jaxon" checkpoint verify "$store/killed"
"$root/bin/jaxon" checkpoint diff "$out/whole" "$store/killed" || fail "the states differ; see $out"
echo "PASSED: $count kills, $processes processes, each going on in an empty directory; $steps losses and all bytes of the state are equal; outputs in $out"
