#!/usr/bin/env bash
# Has system calls of a save fail on a real file system, one in each run, and checks that no checkpoint is lost and none that is torn is used.
#
#   end_to_end/fault_save.sh [COUNT] [SEED]
#
# COUNT runs (30), or `all`. In each, one write, fsync or rename of the files of a checkpoint fails with EIO or ENOSPC, or the process gets SIGKILL at
# it: first every fsync and rename with each of the three, then writes in a random order. By turns the run has a checkpoint from before or none. Passes
# when each run ends with exit code 1 and one message that names the error, or killed; when the same command then goes on from the newest
# checkpoint that was committed, or from the start where none was; and when every checkpoint has the bytes of a run that met no fault. Needs strace.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/cluster.sh"

count=${1:-30}
seed=${2:-1}
if ! command -v strace >/dev/null; then
  echo "SKIPPED: there is no strace here"
  exit 0
fi
place=$(cd "$(mktemp -d)" && pwd -P)
# The writer's files under all names that they have in turn.
run=$place/out/run
saved=("$run/checkpoints" "$run/checkpoints/2.tmp" "$run/checkpoints/2")
for name in data-00000-of-00001.parquet manifest.json COMMITTED.tmp COMMITTED; do
  saved+=("$run/checkpoints/2.tmp/$name" "$run/checkpoints/2/$name")
done
calls=write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2
options=("${tiny_model[@]}" opt_type=sgd learning_rate_schedule_steps=3 "jax_cache_dir=$place/cache" checkpoint_period=2 run_name=run)
export JAXON_JAVA_OPTS="-XX:TieredStopAtLevel=1 ${JAXON_JAVA_OPTS:-}"

# train LOG DIRECTORY [key=value ...]: sets `code`.
train() {
  local into=$1 directory=$2
  shift 2
  code=0
  # The braces' errors are what the shell says of a process that was killed.
  {
    ${tracing[@]+"${tracing[@]}"} "$root/bin/train" "${options[@]}" "base_output_directory=$directory" "$@" >"$into" 2>&1 </dev/null || code=$?
  } 2>/dev/null
}

# The steps of what is committed, ascending.
committed() {
  find "$run/checkpoints" -mindepth 2 -maxdepth 2 -name COMMITTED -printf '%h\n' 2>/dev/null | sed 's|.*/||' | sort -n
}

# Every committed checkpoint has the bytes of the run without faults, and a marker that belongs to its manifest.
check_all() {
  local step folder
  for step in $(committed); do
    folder=$run/checkpoints/$step
    cmp -s "$folder/data-00000-of-00001.parquet" "$place/whole/run/checkpoints/$step/data-00000-of-00001.parquet" ||
      fail "$case: the bytes of checkpoint $step are others; see $log"
    [[ $(<"$folder/COMMITTED") == "manifest.json $(stat -c %s "$folder/manifest.json") $(sha256sum <"$folder/manifest.json" | cut -d' ' -f1)" ]] ||
      fail "$case: the marker of checkpoint $step is of another manifest; see $log"
  done
}

"$root/bin/jaxon" --version >/dev/null
tracing=()
train "$place/whole.log" "$place/whole" steps=3 checkpoint_period=1
((code == 0)) || fail "the run without faults ends with $code; see $place/whole.log"
train "$place/first.log" "$place/first" steps=1
((code == 0)) || fail "the first step ends with $code; see $place/first.log"

# Which calls a save makes: `CALL NUMBER`, one a line; numbers count within a thread, and one thread writes.
filter=()
for path in "${saved[@]}"; do filter+=(-P "$path"); done
tracing=(strace -f -o "$place/calls" -e "trace=$calls" "${filter[@]}")
train "$place/traced.log" "$place/out" steps=3
((code == 0)) || fail "the traced run ends with $code; see $place/traced.log"
awk '{ sub(/\(.*/, "", $2); if ($2 ~ /^[a-z0-9]+$/) n[$1 " " $2]++ }
  END { for (k in n) { split(k, a, " "); if (n[k] > most[a[2]]) most[a[2]] = n[k] } for (c in most) for (i = 1; i <= most[c]; i++) print c, i }' \
  "$place/calls" | sort -k1,1 -k2,2n >"$place/points"
(($(wc -l <"$place/points") > 0)) || fail "the traced run writes nothing that strace sees; see $place/calls"

# Every fsync and rename first, then writes, which are many, shuffled.
with_each_fault() {
  local call number fault
  while read -r call number; do
    for fault in error=EIO error=ENOSPC signal=SIGKILL; do echo "$call $number $fault"; done
  done
}
grep -v write "$place/points" | with_each_fault >"$place/cases"
grep write "$place/points" | with_each_fault |
  awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' | sort -n | cut -f2- >>"$place/cases"
total=$(wc -l <"$place/cases")
if [[ $count == all ]] || ((count > total)); then count=$total; fi

killed=0
survived=0
number=0
while read -r call at fault && ((number < count)); do
  number=$((number + 1))
  case="$number: $call $at $fault"
  log=$place/$number.log
  rm -rf "$place/out"
  if ((number % 2)); then cp -r "$place/first" "$place/out"; fi
  tracing=(strace -f -o "$place/calls" -e "trace=$calls" -e "inject=$call:$fault:when=$at" "${filter[@]}")
  train "$log" "$place/out" steps=3
  case $fault in
    signal=SIGKILL)
      ((code == 137)) || fail "$case: exit code $code; see $log"
      killed=$((killed + 1))
      ;;
    *)
      ((code == 1)) || fail "$case: exit code $code; see $log"
      text='Input/output error'
      if [[ $fault == error=ENOSPC ]]; then text='No space left on device'; fi
      (($(grep -c 'the checkpoint of step 2 was not saved: .*'"$text" "$log") == 1)) || fail "$case: no message, or two, that names the error; see $log"
      if grep -qE $'\tat |Exception in' "$log"; then fail "$case: a stack trace; see $log"; fi
      ;;
  esac
  check_all
  before=$(committed | tr '\n' ' ')
  if ((number % 2)); then [[ $before == 1* ]] || fail "$case: checkpoint 1 is lost; see $log"; fi
  newest=$(committed | tail -1)
  if [[ $newest == 2 ]]; then survived=$((survived + 1)); fi
  tracing=()
  train "$log.again" "$place/out" steps=3
  ((code == 0)) || fail "$case: the run does not go on: exit code $code; see $log.again"
  resumed=$(sed -n 's/^Resuming   from step \([0-9]*\),.*/\1/p' "$log.again")
  [[ $resumed == "$newest" ]] || fail "$case: goes on from '$resumed', the newest checkpoint is '$newest'; see $log.again"
  check_all
  [[ $(committed | tail -1) == 3 ]] || fail "$case: there is no checkpoint 3; see $log.again"
  left=$(find "$run/checkpoints" -mindepth 1 -maxdepth 1 ! -name '[0-9]*[0-9]' ! -name '[0-9]' ! -name .lock)
  [[ -z $left ]] || fail "$case: left $left; see $log.again"
  echo "$case: committed were ${before:-none}"
done <"$place/cases"
echo "PASSED: $number faults of $total with seed $seed, $killed of them kills; each a clear error, and every run went on from a whole checkpoint or the" \
  "start; in $survived the checkpoint was there all the same"
rm -rf "$place"
