#!/usr/bin/env bash
# What `track` writes, read by the real programs: a run that was killed and resumed, and stopped and resumed, whose every epoch TensorBoard,
# `wandb sync` (against a stub on the loopback interface) and MLflow must see once, with the figures of metrics.csv; and whose checkpoints
# are those of a run without trackers.
#
# Needs a Python with tensorboard, wandb, mlflow and pillow: TRACKERS_PYTHON, or python3.
set -euo pipefail

program=$(realpath "${SERSPEC:-.build/release/serspec}")
root=$(realpath "$(dirname "$0")/..")
python=${TRACKERS_PYTHON:-python3}
if ! "$python" -c 'import tensorboard, wandb, mlflow, PIL' 2>/dev/null; then
  echo "$0: $python lacks tensorboard, wandb, mlflow or pillow: make a venv with them and name its Python in TRACKERS_PYTHON" >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
source "$root/scripts/small-experiment.sh"
small_experiment "$root" 4 <<'EOF'
params: {width: 16}
split: {policy: stratified, test: 0.25, val: 0.2}
model:
  logits: {from: spectral, layers: [conv1d: {out_channels: "${width}", kernel_size: 3}, relu, global_avg_pool, linear: "${classes}"]}
train: {epochs: 60, batch_size: 4, checkpoint: {steps: 3}}
EOF
track=(--set 'track=[tensorboard: {histograms: true}, wandb: {project: ser, tags: [test]}, mlflow: {experiment: ser}]')
options=(small.yaml --set width=24 --threads 1 --quiet)

"$program" run "${options[@]}" --output-dir plain >plain.txt
plain=$(echo plain/small-*)

# A first epoch, then KILL, KILL at another moment, TERM, and to the end.
lines() { { cat runs/small-*/metrics.csv 2>/dev/null || true; } | wc -l; }
started=0
for signal in KILL KILL TERM; do
  "$program" run "${options[@]}" "${track[@]}" --resume >>tracked.txt 2>&1 &
  pid=$!
  started=$((started + 12))
  while kill -0 $pid 2>/dev/null && [ "$(lines)" -lt $started ]; do sleep 0.01; done
  # Any moment of an epoch, the writing of its files included.
  sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
  kill -$signal $pid 2>/dev/null || { echo "$0: the run ended before it could be stopped" >&2; exit 1; }
  wait $pid 2>/dev/null || true
  echo "stopped by $signal behind epoch $(($(lines) - 1))"
done
"$program" run "${options[@]}" "${track[@]}" --resume >>tracked.txt 2>&1
tracked=$(echo runs/small-*)
for file in best/weights.safetensors last/weights.safetensors last/optimizer.safetensors last/state.json; do
  cmp "$plain/checkpoints/$file" "$tracked/checkpoints/$file"
done
cmp "$plain/metrics.csv" "$tracked/metrics.csv"
echo "checkpoints and metrics are those of a run without trackers"
# TERM may have come while an epoch was being validated: then its gradients are not there.
"$python" -W ignore "$root/scripts/peers/check_trackers.py" "$tracked" mlruns
