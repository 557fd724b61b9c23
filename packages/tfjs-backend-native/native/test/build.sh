#!/bin/sh
# Builds native/core and one test or benchmark program without Node.
# Usage: native/test/build.sh OUT_DIR PROGRAM.cpp [extra compiler flags]; CXX chooses the compiler. With the flag
# -DGENESIS_BASE_ONLY only the portable kernels are built, as on a processor other than x86-64.
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=$1; program=$2; shift 2
mkdir -p "$out"
cxx=${CXX:-g++}
flags="-std=c++17 -O3 -g -fPIC -Wall -Wextra -ffp-contract=fast -fno-math-errno -fno-trapping-math -pthread"
jobs=""
compile() { # source object flags…
  source=$1; object=$2; shift 2
  if [ ! -f "$object" ] || [ -n "$(find "$here/../core" "$here" -newer "$object" \( -name '*.h' -o -path "$source" \) | head -1)" ]; then
    echo "$cxx $flags $* -c $source -o $object"
  fi
}
list=$out/commands
: > "$list"
objects=""
name=$(basename "$program" .cpp)
compile "$program" "$out/$name.o" "$@" >> "$list"
for source in "$here"/../core/*.cpp; do
  base=$(basename "$source" .cpp)
  case $base in
    *.kernels)
      case "$(uname -m) $*" in
        *-DGENESIS_BASE_ONLY*) isas=base ;;
        x86_64*) isas="base avx2 avx512" ;;
        *) isas=base ;;
      esac
      for isa in $isas; do
        case $isa in
          base) arch="" ;;
          avx2) arch="-mavx2 -mfma" ;;
          avx512) arch="-mavx512f -mavx512vl -mavx512bw -mavx512dq -mavx2 -mfma -mprefer-vector-width=512" ;;
        esac
        compile "$source" "$out/$base.$isa.o" $arch -DGENESIS_ISA=$isa "$@" >> "$list"
        objects="$objects $out/$base.$isa.o"
      done ;;
    *)
      compile "$source" "$out/$base.o" "$@" >> "$list"
      objects="$objects $out/$base.o" ;;
  esac
done
tr '\n' '\0' < "$list" | xargs -0 -r -P 2 -I{} sh -c '{}'
$cxx -pthread "$@" -o "$out/$name" "$out/$name.o" $objects
