// Portable executables of Windows, 64 bits.

const MACHINES = { 34404: 'x64', 43620: 'arm64' };
const DIRECTORY = { exports: 0, imports: 1 };

function textAt(bytes, offset) {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

export function isPe(bytes) {
  return bytes.readUInt16BE(0) === 0x4d5a;
}

export function inspectPe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  const optional = header + 24;
  const sections = optional + bytes.readUInt16LE(header + 20);
  const count = bytes.readUInt16LE(header + 6);
  /** Where an address of the loaded library lies in the file. */
  const fileOffset = (address) => {
    for (let i = 0; i < count; i++) {
      const at = sections + i * 40;
      const [size, start, raw] = [8, 12, 20].map((field) => bytes.readUInt32LE(at + field));
      if (address >= start && address < start + Math.max(size, bytes.readUInt32LE(at + 16)))
        return address - start + raw;
    }
    throw new RangeError(`no section has address ${address}`);
  };
  const directory = (index) => bytes.readUInt32LE(optional + 112 + index * 8);
  const libraries = [];
  if (directory(DIRECTORY.imports)) {
    for (let at = fileOffset(directory(DIRECTORY.imports)); bytes.readUInt32LE(at + 12); at += 20)
      libraries.push(textAt(bytes, fileOffset(bytes.readUInt32LE(at + 12))));
  }
  const exports = [];
  if (directory(DIRECTORY.exports)) {
    const at = fileOffset(directory(DIRECTORY.exports));
    const names = fileOffset(bytes.readUInt32LE(at + 32));
    for (let i = 0; i < bytes.readUInt32LE(at + 24); i++)
      exports.push(textAt(bytes, fileOffset(bytes.readUInt32LE(names + i * 4))));
  }
  return {
    os: 'win32',
    cpu: MACHINES[bytes.readUInt16LE(header + 4)],
    libraries,
    searched: [],
    exports,
    // No symbols of its own.
    stripped: bytes.readUInt32LE(header + 16) === 0,
  };
}
