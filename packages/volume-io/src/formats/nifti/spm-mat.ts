import type { Affine } from '../../api.js';
import { composeAffines, scaleAffine } from '../../geometry/affine.js';

/** Element sizes of a MATLAB 4 matrix, by the P digit of its type: double, single, int32, int16, uint16, uint8. */
const ELEMENTS = [
  { bytes: 8, get: (v: DataView, at: number, le: boolean) => v.getFloat64(at, le) },
  { bytes: 4, get: (v: DataView, at: number, le: boolean) => v.getFloat32(at, le) },
  { bytes: 4, get: (v: DataView, at: number, le: boolean) => v.getInt32(at, le) },
  { bytes: 2, get: (v: DataView, at: number, le: boolean) => v.getInt16(at, le) },
  { bytes: 2, get: (v: DataView, at: number, le: boolean) => v.getUint16(at, le) },
  { bytes: 1, get: (v: DataView, at: number) => v.getUint8(at) },
] as const;

const FROM_ONE = scaleAffine([1, 1, 1], [1, 1, 1]);
const FLIP_X = scaleAffine([-1, 1, 1]);

/**
 * The affine that SPM keeps in a MATLAB 4 file beside an Analyze image: 'mat', or 'M' for which x is to be flipped;
 * both count voxels from 1. Undefined when the file holds neither, or is of a later MATLAB version.
 */
export function parseSpmMat(bytes: Uint8Array): Affine | undefined {
  const matrices = readMatrices(bytes);
  const mat = matrices.get('mat');
  if (mat) return composeAffines(mat, FROM_ONE);
  const m = matrices.get('M');
  return m && composeAffines(composeAffines(FLIP_X, m), FROM_ONE);
}

/** All full real 4×4 matrices of a MATLAB 4 file, row-major, by name. */
function readMatrices(bytes: Uint8Array): Map<string, Affine> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Affine>();
  let at = 0;
  while (at + 20 <= bytes.byteLength) {
    // The type is MOPT in decimal: M the machine, P the element, T full, text or sparse.
    const little = view.getUint32(at, true) <= 4052;
    const type = view.getUint32(at, little);
    const [rows, columns, imaginary, nameLength] = [4, 8, 12, 16].map((n) =>
      view.getUint32(at + n, little),
    );
    const element = ELEMENTS[Math.floor(type / 10) % 10];
    const data = at + 20 + nameLength;
    const length = element ? rows * columns * element.bytes : 0;
    if (type > 4052 || !element || imaginary > 1 || data + length > bytes.byteLength) break;
    if (rows === 4 && columns === 4 && type % 10 === 0) {
      const name = String.fromCharCode(...bytes.subarray(at + 20, data - 1));
      const matrix = new Float64Array(16);
      for (let n = 0; n < 16; n++) {
        matrix[(n % 4) * 4 + Math.floor(n / 4)] = element.get(
          view,
          data + n * element.bytes,
          little,
        );
      }
      if (matrix.every(Number.isFinite)) found.set(name, matrix);
    }
    at = data + length * (1 + imaginary);
  }
  return found;
}
