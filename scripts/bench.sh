#!/usr/bin/env bash
# Measures training and inference steps of the report's models. Where BENCH_PYTHON names a Python with torch, PyTorch is
# measured in turn (A B A B): on a noisy machine only the ratio of two times taken side by side counts. Then
# docs/benchmarks.md is written anew.
#
#   BENCH_PYTHON  a Python with torch; without it serspec is measured alone
#   MODELS        "cnn1d cnn2d combined resnet38 resnet101 combined-varlen"
#   VARIANTS      "eager channels_last compile": how PyTorch runs; the fastest of them counts
#   ROUNDS=2  STEPS=10  THREADS=2
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
models=${MODELS:-cnn1d cnn2d combined resnet38 resnet101 combined-varlen}
variants=${VARIANTS:-eager channels_last compile}
rounds=${ROUNDS:-2} steps=${STEPS:-10}
export THREADS=${THREADS:-2}
python=${BENCH_PYTHON:-}
shared=../shared
anchor=$shared/anchors/bench_torch.py
manifest=$shared/corpora/crema-d/manifest.csv
program=.build/release/serspec
report=docs/benchmarks.md

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
: >"$results/times" >"$results/failed"

fail() { echo "bench: $*" >&2; exit 1; }
say() { echo "$(date +%T) $*" >&2; }
number() { grep -o "\"$1\": [0-9.e+-]*" "$2" | head -1 | cut -d' ' -f2; }
text() { sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$2" | head -1; }

# Models whose batches differ in length are measured on the lengths that serspec tells.
varies() { case $1 in *-varlen) true ;; *) false ;; esac }

# ours MODEL ROUND: a line `MODEL ROUND serspec train|infer SECONDS MB` each in times.
ours() {
  local out="$results/$1.$2.json" options=()
  if varies "$1" && [ -f "$manifest" ]; then options=(--manifest "$manifest"); fi
  say "$1: serspec"
  "$program" bench "specs/$1.yaml" --threads "$THREADS" --steps "$steps" --set activation=silu --json \
    ${options[@]+"${options[@]}"} >"$out"
  echo "$1 $2 serspec train $(number train_step_s "$out") $(number peak_rss_mb "$out")" >>"$results/times"
  echo "$1 $2 serspec infer $(number inference_s "$out") 0" >>"$results/times"
}

# theirs MODEL ROUND VARIANT train|infer: the same line for PyTorch.
theirs() {
  local out="$results/torch.json" options=() command
  case $3 in
    eager) ;;
    channels_last) options+=(--channels-last) ;;
    compile) options+=(--compile) ;;
    *) fail "VARIANTS: '$3' is none of eager, channels_last and compile" ;;
  esac
  if [ "$4" = infer ]; then options+=(--infer); fi
  if varies "$1"; then
    command=("$here/peers/torch_varlen.py" "$(samples "$1")")
  else
    command=("$anchor" "$1" "$steps")
  fi
  if grep -qx "$1 $3" "$results/failed"; then return; fi
  say "$1: PyTorch, $3, $4"
  if ! "$python" "${command[@]}" ${options[@]+"${options[@]}"} >"$out" 2>"$results/log"; then
    # It takes a C++ compiler to compile; nothing else may fail.
    if [ "$3" != compile ]; then cat "$results/log" >&2; fail "PyTorch failed on $1, $3"; fi
    tail -1 "$results/log" >&2
    echo "$1 $3" >>"$results/failed"
    return
  fi
  local expected found
  expected=$(number parameters "$results/$1.$2.json") found=$(number params "$out")
  if [ "$expected" != "$found" ]; then
    fail "$1 has $expected parameters in serspec and $found in PyTorch: they are not the same model"
  fi
  # PyTorch's script counts in MiB, serspec in MB.
  local megabytes
  megabytes=$(number rss_mb "$out" | awk '{print int($1 * 1.048576)}')
  echo "$1 $2 $3 $4 $(number median_s "$out") $megabytes" >>"$results/times"
}

# The lengths of MODEL's batches, warming up included, with commas.
samples() { tr -d '\n ' <"$results/$1.1.json" | sed 's/.*"batch_samples":\[\([0-9,]*\)\].*/\1/'; }

[ -x "$program" ] || fail "build the program first: make"
if [ -n "$python" ]; then
  [ -f "$anchor" ] || fail "there is no $anchor to measure beside"
  torch=$("$python" -c 'import torch; print(torch.__version__)') || fail "BENCH_PYTHON=$python has no torch"
  for variant in $variants; do
    case $variant in eager | channels_last | compile) ;; *) fail "VARIANTS: there is no '$variant'" ;; esac
  done
fi
for model in $models; do
  [ -f "specs/$model.yaml" ] || fail "MODELS: there is no specs/$model.yaml"
  for round in $(seq "$rounds"); do
    ours "$model" "$round"
    if [ -z "$python" ]; then continue; fi
    for variant in $variants; do
      theirs "$model" "$round" "$variant" train
      theirs "$model" "$round" "$variant" infer
    done
  done
done

# The best median of a model's rounds; the ratio of the bests, and in brackets the least and largest ratio of a round.
comparison() {
  awk -v models="$models" -v rounds="$rounds" -v peer="$python" '
    function key(model, round, mode) { return model SUBSEP round SUBSEP mode }
    function lower(table, k, seconds) { if (!(k in table) || seconds < table[k]) { table[k] = seconds; return 1 } return 0 }
    function ms(seconds) { return seconds == "" ? "" : sprintf("%.1f", seconds * 1000) }
    function ratio(model, mode,    round, r, least, most, own) {
      if (!((model, mode) in theirs)) return "-"
      own = sprintf("%.2f", theirs[model, mode] / ours[model, mode])
      for (round = 1; round <= rounds; round++) {
        if (!(key(model, round, mode) in theirRound)) continue
        r = theirRound[key(model, round, mode)] / ourRound[key(model, round, mode)]
        if (least == "" || r < least) least = r
        if (most == "" || r > most) most = r
      }
      return rounds > 1 ? own sprintf(" (%.2f to %.2f)", least, most) : own
    }
    $3 == "serspec" {
      lower(ours, $1 SUBSEP $4, $5); lower(ourRound, key($1, $2, $4), $5)
      if ($4 == "train" && $6 > memory[$1]) memory[$1] = $6
      next
    }
    {
      lower(theirRound, key($1, $2, $4), $5)
      if (lower(theirs, $1 SUBSEP $4, $5)) { best[$1, $4] = $3; if ($4 == "train") theirMemory[$1] = $6 }
    }
    END {
      count = split(models, names, " ")
      if (peer == "") {
        print "| model | training step, ms | inference, ms | peak memory, MB |\n|---|---:|---:|---:|"
        for (i = 1; i <= count; i++) {
          m = names[i]
          printf "| %s | %s | %s | %d |\n", m, ms(ours[m, "train"]), ms(ours[m, "infer"]), memory[m]
        }
        exit
      }
      print "| model | | serspec | PyTorch | ran best as | PyTorch / serspec |\n|---|---|---:|---:|---|---:|"
      for (i = 1; i <= count; i++) {
        m = names[i]
        printf "| %s | training step, ms | %s | %s | %s | %s |\n", m, ms(ours[m, "train"]), ms(theirs[m, "train"]),
          best[m, "train"], ratio(m, "train")
        printf "| | inference, ms | %s | %s | %s | %s |\n", ms(ours[m, "infer"]), ms(theirs[m, "infer"]),
          best[m, "infer"], ratio(m, "infer")
        printf "| | peak memory, MB | %d | %d | %s | %.2f |\n", memory[m], theirMemory[m], best[m, "train"],
          theirMemory[m] / memory[m]
      }
    }' "$results/times"
}

# The results of the round in which MODEL's training step was fastest.
fastest() {
  local round
  round=$(awk -v m="$1" '$1 == m && $3 == "serspec" && $4 == "train" {print $5, $2}' "$results/times" | sort -g | head -1)
  echo "$results/$1.${round#* }.json"
}

speeds() {
  printf '| model | training, GFLOP/s | of the machine | inference, GFLOP/s | of the machine | planning a new shape, ms |\n'
  printf '|---|---:|---:|---:|---:|---:|\n'
  local model out
  for model in $models; do
    out=$(fastest "$model")
    awk -v m="$model" -v t="$(number train_gflops "$out")" -v i="$(number inference_gflops "$out")" \
      -v peak="$(number machine_gflops "$out")" -v plan="$(number plan_s "$out")" 'BEGIN {
        printf "| %s | %.0f | %.0f%% of %.0f | %.0f | %.0f%% | %.2f |\n", m, t, 100 * t / peak, peak, i, 100 * i / peak, plan * 1000
      }'
  done
}

# Milliseconds and shares of a training step by kind of operation, a column a model.
shares() {
  for model in $models; do
    tr -d '\n' <"$(fastest "$model")" | grep -o '"kinds": \[[^]]*\]' | sed 's/}/\n/g' \
      | sed -n "s/.*\"kind\": \"\([^\"]*\)\".*\"seconds\": \([0-9.e+-]*\).*/$model\t\1\t\2/p"
  done | awk -F '\t' -v models="$models" '
    { if (!($2 in seen)) { seen[$2] = 1; kinds[++count] = $2 } seconds[$1, $2] = $3; sum[$1] += $3; total[$2] += $3 }
    END {
      columns = split(models, names, " ")
      printf "| |"; for (i = 1; i <= columns; i++) printf " %s |", names[i]
      printf "\n|---|"; for (i = 1; i <= columns; i++) printf "---:|"
      printf "\n"
      for (done = 0; done < count; done++) {
        next_kind = ""
        for (k in total) if (!(k in printed) && (next_kind == "" || total[k] > total[next_kind])) next_kind = k
        printed[next_kind] = 1
        printf "| %s |", next_kind
        for (i = 1; i <= columns; i++) {
          if ((names[i], next_kind) in seconds) {
            s = seconds[names[i], next_kind]
            printf " %.1f ms, %.0f%% |", s * 1000, 100 * s / sum[names[i]]
          } else printf " |"
        }
        printf "\n"
      }
    }'
}

document() {
  local out lengths="as drawn from the distribution of CREMA-D's durations"
  out=$(fastest "${models%% *}")
  if [ -f "$manifest" ]; then lengths="as in CREMA-D's list of clips"; fi
  cat <<EOF
# Benchmarks

Made by \`make bench BENCH_PYTHON=python3\` (\`scripts/bench.sh\`) on $(date -u +%Y-%m-%d); not to be edited by hand.

- Machine: $(text cpu "$out"), $(number cores "$out") logical processors, $(number memory_mib "$out") MiB; $(text os "$out" | cut -d, -f1).
- serspec $(text serspec "$out") at commit $(git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown), Swift $(text swift "$out"), kernels \`$(text kernels "$out")\`, OpenBLAS core
  \`$(text blas_kernel "$out")\` ($(text blas "$out")).
- PyTorch $torch, the fastest of: ${variants// /, }.$(awk '{print " " $2 " did not run for " $1 "."}' "$results/failed")

## Against PyTorch

Batches of 64 clips, $THREADS threads, single precision, SiLU, Adam with weight decay; features of 3 s (27 x 301 and 64 x 64), for
\`combined-varlen\` batches in the order of training, each as long as its longest clip, $lengths.
The numbers of parameters are equal. Times are medians of $steps steps behind three to warm up, each process anew, the
programs in turn, the best of $rounds rounds; in brackets the least and the largest ratio of a round. Peak memory is the process's
resident memory, PyTorch's in the variant that trains fastest; serspec's is that of training and inference.

$(comparison)

## Against the machine

Billions of floating-point operations a second, convolutions counted as direct ones (Winograd's algorithm does with fewer), beside what
OpenBLAS's matrix product reaches on the same number of threads.

$(speeds)

## Where a training step goes

$(shares)
EOF
}

comparison
if [ -n "$python" ]; then
  document >"$results/document"
  cp "$results/document" "$report"
  say "wrote $report"
fi
