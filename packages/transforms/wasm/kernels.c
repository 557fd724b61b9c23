// The inner loops of @genesis/transforms for WebAssembly SIMD. Every function does, bit for bit, what
// the function of the same name in src/kernels/typescript.ts does; test/kernels.test.ts compares
// them. Build: node tools/wasm/build.mjs.
//
// Volumes are C-contiguous [x, y, z]; masks have one byte a voxel, 0 or 1. Nothing is allocated here:
// the caller lays out the memory.
#include "lanes.h"

// Looks a voxel up in the curve's own samples, where the table has nothing (see bezierTable.ts).
__attribute__((import_module("env"), import_name("exact"))) double exact(double value);

#define TWO_M32 0x1p-32
#define TWO_M24 0x1p-24f

static inline uint32_t rotl(uint32_t x, int n) { return (x << n) | (x >> (32 - n)); }

static inline uint32_t mix32(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ (x >> 16);
}

typedef struct {
  uint32_t s0, s1, s2, s3;
} Stream;

static inline uint32_t next(Stream *s) {
  uint32_t word = rotl(s->s0 + s->s3, 7) + s->s0;
  uint32_t t = s->s1 << 9;
  s->s2 ^= s->s0;
  s->s3 ^= s->s1;
  s->s1 ^= s->s2;
  s->s0 ^= s->s3;
  s->s2 ^= t;
  s->s3 = rotl(s->s3, 11);
  return word;
}

// 1 when all values are in 0…1: as integers, floats of that range are 0 … 0x3f800000. −0 is let
// through by the caller, which looks again in double when the answer is 0.
int EXPORT(inRange)(const uint32_t *values, int n) {
  v128_t a = wasm_i32x4_splat(0), b = a;
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    a = wasm_u32x4_max(a, wasm_v128_load(values + i));
    b = wasm_u32x4_max(b, wasm_v128_load(values + i + 4));
  }
  a = wasm_u32x4_max(a, b);
  if (wasm_v128_any_true(wasm_u32x4_gt(a, wasm_i32x4_splat(0x3f800000)))) return 0;
  for (; i < n; i++)
    if (values[i] > 0x3f800000u) return 0;
  return 1;
}

// Copies with the axes whose bit is set in `axes` (1: x, 2: y, 4: z) reversed.
void EXPORT(flip)(const float *from, float *to, int nx, int ny, int nz, int axes) {
  for (int x = 0; x < nx; x++) {
    for (int y = 0; y < ny; y++) {
      const float *a = from + ((axes & 1 ? nx - 1 - x : x) * ny + (axes & 2 ? ny - 1 - y : y)) * nz;
      float *b = to + (x * ny + y) * nz;
      if (axes & 4) {
        for (int z = 0; z < nz; z++) b[z] = a[nz - 1 - z];
      } else {
        int z = 0;
        for (; z + 4 <= nz; z += 4) wasm_v128_store(b + z, wasm_v128_load(a + z));
        for (; z < nz; z++) b[z] = a[z];
      }
    }
  }
}

// Four mask bytes as four lanes of all zeros or all ones.
static inline v128_t widen(const uint8_t *mask) {
  v128_t bytes = wasm_v128_load32_zero(mask);
  return wasm_i32x4_neg(wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(bytes)));
}

// Writes uniform noise, with a mask where it is 1. Each group of four values takes one number of each
// generator; groups where the mask is 0 take none.
void EXPORT(noise)(float *out, int n, const uint8_t *mask, const uint32_t *states) {
  Lanes lanes = loadLanes(states);
  const v128_t scale = wasm_f32x4_splat(TWO_M24);
  for (int i = 0; i < n; i += 4) {
    if (mask && i + 4 <= n && *(const uint32_t *)(mask + i) == 0) continue;
    v128_t word = wasm_u32x4_shr(nextFour(&lanes), 8);
    v128_t values = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(word), scale);
    if (i + 4 > n) {
      float four[4];
      wasm_v128_store(four, values);
      for (int k = 0; i + k < n; k++)
        if (!mask || mask[i + k]) out[i + k] = four[k];
    } else {
      if (mask) values = wasm_v128_bitselect(values, wasm_v128_load(out + i), widen(mask + i));
      wasm_v128_store(out + i, values);
    }
  }
}

// Eight normal numbers of this deviation, see normal.ts.
static inline void normals(Lanes *lanes, v128_t sigma, v128_t *cosines, v128_t *sines) {
  v128_t w = wasm_f32x4_convert_u32x4(nextFour(lanes));
  w = wasm_f32x4_pmax(w, wasm_f32x4_splat(0.5f));
  v128_t e = wasm_i32x4_shr(wasm_i32x4_sub(w, wasm_i32x4_splat(0x3f3504f3)), 23);
  v128_t f = wasm_f32x4_sub(wasm_i32x4_sub(w, wasm_i32x4_shl(e, 23)), wasm_f32x4_splat(1));
  v128_t q = mulAdd(wasm_f32x4_splat(0.20757413f), f, -0.32676286f);
  q = mulAdd(q, f, 0.34424856f);
  q = mulAdd(q, f, -0.39768472f);
  q = mulAdd(q, f, 0.4994312f);
  q = mulAdd(q, f, -0.66671216f);
  q = mulAdd(q, f, 1.0000069f);
  q = mulAdd(q, f, -1.9999999f);
  e = wasm_f32x4_convert_i32x4(wasm_i32x4_sub(e, wasm_i32x4_splat(32)));
  v128_t square = wasm_f32x4_add(wasm_f32x4_mul(q, f), wasm_f32x4_mul(e, wasm_f32x4_splat(-1.3862944f)));
  v128_t radius = wasm_f32x4_mul(wasm_f32x4_sqrt(square), sigma);

  v128_t word = nextFour(lanes);
  v128_t s = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(word), wasm_f32x4_splat(0x1p-31f));
  v128_t ss = wasm_f32x4_mul(s, s);
  v128_t sine = mulAdd(wasm_f32x4_splat(0.00015167853f), ss, -0.0046741576f);
  sine = mulAdd(sine, ss, 0.07968993f);
  sine = mulAdd(sine, ss, -0.6459638f);
  sine = mulAdd(sine, ss, 1.5707964f);
  v128_t cosine = mulAdd(wasm_f32x4_splat(0.00085819064f), ss, -0.020810628f);
  cosine = mulAdd(cosine, ss, 0.25365075f);
  cosine = mulAdd(cosine, ss, -1.2336982f);
  cosine = mulAdd(cosine, ss, 0.99999994f);
  cosine = wasm_v128_xor(cosine, wasm_i32x4_shl(word, 31));
  *cosines = wasm_f32x4_mul(radius, cosine);
  *sines = wasm_f32x4_mul(radius, wasm_f32x4_mul(sine, s));
}

static inline v128_t cut(v128_t values) {
  return wasm_f32x4_pmin(wasm_f32x4_pmax(values, wasm_f32x4_splat(0)), wasm_f32x4_splat(1));
}

// Adds normal noise and cuts to 0…1. Each group of eight values takes two numbers of each generator.
void EXPORT(addNormal)(const float *from, float *to, int n, float deviation, const uint32_t *states) {
  Lanes lanes = loadLanes(states);
  const v128_t sigma = wasm_f32x4_splat(deviation);
  v128_t a, b;
  int i = 0;
  for (; i + 8 <= n; i += 8) {
    normals(&lanes, sigma, &a, &b);
    wasm_v128_store(to + i, cut(wasm_f32x4_add(wasm_v128_load(from + i), a)));
    wasm_v128_store(to + i + 4, cut(wasm_f32x4_add(wasm_v128_load(from + i + 4), b)));
  }
  if (i == n) return;
  float eight[8];
  normals(&lanes, sigma, &a, &b);
  wasm_v128_store(eight, a);
  wasm_v128_store(eight + 4, b);
  for (int k = 0; i < n; i++, k++) {
    const float v = from[i] + eight[k];
    to[i] = v < 0 ? 0 : v > 1 ? 1 : v;
  }
}

// Copies the box's values (C order) to the volume.
void EXPORT(box)(float *volume, int ny, int nz, const float *values, const int32_t *box) {
  const int sx = box[3], sy = box[4], sz = box[5];
  for (int x = 0; x < sx; x++)
    for (int y = 0; y < sy; y++) {
      float *row = volume + ((box[0] + x) * ny + box[1] + y) * nz + box[2];
      for (int z = 0; z < sz; z++) row[z] = *values++;
    }
}

// Sets the mask to 0 in a box.
void EXPORT(keepBox)(uint8_t *mask, int ny, int nz, const int32_t *box) {
  for (int x = box[0]; x < box[0] + box[3]; x++)
    for (int y = box[1]; y < box[1] + box[4]; y++)
      __builtin_memset(mask + (x * ny + y) * nz + box[2], 0, (unsigned long)box[5]);
}

// The intensity map of bezierTable.ts: `cells` cubics, a cell without one (NaN) names the finer
// table that covers it.
static float lookUp(float value, const float *table, int cells) {
  const float *entry = table;
  float position = value * (float)cells;
  for (;;) {
    int cell = (int)position;
    float u = position - (float)cell;
    entry += 4 * cell;
    float f = entry[0] + u * (entry[1] + u * (entry[2] + u * entry[3]));
    if (f == f) return f < 0 ? 0 : f > 1 ? 1 : f;
    if (entry[1] < 0) return (float)exact((double)value);
    position = u * entry[2];
    entry = table + (int)entry[1];
  }
}

// Maps groups of four values in place from i on, all or (with a mask) those where it is 0. Stops at
// a group with a cell that has no cubic; returns where. A loop of its own, because one that calls
// anything is compiled to several times slower code.
static inline int mapCubics(float *values, int i, int n, const float *table, int cells,
                            const uint8_t *mask) {
  const v128_t scale = wasm_f32x4_splat((float)cells);
  const v128_t zero = wasm_f32x4_splat(0), one = wasm_f32x4_splat(1);
  // Added to an integer, 2^23 leaves it in the low bits of the float: cheaper than a conversion,
  // which must saturate. The bits above are taken off with the table's address, modulo 2^32.
  const v128_t magic = wasm_f32x4_splat(0x1p23f);
  const v128_t base = wasm_i32x4_splat((int)((uint32_t)table - (0x4b000000u << 4)));
  for (; i + 4 <= n; i += 4) {
    if (mask && *(const uint32_t *)(mask + i) == 0x01010101u) continue;
    v128_t value = wasm_v128_load(values + i);
    v128_t position = wasm_f32x4_mul(value, scale);
    v128_t cell = wasm_f32x4_floor(position);
    v128_t u = wasm_f32x4_sub(position, cell);
    v128_t at = wasm_i32x4_add(wasm_i32x4_shl(wasm_f32x4_add(cell, magic), 4), base);
    v128_t a = wasm_v128_load((const void *)wasm_i32x4_extract_lane(at, 0));
    v128_t b = wasm_v128_load((const void *)wasm_i32x4_extract_lane(at, 1));
    v128_t c = wasm_v128_load((const void *)wasm_i32x4_extract_lane(at, 2));
    v128_t d = wasm_v128_load((const void *)wasm_i32x4_extract_lane(at, 3));
    v128_t ab = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), cd = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
    v128_t c0 = wasm_i64x2_shuffle(ab, cd, 0, 2), c1 = wasm_i64x2_shuffle(ab, cd, 1, 3);
    ab = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7), cd = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
    v128_t c2 = wasm_i64x2_shuffle(ab, cd, 0, 2), c3 = wasm_i64x2_shuffle(ab, cd, 1, 3);
    v128_t f = wasm_f32x4_add(c2, wasm_f32x4_mul(u, c3));
    f = wasm_f32x4_add(c1, wasm_f32x4_mul(u, f));
    f = wasm_f32x4_add(c0, wasm_f32x4_mul(u, f));
    if (!wasm_i32x4_all_true(wasm_f32x4_eq(f, f))) break;
    f = wasm_f32x4_pmin(wasm_f32x4_pmax(f, zero), one);
    if (mask) f = wasm_v128_bitselect(value, f, widen(mask + i));
    wasm_v128_store(values + i, f);
  }
  return i;
}

// Maps values in place, all or (with a mask) those where it is 0.
void EXPORT(mapIntensity)(float *values, int n, const float *table, int cells, const uint8_t *mask) {
  for (int i = 0; i < n;) {
    i = mask ? mapCubics(values, i, n, table, cells, mask) : mapCubics(values, i, n, table, cells, 0);
    for (int k = 0; k < 4 && i < n; k++, i++)
      if (!mask || !mask[i]) values[i] = lookUp(values[i], table, cells);
  }
}

// Windows as x, y, z, size x, size y, size z; see drawWindows.ts.
void EXPORT(drawWindows)(int32_t *windows, int count, const int32_t *shape, const int32_t *maxSize,
                         const uint32_t *state) {
  Stream stream = {state[0], state[1], state[2], state[3]};
  for (int w = 0; w < count; w++, windows += 6)
    for (int axis = 0; axis < 3; axis++) {
      const uint64_t draw = (uint64_t)next(&stream) * (uint32_t)maxSize[axis];
      const int size = 1 + (int)(draw >> 32);
      const uint64_t places = (uint32_t)(shape[axis] - size + 1);
      windows[axis] = (int)((draw & 0xffffffff) * places >> 32);
      windows[axis + 3] = size;
    }
}

// Fisher–Yates, see permute.ts.
static inline void permute(float *values, int n, int end, const uint32_t *key, uint32_t w) {
  Stream s = {mix32(key[0] + w * 0x9e3779b9u), mix32(key[1] + w * 0x85ebca6bu),
              mix32(key[2] + w * 0xc2b2ae35u), mix32(key[3] + w * 0x27d4eb2fu) | 1};
  const int last = end < n - 1 ? end : n - 1;
  int j = 0;
  if (n <= 256) {
    while (j < last) {
      uint32_t draw = (next(&s) >> 8) * (uint32_t)(n - j);
      int k = j + (int)(draw >> 24);
      float v = values[k];
      values[k] = values[j];
      values[j++] = v;
      draw = (draw & 0xffffff) * (uint32_t)(n - j);
      k = j + (int)(draw >> 24);
      v = values[k];
      values[k] = values[j];
      values[j++] = v;
    }
  } else {
    while (j < last) {
      int k = j + (int)((double)next(&s) * TWO_M32 * (double)(n - j));
      float v = values[k];
      values[k] = values[j];
      values[j++] = v;
    }
  }
}

typedef struct {
  const float *from;
  float *to;
  int channels;
  int count;
  const int32_t *windows;
  const int32_t *shape;
  const uint8_t *mask;
  const uint32_t *key;
  uint8_t *done;   // one bit a voxel, rows padded to bytes, 8 bytes of padding
  float *values;   // as many as the largest window has voxels, and 4
  uint8_t *groups; // as many
} Shuffle;

static void packMask(const uint8_t *mask, uint8_t *done, int rows, int nz) {
  const int bytes = (nz + 7) / 8;
  for (int row = 0; row < rows; row++)
    for (int b = 0; b < bytes; b++) {
      uint8_t bits = 0;
      for (int k = 0; k < 8 && 8 * b + k < nz; k++) bits |= mask[row * nz + 8 * b + k] << k;
      done[row * bytes + b] = bits;
    }
}

// Rows of a window are handled in groups of four voxels. For each group, which of its voxels have no
// value yet (4 bits); marks them. Returns the position of the last one, −1 when there is none.
static inline int claim(uint8_t *done, uint8_t *groups, const int32_t *window, int corner, int ny,
                        int rowBytes) {
  const int sx = window[3], sy = window[4], sz = window[5];
  int last = -1, j = 0;
  for (int x = 0; x < sx; x++)
    for (int y = 0; y < sy; y++, j += sz) {
      uint8_t *row = done + (corner + x * ny + y) * rowBytes;
      for (int z = 0; z < sz; z += 4) {
        const int first = window[2] + z, left = sz - z;
        const uint32_t all = left < 4 ? (1u << left) - 1 : 15u;
        uint16_t *bits = (uint16_t *)(row + (first >> 3));
        const uint32_t old = *bits, missing = ~(old >> (first & 7)) & all;
        *bits = (uint16_t)(old | all << (first & 7));
        *groups++ = (uint8_t)missing;
        last = missing ? j + z + 31 - __builtin_clz(missing) : last;
      }
    }
  return last;
}

// See shuffle.ts: from the last window to the first, so that only the last writer of a voxel works.
void EXPORT(shuffle)(const Shuffle *p) {
  const int nx = p->shape[0], ny = p->shape[1], nz = p->shape[2];
  const int rowBytes = (nz + 7) / 8, voxels = nx * ny * nz;
  const v128_t bit = wasm_i32x4_make(1, 2, 4, 8), zero = wasm_i32x4_splat(0);
  float *const values = p->values;
  if (p->mask) packMask(p->mask, p->done, nx * ny, nz);
  else __builtin_memset(p->done, 0, (unsigned long)(nx * ny * rowBytes));
  for (int w = p->count - 1; w >= 0; w--) {
    const int32_t *window = p->windows + 6 * w;
    const int sx = window[3], sy = window[4], sz = window[5];
    const int corner = window[0] * ny + window[1];
    const int last = claim(p->done, p->groups, window, corner, ny, rowBytes);
    if (last < 0) continue;
    for (int c = 0; c < p->channels; c++) {
      const float *from = p->from + c * voxels + corner * nz + window[2];
      float *to = p->to + c * voxels + corner * nz + window[2];
      // Groups read up to three values too many, and write them back as they were.
      float *value = values;
      for (int x = 0; x < sx; x++)
        for (int y = 0; y < sy; y++, value += sz) {
          const float *row = from + (x * ny + y) * nz;
          for (int z = 0; z < sz; z += 4) wasm_v128_store(value + z, wasm_v128_load(row + z));
        }
      permute(values, sx * sy * sz, last + 1, p->key, (uint32_t)w);
      const uint8_t *group = p->groups;
      value = values;
      for (int x = 0; x < sx; x++)
        for (int y = 0; y < sy; y++, value += sz) {
          float *row = to + (x * ny + y) * nz;
          for (int z = 0; z < sz; z += 4) {
            const v128_t chosen = wasm_v128_and(wasm_i32x4_splat(*group++), bit);
            const v128_t keep = wasm_i32x4_eq(chosen, zero);
            const v128_t old = wasm_v128_load(row + z);
            wasm_v128_store(row + z, wasm_v128_bitselect(old, wasm_v128_load(value + z), keep));
          }
        }
    }
  }
}
