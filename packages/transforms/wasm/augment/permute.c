// Moves of voxels. Bit for bit what the functions of the same names in src/augment-kernels do. Arrays have room for one
// vector beyond their end.
#include "../lanes.h"

// Rows that lie along z in both volumes.
static void copyRows(const uint8_t *from, uint8_t *to, const int32_t *shape, const int32_t *step, int bytes) {
  const int n = shape[2] * bytes;
  for (int x = 0; x < shape[0]; x++)
    for (int y = 0; y < shape[1]; y++) {
      const uint8_t *a = from + (x * step[0] + y * step[1]) * bytes;
      uint8_t *b = to + (x * shape[1] + y) * n;
      for (int i = 0; i < n; i += 16) wasm_v128_store(b + i, wasm_v128_load(a + i));
    }
}

// Four times four floats: rows along `axis` (0 or 1, where they are next to each other in the source) become rows along z.
static void turn(const uint32_t *from, uint32_t *to, const int32_t *shape, const int32_t *step, int axis) {
  const int other = 1 - axis, stride[2] = {shape[1] * shape[2], shape[2]};
  for (int o = 0; o < shape[other]; o++)
    for (int z = 0; z < shape[2]; z += 4)
      for (int a = 0; a < shape[axis]; a += 4) {
        const uint32_t *p = from + o * step[other] + a + z * step[2];
        uint32_t *q = to + o * stride[other] + a * stride[axis] + z;
        if (z + 4 > shape[2] || a + 4 > shape[axis]) {
          for (int i = 0; i < 4 && a + i < shape[axis]; i++)
            for (int k = 0; k < 4 && z + k < shape[2]; k++) q[i * stride[axis] + k] = p[i + k * step[2]];
          continue;
        }
        v128_t r[4];
        for (int k = 0; k < 4; k++) r[k] = wasm_v128_load(p + k * step[2]);
        const v128_t ab = wasm_i32x4_shuffle(r[0], r[1], 0, 4, 1, 5), cd = wasm_i32x4_shuffle(r[2], r[3], 0, 4, 1, 5);
        const v128_t ef = wasm_i32x4_shuffle(r[0], r[1], 2, 6, 3, 7), gh = wasm_i32x4_shuffle(r[2], r[3], 2, 6, 3, 7);
        wasm_v128_store(q, wasm_i64x2_shuffle(ab, cd, 0, 2));
        wasm_v128_store(q + stride[axis], wasm_i64x2_shuffle(ab, cd, 1, 3));
        wasm_v128_store(q + 2 * stride[axis], wasm_i64x2_shuffle(ef, gh, 0, 2));
        wasm_v128_store(q + 3 * stride[axis], wasm_i64x2_shuffle(ef, gh, 1, 3));
      }
}

// In tiles that stay in the cache.
#define PERMUTE(name, type)                                                                           \
  static void name(const type *from, type *to, const int32_t *shape, const int32_t *step) {           \
    for (int x0 = 0; x0 < shape[0]; x0 += 16)                                                         \
      for (int y = 0; y < shape[1]; y++)                                                              \
        for (int z0 = 0; z0 < shape[2]; z0 += 16)                                                     \
          for (int x = x0; x < x0 + 16 && x < shape[0]; x++) {                                        \
            const type *a = from + x * step[0] + y * step[1];                                         \
            type *b = to + (x * shape[1] + y) * shape[2];                                             \
            for (int z = z0; z < z0 + 16 && z < shape[2]; z++) b[z] = a[z * step[2]];                 \
          }                                                                                           \
  }
PERMUTE(permute4, uint32_t)
PERMUTE(permute2, uint16_t)
PERMUTE(permute1, uint8_t)

// Copies a volume of other strides to C order, [x, y, z] of `shape`; elements of 1, 2 or 4 bytes.
void EXPORT(gatherVolume)(const void *from, void *to, const int32_t *shape, const int32_t *step, int bytes) {
  if (step[2] == 1) copyRows(from, to, shape, step, bytes);
  else if (bytes == 4 && (step[0] == 1 || step[1] == 1)) turn(from, to, shape, step, step[0] == 1 ? 0 : 1);
  else if (bytes == 4) permute4(from, to, shape, step);
  else if (bytes == 2) permute2(from, to, shape, step);
  else permute1(from, to, shape, step);
}
