// ELF, little-endian, 64 bits: what a shared library needs and gives away.

const DYNAMIC = { needed: 1, strtab: 5, symtab: 6, rpath: 15, runpath: 29, verneed: 0x6ffffffe };
const MACHINES = { 62: 'x64', 183: 'arm64' };

function nameAt(bytes, offset) {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

function sectionsOf(bytes) {
  const [at, size, count, names] = [
    Number(bytes.readBigUInt64LE(40)),
    bytes.readUInt16LE(58),
    bytes.readUInt16LE(60),
    bytes.readUInt16LE(62),
  ];
  const sections = Array.from({ length: count }, (_, i) => {
    const h = at + i * size;
    return {
      nameOffset: bytes.readUInt32LE(h),
      type: bytes.readUInt32LE(h + 4),
      offset: Number(bytes.readBigUInt64LE(h + 24)),
      size: Number(bytes.readBigUInt64LE(h + 32)),
      link: bytes.readUInt32LE(h + 40),
      info: bytes.readUInt32LE(h + 44),
    };
  });
  const table = sections[names].offset;
  return sections.map((section) => ({
    ...section,
    name: nameAt(bytes, table + section.nameOffset),
  }));
}

function dynamicEntries(bytes, sections) {
  const dynamic = sections.find(({ name }) => name === '.dynamic');
  const entries = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    entries.push([Number(bytes.readBigInt64LE(at)), Number(bytes.readBigUInt64LE(at + 8))]);
  }
  return entries;
}

/** Versions of symbols that other libraries must have: GLIBC_2.17, … */
function versionsOf(bytes, sections) {
  const section = sections.find(({ name }) => name === '.gnu.version_r');
  if (!section) return [];
  const strings = sections[section.link].offset;
  const versions = [];
  let library = section.offset;
  for (let i = 0; i < section.info; i++) {
    let version = library + bytes.readUInt32LE(library + 8);
    for (let j = 0; j < bytes.readUInt16LE(library + 2); j++) {
      versions.push(nameAt(bytes, strings + bytes.readUInt32LE(version + 8)));
      version += bytes.readUInt32LE(version + 12);
    }
    library += bytes.readUInt32LE(library + 12);
  }
  return versions;
}

function exportsOf(bytes, sections) {
  const section = sections.find(({ name }) => name === '.dynsym');
  const strings = sections[section.link].offset;
  const names = [];
  for (let at = section.offset + 24; at < section.offset + section.size; at += 24) {
    if (bytes.readUInt16LE(at + 6) !== 0)
      names.push(nameAt(bytes, strings + bytes.readUInt32LE(at)));
  }
  return names;
}

export function isElf(bytes) {
  return bytes.readUInt32BE(0) === 0x7f454c46;
}

export function inspectElf(bytes) {
  const sections = sectionsOf(bytes);
  const strings = sections.find(({ name }) => name === '.dynstr').offset;
  const entries = dynamicEntries(bytes, sections);
  const texts = (tag) =>
    entries.filter(([found]) => found === tag).map(([, offset]) => nameAt(bytes, strings + offset));
  return {
    os: 'linux',
    cpu: MACHINES[bytes.readUInt16LE(18)],
    libraries: texts(DYNAMIC.needed),
    searched: [...texts(DYNAMIC.rpath), ...texts(DYNAMIC.runpath)],
    exports: exportsOf(bytes, sections),
    versions: versionsOf(bytes, sections),
    stripped: !sections.some(({ name }) => name === '.symtab' || name.startsWith('.debug')),
  };
}
