#!/bin/bash
# Tries what docs/run-directory.md promises of runs that meet faults, on a run of half a second. Needs strace (apt-get install strace); a full
# disk needs root, too, for its tmpfs. Leaves nothing behind. Half an hour in all; FAULT_PARTS chooses among
#   errors   each call that writes to the run's folder fails once (ENOSPC, EIO), in a run from its start and in one that goes on
#   cache    the same for calls on the feature cache
#   trackers the same for calls on the files of TensorBoard, Weights & Biases and MLflow
#   disk     a full tmpfs of 2 MiB
#   flips    FAULT_FLIPS (1000) flipped bits in each of checkpoints, records and feature cache
#   kills    FAULT_KILLS (200) SIGKILLs over fixed, variable-length and augmented specs with 1 and 2 threads, every second one within the writing
#            of a checkpoint; each time a copy of what is left goes to its end, and is compared
#   signal   a second SIGINT ends the process at once
# FAULT_SEED makes a trial of chance again. What goes wrong is listed, and makes the exit code 1.
set -euo pipefail

program=$(realpath "${SERSPEC:-.build/release/serspec}")
root=$(realpath "$(dirname "$0")/..")
parts=${FAULT_PARTS:-errors cache trackers disk flips kills signal}
RANDOM=${FAULT_SEED:-$(date +%s)}
command -v strace >/dev/null || { echo "$0: there is no strace: apt-get install strace" >&2; exit 2; }

work=$(mktemp -d)
finish() {
  umount "$work/full" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
source "$root/scripts/small-experiment.sh"
small_experiment "$root" 2 <<'EOF'
split: {policy: stratified, test: 0.25, val: 0.34}
model:
  logits: {from: spectral, layers: [conv1d: {out_channels: 8, kernel_size: 3}, relu, dropout: 0.2, global_avg_pool, linear: "${classes}"]}
train: {epochs: 4, batch_size: 8}
EOF

# What must be the same in equal runs.
equal_files="checkpoints/best/weights.safetensors checkpoints/best/state.json checkpoints/best/manifest.json
  checkpoints/last/weights.safetensors checkpoints/last/optimizer.safetensors checkpoints/last/state.json checkpoints/last/manifest.json
  metrics.csv metrics.jsonl predictions.csv confusion.svg curves.svg fingerprints.json spec.resolved.yaml
  splits/train.csv splits/val.csv splits/test.csv splits/left_out.csv"

wrong=0
complain() {
  wrong=$((wrong + 1))
  echo "  WRONG: $*"
  if [ -s err ]; then sed 's/^/    | /' err | head -8; fi
}

# same A B: whether two folders of one run each hold equal runs.
same() {
  local a b file
  a=$(echo "$1"/small-*) b=$(echo "$2"/small-*)
  for file in $equal_files; do
    cmp -s "$a/$file" "$b/$file" || { echo "$file"; return 1; }
  done
}

# run ARGUMENT...: the program on the small spec; its exit code in $code, what it said in err.
run() {
  code=0
  "$program" run small.yaml --quiet --threads 1 "$@" >out 2>err || code=$?
}

# faulty OPTIONS... -- ARGUMENT...: the same under strace, whose record goes to trace. Its --seccomp-bpf is fast, but does not send signals.
faulty() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  code=0
  # The shell tells of what is killed.
  { strace -f -y -o trace "${options[@]}" "$program" run small.yaml --quiet --threads "${threads:-1}" "$@" >out 2>err; } 2>/dev/null ||
    code=$?
}

calls=openat,mkdir,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,unlink,unlinkat,rmdir,close

# points TRACE FOLDER: a line for each call on a file below FOLDER that changes something there: the call, its number among the calls of this name of
# the main thread (as strace counts), the file.
points() {
  awk -v folder="$2/" '
    NR == 1 { main = $1 }
    $1 != main { next }
    match($0, /[a-z0-9]+\(/) {
      call = substr($0, RSTART, RLENGTH - 1)
      rest = substr($0, RSTART + RLENGTH)
      count[call]++
      if (call == "openat" && rest !~ /O_CREAT/) next
      if (rest ~ /= -1 E/) next
      # The descriptor'"'"'s file, or the last name among the arguments.
      path = ""
      if (call ~ /^(write|pwrite64|ftruncate|fsync|fdatasync|close)$/) {
        if (match(rest, /<[^>]*>/)) path = substr(rest, RSTART + 1, RLENGTH - 2)
      } else {
        text = rest
        while (match(text, /"[^"]*"/)) { path = substr(text, RSTART + 1, RLENGTH - 2); text = substr(text, RSTART + RLENGTH) }
      }
      # Closing matters where a written file ends.
      if (call == "close" && path !~ /serspec-tmp$/) next
      if (index(path, folder)) print call, count[call], path
    }' "$1"
}

# How many points of each call there are in points.txt.
counted() { cut -d' ' -f1 points.txt | sort | uniq -c | awk '{printf "%s%s %s", sep, $1, $2; sep = ", "}'; }

# The name of the file that PATH is or is to become.
file_of() { basename "$1" | sed -E 's/^\.(.*)\.[0-9]+-[0-9]+\.serspec-tmp$/\1/'; }

# whole FOLDER: the run that was never stopped.
whole() {
  [ -d whole ] && return
  run --output-dir whole
  [ $code = 0 ] || { cat err >&2; exit 1; }
}

# Tries each point of points.txt: a run in runs, from a copy of `base` where there is one.
fail_everywhere() {
  local title=$1 base=$2 tried=0 harmless=0 call number path error errors name
  while read -r call number path; do
    case $call in
    openat | mkdir | ftruncate) errors=ENOSPC ;;
    unlink | rmdir | close) errors=EIO ;;
    *) errors="ENOSPC EIO" ;;
    esac
    for error in $errors; do
      rm -rf runs
      if [ -n "$base" ]; then cp -a "$base" runs; fi
      faulty --seccomp-bpf -e "trace=$call" -e "inject=$call:error=$error:when=$number" -- --resume --output-dir runs
      tried=$((tried + 1))
      name=$(file_of "$path")
      if ! grep '(INJECTED)' trace | head -1 | grep -qF "$name"; then
        complain "$call $number $error hit something else than $path: $(grep INJECTED trace | head -1)"
        continue
      fi
      case $call:$name in
      # The log is for people; what is left of a lock holds nobody up.
      *:train.log | unlink:.lock)
        harmless=$((harmless + 1))
        [ $code = 0 ] || complain "$call $path $error: exit code $code for a fault that does no harm" ;;
      *)
        [ $code = 1 ] || complain "$call $path $error: exit code $code"
        # A folder is synced for the sake of a file in it.
        if [ "$call" = fsync ] && [[ $path != *serspec-tmp ]]; then name=; fi
        # A checkpoint is removed as a whole.
        if [[ $call = unlink && $path = */checkpoints/* && $path != *serspec-tmp ]]; then name=$(basename "$(dirname "$path")"); fi
        grep -q "cannot write '.*$name" err || complain "$call $path $error: the message does not name the file" ;;
      esac
      if [ -d runs ]; then
        # What cannot be removed stays.
        if [[ $call != unlink && $call != rmdir ]] && find runs -name '*.serspec-tmp' -o -name '.*-new' | grep -q .; then
          complain "$call $path $error leaves $(find runs -name '*.serspec-tmp' -o -name '.*-new' | head -3)"
        fi
        [ -n "$base" ] || [ "$code" = 0 ] || [ -d runs/small-*/checkpoints ] || complain "$call $path $error leaves a run that has nothing"
        if [ -n "$base" ]; then
          "$program" status runs --verify >out 2>err || complain "$call $path $error: $(tail -1 out)"
        fi
      fi
      run --resume --output-dir runs
      [ $code = 0 ] || complain "$call $path $error: it does not go on, exit code $code"
      if [ -n "$base" ] && [ "$(grep -c '  started: ' runs/small-*/train.log)" != 1 ]; then
        complain "$call $path $error: the older checkpoint was not used"
      fi
      same whole runs >differs || complain "$call $path $error: it ends with another $(cat differs)"
    done
  done <points.txt
  echo "errors, $title: $tried runs, each with one failing call ($(counted)), $harmless of them harmless"
}

errors() {
  whole
  rm -rf runs
  faulty -e "trace=$calls" -- --resume --output-dir runs
  points trace runs >points.txt
  # A base to go on from: killed behind the checkpoints of its second epoch.
  local second
  second=$(awk '$1 == "rename" && $3 ~ /metrics.csv$/ { if (++n == 2) print $2 }' points.txt)
  fail_everywhere "from the start" ""
  rm -rf runs base
  faulty -e trace=rename -e "inject=rename:signal=SIGKILL:when=$second" -- --output-dir base
  [ $code = 137 ] || complain "it was not killed: exit code $code"
  rm -f base/small-*/.*.serspec-tmp
  cp -a base runs
  faulty -e "trace=$calls" -- --resume --output-dir runs
  points trace runs >points.txt
  fail_everywhere "going on" base
}

cache() {
  whole
  local call number path tried=0
  rm -rf runs cache
  faulty -e "trace=$calls" -- --output-dir runs
  points trace cache >points.txt
  while read -r call number path; do
    rm -rf runs cache
    faulty --seccomp-bpf -e "trace=$call" -e "inject=$call:error=ENOSPC:when=$number" -- --output-dir runs
    tried=$((tried + 1))
    [ $code = 0 ] || complain "$call $path: exit code $code"
    same whole runs >differs || complain "$call $path: it ends with another $(cat differs)"
    "$program" cache verify >out 2>err || complain "$call $path: the cache is damaged"
    rm -rf runs
    run --output-dir runs
    same whole runs >differs || complain "$call $path: the next run ends with another $(cat differs)"
  done <points.txt
  echo "cache: $tried runs, each with one failing call ($(counted)), all to the same end"
}

trackers() {
  whole
  local track='track=[tensorboard: {histograms: true}, wandb, mlflow]' call number path error tried=0
  # The resolved spec names the trackers; nothing else may tell of them.
  local equal_files=${equal_files/spec.resolved.yaml/}
  rm -rf runs mlruns
  faulty -e "trace=$calls" -- --set "$track" --output-dir runs
  { points trace runs | grep -E '/(tensorboard|wandb)/'; points trace mlruns; } >points.txt
  while read -r call number path; do
    case $call in
    unlink | rmdir | close | fsync) error=EIO ;;
    *) error=ENOSPC ;;
    esac
    rm -rf runs mlruns
    faulty --seccomp-bpf -e "trace=$call" -e "inject=$call:error=$error:when=$number" -- --set "$track" --output-dir runs
    tried=$((tried + 1))
    [ $code = 1 ] || complain "$call $path $error: exit code $code"
    grep -qE "cannot write '.*(tensorboard|wandb|mlruns)" err || complain "$call $path $error: the message does not name the file"
    [ -z "$(find runs mlruns -name '*.serspec-tmp' 2>/dev/null)" ] || complain "$call $path $error leaves a temporary file"
    run --set "$track" --resume --output-dir runs
    [ $code = 0 ] || complain "$call $path $error: it does not go on, exit code $code"
    same whole runs >differs || complain "$call $path $error: it ends with another $(cat differs)"
    [ "$(cut -d' ' -f3 mlruns/*/*/metrics/val_loss | tr '\n' ' ')" = "1 2 3 4 " ] || complain "$call $path $error: MLflow's epochs are not 1 to 4"
  done <points.txt
  echo "trackers: $tried runs, each with one failing call ($(counted)), all to the same end"
}

disk() {
  [ "$(id -u)" = 0 ] || { echo "$0: a full disk needs root" >&2; exit 2; }
  # Two checkpoints have room, three do not.
  local wide=(--set 'model.logits={from: spectral, layers: [conv1d: {out_channels: 700, kernel_size: 3}, relu, global_avg_pool, linear: "${classes}"]}')
  local run before
  rm -rf wide full
  run "${wide[@]}" --output-dir wide
  mkdir full
  mount -t tmpfs -o size=2m tmpfs full
  run "${wide[@]}" --output-dir full
  run=$(echo full/small-*)
  [ $code = 1 ] || complain "a full disk: exit code $code"
  grep -q "cannot write '$run/" err || complain "a full disk: the message does not name the file"
  grep -q "No space left on device" err || complain "a full disk: the message does not say why"
  [ -z "$(find full -name '*.serspec-tmp' -o -name '.*-new')" ] || complain "a full disk: $(find full -name '*.serspec-tmp' -o -name '.*-new')"
  "$program" status full --verify >out 2>err || complain "a full disk: $(cat err)"
  [ -f "$run/checkpoints/last/state.json" ] || complain "a full disk: there is no older checkpoint"
  before=$(grep -o '"epoch": [0-9]*' "$run/status.json")
  mount -o remount,size=16m full
  run "${wide[@]}" --resume --output-dir full
  [ $code = 0 ] || complain "more room: exit code $code"
  grep -q '  resumed after step' "$run/train.log" || complain "more room: the older checkpoint was not used"
  same wide full >differs || complain "more room: it ends with another $(cat differs)"
  umount full
  echo "disk: a full tmpfs of 2 MiB at $before; with more room it goes on to the same end"
}

# flip FILE: flips a bit of FILE; flip back by `flip FILE BYTE BIT`.
flip() {
  local size byte
  size=$(stat -c %s "$1")
  flipped_byte=${2:-$(((RANDOM << 15 | RANDOM) % size))}
  flipped_bit=${3:-$((RANDOM % 8))}
  byte=$(od -An -tu1 -j"$flipped_byte" -N1 "$1")
  printf "\\x$(printf %x $((byte ^ 1 << flipped_bit)))" | dd of="$1" bs=1 seek="$flipped_byte" conv=notrunc status=none
}

# fails CODES WHAT COMMAND...: runs a command that must end with one of the codes and a message.
fails() {
  local codes=$1 what=$2
  shift 2
  code=0
  "$@" >out 2>err || code=$?
  [[ " $codes " == *" $code "* ]] && grep -q '^error\[' err || complain "$what: exit code $code of $(basename "$1") ${*:2:2}"
}

flips() {
  local count=${FAULT_FLIPS:-1000} i file what run files
  whole
  rm -rf runs
  run --output-dir runs
  run=$(echo runs/small-*)

  # Those of .last-old are found, too: it is what is gone back to.
  mapfile -t files < <(find "$run/checkpoints" -type f | sort)
  for ((i = 0; i < count; i++)); do
    file=${files[i % ${#files[@]}]}
    flip "$file"
    what="bit $flipped_bit of byte $flipped_byte of $file"
    fails 4 "$what" "$program" status runs --verify
    case $file in
    */best/*)
      fails "1 4" "$what" "$program" evaluate "$run" --threads 1
      flip "$file" "$flipped_byte" "$flipped_bit" ;;
    *)
      # Every tenth goes on from the checkpoint before and ends with the same bytes.
      if ((i % 10 == 0)); then
        rm -rf damaged
        cp -a runs damaged
        run --resume --output-dir damaged
        [ $code = 0 ] || complain "$what: it does not go on, exit code $code"
        if [[ $file == */last/* ]]; then
          grep -q 'run.checkpoint_passed_over' err || complain "$what: passed over without a word"
        fi
        same whole damaged >differs || complain "$what: it ends with another $(cat differs)"
        "$program" status damaged --verify >out 2>err || complain "$what: not mended"
      fi
      flip "$file" "$flipped_byte" "$flipped_bit" ;;
    esac
  done
  echo "flips: $count in ${#files[@]} files of checkpoints"

  mapfile -t files < <(find "$run" -type f -not -path '*/checkpoints/*' -size +0 -not -name train.log -not -name status.json | sort)
  for ((i = 0; i < count; i++)); do
    file=${files[i % ${#files[@]}]}
    flip "$file"
    what="bit $flipped_bit of byte $flipped_byte of $file"
    fails 4 "$what" "$program" status runs
    # A damaged spec may be one of many kinds of error.
    case $((i / ${#files[@]} % 4)) in
    0) fails "3 4" "$what" "$program" compare "$run" ;;
    1) fails "3 4" "$what" "$program" report "$run" -o page.html ;;
    2) fails "3 4" "$what" "$program" plot curves "$run" -o curves.svg ;;
    3) fails "3 4" "$what" "$program" reproduce "$run" --threads 1 ;;
    esac
    flip "$file" "$flipped_byte" "$flipped_bit"
  done
  "$program" status runs --verify >out 2>err || complain "flipped back: $(cat err)"
  echo "flips: $count in ${#files[@]} records"

  # Of sound files, too, whose digests are remembered once they are some seconds old.
  "$program" synth clips --corpus few.yaml --quiet >out
  find clips -type f -exec touch -d '1 hour ago' {} +
  rm -rf cache files
  run --data clips --output-dir files
  rm -rf cache.whole
  cp -a cache cache.whole
  mapfile -t files < <(find cache -type f -size +0 | sort)
  for ((i = 0; i < count; i++)); do
    file=${files[i % ${#files[@]}]}
    flip "$file"
    what="bit $flipped_bit of byte $flipped_byte of $file"
    fails 4 "$what" "$program" cache verify
    if ((i % 10 == 0)); then
      rm -rf damaged
      run --data clips --output-dir damaged
      [ $code = 0 ] || complain "$what: exit code $code"
      # What is remembered of sound files is only read again.
      [[ $file = */audio.index ]] || grep -q 'data.cache_damaged' err || complain "$what: mended without a word"
      same files damaged >differs || complain "$what: it ends with another $(cat differs)"
      "$program" cache verify >out 2>err || complain "$what: not mended"
      rm -rf cache
      cp -a cache.whole cache
    else
      flip "$file" "$flipped_byte" "$flipped_bit"
    fi
  done
  echo "flips: $count in ${#files[@]} files of the feature cache"
}

kills() {
  local count=${FAULT_KILLS:-200} killed=0 inside=0 turn=0 here kind threads name call number seconds
  local augment='augment=[{noise: {amplitude: [0.001, 0.01], p: 0.7}}, {shift: {share: [-0.2, 0.2]}}, {mixup: {alpha: 0.4}}]'
  local calls=(write fsync rename openat mkdir unlink rmdir) names=(fixed variable augmented)
  local -A trials=()
  while ((killed < count)); do
    name=${names[turn % 3]} threads=$((1 + turn / 3 % 2)) here=0
    turn=$((turn + 1))
    kind=(--epochs 12 --set 'train.checkpoint={steps: 1}')
    case $name in
    variable) kind+=(--set 'length={policy: batch_longest}') ;;
    augmented) kind+=(--set 'length={policy: batch_longest}' --set "$augment") ;;
    esac
    if [ ! -d "kills.$name" ]; then
      run "${kind[@]}" --output-dir "kills.$name"
      [ $code = 0 ] || { cat err >&2; exit 1; }
    fi
    rm -rf runs
    # A run is killed five times at most, unless it comes to its end before.
    while ((here < 5 && killed < count)); do
      if ((killed % 2 == 0)); then
        call=${calls[RANDOM % ${#calls[@]}]}
        case $call in
        # Libraries are opened first.
        openat) number=$((120 + RANDOM % 200)) ;;
        mkdir | rmdir) number=$((1 + RANDOM % 14)) ;;
        *) number=$((20 + RANDOM % 100)) ;;
        esac
        faulty -e "trace=$call" -e "inject=$call:signal=SIGKILL:when=$number" -- "${kind[@]}" --resume --output-dir runs
      else
        seconds=0.$(printf %03d $((100 + RANDOM % 600)))
        code=0
        { timeout -s KILL $seconds "$program" run small.yaml --quiet --threads "$threads" "${kind[@]}" --resume --output-dir runs \
          >out 2>err; } 2>/dev/null || code=$?
      fi
      if [ $code = 0 ]; then break; fi
      if [ $code != 137 ]; then
        complain "$name, $threads threads: exit code $code"
        break
      fi
      if ((killed % 2 == 0)); then
        # One elsewhere than in a checkpoint does not count.
        awk 'NR == 1 { main = $1 } $1 == main && /\(/ { last = $0 } END { exit last !~ "/checkpoints" }' trace || continue
        inside=$((inside + 1))
      fi
      killed=$((killed + 1)) here=$((here + 1))
      trials[$name.$threads]=$((${trials[$name.$threads]:-0} + 1))
      # A copy goes to its end, the run itself is killed again.
      rm -rf ends
      if [ -d runs ]; then cp -a runs ends; fi
      code=0
      "$program" run small.yaml --quiet --threads $((3 - threads)) "${kind[@]}" --resume --output-dir ends >out 2>err || code=$?
      [ $code = 0 ] || complain "$name, $threads threads: it does not go on, exit code $code"
      same "kills.$name" ends >differs || complain "$name, $threads threads: it ends with another $(cat differs)"
    done
  done
  echo "kills: $killed, $inside of them within the writing of a checkpoint, and as many ends compared" \
    "($(for name in "${!trials[@]}"; do echo "$name threads: ${trials[$name]}"; done | sort | paste -sd, | sed 's/,/, /g; s/\./, /g'))"
}

# stopped COUNT: seconds from the last of COUNT SIGINTs to the end of a run whose step takes long.
stopped() {
  local process start
  rm -rf runs
  "$program" run small.yaml --quiet --threads 1 --output-dir runs --set train.batch_size=19 --epochs 99 --set \
    'model.logits={from: spectral, layers: [conv1d: {out_channels: 3000, kernel_size: 3}, conv1d: {out_channels: 2000, kernel_size: 3}, global_avg_pool, linear: "${classes}"]}' \
    >out 2>err &
  process=$!
  until grep -q '  started: ' runs/small-*/train.log 2>/dev/null; do sleep 0.02; done
  sleep 0.2
  kill -INT $process
  if [ "$1" = 2 ]; then
    sleep 0.1
    kill -INT $process
  fi
  start=$(date +%s%N)
  code=0
  wait $process || code=$?
  milliseconds=$((($(date +%s%N) - start) / 1000000))
  [ $code = 130 ] || complain "$1 SIGINT: exit code $code"
}

signal() {
  # Bash starts programs in the background with SIGINT ignored, which the program undoes.
  local once
  stopped 1
  once=$milliseconds
  "$program" status runs --verify >out 2>err || complain "one SIGINT: $(cat err)"
  stopped 2
  "$program" status runs --verify >out 2>err || complain "two SIGINTs: $(cat err)"
  if ((once < 500 || milliseconds * 5 > once)); then
    complain "one SIGINT took $once ms, two $milliseconds ms"
  fi
  echo "signal: one SIGINT ends the run behind its step and a checkpoint, after $once ms, a second at once, after $milliseconds ms"
}

for part in $parts; do
  case $part in
  errors | cache | trackers | disk | flips | kills | signal) $part ;;
  *) echo "$0: there is no part $part" >&2; exit 2 ;;
  esac
done
if [ $wrong != 0 ]; then
  echo "faults: $wrong findings" >&2
  exit 1
fi
echo "faults: all is well"
