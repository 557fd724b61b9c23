// Intensities, voxel by voxel: every function does, bit for bit, what the function of the same name in
// src/augment-kernels does. Arrays have room for one vector beyond their end.
#include "../lanes.h"

// value → clamp(value · scale + shift, low, high)
typedef struct {
  float scale, shift, low, high;
} Map;

typedef struct {
  v128_t scale, shift, low, high;
} MapLanes;

static inline MapLanes lanesOf(const Map *map) {
  return (MapLanes){wasm_f32x4_splat(map->scale), wasm_f32x4_splat(map->shift),
                    wasm_f32x4_splat(map->low), wasm_f32x4_splat(map->high)};
}

static inline v128_t mapped(v128_t v, const MapLanes *m) {
  v = wasm_f32x4_add(wasm_f32x4_mul(v, m->scale), m->shift);
  return wasm_f32x4_pmin(wasm_f32x4_pmax(v, m->low), m->high);
}

// To another place, or the same.
void EXPORT(settle)(const float *from, float *to, int n, const Map *map) {
  const MapLanes m = lanesOf(map);
  for (int i = 0; i < n; i += 4) wasm_v128_store(to + i, mapped(wasm_v128_load(from + i), &m));
}

typedef struct {
  v128_t low, high, sum, square;
} Tally;

static inline void count(Tally *t, v128_t v, v128_t reference) {
  const v128_t d = wasm_f32x4_sub(v, reference);
  t->low = wasm_f32x4_pmin(t->low, v);
  t->high = wasm_f32x4_pmax(t->high, v);
  t->sum = wasm_f32x4_add(t->sum, d);
  t->square = wasm_f32x4_add(t->square, wasm_f32x4_mul(d, d));
}

static inline double lanesSum(v128_t v) {
  return (double)wasm_f32x4_extract_lane(v, 0) + (double)wasm_f32x4_extract_lane(v, 1) +
         (double)wasm_f32x4_extract_lane(v, 2) + (double)wasm_f32x4_extract_lane(v, 3);
}

// Smallest, largest, Σ (v − values[0]) and Σ (v − values[0])². Sums are in float over 4096 values, in
// eight lanes, and in double beyond.
void EXPORT(tally)(const float *values, int n, double *out) {
  const v128_t reference = wasm_f32x4_splat(values[0]), zero = wasm_f32x4_splat(0);
  Tally a = {reference, reference, zero, zero}, b = a;
  double sum = 0, square = 0;
  for (int from = 0; from < n; from += 4096) {
    const int to = n - from < 4096 ? n : from + 4096;
    int i = from;
    a.sum = a.square = b.sum = b.square = zero;
    for (; i + 8 <= to; i += 8) {
      count(&a, wasm_v128_load(values + i), reference);
      count(&b, wasm_v128_load(values + i + 4), reference);
    }
    // What is left over goes to the first lane.
    for (; i < to; i++)
      count(&a, wasm_f32x4_replace_lane(reference, 0, values[i]), reference);
    sum += lanesSum(a.sum) + lanesSum(b.sum);
    square += lanesSum(a.square) + lanesSum(b.square);
  }
  const v128_t low = wasm_f32x4_pmin(a.low, b.low), high = wasm_f32x4_pmax(a.high, b.high);
  float lows[4], highs[4];
  wasm_v128_store(lows, low);
  wasm_v128_store(highs, high);
  for (int k = 1; k < 4; k++) {
    lows[0] = lows[k] < lows[0] ? lows[k] : lows[0];
    highs[0] = highs[0] < highs[k] ? highs[k] : highs[0];
  }
  out[0] = (double)lows[0];
  out[1] = (double)highs[0];
  out[2] = sum;
  out[3] = square;
}

// Eight normal numbers of deviation 1 from four words: 20 bits are the radius, 12 the angle, and the
// last bit of the radius is the sign of the cosine. Radii are right to 3e-5, angles to 7e-5; tails reach
// 5.4.
static inline void normals(Lanes *lanes, v128_t *cosines, v128_t *sines) {
  const v128_t word = nextFour(lanes);
  const v128_t steps = wasm_f32x4_convert_i32x4(wasm_u32x4_shr(word, 12));
  const v128_t w = wasm_f32x4_add(steps, wasm_f32x4_splat(0.5f));
  v128_t e = wasm_i32x4_shr(wasm_i32x4_sub(w, wasm_i32x4_splat(0x3f3504f3)), 23);
  const v128_t f =
      wasm_f32x4_sub(wasm_i32x4_sub(w, wasm_i32x4_shl(e, 23)), wasm_f32x4_splat(1));
  v128_t q = mulAdd(wasm_f32x4_splat(-0.35315697f), f, 0.54189097f);
  q = mulAdd(q, f, -0.6727781f);
  q = mulAdd(q, f, 0.99890136f);
  q = mulAdd(q, f, -1.99993236f);
  e = wasm_f32x4_convert_i32x4(wasm_i32x4_sub(e, wasm_i32x4_splat(20)));
  const v128_t square =
      wasm_f32x4_add(wasm_f32x4_mul(q, f), wasm_f32x4_mul(e, wasm_f32x4_splat(-1.3862944f)));
  const v128_t radius = wasm_f32x4_sqrt(square);
  const v128_t s = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(wasm_i32x4_shl(word, 20)),
                                  wasm_f32x4_splat(0x1p-31f));
  const v128_t ss = wasm_f32x4_mul(s, s);
  v128_t sine = mulAdd(wasm_f32x4_splat(0.07186085f), ss, -0.64211316f);
  sine = mulAdd(sine, ss, 1.57032002f);
  v128_t cosine = mulAdd(wasm_f32x4_splat(-0.01909573f), ss, 0.25258024f);
  cosine = mulAdd(cosine, ss, -1.2334845f);
  cosine = mulAdd(cosine, ss, 0.9999933f);
  const v128_t sign = wasm_v128_and(wasm_i32x4_shl(word, 19), wasm_i32x4_splat((int)0x80000000u));
  *cosines = wasm_f32x4_mul(radius, wasm_v128_xor(cosine, sign));
  *sines = wasm_f32x4_mul(radius, wasm_f32x4_mul(sine, s));
}

// Maps the values and adds normal noise.
void EXPORT(addNoise)(float *values, int n, const Map *map, float deviation,
                      const uint32_t *states) {
  const MapLanes m = lanesOf(map);
  const v128_t sigma = wasm_f32x4_splat(deviation);
  Lanes lanes = loadLanes(states);
  v128_t a, b;
  for (int i = 0; i < n; i += 8) {
    normals(&lanes, &a, &b);
    const v128_t v = wasm_v128_load(values + i);
    wasm_v128_store(values + i, wasm_f32x4_add(mapped(v, &m), wasm_f32x4_mul(a, sigma)));
    if (i + 4 >= n) break;
    const v128_t w = wasm_v128_load(values + i + 4);
    wasm_v128_store(values + i + 4, wasm_f32x4_add(mapped(w, &m), wasm_f32x4_mul(b, sigma)));
  }
}

// √((value − floor + noise)² + noise²) + floor of the mapped values.
void EXPORT(addRician)(float *values, int n, const Map *map, float floor, float deviation,
                       const uint32_t *states) {
  const MapLanes m = lanesOf(map);
  const v128_t sigma = wasm_f32x4_splat(deviation), low = wasm_f32x4_splat(floor);
  Lanes lanes = loadLanes(states);
  v128_t a, b;
  for (int i = 0; i < n; i += 4) {
    normals(&lanes, &a, &b);
    a = wasm_f32x4_mul(a, sigma);
    b = wasm_f32x4_mul(b, sigma);
    v128_t v = wasm_f32x4_sub(mapped(wasm_v128_load(values + i), &m), low);
    v = wasm_f32x4_add(v, a);
    v = wasm_f32x4_add(wasm_f32x4_mul(v, v), wasm_f32x4_mul(b, b));
    wasm_v128_store(values + i, wasm_f32x4_add(wasm_f32x4_sqrt(v), low));
  }
}

// 2^x for x from −126 to 126, relative error below 3e-6.
static inline v128_t exp2Lanes(v128_t x) {
  const v128_t whole = wasm_f32x4_nearest(x), f = wasm_f32x4_sub(x, whole);
  v128_t y = mulAdd(wasm_f32x4_splat(0.0095701f), f, 0.05591786f);
  y = mulAdd(y, f, 0.24024745f);
  y = mulAdd(y, f, 0.69312181f);
  y = mulAdd(y, f, 0.99999926f);
  // A float that holds an integer in its low bits, shifted to the exponent.
  const v128_t power = wasm_i32x4_shl(wasm_f32x4_add(whole, wasm_f32x4_splat(12582912.0f)), 23);
  return wasm_i32x4_add(y, power);
}

typedef struct {
  float scale, shift; // to 0…1
  int32_t bits;       // of a float's mantissa that tell cells apart: 7 or 9
  int32_t first;      // what a float's upper bits are in cell 0
  int32_t last;       // number of the last cell
} Gamma;

// A straight line for each cell of a table, base and slope: (value · scale + shift) · slope + base. A cell is so large a part
// of the values between two powers of 2. out: Σ v, Σ v² of the results.
static inline __attribute__((always_inline)) void lines(float *values, int n, const Gamma *job, const float *cells,
                                                        double *out, int bits) {
  const v128_t scale = wasm_f32x4_splat(job->scale), shift = wasm_f32x4_splat(job->shift);
  const v128_t zero = wasm_f32x4_splat(0), first = wasm_i32x4_splat(8 * job->first);
  const v128_t last = wasm_i32x4_splat(8 * job->last), table = wasm_i32x4_splat((int)cells);
  double sum = 0, square = 0;
  for (int from = 0; from < n; from += 4096) {
    const int to = n - from < 4096 ? n : from + 4096;
    v128_t sums = zero, squares = zero;
    for (int i = from; i < to; i += 4) {
      v128_t v = wasm_f32x4_add(wasm_f32x4_mul(wasm_v128_load(values + i), scale), shift);
      v = wasm_f32x4_pmax(zero, v);
      // Bytes from the first cell on.
      v128_t at = wasm_v128_and(wasm_u32x4_shr(v, 20 - bits), wasm_i32x4_splat(-8));
      at = wasm_i32x4_max(wasm_i32x4_sub(at, first), wasm_i32x4_splat(0));
      at = wasm_i32x4_add(wasm_i32x4_min(at, last), table);
      // Two places at a time.
      const uint64_t one = wasm_i64x2_extract_lane(at, 0), two = wasm_i64x2_extract_lane(at, 1);
      v128_t ab = wasm_v128_load64_zero((const void *)(uint32_t)one);
      v128_t cd = wasm_v128_load64_zero((const void *)(uint32_t)two);
      ab = wasm_v128_load64_lane((const void *)(uint32_t)(one >> 32), ab, 1);
      cd = wasm_v128_load64_lane((const void *)(uint32_t)(two >> 32), cd, 1);
      const v128_t base = wasm_i32x4_shuffle(ab, cd, 0, 2, 4, 6), slope = wasm_i32x4_shuffle(ab, cd, 1, 3, 5, 7);
      v = wasm_f32x4_add(wasm_f32x4_mul(v, slope), base);
      wasm_v128_store(values + i, v);
      if (i + 4 > to) {
        const v128_t left = wasm_i32x4_splat(to - i);
        v = wasm_v128_and(v, wasm_i32x4_gt(left, wasm_i32x4_make(0, 1, 2, 3)));
      }
      sums = wasm_f32x4_add(sums, v);
      squares = wasm_f32x4_add(squares, wasm_f32x4_mul(v, v));
    }
    sum += lanesSum(sums);
    square += lanesSum(squares);
  }
  out[0] = sum;
  out[1] = square;
}

void EXPORT(gamma)(float *values, int n, const Gamma *job, const float *cells, double *out) {
  if (job->bits == 7) lines(values, n, job, cells, out, 7);
  else lines(values, n, job, cells, out, 9);
}

// Piecewise linear: `cells` pieces of equal width over 0…1. (value · scale + shift) picks the piece, the
// result is at · range + low.
void EXPORT(piecewise)(float *values, int n, const float *points, int cells, const float *job) {
  const v128_t scale = wasm_f32x4_splat(job[0]), shift = wasm_f32x4_splat(job[1]);
  const v128_t range = wasm_f32x4_splat(job[2]), low = wasm_f32x4_splat(job[3]);
  const v128_t zero = wasm_f32x4_splat(0), end = wasm_f32x4_splat((float)cells);
  const v128_t last = wasm_f32x4_splat((float)(cells - 1)), magic = wasm_f32x4_splat(0x1p23f);
  for (int i = 0; i < n; i += 4) {
    v128_t v = wasm_f32x4_add(wasm_f32x4_mul(wasm_v128_load(values + i), scale), shift);
    v = wasm_f32x4_pmin(wasm_f32x4_pmax(zero, v), end);
    const v128_t cell = wasm_f32x4_pmin(wasm_f32x4_floor(v), last);
    const v128_t at = wasm_v128_and(wasm_f32x4_add(cell, magic), wasm_i32x4_splat(0x7fffff));
    const v128_t a = wasm_v128_load64_zero(points + wasm_i32x4_extract_lane(at, 0));
    const v128_t b = wasm_v128_load64_zero(points + wasm_i32x4_extract_lane(at, 1));
    const v128_t c = wasm_v128_load64_zero(points + wasm_i32x4_extract_lane(at, 2));
    const v128_t d = wasm_v128_load64_zero(points + wasm_i32x4_extract_lane(at, 3));
    const v128_t ab = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), cd = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
    const v128_t from = wasm_i64x2_shuffle(ab, cd, 0, 2), to = wasm_i64x2_shuffle(ab, cd, 1, 3);
    v = wasm_f32x4_add(from, wasm_f32x4_mul(wasm_f32x4_sub(to, from), wasm_f32x4_sub(v, cell)));
    wasm_v128_store(values + i, wasm_f32x4_add(wasm_f32x4_mul(v, range), low));
  }
}

// Multiplies by 2^polynomial. `table` has, for each row of voxels along z, the order + 1 terms of its
// polynomial, that of the highest power first; `at` is where the voxels are along z.
void EXPORT(biasField)(float *values, int rows, int nz, const float *at, const float *table, int order) {
  for (int row = 0; row < rows; row++) {
    const float *terms = table + row * (order + 1);
    float *line = values + row * nz;
    for (int z = 0; z < nz; z += 4) {
      const v128_t x = wasm_v128_load(at + z);
      v128_t sum = wasm_f32x4_splat(terms[0]);
      for (int k = 1; k <= order; k++)
        sum = wasm_f32x4_add(wasm_f32x4_mul(sum, x), wasm_f32x4_splat(terms[k]));
      sum = wasm_f32x4_pmin(wasm_f32x4_pmax(sum, wasm_f32x4_splat(-126)), wasm_f32x4_splat(126));
      const v128_t field = exp2Lanes(sum);
      if (z + 4 <= nz)
        wasm_v128_store(line + z, wasm_f32x4_mul(wasm_v128_load(line + z), field));
      else {
        float four[4];
        wasm_v128_store(four, field);
        for (int k = 0; z + k < nz; k++) line[z + k] *= four[k];
      }
    }
  }
}

// Adds Re(a · e^(i·(x·kx + y·ky + z·kz))): `rows` holds a · e^(i·(…)) of every row as cosine and sine,
// `line` cosine and sine along z after one another (nz each).
void EXPORT(addWave)(float *values, int rows, int nz, const float *row, const float *line) {
  for (int r = 0; r < rows; r++) {
    const v128_t re = wasm_f32x4_splat(row[2 * r]), im = wasm_f32x4_splat(row[2 * r + 1]);
    float *v = values + r * nz;
    for (int z = 0; z < nz; z += 4) {
      const v128_t wave = wasm_f32x4_sub(wasm_f32x4_mul(re, wasm_v128_load(line + z)),
                                         wasm_f32x4_mul(im, wasm_v128_load(line + nz + z)));
      if (z + 4 <= nz)
        wasm_v128_store(v + z, wasm_f32x4_add(wasm_v128_load(v + z), wave));
      else {
        float four[4];
        wasm_v128_store(four, wave);
        for (int k = 0; z + k < nz; k++) v[z + k] += four[k];
      }
    }
  }
}
