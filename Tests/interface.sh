#!/usr/bin/env bash
# The interface in C from outside: the examples of Docs/examples are built and run, and ten thousand
# calls leave no memory behind. Prints "ok - ..." or "not ok - ..." for each check and exits with 1 when
# one fails. Needs a release build and a C and a C++ compiler; looks for leaks where valgrind is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

library="$(swift build -c release --show-bin-path)"
c="${CC:-$(command -v clang || echo cc)}"
cpp="${CXX:-$(command -v clang++ || echo c++)}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failures=0
report() { # status name
  if [[ "$1" == 0 ]]; then echo "ok - $2"; else echo "not ok - $2"; failures=$((failures + 1)); fi
}

# compile COMPILER SOURCE PROGRAM: with all warnings as errors, in the oldest language that is promised.
compile() {
  local standard=c11
  [[ "$2" == *.cpp ]] && standard=c++17
  "$1" -std="$standard" -O1 -g -Wall -Wextra -Wpedantic -Werror -I Sources/CSpectralSphere/include \
    "$2" -o "$3" -L "$library" -lspectralsphere -lm -Wl,-rpath,"$library"
}

for source in Docs/examples/*.c Docs/examples/*.cpp Tests/many_calls.c; do
  compiler="$c"
  [[ "$source" == *.cpp ]] && compiler="$cpp"
  status=0
  compile "$compiler" "$source" "$work/program" && "$work/program" >"$work/output" || status=1
  cat "$work/output"
  report "$status" "$source is built and ends with 0"
  mv "$work/program" "$work/$(basename "${source%.*}")"
done

# The control: a source that uses what the header does not have.
printf '#include <spectralsphere.h>\nint main(void) { return sphere_nothing(); }\n' >"$work/no.c"
status=0
compile "$c" "$work/no.c" "$work/no" 2>/dev/null && status=1
report "$status" "control: a function that there is not"

if command -v valgrind >/dev/null; then
  # "definitely lost" blocks for two numbers of calls: what is made once, at the start, stays.
  lost() {
    valgrind --leak-check=full "$work/many_calls" "$1" 2>&1 >/dev/null \
      | sed -nE 's/.*(definitely|indirectly) lost: ([0-9,]+) bytes.*/\2/p' | tr -d , \
      | awk '{ sum += $1 } END { print sum + 0 }'
  }
  few="$(lost 100)"
  many="$(lost 10000)"
  status=0
  [[ "$few" == "$many" ]] || status=1
  report "$status" "lost after 100 calls $few bytes, after 10,000 calls $many"
else
  echo "valgrind is not there: nobody looks for leaks"
fi

exit $((failures > 0))
