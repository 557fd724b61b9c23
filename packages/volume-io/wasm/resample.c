// The inner loops of linear resampling for WebAssembly SIMD. Every function does, bit for bit, what the function of the same
// name in src/ops/kernels/typescript.ts does; test/resample-kernels.test.ts compares them. Build: node tools/wasm/build.mjs.
//
// Nothing is allocated here: the caller lays out the memory.
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

// a + part · (b − a), and a itself where part is 0, whatever b is.
static inline v128_t between(v128_t a, v128_t b, v128_t part) {
  v128_t step = wasm_v128_and(wasm_f64x2_sub(b, a), wasm_f64x2_ne(part, wasm_f64x2_splat(0)));
  return wasm_f64x2_add(a, wasm_f64x2_mul(part, step));
}

// The same for plain values, as `arePlain` has it: 0 times them adds nothing.
static inline v128_t betweenPlain(v128_t a, v128_t b, v128_t part) {
  return wasm_f64x2_add(a, wasm_f64x2_mul(part, wasm_f64x2_sub(b, a)));
}

// Writes `count` mixtures of `near` and `far` to `out`.
void EXPORT(mix)(const double *near, const double *far, double part, double *out, int count) {
  const v128_t parts = wasm_f64x2_splat(part);
  int n = 0;
  for (; n + 4 <= count; n += 4) {
    wasm_v128_store(out + n, between(wasm_v128_load(near + n), wasm_v128_load(far + n), parts));
    wasm_v128_store(out + n + 2, between(wasm_v128_load(near + n + 2), wasm_v128_load(far + n + 2), parts));
  }
  for (; n < count; n++)
    out[n] = wasm_f64x2_extract_lane(between(wasm_f64x2_splat(near[n]), wasm_f64x2_splat(far[n]), parts), 0);
}

// Stretches a row: `out` gets, between voxel firsts[n] of `row` and the one behind it, the value at parts[n]. What is behind
// the last voxel is read, and must be there, but has no weight.
void EXPORT(stretch)(const double *row, const int32_t *firsts, const double *parts, double *out, int count) {
  int n = 0;
  for (; n + 2 <= count; n += 2) {
    v128_t a = wasm_v128_load(row + firsts[n]), b = wasm_v128_load(row + firsts[n + 1]);
    wasm_v128_store(out + n, between(wasm_i64x2_shuffle(a, b, 0, 2), wasm_i64x2_shuffle(a, b, 1, 3), wasm_v128_load(parts + n)));
  }
  if (n < count) {
    v128_t a = wasm_v128_load(row + firsts[n]);
    out[n] = wasm_f64x2_extract_lane(between(a, wasm_i64x2_shuffle(a, a, 1, 1), wasm_f64x2_splat(parts[n])), 0);
  }
}

typedef struct {
  const double *sheet;
  int nx;
  v128_t x0, y0, dx, dy;
} Line;

// The values at steps (n, n + 1) of a line through a sheet.
static inline v128_t pair(const Line *line, v128_t steps) {
  // Added to a whole number, it puts that into the low bits.
  const v128_t whole = wasm_f64x2_splat(0x1p52);
  v128_t x = wasm_f64x2_add(line->x0, wasm_f64x2_mul(steps, line->dx));
  v128_t y = wasm_f64x2_add(line->y0, wasm_f64x2_mul(steps, line->dy));
  v128_t xi = wasm_f64x2_floor(x), yi = wasm_f64x2_floor(y);
  v128_t u = wasm_f64x2_sub(x, xi), v = wasm_f64x2_sub(y, yi);
  v128_t at = wasm_f64x2_add(wasm_f64x2_add(wasm_f64x2_mul(yi, wasm_f64x2_splat(line->nx)), xi), whole);
  const double *first = line->sheet + (uint32_t)wasm_i64x2_extract_lane(at, 0);
  const double *second = line->sheet + (uint32_t)wasm_i64x2_extract_lane(at, 1);
  v128_t a = between(wasm_v128_load(first), wasm_v128_load(first + line->nx), wasm_i64x2_shuffle(v, v, 0, 0));
  v128_t b = between(wasm_v128_load(second), wasm_v128_load(second + line->nx), wasm_i64x2_shuffle(v, v, 1, 1));
  return between(wasm_i64x2_shuffle(a, b, 0, 2), wasm_i64x2_shuffle(a, b, 1, 3), u);
}

// Writes to `row`, from its element `lo` to `hi`, the sheet's values at (x0 + i·dx, y0 + i·dy); four voxels lie around each.
void EXPORT(bilinear)(const double *sheet, int nx, double *row, int lo, int hi, double x0, double y0, double dx, double dy) {
  const Line line = {sheet, nx, wasm_f64x2_splat(x0), wasm_f64x2_splat(y0), wasm_f64x2_splat(dx), wasm_f64x2_splat(dy)};
  v128_t steps = wasm_f64x2_make(lo, lo + 1);
  const v128_t next = wasm_f64x2_splat(2);
  int i = lo;
  for (; i < hi; i += 2) {
    wasm_v128_store(row + i, pair(&line, steps));
    steps = wasm_f64x2_add(steps, next);
  }
  if (i == hi) row[i] = wasm_f64x2_extract_lane(pair(&line, wasm_f64x2_splat(i)), 0);
}

// Whether none of the values is NaN, infinite or −0, for which adding 0 times something may matter.
int EXPORT(arePlain)(const float *values, int count) {
  const v128_t zero = wasm_f32x4_splat(0);
  v128_t odd = zero;
  int n = 0;
  for (; n < count; n += 4) {
    // The last four may reach back to values that were seen already.
    v128_t v = wasm_v128_load(values + (n + 4 <= count || count < 4 ? n : count - 4));
    odd = wasm_v128_or(odd, wasm_f32x4_ne(wasm_f32x4_mul(v, zero), zero));
    odd = wasm_v128_or(odd, wasm_i32x4_eq(v, wasm_i32x4_splat((int32_t)0x80000000)));
  }
  return !wasm_v128_any_true(odd);
}

typedef struct {
  const float *voxels;
  int nx, plane;
  v128_t x0, y0, z0, dx, dy, dz;
} Ray;

static inline v128_t two(const float *at) { return wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(at)); }

#define MIX(a, b, part) (plain ? betweenPlain(a, b, part) : between(a, b, part))

// The voxel `at` and the one behind it, each with its neighbours along j and k.
static inline v128_t besides(const Ray *ray, int64_t at, v128_t v, v128_t w, int plain) {
  const float *near = ray->voxels + (uint32_t)at, *far = near + ray->plane;
  v128_t upper = MIX(two(near), two(near + ray->nx), v), lower = MIX(two(far), two(far + ray->nx), v);
  return MIX(upper, lower, w);
}

// The values at steps (n, n + 1) of a line through a volume.
static inline v128_t pairWithin(const Ray *ray, v128_t steps, int plain) {
  const v128_t whole = wasm_f64x2_splat(0x1p52);
  v128_t x = wasm_f64x2_add(ray->x0, wasm_f64x2_mul(steps, ray->dx));
  v128_t y = wasm_f64x2_add(ray->y0, wasm_f64x2_mul(steps, ray->dy));
  v128_t z = wasm_f64x2_add(ray->z0, wasm_f64x2_mul(steps, ray->dz));
  v128_t xi = wasm_f64x2_floor(x), yi = wasm_f64x2_floor(y), zi = wasm_f64x2_floor(z);
  v128_t u = wasm_f64x2_sub(x, xi), v = wasm_f64x2_sub(y, yi), w = wasm_f64x2_sub(z, zi);
  v128_t rows = wasm_f64x2_add(wasm_f64x2_mul(yi, wasm_f64x2_splat(ray->nx)), xi);
  v128_t at = wasm_f64x2_add(wasm_f64x2_add(wasm_f64x2_mul(zi, wasm_f64x2_splat(ray->plane)), rows), whole);
  v128_t v0 = wasm_i64x2_shuffle(v, v, 0, 0), w0 = wasm_i64x2_shuffle(w, w, 0, 0);
  v128_t v1 = wasm_i64x2_shuffle(v, v, 1, 1), w1 = wasm_i64x2_shuffle(w, w, 1, 1);
  v128_t a = besides(ray, wasm_i64x2_extract_lane(at, 0), v0, w0, plain);
  v128_t b = besides(ray, wasm_i64x2_extract_lane(at, 1), v1, w1, plain);
  return MIX(wasm_i64x2_shuffle(a, b, 0, 2), wasm_i64x2_shuffle(a, b, 1, 3), u);
}

static inline void walk(const Ray *ray, double *row, int lo, int hi, int plain) {
  v128_t steps = wasm_f64x2_make(lo, lo + 1);
  const v128_t next = wasm_f64x2_splat(2);
  int i = lo;
  for (; i < hi; i += 2) {
    wasm_v128_store(row + i, pairWithin(ray, steps, plain));
    steps = wasm_f64x2_add(steps, next);
  }
  if (i == hi) row[i] = wasm_f64x2_extract_lane(pairWithin(ray, wasm_f64x2_splat(i), plain), 0);
}

// Writes to `row`, from its element `lo` to `hi`, the volume's values at (x0 + i·dx, …); eight voxels lie around each.
// `voxels` is where voxel (0, 0, 0) would lie, if it were there. `plain`: all of them are.
void EXPORT(trilinear)(const float *voxels, int nx, int plane, int plain, double *row, int lo, int hi, double x0, double y0,
                       double z0, double dx, double dy, double dz) {
  const Ray ray = {voxels, nx, plane,
                   wasm_f64x2_splat(x0), wasm_f64x2_splat(y0), wasm_f64x2_splat(z0),
                   wasm_f64x2_splat(dx), wasm_f64x2_splat(dy), wasm_f64x2_splat(dz)};
  if (plain) walk(&ray, row, lo, hi, 1);
  else walk(&ray, row, lo, hi, 0);
}

// Rounds to the nearest whole number, halves up, modulo 2^32.
void EXPORT(roundRow)(const double *row, int count, int32_t *out) {
  const v128_t half = wasm_f64x2_splat(0.5), whole = wasm_f64x2_splat(0x1.8p52);
  int n = 0;
  for (; n < count; n += 4) {
    v128_t a = wasm_f64x2_add(wasm_f64x2_floor(wasm_f64x2_add(wasm_v128_load(row + n), half)), whole);
    v128_t b = wasm_f64x2_add(wasm_f64x2_floor(wasm_f64x2_add(wasm_v128_load(row + n + 2), half)), whole);
    wasm_v128_store(out + n, wasm_i32x4_shuffle(a, b, 0, 2, 4, 6));
  }
}

// Rounds to float32.
void EXPORT(narrowRow)(const double *row, int count, float *out) {
  for (int n = 0; n < count; n += 4) {
    v128_t a = wasm_f32x4_demote_f64x2_zero(wasm_v128_load(row + n));
    v128_t b = wasm_f32x4_demote_f64x2_zero(wasm_v128_load(row + n + 2));
    wasm_v128_store(out + n, wasm_i32x4_shuffle(a, b, 0, 1, 4, 5));
  }
}
