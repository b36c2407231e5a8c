#!/usr/bin/env bash
# Breaks the program on purpose, one fault at a time, and lists which checks notice.
#
#   Tests/mutations.sh                all faults
#   Tests/mutations.sh NAME...        only these
#   Tests/mutations.sh --list         their names
#
# Each fault is made in a copy of the tracked files under .build/mutations; the working tree is not
# touched. A fault that fewer than two kinds of check notice makes the exit code 1, and so does one that
# can no longer be made because the line it changes is gone. Prints a Markdown table for
# Docs/Verification.md. Takes two to four minutes a fault, on two cores; not part of continuous integration.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

copy=.build/mutations
names=()
declare -A what edits

# fault NAME DESCRIPTION FILE SED-EXPRESSION [FILE SED-EXPRESSION...]
fault() {
  names+=("$1")
  what[$1]="$2"
  local name="$1"
  shift 2
  while [[ $# -gt 0 ]]; do
    edits[$name]+="$1"$'\t'"$2"$'\n'
    shift 2
  done
}

fault spin-phase "wrong sign of the spin-2 phase: λ⁻ negated in both directions" \
  Sources/HarmonicTransforms/Spin/SpinLegendreTable.swift 's/0\.5 \* (upper - second/-0.5 * (upper - second/'
fault gradient-factor "the factor 2 for m > 0 left out of the gradient of synthesis" \
  Sources/HarmonicTransforms/Scalar/ScalarTransform.swift 's/pairs\[0\].north.count) ? 1 : 2/pairs[0].north.count) ? 1 : 1/'
fault nyquist-twice "Nyquist order counted twice, in synthesis and its gradient" \
  Sources/HarmonicTransforms/Stages/RingStage.swift 's/halvesNyquist: nyquist == .once/halvesNyquist: false/' \
  Sources/HarmonicTransforms/Scalar/ScalarTransform.swift 's/self.nyquist == .once \&\&/false \&\&/'
fault transposed-weights "weights of the published layer read as (output, input)" \
  Sources/SpectralNetworks/Layers/OrderwiseMixing/OrderwiseMixing.swift 's/MatrixView(start, rowStride: outputChannels)/MatrixView(start, rowStride: inputChannels).transposed/; s/MatrixView(start.at(size), rowStride: outputChannels)/MatrixView(start.at(size), rowStride: inputChannels).transposed/'
fault lmax-off-by-one "degrees l < lmax instead of l <= lmax" \
  Sources/HarmonicTransforms/Scalar/LegendreTable.swift 's/into: &column, at: 0)$/into: \&column, at: 0); column[rows - 1] = 0/'
fault tie-rule "ties of the containing pixel go to the other side" \
  Sources/SphereGrids/Healpix/HealpixGrid+Pixels.swift 's/return (Int(eastward - northward), Int(eastward + northward))/return (Int((eastward - northward).rounded(.up)) - 1, Int(eastward + northward))/'
fault condon-shortley "no Condon-Shortley phase" \
  Sources/SpecialFunctions/Legendre/LegendreRecurrence.swift 's/m.isMultiple(of: 2) ? magnitude : -magnitude/magnitude/'
fault running-variance "biased running variance in the published normalisation" \
  Sources/SpectralNetworks/Layers/BatchNormalisation/BatchNormalisation.swift 's/Double(count) \/ Double(count - 1) : 1/1.0 : 1.0/'
fault adam-correction "second moment of Adam without bias correction" \
  Sources/Kernels/Lanes/AdamUpdate.swift 's/times: rootCorrection))$/times: Vector(repeating: 1)))/'
fault imaginary-variance "orders m > 0 drawn with the full variance in each part" \
  Sources/RandomFields/GaussianCoefficients.swift 's/(spectrum\[l\] \/ 2).squareRoot()/spectrum[l].squareRoot()/'

# Kinds of check by the names of files; suites without an ending of their own are "Other".
kinds() {
  sed -E 's/\.swift$//
    s/.*(Definition|Oracle|Property|Gradient|Fixture|Error)(Slow)?Tests/\1/
    s/.*(Adjoint|Transpose|Equivariance|Exactness|ClosedForm|SingleMode)Tests/Property/
    s/Claim.*Tests/Claim/
    s/.*(Workflow|MapTool|Refusal|Interruption)Tests/EndToEnd/
    s/.*Tests/Other/' | sort -u
}

restore() {
  mkdir -p "$copy"
  git ls-files -z | xargs -0 tar -cf - | tar -xf - -C "$copy"
}

# Applies a fault; fails when a line to change is not there.
break_it() {
  local file expression before
  while IFS=$'\t' read -r file expression; do
    [[ -n "$file" ]] || continue
    before="$(cat "$copy/$file")"
    sed -i "$expression" "$copy/$file"
    if [[ "$before" == "$(cat "$copy/$file")" ]]; then
      echo "$1: nothing to change in $file" >&2
      return 1
    fi
  done <<<"${edits[$1]}"
}

# Builds and tests the copy; prints the test files that fail. A crash ends a run: the suites that broke
# before it count.
failing() { # log
  (cd "$copy" && swift build --build-tests) >"$1" 2>&1 || { echo "does not compile"; return; }
  (cd "$copy" && swift test --skip-build --skip SlowTests) >>"$1" 2>&1 || true
  grep -oE 'recorded an issue.* at [A-Za-z0-9+]+\.swift' "$1" | sed -E 's/.* at //' | sort -u || true
}

faults=0
run() {
  local name="$1" files list
  restore
  break_it "$name" || { faults=$((faults + 1)); return; }
  files="$(failing "$copy/$name.log")"
  list="$(kinds <<<"$files" | grep . || true)"
  if [[ "$(grep -c . <<<"$list")" -lt 2 ]]; then faults=$((faults + 1)); fi
  echo "| ${what[$name]} | $(paste -sd ',' <<<"$list" | sed 's/,/, /g') | $(sed 's/\.swift$//; s/.*/`&`/' <<<"$files" \
    | paste -sd ',' | sed 's/,/, /g') |"
}

# Without a fault everything passes, or else a failure would say nothing.
control() {
  restore
  local files
  files="$(failing "$copy/control.log")"
  if [[ -n "$files" ]] || ! grep -q "Test run with .* passed" "$copy/control.log"; then
    echo "the unbroken copy fails: $files (see $copy/control.log)" >&2
    exit 1
  fi
}

chosen=("${names[@]}")
if [[ "${1:-}" == --list ]]; then
  for name in "${names[@]}"; do echo "$name: ${what[$name]}"; done
  exit 0
elif [[ $# -gt 0 ]]; then
  chosen=("$@")
fi
for name in "${chosen[@]}"; do
  [[ -n "${what[$name]:-}" ]] || { echo "no fault is named $name" >&2; exit 64; }
done
control
echo "| fault | kinds of check that notice | test files that fail |"
echo "|---|---|---|"
for name in "${chosen[@]}"; do run "$name"; done
exit $((faults > 0))
