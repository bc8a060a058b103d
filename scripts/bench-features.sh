#!/usr/bin/env bash
# Measures how fast one core makes the report's two features of WAV files, beside librosa, torchaudio and scikit-image in turn
# (A B A B): on a noisy machine only the ratio of times taken side by side counts. Then docs/benchmarks-features.md is written anew.
# Both times include decoding; neither includes the start of the process, nor the writing of serspec's archive.
#
#   BENCH_PYTHON  a Python with librosa, torchaudio, scikit-image and soundfile
#   DATA          a folder of WAV files; without it, the synthesized demo corpus
#   ROUNDS=8  CLIPS=200 (of Python in a round)
set -euo pipefail
export LC_ALL=C OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 THREADS=1
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
python=${BENCH_PYTHON:?a Python with librosa, torchaudio and scikit-image}
rounds=${ROUNDS:-8} clips=${CLIPS:-200}
program=.build/release/serspec
anchor=../shared/anchors/bench_features.py
report=docs/benchmarks-features.md

fail() { echo "bench-features: $*" >&2; exit 1; }
[ -f "$anchor" ] || fail "$anchor is not here: it is what serspec is measured against"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=${DATA:-$work/clips}
if [ -z "${DATA:-}" ]; then "$program" synth "$data" >/dev/null; fi
number() { grep -o "\"$1\": [0-9.e+-]*" "$2" | head -1 | cut -d' ' -f2; }
median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

: >"$work/ours" >"$work/theirs" >"$work/ratios"
for round in $(seq "$rounds"); do
  "$python" "$anchor" "$data" "$clips" >"$work/peer.json" 2>"$work/log" || { cat "$work/log" >&2; fail "Python failed"; }
  "$program" features specs/combined.yaml "$data" --threads 1 --quiet --json -o "$work/f.npz" >"$work/ours.json"
  count=$(number clips "$work/ours.json")
  theirs=$(number ms_per_clip "$work/peer.json")
  ours=$(awk -v s="$(number compute_s "$work/ours.json")" -v n="$count" 'BEGIN {print 1000 * s / n}')
  echo "$ours" >>"$work/ours"
  echo "$theirs" >>"$work/theirs"
  awk -v a="$theirs" -v b="$ours" 'BEGIN {print a / b}' >>"$work/ratios"
  echo "round $round: serspec $ours ms, Python $theirs ms a clip" >&2
done

versions=$("$python" - <<'END'
import torch; torch.version.cuda = "13.0"  # the wheels of torch and torchaudio may differ in it; no GPU is used
import librosa, skimage, torchaudio
print(f"librosa {librosa.__version__}, torchaudio {torchaudio.__version__}, scikit-image {skimage.__version__}")
END
)
commit=$(git describe --always --abbrev=12 --dirty 2>/dev/null || echo unknown)
{
  echo "# Speed of features"
  echo
  echo "Made by \`make bench-features BENCH_PYTHON=python3\` (\`scripts/bench-features.sh\`) on $(date +%F); not to be edited by hand."
  echo
  echo "Both features of \`specs/combined.yaml\` (27 x 301 and 64 x 64) of clips of 3 s, decoding included, on one core: $count WAV files by"
  echo "serspec at commit $commit, $clips of them by $versions, in turn, $rounds rounds."
  echo "Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(uname -s)."
  echo
  echo "| | milliseconds a clip, median of the rounds | best round |"
  echo "|---|---:|---:|"
  printf '| Python | %.2f | %.2f |\n' "$(median <"$work/theirs")" "$(sort -n "$work/theirs" | head -1)"
  printf '| serspec | %.3f | %.3f |\n' "$(median <"$work/ours")" "$(sort -n "$work/ours" | head -1)"
  printf '| Python / serspec | %.1f (%.1f to %.1f) | |\n' "$(median <"$work/ratios")" \
    "$(sort -n "$work/ratios" | head -1)" "$(sort -n "$work/ratios" | tail -1)"
} >"$report"
cat "$report"
