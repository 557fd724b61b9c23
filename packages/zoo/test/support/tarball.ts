import { gzipSync } from 'node:zlib';

/** A file of an archive; `type` is '0' for a file, '2' for a symbolic link. */
export interface TarFile {
  readonly path: string;
  readonly bytes?: Uint8Array;
  readonly type?: string;
}

/** An archive as npm makes it, or one that npm would not make. */
export function tarball(files: readonly TarFile[]): Uint8Array {
  const blocks = files.flatMap(({ path, bytes = new Uint8Array(), type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${' '.repeat(8)}${type}`, 148);
    header.write('target', 157);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
    return [header, Buffer.from(bytes), padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
