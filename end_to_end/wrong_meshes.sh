#!/usr/bin/env bash
# Starts runs whose mesh or cluster is wrong, and checks that each gives one clear error.
#
#   end_to_end/wrong_meshes.sh
#
# Of each: exit code 2, one error on the launching terminal, not one for each process, that says what is wrong; no stack trace; nothing left
# running. Where several launches are wrong together, as on several hosts, each of them.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"
. "$root/bin/lib.sh"

place=$(mktemp -d)
trap 'end_all; if [[ -n ${holder:-} ]]; then kill "$holder" 2>/dev/null || true; fi' EXIT
cases=0
export JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}"

# Lines that begin an error: not indented, no warnings of the JVM, no summary of the usage after it.
errors() {
  sed -E -e 's/^\[[0-9]+\] //' -e '/^Usage:/,$d' "$1" | grep -v -e '^WARNING' -e '^ ' -e '^$' || true
}

# check NAME LOG CODE TEXT: what one launch has left.
check() {
  local name=$1 told
  log=$2
  (($3 == 2)) || fail "$name: exit code $3 and not 2; see $log"
  grep -qF -- "$4" "$log" || fail "$name: no word of '$4'; see $log"
  if grep -q $'\tat ' "$log"; then fail "$name: a stack trace; see $log"; fi
  told=$(errors "$log")
  (($(wc -l <<<"$told") == 1)) || fail "$name: more than one error; see $log"
  if pgrep -f "base_output_directory=$place" >/dev/null; then fail "$name: processes still run; see $log"; fi
  cases=$((cases + 1))
  printf '%-34s %s\n' "$name" "${told:0:150}"
}

# wrong NAME TEXT ARGUMENTS OF bin/jaxon ...
wrong() {
  local name=$1 text=$2 code=0
  shift 2
  "$root/bin/jaxon" "$@" >/dev/null 2>"$place/log" </dev/null || code=$?
  check "$name" "$place/log" $code "$text"
}

# Two launches that do not go together: wrong_pair NAME TEXT "OPTIONS -- KEYS" "OPTIONS -- KEYS"
wrong_pair() {
  local name=$1 text=$2 port=$((20000 + RANDOM % 10000)) codes=(0 0) second
  local words=()
  read -r -a words <<<"$3"
  "$root/bin/jaxon" launch "--coordinator=127.0.0.1:$port" "${words[@]}" "${train[@]}" >/dev/null 2>"$place/log0" </dev/null &
  launcher=$!
  read -r -a words <<<"$4"
  "$root/bin/jaxon" launch "--coordinator=127.0.0.1:$port" "${words[@]}" "${train[@]}" >/dev/null 2>"$place/log1" </dev/null &
  second=$!
  wait "$launcher" || codes[0]=$?
  wait "$second" || codes[1]=$?
  check "$name" "$place/log0" "${codes[0]}" "$text"
  check "$name, other side" "$place/log1" "${codes[1]}" "$text"
}

# bin/jaxon builds before the first of two launches that start together.
"$root/bin/jaxon" --version >/dev/null
train=("${tiny_model[@]}" steps=3 "base_output_directory=$place/out" rendezvous_timeout_seconds=60)
two=(launch --processes=2 -- train "${train[@]}")

wrong 'sizes that multiply to more' 'multiply to 3, but there are 2 devices' "${two[@]}" ici_fsdp_parallelism=3
wrong 'more processes than devices' 'multiply to 2, but there are 3 devices' \
  launch --processes=3 -- train "${train[@]}" ici_fsdp_parallelism=2
wrong 'sizes that do not fill the rest' 'which must divide' "${two[@]}" ici_tensor_parallelism=3
wrong 'two sizes of -1' 'only one ici size may be -1' "${two[@]}" ici_tensor_parallelism=-1
wrong 'size 0' 'ici_tensor_parallelism' "${two[@]}" ici_tensor_parallelism=0
wrong 'slices that do not divide' 'do not divide the 2 devices' "${two[@]}" dcn_data_parallelism=3
wrong 'axis that is not in the mesh' 'not among mesh_axes' "${two[@]}" 'mesh_axes=[data]' ici_fsdp_parallelism=2
wrong 'axis that divides no parameter' 'sharding_tolerance' "${two[@]}" base_emb_dim=25
wrong 'stages that do not divide layers' 'sharding_tolerance' "${two[@]}" base_num_decoder_layers=3 ici_fsdp_parallelism=1 \
  ici_pipeline_parallelism=2
wrong 'micro-batches that do not divide' 'num_pipeline_microbatches' "${two[@]}" base_num_decoder_layers=2 ici_fsdp_parallelism=1 \
  ici_pipeline_parallelism=2 per_device_batch_size=2 num_pipeline_microbatches=3 sharding_tolerance=1
wrong 'no such transport' 'collective_transport' "${two[@]}" collective_transport=tcp
wrong 'backend without a mesh' 'cannot take part in a mesh' "${two[@]}" hardware=interpreter
mkdir -p "$place/out/full" && echo >"$place/out/full/config.yml"
wrong 'directory of another run' 'already holds a run' "${two[@]}" run_name=full

wrong 'no such process' 'processes are numbered 0 to 1' train "${train[@]}" coordinator=127.0.0.1:29999 process_id=5 num_processes=2
wrong 'processes that do not fit' 'do not fit into 2' launch --processes=2 --first-process=1 --num-processes=2 \
  --coordinator=127.0.0.1:29999 -- train
wrong 'no such host' 'no-such-host.invalid' launch --processes=2 --coordinator=no-such-host.invalid:29999 -- train "${train[@]}"
wrong 'coordinator without a port' 'HOST:PORT' launch --processes=2 --coordinator=localhost -- train "${train[@]}"
wrong 'coordinator on another host' 'Run process 0 on the host of the coordinator' \
  train "${train[@]}" coordinator=192.0.2.1:29999 process_id=0 num_processes=2
wrong 'every network' 'stands for every network' "${two[@]}" network_interface=0.0.0.0
wrong 'address of another host' 'no address of this host' "${two[@]}" network_interface=192.0.2.1
wrong 'no coordinator' 'could not reach the coordinator' launch --processes=2 --first-process=1 --num-processes=3 \
  --coordinator=127.0.0.1:9 -- train "${train[@]}" rendezvous_timeout_seconds=2

# Somebody else listens at the coordinator's port.
find_jdk
cat >"$place/Holder.java" <<'J'
void main() throws Exception {
  try (var socket = new java.net.ServerSocket(0, 9, java.net.InetAddress.getLoopbackAddress())) {
    IO.println(socket.getLocalPort());
    Thread.sleep(600_000);
  }
}
J
"$JAVA_HOME/bin/java" "$place/Holder.java" >"$place/port" &
holder=$!
await 60 test -s "$place/port" || fail "the holder of a port does not start"
wrong 'port in use' 'cannot listen at coordinator' launch --processes=2 --coordinator="127.0.0.1:$(<"$place/port")" -- train "${train[@]}"
kill "$holder"
holder=

wrong_pair 'different configurations' 'learning_rate: ' '--processes=1 --num-processes=2 -- train learning_rate=0.1' \
  '--processes=1 --first-process=1 --num-processes=2 -- train learning_rate=0.2'
wrong_pair 'different numbers of processes' 'num_processes=3' '--processes=1 --num-processes=2 -- train' \
  '--processes=1 --first-process=2 --num-processes=3 -- train'
wrong_pair 'a process twice' 'two processes have process_id=1' '--processes=2 --num-processes=3 -- train' \
  '--processes=1 --first-process=1 --num-processes=3 -- train'

echo "PASSED: $cases launches, one clear error each"
rm -rf "$place"
