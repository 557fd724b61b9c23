// Filters that look at neighbors, and moves of whole rows. Bit for bit what the functions of the same names
// in src/augment-kernels do. Arrays have room for one vector beyond their end.
#include "../lanes.h"

static inline void copyRow(float *to, const float *from, int n) {
  __builtin_memcpy(to, from, 4 * (unsigned long)n);
}

// Mirrored at the first and the last voxel, which are not repeated.
static inline int fold(int i, int n) {
  if (n == 1) return 0;
  const int period = 2 * n - 2;
  i %= period;
  if (i < 0) i += period;
  return i < n ? i : period - i;
}

// to = taps[0] · center + Σ taps[k] · (below[k] + above[k]), k = 1 … radius.
static inline void weigh(float *to, int n, const float *center, const float *const *below,
                         const float *const *above, const float *taps, int radius) {
  const v128_t first = wasm_f32x4_splat(taps[0]);
  for (int i = 0; i < n; i += 4) {
    v128_t sum = wasm_f32x4_mul(first, wasm_v128_load(center + i));
    for (int k = 1; k <= radius; k++) {
      const v128_t both = wasm_f32x4_add(wasm_v128_load(below[k] + i), wasm_v128_load(above[k] + i));
      sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load32_splat(taps + k), both));
    }
    wasm_v128_store(to + i, sum);
  }
}

static void weighRow(float *to, int n, const float *center, const float *const *below,
                     const float *const *above, const float *taps, int radius) {
  if (radius == 1) weigh(to, n, center, below, above, taps, 1);
  else if (radius == 2) weigh(to, n, center, below, above, taps, 2);
  else if (radius == 3) weigh(to, n, center, below, above, taps, 3);
  else weigh(to, n, center, below, above, taps, radius);
}

typedef struct {
  int32_t shape[3];
  int32_t radius[3];
  const float *taps[3]; // radius + 1 each: the middle, and both sides alike
  float *row;           // nz + 2 · radius[2]
  float *plane;         // ny · nz
  float *ring;          // `planes` planes, each with a vector behind it
  int32_t planes;       // min(nx, 2 · radius[0] + 1)
  const float **below;  // largest radius + 1 each
  const float **above;
} Blur;

static void blurPlane(const Blur *p, const float *from, float *to) {
  const int ny = p->shape[1], nz = p->shape[2], r = p->radius[2], ry = p->radius[1];
  float *turned = ry > 0 ? p->plane : to;
  float *middle = p->row + r;
  for (int k = 1; k <= r; k++) {
    p->below[k] = middle - k;
    p->above[k] = middle + k;
  }
  for (int y = 0; y < ny; y++) {
    const float *line = from + y * nz;
    if (r == 0) {
      copyRow(turned + y * nz, line, nz);
      continue;
    }
    copyRow(middle, line, nz);
    for (int k = 1; k <= r; k++) {
      middle[-k] = line[fold(-k, nz)];
      middle[nz - 1 + k] = line[fold(nz - 1 + k, nz)];
    }
    weighRow(turned + y * nz, nz, middle, p->below, p->above, p->taps[2], r);
  }
  if (ry == 0) return;
  for (int y = 0; y < ny; y++) {
    for (int k = 1; k <= ry; k++) {
      p->below[k] = turned + fold(y - k, ny) * nz;
      p->above[k] = turned + fold(y + k, ny) * nz;
    }
    weighRow(to + y * nz, nz, turned + y * nz, p->below, p->above, p->taps[1], ry);
  }
}

// A separable symmetric filter, in place: along z and y plane by plane, along x over a ring of planes.
void EXPORT(blur)(float *values, const Blur *p) {
  const int nx = p->shape[0], size = p->shape[1] * p->shape[2], r = p->radius[0], step = size + 4;
  if (r == 0) {
    for (int x = 0; x < nx; x++) {
      blurPlane(p, values + x * size, p->ring);
      copyRow(values + x * size, p->ring, size);
    }
    return;
  }
  int done = 0;
  for (int x = 0; x < nx; x++) {
    for (; done < nx && done <= x + r; done++)
      blurPlane(p, values + done * size, p->ring + (done % p->planes) * step);
    for (int k = 1; k <= r; k++) {
      p->below[k] = p->ring + (fold(x - k, nx) % p->planes) * step;
      p->above[k] = p->ring + (fold(x + k, nx) % p->planes) * step;
    }
    // The last vector reaches into the next plane, which is in the ring already.
    weighRow(values + x * size, size, p->ring + (x % p->planes) * step, p->below, p->above, p->taps[0],
             r);
  }
}

// value + strength · (6 · value − its six neighbors), in place; beyond the border the border's voxels.
// scratch: two planes and a row of nz + 2.
void EXPORT(sharpen)(float *values, int nx, int ny, int nz, float strength, float *scratch) {
  const int size = ny * nz;
  const v128_t six = wasm_f32x4_splat(6), factor = wasm_f32x4_splat(strength);
  float *before = scratch, *own = scratch + size + 4, *line = own + size + 5;
  copyRow(before, values, size);
  for (int x = 0; x < nx; x++) {
    float *plane = values + x * size;
    copyRow(own, plane, size);
    const float *next = x + 1 < nx ? plane + size : own;
    for (int y = 0; y < ny; y++) {
      const float *row = own + y * nz;
      const float *up = own + (y > 0 ? y - 1 : 0) * nz;
      const float *down = own + (y + 1 < ny ? y + 1 : y) * nz;
      copyRow(line, row, nz);
      line[-1] = row[0];
      line[nz] = row[nz - 1];
      for (int z = 0; z < nz; z += 4) {
        const v128_t v = wasm_v128_load(line + z);
        v128_t sum = wasm_f32x4_add(wasm_v128_load(line + z - 1), wasm_v128_load(line + z + 1));
        sum = wasm_f32x4_add(sum, wasm_f32x4_add(wasm_v128_load(up + z), wasm_v128_load(down + z)));
        sum = wasm_f32x4_add(
            sum, wasm_f32x4_add(wasm_v128_load(before + y * nz + z), wasm_v128_load(next + y * nz + z)));
        const v128_t edge = wasm_f32x4_sub(wasm_f32x4_mul(six, v), sum);
        const v128_t result = wasm_f32x4_add(v, wasm_f32x4_mul(factor, edge));
        if (z + 4 <= nz) wasm_v128_store(plane + y * nz + z, result);
        else {
          float four[4];
          wasm_v128_store(four, result);
          for (int k = 0; z + k < nz; k++) plane[y * nz + z + k] = four[k];
        }
      }
    }
    float *spare = before;
    before = own;
    own = spare;
  }
}

typedef struct {
  int32_t shape[3];
  int32_t low[3];           // shape of the coarse volume
  const int32_t *taken[3];  // which voxels it takes along each axis
  const int32_t *from[3];   // for each voxel: the coarse one before it; the next is the one after, or the last
  const float *part[3];     // and how far it is from that, 0…1
  float *coarse;            // low[0] · low[1] · low[2]
  float *plane;             // low[1] · low[2]
  float *row;               // low[2] + 1
} LowRes;

// to = a + part · (b − a)
static inline void between(float *to, const float *a, const float *b, float part, int n) {
  const v128_t w = wasm_f32x4_splat(part);
  for (int i = 0; i < n; i += 4) {
    const v128_t v = wasm_v128_load(a + i);
    const v128_t step = wasm_f32x4_sub(wasm_v128_load(b + i), v);
    wasm_v128_store(to + i, wasm_f32x4_add(v, wasm_f32x4_mul(w, step)));
  }
}

static inline int nextOf(int i, int n) { return i + 1 < n ? i + 1 : i; }

// Takes some of the voxels and interpolates all from them.
void EXPORT(lowResolution)(float *values, const LowRes *p) {
  const int ny = p->shape[1], nz = p->shape[2], my = p->low[1], mz = p->low[2];
  float *to = p->coarse;
  for (int x = 0; x < p->low[0]; x++)
    for (int y = 0; y < my; y++) {
      const float *row = values + (p->taken[0][x] * ny + p->taken[1][y]) * nz;
      for (int z = 0; z < mz; z++) *to++ = row[p->taken[2][z]];
    }
  for (int x = 0; x < p->shape[0]; x++) {
    const int x0 = p->from[0][x], x1 = nextOf(x0, p->low[0]);
    between(p->plane, p->coarse + x0 * my * mz, p->coarse + x1 * my * mz, p->part[0][x], my * mz);
    for (int y = 0; y < ny; y++) {
      const int y0 = p->from[1][y], y1 = nextOf(y0, my);
      between(p->row, p->plane + y0 * mz, p->plane + y1 * mz, p->part[1][y], mz);
      p->row[mz] = p->row[mz - 1];
      float *line = values + (x * ny + y) * nz;
      const int32_t *from = p->from[2];
      for (int z = 0; z < nz; z += 4) {
        const v128_t a = wasm_v128_load64_zero(p->row + from[z]);
        const v128_t b = wasm_v128_load64_zero(p->row + from[z + 1]);
        const v128_t c = wasm_v128_load64_zero(p->row + from[z + 2]);
        const v128_t d = wasm_v128_load64_zero(p->row + from[z + 3]);
        const v128_t ab = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5);
        const v128_t cd = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
        const v128_t low = wasm_i64x2_shuffle(ab, cd, 0, 2), high = wasm_i64x2_shuffle(ab, cd, 1, 3);
        const v128_t step = wasm_f32x4_mul(wasm_v128_load(p->part[2] + z), wasm_f32x4_sub(high, low));
        const v128_t result = wasm_f32x4_add(low, step);
        if (z + 4 <= nz) wasm_v128_store(line + z, result);
        else {
          float four[4];
          wasm_v128_store(four, result);
          for (int k = 0; z + k < nz; k++) line[z + k] = four[k];
        }
      }
    }
  }
}

// Reverses bytes · n bytes by elements of 1, 2 or 4 bytes.
#define REVERSE(name, type, lanes, reversed)                                                        \
  static inline void name(type *row, int n) {                                                      \
    int i = 0, j = n;                                                                               \
    for (; j - i >= 2 * lanes; i += lanes, j -= lanes) {                                            \
      const v128_t a = wasm_v128_load(row + i), b = wasm_v128_load(row + j - lanes);                \
      wasm_v128_store(row + i, reversed(b));                                                        \
      wasm_v128_store(row + j - lanes, reversed(a));                                                \
    }                                                                                               \
    for (j--; i < j; i++, j--) {                                                                    \
      const type v = row[i];                                                                        \
      row[i] = row[j];                                                                              \
      row[j] = v;                                                                                   \
    }                                                                                               \
  }
#define FOURS(v) wasm_i32x4_shuffle(v, v, 3, 2, 1, 0)
#define EIGHTS(v) wasm_i16x8_shuffle(v, v, 7, 6, 5, 4, 3, 2, 1, 0)
#define SIXTEENS(v) wasm_i8x16_shuffle(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
REVERSE(reverse4, uint32_t, 4, FOURS)
REVERSE(reverse2, uint16_t, 8, EIGHTS)
REVERSE(reverse1, uint8_t, 16, SIXTEENS)

static inline void reverse(uint8_t *row, int n, int bytes) {
  if (bytes == 4) reverse4((uint32_t *)row, n);
  else if (bytes == 2) reverse2((uint16_t *)row, n);
  else reverse1(row, n);
}

static inline void swap(uint8_t *a, uint8_t *b, int n) {
  int i = 0;
  for (; i + 16 <= n; i += 16) {
    const v128_t v = wasm_v128_load(a + i);
    wasm_v128_store(a + i, wasm_v128_load(b + i));
    wasm_v128_store(b + i, v);
  }
  for (; i < n; i++) {
    const uint8_t v = a[i];
    a[i] = b[i];
    b[i] = v;
  }
}

// Reverses the axes whose bit is set (1: x, 2: y, 4: z), in place; elements of 1, 2 or 4 bytes.
void EXPORT(mirror)(uint8_t *values, int nx, int ny, int nz, int axes, int bytes) {
  const int length = nz * bytes, rows = nx * ny;
  for (int row = 0; row < rows; row++) {
    const int x = row / ny, y = row % ny;
    const int other = (axes & 1 ? nx - 1 - x : x) * ny + (axes & 2 ? ny - 1 - y : y);
    if (other < row) continue;
    if (axes & 4) {
      reverse(values + row * length, nz, bytes);
      if (other != row) reverse(values + other * length, nz, bytes);
    }
    if (other != row) swap(values + row * length, values + other * length, length);
  }
}
