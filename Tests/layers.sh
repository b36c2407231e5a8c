#!/usr/bin/env bash
# Checks what the compiler does not: who may import what, who may hold pointers, which words occur.
#
#   imports    every import is declared in Package.swift by the target that imports, or comes with
#              the toolchain (a module that some other target has built imports without complaint)
#   wrappers   a C library is imported by its wrapper only, GSL by test targets only
#   pointers   only Kernels and the wrappers hold unsafe pointers; the memory that kernels take and
#              views of it (`AlignedBuffer`, `BufferView`, `MatrixView`) stay in the modules that
#              compute, and are kept by `withView`
#   references every key such as [Gorski2005, eq. 4] is explained in Docs/References.md
#   tests      tests that comments and documents name exist
#   words      nothing unfinished, no paths of one machine, no names without content
#
# Prints every breach with its place; the exit code is 1 if there is one.

set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || true  # bash 4.4; older ones check less strictly
cd "$(dirname "${BASH_SOURCE[0]}")/.."

faults=0

# report RULE LINES: every line is a breach of the rule.
report() {
  if [[ -z "$2" ]]; then
    echo "$1: fine"
    return
  fi
  echo "$1:"
  local line
  while IFS= read -r line; do
    echo "  $line"
    faults=$((faults + 1))
  done <<<"$2"
}

# "target dependency" for every declared dependency, and "target target".
declared_dependencies() {
  {
    swift package describe --type text
    SPHERE_WITHOUT_FFTW=1 swift package describe --type text
  } | awk '
    /^Targets:/ { inside = 1; next }
    !inside { next }
    /^    Name: / { target = $2; print target, target; listing = 0; next }
    /^    (Target|Product) dependencies:/ { listing = 1; next }
    /^    [A-Z]/ { listing = 0; next }
    # The product Numerics brings two modules beside the one of its name.
    listing && $1 == "Numerics" { print target, "ComplexModule"; print target, "RealModule" }
    listing && NF == 1 { print target, $1 }'
}

# "target module file:line" for every import, whatever its attributes, access level or kind.
imports() {
  find Sources Tests -name '*.swift' -type f | sort | while IFS= read -r file; do
    awk -v file="$file" '
      /^[ \t]*(@[A-Za-z_]+(\([^)]*\))?[ \t]+)*((public|package|internal|private|fileprivate)[ \t]+)?import[ \t]/ {
        module = $0
        sub(/.*import[ \t]+/, "", module)
        sub(/^(struct|class|enum|protocol|func|let|var|typealias)[ \t]+/, "", module)
        sub(/[^A-Za-z0-9_].*/, "", module)
        split(file, folders, "/")
        print folders[2], module, file ":" FNR
      }' "$file"
  done
}

dependencies="$(declared_dependencies)"
imports="$(imports)"
if [[ -z "$dependencies" || -z "$imports" ]]; then
  echo "found no targets or no imports: 'swift package describe' prints another format"
  exit 1
fi

undeclared_imports() {
  awk '
    BEGIN {
      count = split("Darwin Dispatch Foundation Glibc Musl Swift Synchronization Testing", names, " ")
      for (k = 1; k <= count; k++) toolchain[names[k]] = 1
    }
    NR == FNR { declared[$1, $2] = 1; next }
    !($2 in toolchain) && !(($1, $2) in declared) {
      print $3 " imports " $2 ", which " $1 " does not declare in Package.swift"
    }' <(echo "$dependencies") <(echo "$imports")
}

misplaced_c_imports() {
  awk '
    BEGIN {
      wrapper["CFFTW3"] = "FourierTransforms"
      wrapper["CKissFFT"] = "FourierTransforms"
      wrapper["CLAPACKE"] = "LinearAlgebra"
      wrapper["CCFITSIO"] = "FileFormats"
      wrapper["CZlib"] = "FileFormats"
      wrapper["CCairo"] = "Plotting"
      wrapper["CSpectralSphere"] = "ForeignInterface"
    }
    NR == FNR { if ($1 == $2 && $1 ~ /^C[A-Z]/) isC[$1] = 1; next }
    !($2 in isC) { next }
    $2 == "CGSL" {
      if ($3 !~ /^Tests\//) print $3 " imports CGSL; only test targets may"
      next
    }
    !($2 in wrapper) { print $3 " imports " $2 ", which has no wrapper in Tests/layers.sh"; next }
    # Tests of an interface call it from outside.
    $1 == wrapper[$2] "Tests" && $2 == "CSpectralSphere" { next }
    $1 != wrapper[$2] { print $3 " imports " $2 "; only " wrapper[$2] " may" }
  ' <(echo "$dependencies") <(echo "$imports")
}

# mentions PATTERN MODULES...: lines of code, comments apart, outside these modules.
mentions() {
  local pattern="$1" folder file
  shift
  for folder in Sources/*/; do
    case " $* " in *" $(basename "$folder") "*) continue ;; esac
    find "$folder" -name '*.swift' -type f | sort | while IFS= read -r file; do
      awk -v file="$file" -v pattern="$pattern" '{
        code = $0
        sub(/\/\/.*/, "", code)
        if (code ~ pattern) print file ":" FNR ":" $0
      }' "$file"
    done
  done
}

misplaced_pointers() {
  mentions 'Unsafe[A-Za-z]*Pointer|OpaquePointer|ElementPointer' \
    Kernels FourierTransforms LinearAlgebra FileFormats Plotting ForeignInterface
  mentions '(Buffer|Matrix)View|AlignedBuffer' Kernels FourierTransforms LinearAlgebra \
    HarmonicTransforms Resampling RandomFields SpectralNetworks PixelNetworks ReadoutFits \
    Baselines Claims
  # Memory is kept by `withView` and `withViews`.
  search 'withExtendedLifetime' Sources Tests | grep -v '^Sources/Kernels/Memory/AlignedBuffer' \
    || true
}

# search PATTERN PATHS...: the lines of text files that match. This script names the words itself.
search() {
  local pattern="$1" status=0
  shift
  grep -rnIE --exclude=layers.sh --exclude-dir=__pycache__ -- "$pattern" "$@" || status=$?
  [[ "$status" -le 1 ]]
}

# Keys are a name and a year. Every one that occurs has an entry "- **[Key]**".
unexplained_references() {
  local key
  { grep -rhoE --include='*.swift' --include='*.py' --include='*.md' \
    '\[[A-Z][A-Za-z]+(19|20)[0-9]{2}[a-z]?[],]' Sources Tests Docs Fixtures/generators || true; } \
    | tr -d '[],' | sort -u | while IFS= read -r key; do
    grep -qF -- "- **[$key]**" Docs/References.md \
      || echo "[$key] has no entry in Docs/References.md"
  done
}

# Tests that comments and documents name, without a file or a folder of that name. Kinds of tests,
# the last words of such names, are none.
missing_tests() {
  local name
  {
    grep -rhE --include='*.swift' '//' Sources Tests
    find README.md Docs -name '*.md' -exec cat {} +
  } | grep -oE '\<[A-Z][A-Za-z0-9]*Tests\>' | sort -u \
    | grep -vxE '(Definition|Error|Fixture|Gradient|Oracle|Property|Slow)Tests' \
    | while IFS= read -r name; do
      [[ -n "$(find Tests -name "$name.swift" -o -type d -name "$name")" ]] \
        || echo "$name is named in comments or documents, but is not in Tests"
    done
}

forbidden_words() {
  local texts=() path
  for path in Package.swift README.md validate.sh .ci .github Docs Fixtures/generators Sources Tests
  do
    if [[ -e "$path" ]]; then texts+=("$path"); fi
  done
  search '\<(TODO|FIXME|XXX|HACK|TBD)\>' "${texts[@]}"
  search '(^|[^[:alnum:]._/])/(work|home|root|Users|opt/oracle)/' "${texts[@]}"
  search '\<try!' Sources Tests
  search '\<func (get|do)[A-Z]' Sources Tests
  search '\<(struct|class|enum|protocol|actor|func) [A-Za-z]*([Uu]til|[Hh]elper|[Mm]isc)' \
    Sources Tests
  find Sources Tests -iname '*util*' -o -iname '*helper*' -o -iname '*misc*'
}

breaches="$(undeclared_imports)"
report imports "$breaches"
breaches="$(misplaced_c_imports)"
report wrappers "$breaches"
breaches="$(misplaced_pointers)"
report pointers "$breaches"
breaches="$(unexplained_references)"
report references "$breaches"
breaches="$(missing_tests)"
report tests "$breaches"
breaches="$(forbidden_words)"
report words "$breaches"

if [[ "$faults" -gt 0 ]]; then
  echo "$faults breaches"
  exit 1
fi
