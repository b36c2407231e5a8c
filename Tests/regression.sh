#!/usr/bin/env bash
# Regression of the program against recorded numbers: prints "ok - name" or "not ok - name" for each
# check and exits with 1 when one fails. Needs a release build.
#
#   Tests/regression.sh            compares with Fixtures/regression
#   Tests/regression.sh record     writes new recordings to .build/regression for a look before they
#                                  replace the old ones by hand
#
# Recordings come from this program (origin: self): they guard against drift. What is right is decided
# by the oracle tests and by the truths beside the maps.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sphere="$(swift build -c release --show-bin-path)/sphere"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failures=0
# What the program says goes here, and is shown if a command fails.
messages="$work/messages"
: >"$messages"
trap 'echo "not ok - a command of the regression failed: $BASH_COMMAND"; cat "$messages"' ERR

report() { # status name
  if [[ "$1" == 0 ]]; then echo "ok - $2"; else echo "not ok - $2"; failures=$((failures + 1)); fi
}

# Compares two csv files with one header line: the first column as text, the others as numbers within a
# relative tolerance. Empty or different shapes do not agree.
same_numbers() { # found expected tolerance
  awk -F, -v tolerance="$3" '
    function differs(a, b) { d = a - b; if (d < 0) d = -d; s = b < 0 ? -b : b; return !(d <= tolerance * s) }
    NR == FNR { expected[FNR] = $0; expectedCount = FNR; next }
    { count = FNR
      n = split($0, found, ","); m = split(expected[FNR], wanted, ",")
      if (n != m || found[1] != wanted[1]) { print "line " FNR ": " $0 " against " expected[FNR]; bad = 1; next }
      if (FNR == 1) { if ($0 != expected[1]) bad = 1; next }
      for (k = 2; k <= n; k++) if (differs(found[k], wanted[k])) {
        print "line " FNR ": " $0 " against " expected[FNR]; bad = 1 } }
    END { exit !(count == expectedCount && count > 1 && !bad) }' "$2" "$1"
}

# The same with the largest number of a column as the scale: cross spectra go through zero.
same_columns() { # found expected tolerance
  awk -F, -v tolerance="$3" '
    function size(a) { return a < 0 ? -a : a }
    NR == FNR { expected[FNR] = $0; expectedCount = FNR
      if (FNR > 1) for (k = 2; k <= NF; k++) if (size($k) > scale[k]) scale[k] = size($k); next }
    { count = FNR; n = split($0, found, ","); m = split(expected[FNR], wanted, ",")
      if (n != m || found[1] != wanted[1]) { print "line " FNR ": " $0; bad = 1; next }
      if (FNR == 1) { if ($0 != expected[1]) bad = 1; next }
      for (k = 2; k <= n; k++) if (!(size(found[k] - wanted[k]) <= tolerance * scale[k])) {
        print "line " FNR ": " $0 " against " expected[FNR]; bad = 1 } }
    END { exit !(count == expectedCount && count > 1 && !bad) }' "$2" "$1"
}

# Every prediction lies within five of its error bars of the truth.
near_truth() { # predictions truth
  awk -F, '
    NR == FNR { if (FNR > 1) truth[$1] = $2; next }
    FNR > 1 { n = split($1, path, "/"); name = path[n]; d = $2 - truth[name]; if (d < 0) d = -d
      if (!(name in truth) || !(d <= 5 * $3)) { print $0; bad = 1 } count++ }
    END { exit !(count > 0 && !bad) }' "$2" "$1"
}

# The estimates of maps without the last column, the warnings; a map without an estimate is a failure.
estimates() { # model maps...
  local model="$1"
  shift
  "$sphere" predict --model "$model" --format csv "$@" 2>>"$messages" \
    | sed -E 's/,("([^"]|"")*"|[^,"]*)$//'
}

model=Fixtures/models/t1-physical-isotropic-noise0.safetensors
estimates "$model" Fixtures/maps/t1/*.fits >"$work/predictions.csv"

# Q and U of healpy through the shipped models of t2: cut sky, full sky.
cut=Fixtures/models/t2-physical-isotropic-fsky0.1.safetensors
full=Fixtures/models/t2-physical-isotropic.safetensors
estimates "$cut" Fixtures/maps/t2/map[0-3].fits >"$work/polarised.csv"
estimates "$full" Fixtures/maps/t2/map[45].fits | tail -n +2 >>"$work/polarised.csv"

# tau and a published t2 sky, simulated here.
"$sphere" simulate --task t3 --count 4 --seed 3 --output "$work/t3" 2>>"$messages"
estimates Fixtures/models/t3-physical-isotropic.safetensors "$work"/t3/*.fits | sed "s|$work/||" >"$work/tau.csv"
"$sphere" simulate --task t2 --protocol published --count 4 --seed 3 --output "$work/t2p" 2>>"$messages"
estimates Fixtures/models/t2-published-isotropic.safetensors "$work"/t2p/*.fits | sed "s|$work/||" >"$work/published.csv"

# Spectra of simulated maps, through the maximum likelihood of their least-squares coefficients; and
# the training of a small network, all stages, to its predictions.
"$sphere" simulate --task t1 --noise 5 --count 8 --seed 3 --output "$work/maps" 2>>"$messages"
estimates Fixtures/models/t1-physical-isotropic-noise5.safetensors "$work"/maps/*.fits | sed "s|$work/||" >"$work/simulated.csv"
"$sphere" train --task t1 --maps 6000 --seed 5 --output "$work/small.safetensors" 2>>"$messages"
estimates "$work/small.safetensors" Fixtures/maps/t1/*.fits >"$work/trained.csv"

# The losses of a small training of the published network: two of training, ten of validation.
"$sphere" train --task t1 --architecture published --maps 3300 --seed 5 \
  --output "$work/loss.safetensors" 2>>"$messages"
{
  echo "point,loss"
  sed -nE 's/.*"loss" : ([0-9][-0-9.e+]*),?$/\1/p' "$work/loss.json" | awk '{ print NR "," $1 }'
} >"$work/loss.csv"

# Means and scatter of the spectra of simulated maps: T with noise, E and B.
mean_spectra() { # name prefix count
  local k
  for ((k = 0; k < $3; k++)); do
    "$sphere" spectrum "$work/$2/m$k.fits" --lmax 31 --output "$work/$2/cl$k.csv" 2>>"$messages"
  done
  awk -F, '
    FNR == 1 { columns = NF; for (k = 2; k <= NF; k++) name[k] = $k; next }
    { for (k = 2; k <= NF; k++) { n[$1, k]++; sum[$1, k] += $k; squares[$1, k] += $k * $k } 
      if ($1 > last) last = $1 }
    END {
      print "spectrum,l,mean,scatter"
      for (k = 2; k <= columns; k++) if (name[k] != "EB") for (l = 2; l <= last; l++) {
        mean = sum[l, k] / n[l, k]
        printf "%s,%d,%.9g,%.9g\n", name[k], l, mean, sqrt(squares[l, k] / n[l, k] - mean * mean)
      }
    }' "$work/$2"/cl*.csv >"$work/$1.csv"
}
"$sphere" simulate --task t1 --noise 5 --count 16 --seed 4 --output "$work/spectra_t" 2>>"$messages"
mean_spectra spectra_t spectra_t 16
"$sphere" simulate --task t2 --count 16 --seed 4 --output "$work/spectra_eb" 2>>"$messages"
mean_spectra spectra_eb spectra_eb 16

# This program's answers to the shipped kit, whose errors are held against those on record for this
# kind of machine.
for precision in double float; do
  "$sphere" conformance run Fixtures/conformance --precision "$precision" \
    --output "$work/kit-$precision" 2>>"$messages"
done
check_kit() { # precision option file
  "$sphere" conformance check Fixtures/conformance --outputs "$work/kit-$1" "$2" "$3" \
    >"$work/check" 2>>"$messages" || { grep -E '^(worse|on record)|FAIL' "$work/check" && return 1; }
  grep -E '^(better|recorded errors)' "$work/check" || true
}

if [[ "${1:-}" == record ]]; then
  mkdir -p .build/regression
  cp "$work"/{predictions,polarised,tau,published,simulated,trained,loss}.csv \
    "$work"/spectra_{t,eb}.csv Fixtures/regression/errors-kit.csv .build/regression/
  check_kit double --record-errors .build/regression/errors-kit.csv
  check_kit float --record-errors .build/regression/errors-kit.csv
  echo "recorded in .build/regression"
  exit 0
fi

# Float32 arithmetic in another order changes a prediction by some 1e-5 of itself; a changed formula by
# more than its error bar, 1e-2 to 1e-3.
check() { # name tolerance
  local status=0
  same_numbers "$work/$1.csv" "Fixtures/regression/$1.csv" "$2" || status=1
  report "$status" "$1 agree with the recording to $2"
}
check predictions 1e-4
check polarised 1e-4
check tau 1e-4
# On the published sky E and B determine the parameters without noise: what is read off is small
# differences of large logarithms, and float32 pixels leave some 1e-4.
check published 1e-3
check simulated 1e-4
check trained 1e-3
check loss 1e-3
# Nine digits are recorded; the scatter loses some of them to the difference of squares.
check spectra_t 1e-5
check spectra_eb 1e-5

# Spectra of the shipped maps against healpy's anafast (map_spectra.py).
for expected in Fixtures/regression/spectra_t[12]_map*.csv; do
  name="$(basename "$expected" .csv)"
  task="${name#spectra_}"
  task="${task%_map*}"
  map="Fixtures/maps/$task/${name##*_}.fits"
  status=0
  "$sphere" spectrum "$map" --lmax 31 --output "$work/$name.csv" 2>>"$messages" || status=1
  same_columns "$work/$name.csv" "$expected" 1e-12 || status=1
  report "$status" "spectra of $map agree with healpy's anafast to 1e-12"
done

status=0
near_truth "$work/predictions.csv" Fixtures/maps/t1/truth.csv || status=1
report "$status" "predictions of healpy's maps are within five error bars of the truth"

for precision in double float; do
  status=0
  check_kit "$precision" --recorded-errors Fixtures/regression/errors-kit.csv || status=1
  report "$status" "errors of the kit in $precision are at most 1.5 times those on record"
done
machine="$(sed -nE 's/^recorded errors of (.*): .*/\1/p' "$work/check")"
if [[ -n "$machine" ]]; then
  sed "s/^\($machine,.*,.*,.*\)e-07$/\1e-08/" Fixtures/regression/errors-kit.csv >"$work/errors.csv"
  status=0
  check_kit float --recorded-errors "$work/errors.csv" >"$work/worse" && status=1
  grep -q '^worse: ' "$work/worse" || status=1
  report "$status" "control: errors ten times those on record are refused"
fi

# Controls: the checks refuse a changed number and a missing line.
sed '2s/,\([0-9]\)/,9\1/' "$work/predictions.csv" >"$work/changed.csv"
status=0
same_numbers "$work/changed.csv" Fixtures/regression/predictions.csv 1e-4 >/dev/null && status=1
near_truth "$work/changed.csv" Fixtures/maps/t1/truth.csv >/dev/null && status=1
report "$status" "control: a changed prediction is refused"
status=0
same_columns "$work/spectra_t1_map0.csv" Fixtures/regression/spectra_t1_map1.csv 1e-12 \
  >/dev/null && status=1
report "$status" "control: the spectra of another map are refused"
head -n 3 "$work/predictions.csv" >"$work/short.csv"
status=0
same_numbers "$work/short.csv" Fixtures/regression/predictions.csv 1e-4 >/dev/null && status=1
report "$status" "control: missing lines are refused"

exit $((failures > 0))
