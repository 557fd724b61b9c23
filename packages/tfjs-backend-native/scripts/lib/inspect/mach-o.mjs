// Mach-O, little-endian, 64 bits.

const MACHINES = { 16777223: 'x64', 16777228: 'arm64' };
const COMMAND = {
  symtab: 0x2,
  loadLibrary: 0xc,
  loadWeak: 0x80000018,
  rpath: 0x8000001c,
  signature: 0x1d,
  buildVersion: 0x32,
};
/** A dynamic library, and a bundle. */
const LOADABLE = [6, 8];

function textAt(bytes, offset) {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

/** The linker's own, in every library. */
const LINKER = ['_mh_dylib_header', '_mh_bundle_header', '__dso_handle'];

/** Names that others can bind to (external and defined), and whether there are entries for a debugger. */
function symbolsOf(bytes, at) {
  const [symbols, count, strings] = [8, 12, 16].map((i) => bytes.readUInt32LE(at + i));
  const exports = [];
  let debug = false;
  for (let i = 0; i < count; i++) {
    const symbol = symbols + i * 16;
    const type = bytes[symbol + 4];
    debug ||= (type & 0xe0) !== 0;
    const [external, hidden, defined] = [type & 0x01, type & 0x10, (type & 0x0e) !== 0];
    const name = textAt(bytes, strings + bytes.readUInt32LE(symbol)).slice(1);
    if (external && !hidden && defined && !LINKER.includes(name)) exports.push(name);
  }
  return { exports, debug };
}

export function isMachO(bytes) {
  return bytes.readUInt32LE(0) === 0xfeedfacf;
}

export function inspectMachO(bytes) {
  const found = {
    os: 'darwin',
    cpu: MACHINES[bytes.readUInt32LE(4)],
    loadable: LOADABLE.includes(bytes.readUInt32LE(12)),
    libraries: [],
    searched: [],
    exports: [],
    signed: false,
    oldestSystem: undefined,
    stripped: true,
  };
  let at = 32;
  for (let i = 0; i < bytes.readUInt32LE(16); i++) {
    const command = bytes.readUInt32LE(at);
    if (command === COMMAND.loadLibrary || command === COMMAND.loadWeak)
      found.libraries.push(textAt(bytes, at + bytes.readUInt32LE(at + 8)));
    else if (command === COMMAND.rpath)
      found.searched.push(textAt(bytes, at + bytes.readUInt32LE(at + 8)));
    else if (command === COMMAND.signature) found.signed = true;
    else if (command === COMMAND.buildVersion) {
      const version = bytes.readUInt32LE(at + 12);
      found.oldestSystem = `${version >> 16}.${(version >> 8) & 0xff}`;
    } else if (command === COMMAND.symtab) {
      const { exports, debug } = symbolsOf(bytes, at);
      found.exports = exports;
      found.stripped = !debug;
    }
    at += bytes.readUInt32LE(at + 4);
  }
  return found;
}
