#!/usr/bin/env bash
# Trains in processes that talk over UDP, with and without losing packets, and compares the losses of the model bit for bit.
#
#   end_to_end/lossy_network.sh [RATE] [PROCESSES]
#
# RATE of all packets (0.01) are dropped at random where they are sent, by the generators that Aeron has for this, in each of PROCESSES (2)
# processes. Passes when 20 training steps have the same metrics in every digit. With all packets lost the processes must not even connect,
# or the generators have done nothing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

rate=${1:-0.01}
processes=${2:-2}
place=$(mktemp -d)
jit=-XX:TieredStopAtLevel=1
drivers=io.aeron.driver.ext
losing() {
  printf '%s ' \
    "-Daeron.SendChannelEndpoint.supplier=$drivers.DebugSendChannelEndpointSupplier" \
    "-Daeron.ReceiveChannelEndpoint.supplier=$drivers.DebugReceiveChannelEndpointSupplier" \
    "-Daeron.debug.send.data.loss.rate=$1" -Daeron.debug.send.data.loss.seed=1 \
    "-Daeron.debug.receive.control.loss.rate=$1" -Daeron.debug.receive.control.loss.seed=2
}

# run NAME JVM_OPTIONS KEYS ...
run() {
  local name=$1 options=$2
  shift 2
  JAXON_JAVA_OPTS="$jit $options ${JAXON_JAVA_OPTS:-}" "$root/bin/jaxon" launch "--processes=$processes" -- train "${tiny_model[@]}" \
    steps=20 collective_transport=udp "base_output_directory=$place" "run_name=$name" "$@" >"$place/$name.log" 2>&1 </dev/null
}

# What training has computed, without the times.
learned() {
  sed -E 's/"perf\/[^,}]*,?//g' "$place/$1/metrics.jsonl"
}

if run nothing "$(losing 1)" rendezvous_timeout_seconds=10; then
  fail "the run goes on though all packets are lost: the generators of losses do nothing"
fi
run whole '' || fail "the run without losses; see $place/whole.log"
run lossy "$(losing "$rate")" || fail "the run with losses; see $place/lossy.log"
[[ $(learned whole | wc -l) == 20 ]] || fail "the run has no 20 steps; see $place/whole"
diff <(learned whole) <(learned lossy) || fail "packets that are lost change the results; outputs in $place"
echo "PASSED: 20 steps of $processes processes are the same in every digit with $rate of all packets lost"
rm -rf "$place"
