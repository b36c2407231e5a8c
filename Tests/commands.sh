#!/usr/bin/env bash
# Checks that the command lines of README and Docs can be pasted into bash as they stand: prints
# "ok - ..." or "not ok - ..." for each check and exits with 1 when one fails.
#
#   Tests/commands.sh          takes the blocks apart, and runs the lines that call the program, with
#                              small counts, in a copy; needs a release build
#   Tests/commands.sh syntax   takes the blocks apart only
#
# A block of commands is fenced and marked bash. Every line of one begins with a known program, parses,
# and names files that are there; no other block has a line that begins with one. A line that trains or
# measures for long is interrupted after some seconds, which is as good as its end: options and inputs
# have been read by then.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failures=0
report() { # status name
  if [[ "$1" == 0 ]]; then echo "ok - $2"; else echo "not ok - $2"; failures=$((failures + 1)); fi
}

documents=(README.md Docs/*.md Docs/Decisions/*.md Fixtures/generators/README.md)
programs='sphere|\.build/release/fuzzing|swift|\./validate\.sh|pip|python3?|oracle/bin/python|export|Tests/[a-z/]+\.sh'

# The lines of blocks marked bash, continuation lines joined, as "document:line<TAB>command".
commands() {
  awk -v OFS='\t' '
    /^```bash$/ { inside = 1; next }
    /^```/ { inside = 0; next }
    inside {
      text = $0
      if (line != "") sub(/^ +/, "", text)
      line = line text
      if (sub(/ *\\$/, " ", line)) next
      if (line != "") print FILENAME ":" FNR, line
      line = ""
    }' "$@"
}

# The lines of other blocks, fenced or indented, that begin like a command.
strays() {
  awk -v programs="$programs" '
    /^```bash$/ { bash = 1; next }
    /^```/ { if (bash) bash = 0; else other = !other; next }
    bash { next }
    other || /^    / {
      line = $0; sub(/^ */, "", line)
      if (line ~ "^(" programs ") [a-z-]") print FILENAME ":" FNR ": " $0
    }' "$@"
}

# What is wrong with a command line, if anything: prose behind it, an unknown program, placeholders.
fault_of() { # command
  local code="$1" word
  if ! bash -n -c "$code" 2>/dev/null; then echo "bash cannot parse it"; return; fi
  code="$(sed -E 's/(^|[[:space:]])#.*$//' <<<"$code")"
  if ! grep -qE "^($programs)( |\$)" <<<"$code"; then echo "it begins with no known program"; return; fi
  if grep -qE '[^ ] {2,}[^ ]' <<<"$code"; then echo "words behind a gap, without #"; return; fi
  if grep -qE '[][|<>]|\.\.\.( |$)' <<<"$code"; then
    echo "brackets, bars or dots of a synopsis"; return
  fi
  for word in $code; do
    if [[ "$word" =~ ^(Fixtures|Tests|Docs)/ && "$code" != *"--output $word"* && ! -e "$word" ]]; then
      echo "$word is not there"; return
    fi
    if [[ "$word" =~ ^[A-Z][A-Z]+(\.[a-z]+)?$ && "$code" != *"= $word"* ]]; then
      echo "the placeholder $word"; return
    fi
  done
}

list="$(commands "${documents[@]}")"
count=0
while IFS=$'\t' read -r place command; do
  count=$((count + 1))
  fault="$(fault_of "$command")"
  if [[ -n "$fault" ]]; then
    report 1 "$place: $command: $fault"
  fi
done <<<"$list"
report $((count < 20)) "$count command lines of README and Docs taken apart, $failures faults"

stray="$(strays "${documents[@]}")"
report "$([[ -z "$stray" ]]; echo $?)" "no command outside a block marked bash${stray:+: $stray}"

# Controls: the faults that these checks are for are seen.
status=0
for bad in 'sphere conformance export --output kit   the kit (also shipped)' \
  'your-backend kit outputs' 'sphere plot MAP.fits|CL.fits --output x.png' \
  'sphere spectrum map.fits [--lmax L] --output cl.fits' 'sphere inspect MODEL.safetensors' \
  'sphere inspect Fixtures/nowhere.fits' "sphere verify   what's measured"; do
  [[ -n "$(fault_of "$bad")" ]] || { echo "not seen: $bad"; status=1; }
done
report "$status" "control: prose, synopses, placeholders and missing files are seen"

if [[ "${1:-}" == syntax ]]; then exit $((failures > 0)); fi

# MARK: Running

program="$(swift build -c release --show-bin-path)/sphere"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp -r Fixtures "$work/"
mkdir "$work/Docs"
cp -r Docs/data "$work/Docs/"
cd "$work"
# Files that the documents say the reader has.
cp Fixtures/models/t1-physical-isotropic-noise0.safetensors m.safetensors
"$program" conformance run Fixtures/conformance --output outputs >/dev/null 2>&1
mv outputs given-outputs

# run PLACE COMMAND: with small counts, interrupted after some seconds.
run() {
  local place="$1" command="$2" status=0
  command="$(sed -E 's/[[:space:]]*#.*$//
    s/^swift run -c release sphere|^(\.\/validate\.sh setup && )swift run -c release sphere/sphere/
    s/--count [0-9]+/--count 8/; s/--optimal-count [0-9]+/--optimal-count 2/
    s/^(sphere train --task-file .*--maps )[0-9]+/\13000/
    s/^sphere //' <<<"$command")"
  local arguments
  eval "arguments=($command)"
  # Outputs of an earlier line are in the way of commands that overwrite nothing.
  case "$command" in
    "conformance export"* | study* | reproduce* | simulate*)
      if [[ ! "$command" =~ --resume ]]; then rm -rf kit maps report ablation exactness exactness-large again equivariance; fi ;;
    "conformance run"*) rm -rf outputs ;;
    "conformance check"*) if [[ ! -d outputs ]]; then cp -r given-outputs outputs; fi ;;
  esac
  local patience=60
  case "$command" in
    # Later lines use its model.
    "train --task-file"*) patience=300 ;;
    quickstart* | train* | study* | reproduce* | limits* | evaluate* | verify*) patience=2 ;;
  esac
  timeout -s INT -k 60 "$patience" "$program" "${arguments[@]}" >"$work/output" 2>"$work/messages" \
    || status=$?
  rm -rf ./*.checkpoints Fixtures/models/*.checkpoints
  # 124: interrupted by timeout, after which the program itself ended with 130.
  case "$status" in
    0 | 124 | 130) echo "ok - $place: sphere $command" ;;
    *)
      report 1 "$place: sphere $command: exit code $status"
      tail -n 3 "$work/messages"
      ;;
  esac
}

while IFS=$'\t' read -r place command; do
  if [[ "$command" =~ ^(sphere|swift\ run\ -c\ release\ sphere|\./validate\.sh\ setup\ \&\&\ swift\ run) ]]
  then
    run "$place" "$command"
  fi
done <<<"$list"

exit $((failures > 0))
