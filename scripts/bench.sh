#!/usr/bin/env bash
# Measures a training step of the report's models. With BENCH_PYTHON and ../shared, PyTorch's best of eager and
# channels_last is measured in turn (A B A B), and the ratio of the two printed: on a noisy machine only that counts.
set -euo pipefail
cd "$(dirname "$0")/.."
threads=${THREADS:-2}
torch=../shared/anchors/bench_torch.py
python=${BENCH_PYTHON:-}

ours() { .build/release/serspec bench "specs/$1.yaml" --threads "$threads" --steps 6 --set activation=silu --json; }
field() { grep -o "\"$1\": [0-9.e-]*" | head -1 | cut -d' ' -f2; }

if [ -z "$python" ] || [ ! -f "$torch" ]; then
  for model in cnn1d cnn2d combined; do .build/release/serspec bench "specs/$model.yaml" --threads "$threads"; done
  exit 0
fi
printf '%-10s %12s %12s %8s %10s %10s\n' model 'serspec s' 'PyTorch s' ratio 'serspec MB' 'PyTorch MB'
for model in cnn1d cnn2d combined; do
  best='' ; torch_best='' ; torch_mb=''
  for options in '' '--channels-last'; do
    result=$(ours "$model")
    seconds=$(echo "$result" | field train_step_s)
    megabytes=$(echo "$result" | field peak_rss_mb)
    if [ -z "$best" ] || awk "BEGIN {exit !($seconds < $best)}"; then best=$seconds; fi
    # shellcheck disable=SC2086
    peer=$(THREADS=$threads "$python" "$torch" "$model" 6 $options)
    peer_seconds=$(echo "$peer" | field median_s)
    if [ -z "$torch_best" ] || awk "BEGIN {exit !($peer_seconds < $torch_best)}"; then
      torch_best=$peer_seconds; torch_mb=$(echo "$peer" | field rss_mb)
    fi
  done
  awk -v m="$model" -v a="$best" -v b="$torch_best" -v x="$megabytes" -v y="$torch_mb" \
    'BEGIN {printf "%-10s %12.3f %12.3f %8.2f %10d %10d\n", m, a, b, b / a, x, y}'
done
