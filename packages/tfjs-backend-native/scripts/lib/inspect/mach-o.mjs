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
const BUNDLE = 8;

function textAt(bytes, offset) {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

/** Names that others can bind to: external and defined. */
function exportsOf(bytes, at) {
  const [symbols, count, strings] = [8, 12, 16].map((i) => bytes.readUInt32LE(at + i));
  const names = [];
  let locals = 0;
  for (let i = 0; i < count; i++) {
    const symbol = symbols + i * 16;
    const type = bytes[symbol + 4];
    const [external, hidden, defined] = [type & 0x01, type & 0x10, (type & 0x0e) !== 0];
    if (external && !hidden && defined)
      names.push(textAt(bytes, strings + bytes.readUInt32LE(symbol)).slice(1));
    else if (defined) locals++;
  }
  return { names, locals };
}

export function isMachO(bytes) {
  return bytes.readUInt32LE(0) === 0xfeedfacf;
}

export function inspectMachO(bytes) {
  const found = {
    os: 'darwin',
    cpu: MACHINES[bytes.readUInt32LE(4)],
    bundle: bytes.readUInt32LE(12) === BUNDLE,
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
      const { names, locals } = exportsOf(bytes, at);
      found.exports = names;
      found.stripped = locals === 0;
    }
    at += bytes.readUInt32LE(at + 4);
  }
  return found;
}
