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

// Rows that lie along z in both volumes, the other way round.
#define REVERSE(name, type, order)                                                                     \
  static void name(const type *from, type *to, const int32_t *shape, const int32_t *step) {             \
    const int lanes = 16 / sizeof(type), nz = shape[2];                                                 \
    for (int x = 0; x < shape[0]; x++)                                                                  \
      for (int y = 0; y < shape[1]; y++) {                                                              \
        const type *last = from + x * step[0] + y * step[1] + 1 - lanes;                                \
        type *b = to + (x * shape[1] + y) * nz;                                                         \
        for (int z = 0; z < nz; z += lanes) {                                                           \
          const v128_t v = wasm_v128_load(last - z);                                                    \
          wasm_v128_store(b + z, order(v));                                                             \
        }                                                                                               \
      }                                                                                                 \
  }
#define BACK4(v) wasm_i32x4_shuffle(v, v, 3, 2, 1, 0)
#define BACK2(v) wasm_i16x8_shuffle(v, v, 7, 6, 5, 4, 3, 2, 1, 0)
#define BACK1(v) wasm_i8x16_shuffle(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
REVERSE(reverse4, uint32_t, BACK4)
REVERSE(reverse2, uint16_t, BACK2)
REVERSE(reverse1, uint8_t, BACK1)

// Squares of vectors turned about their diagonal: `lanes` of them, interleaved half by half as often as a lane's number
// has bits.
#define INTERLEAVE(name, lanes, low, high)                                                              \
  static inline void name(v128_t *r) {                                                                  \
    v128_t t[lanes];                                                                                    \
    for (int n = lanes; n > 1; n /= 2) {                                                                \
      for (int i = 0; i < lanes / 2; i++) {                                                             \
        t[2 * i] = low(r[i], r[i + lanes / 2]);                                                         \
        t[2 * i + 1] = high(r[i], r[i + lanes / 2]);                                                    \
      }                                                                                                 \
      for (int i = 0; i < lanes; i++) r[i] = t[i];                                                      \
    }                                                                                                   \
  }
#define LOW4(a, b) wasm_i32x4_shuffle(a, b, 0, 4, 1, 5)
#define HIGH4(a, b) wasm_i32x4_shuffle(a, b, 2, 6, 3, 7)
#define LOW8(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH8(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define LOW16(a, b) wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH16(a, b) wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
INTERLEAVE(square4, 4, LOW4, HIGH4)
INTERLEAVE(square8, 8, LOW8, HIGH8)
INTERLEAVE(square16, 16, LOW16, HIGH16)

// Rows along `axis` (0 or 1), where voxels are next to each other in the source, become rows along z. In tiles as wide as a
// line of the cache, so that what is fetched of either volume is used at once.
#define TURN(name, type, lanes, square)                                                                 \
  static void name(const type *from, type *to, const int32_t *shape, const int32_t *step, int axis) {   \
    const int other = 1 - axis, tile = 64 / sizeof(type), n = shape[axis], nz = shape[2];               \
    const int stride[2] = {shape[1] * nz, nz};                                                          \
    int along = stride[axis];                                                                           \
    /* What runs backwards in the source is written from its end on. */                                 \
    if (step[axis] < 0) {                                                                               \
      from -= n - 1;                                                                                    \
      to += (n - 1) * along;                                                                            \
      along = -along;                                                                                   \
    }                                                                                                   \
    for (int o = 0; o < shape[other]; o++)                                                              \
      for (int z0 = 0; z0 < nz; z0 += tile)                                                             \
        for (int a = 0; a < n; a += lanes)                                                              \
          for (int z = z0; z < z0 + tile && z < nz; z += lanes) {                                       \
            const type *p = from + o * step[other] + a + z * step[2];                                   \
            type *q = to + o * stride[other] + a * along + z;                                           \
            if (z + lanes > nz || a + lanes > n) {                                                      \
              for (int i = 0; i < lanes && a + i < n; i++)                                              \
                for (int k = 0; k < lanes && z + k < nz; k++) q[i * along + k] = p[i + k * step[2]];    \
              continue;                                                                                 \
            }                                                                                           \
            v128_t r[lanes];                                                                            \
            for (int k = 0; k < lanes; k++) r[k] = wasm_v128_load(p + k * step[2]);                     \
            square(r);                                                                                  \
            for (int k = 0; k < lanes; k++) wasm_v128_store(q + k * along, r[k]);                       \
          }                                                                                             \
  }
TURN(turn4, uint32_t, 4, square4)
TURN(turn2, uint16_t, 8, square8)
TURN(turn1, uint8_t, 16, square16)

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

// Copies a volume of other strides to C order, [x, y, z] of `shape`; elements of 1, 2 or 4 bytes. `from` is where voxel
// (0, 0, 0) lies; strides may be negative.
void EXPORT(gatherVolume)(const void *from, void *to, const int32_t *shape, const int32_t *step, int bytes) {
  const int axis = step[0] == 1 || step[0] == -1 ? 0 : 1;
  const int isTurned = step[axis] == 1 || step[axis] == -1;
  if (step[2] == 1) copyRows(from, to, shape, step, bytes);
  else if (step[2] == -1) {
    if (bytes == 4) reverse4(from, to, shape, step);
    else if (bytes == 2) reverse2(from, to, shape, step);
    else reverse1(from, to, shape, step);
  } else if (!isTurned) {
    if (bytes == 4) permute4(from, to, shape, step);
    else if (bytes == 2) permute2(from, to, shape, step);
    else permute1(from, to, shape, step);
  } else if (bytes == 4) turn4(from, to, shape, step, axis);
  else if (bytes == 2) turn2(from, to, shape, step, axis);
  else turn1(from, to, shape, step, axis);
}
