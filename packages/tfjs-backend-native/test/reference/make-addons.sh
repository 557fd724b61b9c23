#!/bin/sh
# Makes test/fixtures/addons with Zig: libraries of a few lines that the reader of the three formats must accept or refuse.
# Usage: ZIG="python3 -m ziglang" sh test/reference/make-addons.sh
set -e
cd "$(dirname "$0")/../fixtures/addons"
zig="${ZIG:-zig}"
work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
cat > "$work/good.c" <<'C'
#if defined(_WIN32)
#define OUT __declspec(dllexport)
#else
#define OUT __attribute__((visibility("default")))
#endif
OUT int napi_register_module_v1(void) { return 1; }
C
cp "$work/good.c" "$work/bad.c"
cat >> "$work/bad.c" <<'C'
#if defined(LIBRARY)
__attribute__((dllimport))
#endif
int genesis_needed(void);
OUT int genesis_leak(void) { return NEEDED; }
C
echo 'int genesis_needed(void) { return 2; }' > "$work/needed.c"
printf 'LIBRARY genesis.dll\nEXPORTS\ngenesis_needed\n' > "$work/genesis.def"
flags='-O2 -g0 -fvisibility=hidden -shared -nostdlib'
linux='-target x86_64-linux-gnu.2.28 -fPIC'
$zig cc $linux $flags "$work/needed.c" -fvisibility=default -Wl,-soname,libgenesis.so -o "$work/libgenesis.so"
$zig cc $linux $flags -s "$work/good.c" -o good.so
$zig cc $linux $flags -DNEEDED='genesis_needed()' "$work/bad.c" "$work/libgenesis.so" -Wl,-rpath,/opt/lib -o bad.so
$zig cc -target aarch64-macos.11.0 -O2 -g0 -fvisibility=hidden -dynamiclib -s "$work/good.c" -o good.dylib
$zig cc -target aarch64-macos.11.0 -O2 -g0 -fvisibility=hidden -dynamiclib -s -DNEEDED=2 "$work/bad.c" -o bad.dylib
windows='-target x86_64-windows-gnu -O2 -g0 -shared -s'
$zig cc $windows "$work/good.c" -o good.dll
$zig dlltool -m i386:x86-64 -d "$work/genesis.def" -l "$work/genesis.lib"
$zig cc $windows -DLIBRARY -DNEEDED='genesis_needed()' "$work/bad.c" "$work/genesis.lib" -o bad.dll
rm -f ./*.pdb ./*.lib ./*.gz
gzip -9n ./*
ls -l
