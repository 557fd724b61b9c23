export { copyStrided } from './arrays/copy-strided.js';
export {
  type ArrayOf,
  type DType,
  dtypeOf,
  isDType,
  type NumberDType,
  viewAs,
  zeros,
  zerosLike,
} from './arrays/dtype.js';
export { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from './arrays/half.js';
export { cStrides, isCOrder, sizeOf } from './arrays/layout.js';
export { toCOrder } from './arrays/to-c-order.js';
export type {
  BigIntArray,
  Layout,
  NumberArray,
  ReadonlyVec3,
  StridedArray,
  TypedArray,
  Vec3,
} from './arrays/types.js';
export { type ErrorDetails, GenesisError, isGenesisError } from './errors.js';
export { createRng, rngFromState } from './random/create-rng.js';
export { mix32 } from './random/mix32.js';
export { boxMuller } from './random/normal.js';
export { permutation } from './random/permutation.js';
export { drawSeed, nonZero, seedBlock, seedStream } from './random/seed.js';
export { sfc32, uniform53 } from './random/sfc32.js';
export { type Block, threefry } from './random/threefry.js';
export type { Rng, RngState, Seed } from './random/types.js';
export { fillUniform, nextWord, type Stream } from './random/xoshiro.js';
export { compileWasm, WASM_PAGE, WasmHeap, type WasmModule } from './wasm/wasm-heap.js';
export {
  MAX_DEFLATE_RATIO,
  readZipDirectory,
  type ZipErrorCode,
  type ZipMember,
  type ZipSource,
  zipMemberStart,
} from './zip/read-directory.js';
