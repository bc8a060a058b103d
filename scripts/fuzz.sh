#!/bin/sh
# Fuzzes `text -> resolved spec -> checks` with libFuzzer for FUZZ_SECONDS (60), which is what the nightly build does.
# The corpus begins with the specs of the project and of Tests/SpecSuite; what the fuzzer adds stays in .build-fuzz.
# A finding is written to .build-fuzz/findings and makes this fail.
# A text may ask for a sweep of 10,000 cells, each of which is checked: hence the long timeout.
set -eu
cd "$(dirname "$0")/.."
folder=.build-fuzz
mkdir -p "$folder/seeds" "$folder/corpus" "$folder/findings"
find specs Tests/SpecSuite -type f -name '*.yaml' | while read -r file; do
  cp "$file" "$folder/seeds/$(echo "$file" | tr / _)"
done
# The words of the language, so that mutations hit it.
grep -ohE "'[a-z_0-9]+'" grammar/serspec.ebnf | sort -u | tr "'" '"' >"$folder/words"
SERSPEC_FUZZ=1 swift build -c release --sanitize fuzzer --scratch-path "$folder/build" --product fuzz-spec
exec "$folder/build/release/fuzz-spec" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=60 -rss_limit_mb=1024 \
  -max_len=8192 -dict="$folder/words" -artifact_prefix="$folder/findings/" -print_final_stats=1 \
  "$folder/corpus" "$folder/seeds"
