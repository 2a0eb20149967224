#!/usr/bin/env bash
# Fuzzes one target: fuzz/run.sh TARGET [libFuzzer options, such as -max_total_time=600]
#
# Readers hold no unsafe code, so that no sanitizer is needed; SANITIZER=address runs with one, some three
# times as slowly. New inputs go to fuzz/found/TARGET, crashes to fuzz/artifacts/TARGET, the log to fuzz/logs.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1
shift
case $target in
  model | checkpoint) longest=4097 ;;
  plan) longest=2048 ;;
  bed | imports | gene_sets | gff3) longest=384 ;;
  tables | gzip) longest=256 ;;
  round_trip) longest=256 ;;
  *) longest=128 ;;
esac
# Entropy and counters would cost more than the targets themselves.
options=(-entropic=0 -use_counters=0 -rss_limit_mb=1024 -timeout=2 -max_len="$longest" -print_final_stats=1)
[ -f "fuzz/dictionaries/$target.dict" ] && options+=(-dict="fuzz/dictionaries/$target.dict")
mkdir -p "fuzz/found/$target" "fuzz/regressions/$target" fuzz/logs
folders=("fuzz/found/$target" "fuzz/corpus/$target" "fuzz/regressions/$target")
number=$(find fuzz/logs -name "$target-*.txt" | wc -l)
log="fuzz/logs/$target-$number.txt"
built=fuzz/target/x86_64-unknown-linux-gnu/release/$target
cargo +nightly fuzz build --sanitizer "${SANITIZER:-none}" "$target"
mkdir -p "fuzz/artifacts/$target"
export ASAN_OPTIONS=detect_odr_violation=0:malloc_context_size=0:detect_stack_use_after_return=0
nice -n 10 "$built" -artifact_prefix="fuzz/artifacts/$target/" \
  "${options[@]}" "$@" "${folders[@]}" > "$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
tail -n 8 "$log"
