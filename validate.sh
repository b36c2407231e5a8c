#!/usr/bin/env bash
# Sets up, builds and checks the package.
#
#   ./validate.sh setup   install the libraries that are missing, check the Swift toolchain
#   ./validate.sh         what continuous integration runs: set-up if needed, then
#                         format, layers, manifest, build, claims, tests, regression, commands,
#                         interface, python
#   ./validate.sh quick   format, layers, debug build, tests that are not slow
#   ./validate.sh python  the wheel of the Python package, and its tests where no Swift is
#                         (python --without-fftw: a wheel that is not under the GPL)
#   ./validate.sh full    everything: the build without unsafe flags, damaged inputs, faults of the
#                         system, checked memory, the address and the thread sanitizer too; a skip
#                         is a failure
#
# SPHERE_FUZZING_SECONDS is the time that 'full' feeds damaged inputs to each reader, by default 60.
# Every stage writes a log to .build/validate. The last line counts tests:
# "N passed, N failed, N skipped". Exit codes: 0 fine, 1 something failed, 64 wrong usage.

set -euo pipefail
# Should OpenBLAS stand in for the reference LAPACK: one thread, or bits change from run to run.
export OPENBLAS_NUM_THREADS=1
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly least_swift="6.1"
# Debian package and pkg-config module of every C library in Package.swift.
readonly libraries=(
  "libfftw3-dev:fftw3"
  "liblapacke-dev:lapacke"
  "libcfitsio-dev:cfitsio"
  "zlib1g-dev:zlib"
  "libcairo2-dev:cairo"
  "libgsl-dev:gsl"
)
readonly log_folder=".build/validate"
readonly skip_status=77

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
  green=$'\033[32m' red=$'\033[31m' yellow=$'\033[33m' plain=$'\033[0m'
else
  green="" red="" yellow="" plain=""
fi

usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' validate.sh
}

# MARK: Set-up

is_debian() {
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

# The Debian packages, or elsewhere the pkg-config modules, that are not there; one per line.
missing_packages() {
  command -v pkg-config >/dev/null || echo "pkg-config"
  local library package module
  for library in "${libraries[@]}"; do
    package="${library%%:*}" module="${library##*:}"
    if is_debian; then
      dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q "install ok installed" \
        || echo "$package"
    else
      pkg-config --exists "$module" 2>/dev/null || echo "$module"
    fi
  done
}

install_packages() {
  local packages=("$@")
  if ! is_debian; then
    echo "Not a Debian system: install by hand what pkg-config does not find: ${packages[*]}" >&2
    echo "They are FFTW 3 (double and single precision), LAPACKE, CFITSIO, zlib," >&2
    echo "Cairo and GSL, with headers and pkg-config files." >&2
    return 1
  fi
  local as_root=()
  if [[ "$(id -u)" != 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages, and neither root nor sudo to install them. As root run:" >&2
      echo "  apt-get update && apt-get install -y ${packages[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "installing ${packages[*]}"
  ${as_root[@]+"${as_root[@]}"} apt-get update -qq
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

check_swift() {
  if ! command -v swift >/dev/null; then
    echo "No swift in PATH: install Swift $least_swift or later (https://www.swift.org/install)" >&2
    return 1
  fi
  local version
  version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -1)"
  if [[ -z "$version" ]]; then
    echo "'swift --version' names no version; Swift $least_swift or later is needed" >&2
    return 1
  fi
  if [[ "$(printf '%s\n' "$least_swift" "$version" | sort -V | head -1)" != "$least_swift" ]]; then
    echo "Swift $version found, $least_swift or later is needed (https://www.swift.org/install)" >&2
    return 1
  fi
  echo "Swift $version"
}

# The default build uses AVX2 and FMA; a processor without them would stop at an illegal instruction.
check_processor() {
  [[ -n "${SPHERE_CPU:-}" || "${SPHERE_PORTABLE:-}" == 1 || ! -r /proc/cpuinfo ]] && return
  [[ "$(uname -m)" == x86_64 ]] || return 0
  if ! grep -qw avx2 /proc/cpuinfo || ! grep -qw fma /proc/cpuinfo; then
    echo "This processor has no AVX2 and FMA, which the default build uses. Set SPHERE_CPU to a name" >&2
    echo "that the compiler knows for it, or SPHERE_PORTABLE=1 (slow); see" >&2
    echo "Docs/Decisions/unsafe-flags.md." >&2
    return 1
  fi
}

setup() {
  check_swift
  check_processor
  local packages=() package
  while read -r package; do packages+=("$package"); done < <(missing_packages)
  if [[ ${#packages[@]} -gt 0 ]]; then install_packages "${packages[@]}"; fi
  packages=()
  while read -r package; do packages+=("$package"); done < <(missing_packages)
  if [[ ${#packages[@]} -gt 0 ]]; then
    echo "still missing: ${packages[*]}" >&2
    return 1
  fi
  echo "libraries: all there"
}

# MARK: Stages. Each runs in a subshell; `skip` ends it with a reason.

skip() {
  echo "SKIPPED: $*"
  exit "$skip_status"
}

needs_build() {
  if [[ "$build_failed" == yes ]]; then skip "the build failed"; fi
}

stage_format() {
  swift format --version >/dev/null 2>&1 || skip "this toolchain has no 'swift format'"
  swift format lint --strict --recursive --parallel Package.swift Sources Tests
  long_lines
}

# Lines of more than 100 characters in Swift and documents, rows of tables apart. The formatter leaves
# long texts and comments as they are. A letter and its accents are one character.
long_lines() {
  local found
  LC_ALL=C.UTF-8 grep -qP '^\X$' <<<"a" 2>/dev/null || return 0  # a grep without -P
  found="$(LC_ALL=C.UTF-8 grep -rnP --include='*.swift' --include='*.md' '^\X{101,}$' \
    README.md Docs Sources Tests Package.swift | grep -v '^[^:]*\.md:[0-9]*:|' || true)"
  if [[ -n "$found" ]]; then
    echo "lines of more than 100 characters:"
    echo "$found"
    return 1
  fi
}

stage_layers() { Tests/layers.sh; }

# Every recorded file is listed with its hash; models carry their own records instead. The test suite checks
# more, with its own SHA-256.
stage_manifest() {
  local sum=(sha256sum)
  command -v sha256sum >/dev/null || sum=(shasum -a 256)
  command -v "${sum[0]}" >/dev/null || skip "neither sha256sum nor shasum"
  compgen -G "Fixtures/manifest/*.json" >/dev/null || skip "there is no Fixtures/manifest/*.json"
  local faults=0 list path manifest
  list="$(mktemp)"
  for manifest in Fixtures/manifest/*.json; do
    paste -d ' ' <(values sha256 "$manifest") <(values path "$manifest" | sed 's,^, Fixtures/,')
  done >"$list"
  "${sum[@]}" -c "$list" || faults=1
  while read -r path; do
    grep -qxF -- "${path}" <(sed 's/^[^ ]*  //' "$list") && continue
    echo "$path is in no manifest"
    faults=1
  done < <(find Fixtures -type f ! -name '.*' ! -path '*/__pycache__/*' \
    ! -path 'Fixtures/adapters/*' ! -path 'Fixtures/generators/*' ! -path 'Fixtures/manifest/*' \
    ! -path 'Fixtures/models/*')
  rm -f "$list"
  return "$faults"
}

# The values of one key in a JSON list of objects, in order.
values() {
  tr '\n' ' ' <"$2" | grep -oE "\"$1\"[[:space:]]*:[[:space:]]*\"[^\"]*\"" \
    | sed -E 's/.*:[[:space:]]*"([^"]*)"$/\1/'
}

stage_build() { swift build -c release; }

stage_debug_build() { swift build --build-tests; }

# The claims, which the stage of that name measures, are not measured a second time.
stage_tests() {
  needs_build
  swift test --skip '^ClaimsTests\.ClaimTests'
}

# Suites named ...SlowTests and the tests that start the program are left out.
stage_quick_tests() {
  needs_build
  swift test --skip 'SlowTests' --skip '^EndToEndTests\.'
}

stage_portable_build() {
  SPHERE_PORTABLE=1 swift build --scratch-path .build/portable
}

# The verification table: every claim within its bound and within 1.5 times its error on record,
# every negative control refused.
stage_claims() {
  needs_build
  swift run -c release sphere verify --recorded-errors Fixtures/regression/errors-claims.csv
}

# The program against recorded spectra. Tests/regression.sh prints "ok - name" or "not ok - name".
stage_regression() {
  needs_build
  local version
  version="$(swift run -c release sphere --version)"
  echo "sphere --version: $version"
  if [[ "$version" =~ [0-9]+\.[0-9]+ ]]; then
    echo "ok - sphere --version"
  else
    echo "not ok - sphere --version does not print a version"
  fi
  Tests/regression.sh
}

# The command lines of README and Docs, taken apart and run.
stage_commands() {
  needs_build
  Tests/commands.sh
}

# The interface in C from outside: Tests/interface.sh prints "ok - name" or "not ok - name".
stage_interface() {
  needs_build
  compgen -G "$(swift build -c release --show-bin-path)/libspectralsphere.*" >/dev/null \
    || skip "the interface in C needs Swift 6.3"
  Tests/interface.sh
}

# The Python package and the blocks of its tutorial, in a new environment of Python.
stage_python() {
  needs_build
  compgen -G "$(swift build -c release --show-bin-path)/libspectralsphere.*" >/dev/null \
    || skip "the Python package needs Swift 6.3"
  Tests/python.sh quick
}

# Damaged inputs for every reader. What is found is kept in .build/validate/findings.
stage_fuzzing() {
  needs_build
  rm -rf "$log_folder/findings"
  "$(swift build -c release --show-bin-path)/fuzzing" \
    --seconds "${SPHERE_FUZZING_SECONDS:-60}" --findings "$log_folder/findings"
}

# Full disks, killed processes, flipped bits and the like, tried on the program. A script prints
# "KIND: N tried, N right" for every kind of trial, and ends with 77 if it cannot run here.
stage_reliability() {
  needs_build
  command -v python3 >/dev/null || skip "there is no python3"
  local script name status faults=0 reasons=""
  for script in Tests/reliability/*.py; do
    # Modules that scripts share have nothing to run.
    grep -q '__main__' "$script" || continue
    name="$(basename "$script" .py)" status=0
    echo "$name:"
    python3 "$script" >"$log_folder/$name.txt" 2>&1 || status=$?
    awk -v name="$name" '
      /: [0-9]+ tried, [0-9]+ right$/ {
        print ($(NF - 1) == $(NF - 3) ? "ok - " : "not ok - ") name ", " $0; next }
      { print "  " $0 }' "$log_folder/$name.txt"
    case "$status" in
      0) ;;
      "$skip_status") reasons="$reasons $name: $(sed -n 's/^skipped: //p' "$log_folder/$name.txt");" ;;
      *) faults=1 ;;
    esac
  done
  if [[ "$faults" == 0 && -n "$reasons" ]]; then skip "$reasons"; fi
  return "$faults"
}

# The tests that are not slow in a build of their own, one target after the other, so that the log
# shows how far it is.
separate_tests() { # more-to-skip options...
  local more="$1" folder target status=0
  shift
  swift build --build-tests "$@"
  for folder in Tests/*Tests; do
    target="$(basename "$folder")"
    if [[ "$target" == EndToEndTests ]]; then continue; fi
    echo "$target:"
    swift test --skip-build "$@" --filter "^$target\\." --skip "SlowTests$more" || status=1
  done
  return "$status"
}

# Kernels that refuse accesses beyond their memory and check their preconditions.
# The tests of the checks themselves must be among them.
stage_checked() {
  local names status=0
  SPHERE_CHECKED=1 separate_tests "" --scratch-path .build/checked || status=1
  # All of the list is read: a reader that ends early would break the pipe.
  names="$(SPHERE_CHECKED=1 swift test list --skip-build --scratch-path .build/checked)"
  [[ "$names" == *CheckedMemoryTests* ]] || { echo "no CheckedMemoryTests"; status=1; }
  return "$status"
}

# Built for a sanitizer of the toolchain: half an hour with the address sanitizer, more than an hour
# with that of threads.
sanitized_tests() { # kind more-to-skip
  separate_tests "${2:-}" --sanitize="$1" --scratch-path ".build/$1"
}

# Leaks are not looked for: the leak checker reads plain pointers, and those in Swift's enums carry
# tags, so that it takes what such an enum holds at the end for lost (Docs/Reliability.md).
stage_address() { ASAN_OPTIONS=detect_leaks=0 sanitized_tests address; }

# One kind of report is left out, with its reason, in Tests/thread-sanitizer.txt. Left out are also
# the tests that read every shipped model, and so build the filters of all cut skies at nside 16: more
# than half an hour under this sanitizer, in loops that other tests run at smaller sizes.
filters_of_cut_skies='ShippedModelTests|PinnedBitsTests|RetrainingPlanTests/shipped'
stage_threads() {
  TSAN_OPTIONS="suppressions='$PWD/Tests/thread-sanitizer.txt'" \
    sanitized_tests thread "|$filters_of_cut_skies"
}

# MARK: Running and counting

number=0
stage_count=0
stages_passed=0 stages_failed=0 stages_skipped=0
tests_passed=0 tests_failed=0 tests_skipped=0
build_failed=no

# Prints "passed failed skipped" of a log. The total is that of the closing lines of swift test, so
# that a line which another one interrupts loses no test; without a closing line the run has crashed,
# which is one more failure.
count_tests() {
  LC_ALL=C awk '
    /Test run with [0-9]+ test/ {
      rest = $0; sub(/.*Test run with /, "", rest); total += rest + 0; closed = 1; next
    }
    /Test run started/ { started = 1; next }
    /Test case / { next }
    /^[^A-Za-z]*Test .* passed after [0-9.]+ seconds/ { passed++; next }
    /^[^A-Za-z]*Test .* failed after [0-9.]+ seconds/ { failed++; next }
    /^[^A-Za-z]*Test .* skipped/ { skipped++; next }
    /^ok - / { extraPassed++ }
    /^not ok - / { extraFailed++ }
    END {
      if (closed) passed = total - failed - skipped
      else if (started) failed++
      print passed + extraPassed, failed + extraFailed, skipped + 0
    }' "$1"
}

# The lines of a log that say what is wrong, unless they are among the last ten, and the last ten.
show_failure() {
  if [[ "$(wc -l <"$1")" -gt 10 ]]; then
    awk '
      count == 40 { exit }
      shown && /^[^A-Za-z0-9]*↳/ { print; count++; next }
      { shown = 0 }
      /recorded an issue|^not ok - |Fatal error|error:/ { print; count++; shown = 1 }
    ' "$1" | cut -c 1-400 | sed 's/^/    /'
  fi
  tail -n 10 "$1" | cut -c 1-400 | sed 's/^/    | /'
}

# run_stage NAME FUNCTION [tests]: with "tests", a stage that runs no test has failed.
run_stage() {
  local name="$1" function="$2" kind="${3:-}"
  number=$((number + 1))
  local log
  log="$log_folder/$(printf '%02d' "$number")-$name.log"
  printf '[%d/%d] %-11s ' "$number" "$stage_count" "$name"

  local began=$SECONDS status=0
  set +e
  (
    set -e
    "$function"
  ) >"$log" 2>&1
  status=$?
  set -e
  local seconds=$((SECONDS - began))

  local passed failed skipped
  read -r passed failed skipped < <(count_tests "$log")
  if [[ "$status" == 0 && "$failed" -gt 0 ]]; then status=1; fi
  if [[ "$status" == 0 && "$kind" == tests && $((passed + failed)) == 0 ]]; then
    echo "no test ran" >>"$log"
    status=1
  fi
  # A test stage that fails without a failed test did not compile or did not end.
  if [[ "$kind" == tests && "$status" != 0 && "$status" != "$skip_status" && "$failed" == 0 ]]; then
    failed=1
  fi
  tests_passed=$((tests_passed + passed))
  tests_failed=$((tests_failed + failed))
  tests_skipped=$((tests_skipped + skipped))

  local counts="" verdict
  if [[ $((passed + failed + skipped)) -gt 0 ]]; then
    counts="$passed passed, $failed failed, $skipped skipped; "
  fi
  case "$status" in
    0)
      verdict="${green}passed${plain}"
      stages_passed=$((stages_passed + 1))
      ;;
    "$skip_status")
      verdict="${yellow}SKIPPED${plain} ($(sed -n 's/^SKIPPED: //p' "$log" | tail -1))"
      stages_skipped=$((stages_skipped + 1))
      ;;
    *)
      verdict="${red}FAILED${plain}"
      stages_failed=$((stages_failed + 1))
      ;;
  esac
  printf '%s  %d s; %slog %s\n' "$verdict" "$seconds" "$counts" "$log"
  grep -E 'Test run with [0-9]+ test' "$log" | sed 's/^/    /' || true
  if [[ "$status" != 0 && "$status" != "$skip_status" ]]; then
    show_failure "$log"
    if [[ "$name" == build ]]; then build_failed=yes; fi
  fi
}

validate() {
  local level="$1"
  mkdir -p "$log_folder"
  rm -f "$log_folder"/*.log
  setup
  case "$level" in
    quick)
      stage_count=4
      run_stage format stage_format
      run_stage layers stage_layers
      run_stage build stage_debug_build
      run_stage tests stage_quick_tests tests
      ;;
    *)
      stage_count=10
      if [[ "$level" == full ]]; then stage_count=16; fi
      run_stage format stage_format
      run_stage layers stage_layers
      run_stage manifest stage_manifest
      run_stage build stage_build
      run_stage claims stage_claims tests
      run_stage tests stage_tests tests
      run_stage regression stage_regression tests
      run_stage commands stage_commands tests
      run_stage interface stage_interface tests
      run_stage python stage_python tests
      if [[ "$level" == full ]]; then
        run_stage fuzzing stage_fuzzing tests
        run_stage reliability stage_reliability tests
        run_stage portable stage_portable_build
        run_stage checked stage_checked tests
        run_stage address stage_address tests
        run_stage threads stage_threads tests
      fi
      ;;
  esac

  echo "stages: $stages_passed passed, $stages_failed failed, $stages_skipped skipped"
  local status=0
  if [[ $((stages_failed + tests_failed)) -gt 0 ]]; then status=1; fi
  if [[ "$level" == full && $((stages_skipped + tests_skipped)) -gt 0 ]]; then
    echo "full: a skipped stage or test is a failure"
    status=1
  fi
  echo "$tests_passed passed, $tests_failed failed, $tests_skipped skipped"
  return "$status"
}

case "${1:-}" in
  setup) setup ;;
  "") validate ci ;;
  quick | full) validate "$1" ;;
  python)
    setup
    Tests/python.sh "${@:2}"
    ;;
  -h | --help | help) usage ;;
  *)
    usage >&2
    exit 64
    ;;
esac
