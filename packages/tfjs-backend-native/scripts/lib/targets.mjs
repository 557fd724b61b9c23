// The machines that a release has prebuilt addons for.

/** Oldest glibc that the Linux addons load with: that of RHEL 8, Debian 10 and Ubuntu 18.10. */
export const OLDEST_GLIBC = '2.28';
const OLDEST_MACOS = '11.0';

/**
 * `name` is the ending of the package's name and what src/platform.ts says of a running Node; `os`, `cpu` and `libc` are
 * npm's fields; `triple` is what Zig's clang compiles for.
 */
export const targets = [
  {
    name: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    triple: `x86_64-linux-gnu.${OLDEST_GLIBC}`,
  },
  {
    name: 'linux-arm64',
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc',
    triple: `aarch64-linux-gnu.${OLDEST_GLIBC}`,
  },
  { name: 'linux-x64-musl', os: 'linux', cpu: 'x64', libc: 'musl', triple: 'x86_64-linux-musl' },
  {
    name: 'linux-arm64-musl',
    os: 'linux',
    cpu: 'arm64',
    libc: 'musl',
    triple: 'aarch64-linux-musl',
  },
  { name: 'darwin-x64', os: 'darwin', cpu: 'x64', triple: `x86_64-macos.${OLDEST_MACOS}` },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64', triple: `aarch64-macos.${OLDEST_MACOS}` },
  { name: 'win32-x64', os: 'win32', cpu: 'x64', triple: 'x86_64-windows-gnu' },
  { name: 'win32-arm64', os: 'win32', cpu: 'arm64', triple: 'aarch64-windows-gnu' },
];

export const PACKAGE = '@genesis/tfjs-backend-native';

/** Name of the package with a target's addon. */
export function packageOf(target) {
  return `${PACKAGE}-${target.name}`;
}
