// Resampling: where the voxels of a crop come from, row by row, and what is there. Bit for bit what the
// functions of the same names in src/augment-kernels do. Arrays have room for one vector beyond their end.
#include "../lanes.h"

// Short functions have registers for all that their loops need.
#define NOINLINE __attribute__((noinline))

enum { NEAREST = 0, LINEAR = 1, CUBIC = 3, NEAREST_1 = 10, NEAREST_2 = 11, MAJORITY_1 = 12, MAJORITY_2 = 13 };
enum { CONSTANT, CLAMPED, REFLECTED };
// So many planes of the crop are made together, row by row in turn, because their rows share what they read.
#define SLAB 8
// A row is made in pieces of at most so many voxels, all rows of a slab piece by piece: what neighbors read is still near.
#define PIECE 128

// One array to resample. All arrays of a job have windows of the same shape.
typedef struct {
  int32_t kind;
  const void *source; // the window
  void *cells;        // majorities: as much room as the window takes
  void *target;       // the crop
  float fill;         // beyond the source when the border is constant
} Field;

typedef struct {
  int32_t shape[3];  // of the crop
  int32_t window[3]; // of the windows: all of the source that the crop can reach
  int32_t source[3]; // of the source
  int32_t start[3];  // first voxel of the window in the source
  int32_t border;    // what is beyond the source
  int32_t margin;    // voxels of the window's edge that a place must keep away from: 1 for cubic, else 0
  const Field *fields;
  int32_t count;
  int32_t control[3];     // control points along each axis; 0: no elastic deformation
  const float *grid;      // displacement at each control point in voxels of the source: x, y, z, 0
  float *plane;           // SLAB · control[1] · control[2] · 4
  float *line;            // control[2] · 4
  const int32_t *cell[3]; // the first of the four control points that act on each voxel of the crop, and three
                          // more entries
  const float *weight[3]; // their weights, four each
  const int32_t *reached; // for each plane of the windows along x where the crop reaches: first and end along y, along z; 0:
                          // anywhere
  double origin[3];       // where voxel (0, 0, 0) of the crop lies in the window
  double step[9];         // by how much each axis of the window moves for a voxel along each axis of the crop
  double least[3];        // bounds of the elastic displacement
  double most[3];
} Job;

// The piece of a row that is made just now.
typedef struct {
  int32_t at[PIECE];      // first voxel of the cube around each place
  int32_t nearest[PIECE]; // the voxel nearest to it, where `nearestPart` was asked
  float part[3][PIECE];   // where in the cube the place is, 0…1
  float moved[3][PIECE];  // elastic displacement
  float covered[PIECE];   // how much of the cube lies in the source, 0…1, where the border is constant
  int32_t beyond[PIECE];  // all bits set where the nearest voxel would lie outside of the source
} Row;
static Row row;

// The row as seen from its voxel k, which is the first of its arrays then. That it lies low in the memory lets the compiler
// add what is constant where it loads and stores.
static inline Row *rowAt(int k) { return (Row *)(((uint32_t)&row + 4 * (uint32_t)k) & 0x3fffffff); }

// Σ of four vectors by their weights.
static inline v128_t four(const float *from, int stride, const float *w) {
  v128_t sum = wasm_f32x4_mul(wasm_v128_load(from), wasm_v128_load32_splat(w));
  sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(from + stride), wasm_v128_load32_splat(w + 1)));
  sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(from + 2 * stride), wasm_v128_load32_splat(w + 2)));
  return wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(from + 3 * stride), wasm_v128_load32_splat(w + 3)));
}

static void elasticPlane(const Job *p, int x) {
  const int n = p->control[1] * p->control[2] * 4;
  const float *from = p->grid + p->cell[0][x] * n;
  float *to = p->plane + x % SLAB * n;
  for (int i = 0; i < n; i += 4) wasm_v128_store(to + i, four(from + i, n, p->weight[0] + 4 * x));
}

// The displacements of n voxels of a row from z0 on.
static void elasticRow(const Job *p, int x, int y, int z0, int n) {
  const int m = p->control[2] * 4;
  const float *from = p->plane + (x % SLAB * p->control[1] + p->cell[1][y]) * m;
  for (int i = 0; i < m; i += 4) wasm_v128_store(p->line + i, four(from + i, m, p->weight[1] + 4 * y));
  const float *line = p->line, *weight = p->weight[2] + 4 * z0;
  const int32_t *cell = p->cell[2] + z0;
  for (int k = 0; k < n; k += 4) {
    v128_t d[4];
    for (int j = 0; j < 4; j++) d[j] = four(line + 4 * cell[k + j], 4, weight + 4 * (k + j));
    const v128_t ab = wasm_i32x4_shuffle(d[0], d[1], 0, 4, 1, 5), cd = wasm_i32x4_shuffle(d[2], d[3], 0, 4, 1, 5);
    wasm_v128_store(row.moved[0] + k, wasm_i64x2_shuffle(ab, cd, 0, 2));
    wasm_v128_store(row.moved[1] + k, wasm_i64x2_shuffle(ab, cd, 1, 3));
    const v128_t ef = wasm_i32x4_shuffle(d[0], d[1], 2, 6, 3, 7), gh = wasm_i32x4_shuffle(d[2], d[3], 2, 6, 3, 7);
    wasm_v128_store(row.moved[2] + k, wasm_i64x2_shuffle(ef, gh, 0, 2));
  }
}

// So far from the outermost voxels' centers rounding cannot matter.
#define CLOSE 1e-3

// Which part of a row keeps away from the border of the source; whole vectors of voxels.
typedef struct {
  int axes; // 1: x, 2: y, 4: z, where the rest of the row may come close to the border or leave the source
  int from, to;
} Inside;

static Inside insideOf(const Job *p, int x, int y) {
  const int nz = p->shape[2];
  Inside inside = {0, 0, nz};
  double from = 0, to = nz - 1;
  for (int a = 0; a < 3; a++) {
    const double step = p->step[3 * a + 2];
    const double first = p->origin[a] + x * p->step[3 * a] + y * p->step[3 * a + 1] + p->start[a];
    const double last = first + (nz - 1) * step;
    const double low = CLOSE - p->least[a], high = p->source[a] - 1 - CLOSE - p->most[a];
    if ((first < last ? first : last) >= low && (first < last ? last : first) <= high) continue;
    inside.axes |= 1 << a;
    if (step == 0 || low > high) {
      from = nz;
      continue;
    }
    const double one = (low - first) / step, other = (high - first) / step;
    from = (one < other ? one : other) > from ? (one < other ? one : other) : from;
    to = (one < other ? other : one) < to ? (one < other ? other : one) : to;
  }
  if (inside.axes == 0) return inside;
  // What is folded is rounded, wherever it lies.
  if (!(from < to) || p->border == REFLECTED) return (Inside){inside.axes, 0, 0};
  // Rounding may take a voxel from either end.
  inside.from = ((int)from + 2 + 3) & ~3;
  inside.to = ((int)to - 1) & ~3;
  if (inside.to <= inside.from) inside.from = inside.to = 0;
  return inside;
}

// A whole number as an integer: a double of this size holds it in its low bits.
static inline int wholeOf(double whole) {
  const union {
    double value;
    int64_t bits;
  } held = {whole + 0x1.8p52};
  return (int)held.bits;
}

// Where the voxels [begin, end) of a piece lie, whole vectors of them; it starts at z0 of its row. Along each axis the row's
// start is split into a voxel and a part, so that floats hold small numbers. `outside`: the axes along which they may leave
// the source.
static inline __attribute__((always_inline)) void placeRow(const Job *p, int x, int y, int z0, int begin, int end,
                                                           int elastic, int outside) {
  const int sy = p->window[2], sx = p->window[1] * sy;
  const int stride[3] = {sx, sy, 1};
  v128_t start[3], step[3], low[3], high[3], last[3], first[3], beyondLast[3];
  int base = 0;
  const int constant = p->border == CONSTANT;
  for (int a = 0; a < 3; a++) {
    const double at = p->origin[a] + x * p->step[3 * a] + y * p->step[3 * a + 1];
    double whole = __builtin_floor(at);
    // Beyond any window, where all is clamped anyway, and where the conversion to an integer is exact.
    if (outside) whole = whole < -1e6 ? -1e6 : whole > 1e6 ? 1e6 : whole;
    const int from = wholeOf(whole);
    const int edge = p->window[a] - 1 - p->margin;
    start[a] = wasm_f32x4_splat((float)(at - whole));
    step[a] = wasm_f32x4_splat((float)p->step[3 * a + 2]);
    low[a] = wasm_f32x4_splat((float)(p->margin - from));
    high[a] = wasm_f32x4_splat((float)(edge - from));
    last[a] = wasm_f32x4_splat((float)((edge > p->margin ? edge - 1 : edge) - from));
    first[a] = wasm_f32x4_splat((float)(-p->start[a] - from));
    beyondLast[a] = wasm_f32x4_splat((float)(p->source[a] - p->start[a] - from));
    // Less what the floats' bits have above their integers.
    base += (int)((uint32_t)stride[a] * (uint32_t)(from - 0x4b400000));
  }
  const v128_t magic = wasm_f32x4_splat(12582912.0f);
  const v128_t half = wasm_f32x4_splat(0.5f), unit = wasm_f32x4_splat(1), zero = wasm_f32x4_splat(0);
  v128_t z = wasm_f32x4_add(wasm_f32x4_splat((float)(z0 + begin)), wasm_f32x4_make(0, 1, 2, 3));
  for (int k = begin; k < end; k += 4) {
    Row *here = rowAt(k);
    v128_t at = wasm_i32x4_splat(base), covered = unit, beyond = wasm_i32x4_splat(0);
    for (int a = 0; a < 3; a++) {
      v128_t f = wasm_f32x4_add(start[a], wasm_f32x4_mul(z, step[a]));
      if (elastic) f = wasm_f32x4_add(f, wasm_v128_load(here->moved[a]));
      const int leaves = outside >> a & 1;
      if (leaves && constant) {
        const v128_t before = wasm_f32x4_add(wasm_f32x4_sub(f, first[a]), unit), after = wasm_f32x4_sub(beyondLast[a], f);
        const v128_t inside = wasm_f32x4_pmin(before, after);
        covered = wasm_f32x4_mul(covered, wasm_f32x4_pmax(wasm_f32x4_pmin(inside, unit), zero));
        // Halfway beyond the last voxel the even one of the two is the nearest.
        v128_t out = wasm_f32x4_lt(inside, half);
        if ((p->source[a] & 1) == 0) out = wasm_v128_or(out, wasm_f32x4_eq(after, half));
        beyond = wasm_v128_or(beyond, out);
      }
      if (leaves && p->border == REFLECTED) {
        const v128_t period = wasm_f32x4_splat((float)(2 * p->source[a]));
        const v128_t edge = wasm_f32x4_sub(first[a], half);
        v128_t u = wasm_f32x4_sub(f, edge);
        u = wasm_f32x4_sub(u, wasm_f32x4_mul(period, wasm_f32x4_floor(wasm_f32x4_div(u, period))));
        f = wasm_f32x4_add(wasm_f32x4_pmin(u, wasm_f32x4_sub(period, u)), edge);
      }
      if (leaves) f = wasm_f32x4_pmin(wasm_f32x4_pmax(f, low[a]), high[a]);
      v128_t whole = wasm_f32x4_floor(f);
      if (leaves) whole = wasm_f32x4_pmin(whole, last[a]);
      const v128_t part = wasm_f32x4_sub(f, whole);
      // A float of this size holds its integer in the low bits.
      const v128_t i = wasm_f32x4_add(whole, magic);
      wasm_v128_store(here->part[a], part);
      at = wasm_i32x4_add(at, a == 2 ? i : wasm_i32x4_mul(i, wasm_i32x4_splat(stride[a])));
    }
    wasm_v128_store(here->at, at);
    if (outside && constant) {
      wasm_v128_store(here->covered, covered);
      wasm_v128_store(here->beyond, beyond);
    }
    z = wasm_f32x4_add(z, wasm_f32x4_splat(4));
  }
}

static inline v128_t twoPairs(const float *from, int sy) {
  return wasm_v128_load64_lane(from + sy, wasm_v128_load64_zero(from), 1);
}

static inline v128_t between(v128_t a, v128_t b, v128_t part) {
  return wasm_f32x4_add(a, wasm_f32x4_mul(wasm_f32x4_sub(b, a), part));
}

static NOINLINE void linearRow(const float *from, float *to, int n, int sy, int sx) {
  for (int k = 0; k < n; k += 4) {
    const Row *here = rowAt(k);
    const v128_t x = wasm_v128_load(here->part[0]);
    const float *q0 = from + here->at[0], *q1 = from + here->at[1], *q2 = from + here->at[2], *q3 = from + here->at[3];
    const v128_t t[4] = {
        between(twoPairs(q0, sy), twoPairs(q0 + sx, sy), wasm_i32x4_shuffle(x, x, 0, 0, 0, 0)),
        between(twoPairs(q1, sy), twoPairs(q1 + sx, sy), wasm_i32x4_shuffle(x, x, 1, 1, 1, 1)),
        between(twoPairs(q2, sy), twoPairs(q2 + sx, sy), wasm_i32x4_shuffle(x, x, 2, 2, 2, 2)),
        between(twoPairs(q3, sy), twoPairs(q3 + sx, sy), wasm_i32x4_shuffle(x, x, 3, 3, 3, 3)),
    };
    const v128_t ab = wasm_i32x4_shuffle(t[0], t[1], 0, 4, 1, 5), cd = wasm_i32x4_shuffle(t[2], t[3], 0, 4, 1, 5);
    const v128_t ef = wasm_i32x4_shuffle(t[0], t[1], 2, 6, 3, 7), gh = wasm_i32x4_shuffle(t[2], t[3], 2, 6, 3, 7);
    const v128_t y = wasm_v128_load(here->part[1]);
    const v128_t a = between(wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ef, gh, 0, 2), y);
    const v128_t b = between(wasm_i64x2_shuffle(ab, cd, 1, 3), wasm_i64x2_shuffle(ef, gh, 1, 3), y);
    wasm_v128_store(to + k, between(a, b, wasm_v128_load(here->part[2])));
  }
}

// The four weights of a cubic B-spline at part t of a cell.
static inline void cubicWeights(float t, float *w) {
  const float u = 1 - t, sixth = 1.0f / 6;
  w[0] = u * u * u * sixth;
  w[1] = (4 - 6 * t * t + 3 * t * t * t) * sixth;
  w[2] = (4 - 6 * u * u + 3 * u * u * u) * sixth;
  w[3] = t * t * t * sixth;
}

static NOINLINE void cubicRow(const float *from, float *to, int n, int sy, int sx) {
  for (int k = 0; k < n; k++) {
    float x[4], y[4], z[4];
    cubicWeights(row.part[0][k], x);
    cubicWeights(row.part[1][k], y);
    cubicWeights(row.part[2][k], z);
    const float *q = from + row.at[k] - sx - sy - 1;
    v128_t sum = wasm_f32x4_splat(0);
    for (int a = 0; a < 4; a++)
      for (int b = 0; b < 4; b++)
        sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(q + a * sx + b * sy), wasm_f32x4_splat(x[a] * y[b])));
    sum = wasm_f32x4_mul(sum, wasm_v128_load(z));
    to[k] = (wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1)) +
            (wasm_f32x4_extract_lane(sum, 2) + wasm_f32x4_extract_lane(sum, 3));
  }
}

// Labels whose scores differ by no more are a tie, which the nearest voxel settles.
#define TIE 2.5e-4f

// More than two labels, or a tie. `rest` belongs to `fill`.
static NOINLINE int settleTie(const uint16_t *labels, const float *w, int nearest, float rest,
                                               int fill) {
  float best = -1, own = -1;
  int winner = 0;
  uint32_t left = 511;
  while (left) {
    const int from = __builtin_ctz(left), label = from < 8 ? labels[from] : fill;
    float score = 0;
    for (int c = 0; c < 8; c++)
      if (labels[c] == label) {
        score += w[c];
        left &= ~(1u << c);
      }
    if (label == fill) {
      score += rest;
      left &= 255;
    }
    if (label == nearest) own = score;
    if (score > best || (score == best && label < winner)) {
      best = score;
      winner = label;
    }
  }
  return best - own <= TIE ? nearest : winner;
}

static inline float masked(v128_t equal, v128_t a, v128_t b) {
  a = wasm_v128_and(a, wasm_i32x4_extend_low_i16x8(equal));
  b = wasm_v128_and(b, wasm_i32x4_extend_high_i16x8(equal));
  v128_t s = wasm_f32x4_add(a, b);
  s = wasm_f32x4_add(s, wasm_i64x2_shuffle(s, s, 1, 0));
  return wasm_f32x4_extract_lane(s, 0) + wasm_f32x4_extract_lane(s, 1);
}

// The label with the largest part of a cube's eight, weighed as linear interpolation does. `l`: 16 bits each.
// Returns −1 when `labels` and their weights `w` must be looked at one by one.
static inline int majorityOf(v128_t l, int k, float covered, uint16_t *labels, float *w) {
  const float x = row.part[0][k], y = row.part[1][k], z = row.part[2][k];
  const float x0 = (1 - x) * covered, x1 = x * covered, y0 = 1 - y, z0 = 1 - z;
  const v128_t yz = wasm_f32x4_mul(wasm_f32x4_make(y0, y0, y, y), wasm_f32x4_make(z0, z, z0, z));
  const v128_t a = wasm_f32x4_mul(yz, wasm_f32x4_splat(x0)), b = wasm_f32x4_mul(yz, wasm_f32x4_splat(x1));
  const int first = wasm_u16x8_extract_lane(l, 0);
  const v128_t isFirst = wasm_i16x8_eq(l, wasm_i16x8_splat((int16_t)first));
  const float score = masked(isFirst, a, b);
  if (score > 0.5f + 0.5f * TIE) return first;
  wasm_v128_store(labels, l);
  if (covered == 1) {
    const uint32_t others = ~wasm_i16x8_bitmask(isFirst) & 255;
    const int second = labels[__builtin_ctz(others | 256) & 7];
    const uint32_t isSecond = wasm_i16x8_bitmask(wasm_i16x8_eq(l, wasm_i16x8_splat((int16_t)second)));
    if (isSecond == others && score < 0.5f - 0.5f * TIE) return second;
  }
  wasm_v128_store(w, a);
  wasm_v128_store(w + 4, b);
  return -1;
}

static inline v128_t cube1(const uint8_t *q, int sy, int sx) {
  v128_t l = wasm_v128_load16_splat(q);
  l = wasm_v128_load16_lane(q + sy, l, 1);
  l = wasm_v128_load16_lane(q + sx, l, 2);
  return wasm_u16x8_extend_low_u8x16(wasm_v128_load16_lane(q + sx + sy, l, 3));
}

static inline v128_t cube2(const uint16_t *q, int sy, int sx) {
  v128_t l = wasm_v128_load32_zero(q);
  l = wasm_v128_load32_lane(q + sy, l, 1);
  l = wasm_v128_load32_lane(q + sx, l, 2);
  return wasm_v128_load32_lane(q + sx + sy, l, 3);
}

// The voxel nearest to a place; of two, the one whose number in the source is even.
static inline int nearestOf(const Job *p, int k) {
  const int stride[3] = {p->window[1] * p->window[2], p->window[2], 1}, at = row.at[k];
  int nearest = at;
  for (int a = 0; a < 3; a++) {
    const float part = row.part[a][k];
    if (part < 0.5f) continue;
    if (part == 0.5f && ((at / stride[a] % p->window[a] + p->start[a]) & 1) == 0) continue;
    nearest += stride[a];
  }
  return nearest;
}

// The same for the voxels [begin, end) of a piece; whole vectors of them.
static NOINLINE void nearestPart(const Job *p, int begin, int end) {
  const v128_t half = wasm_f32x4_splat(0.5f), sx = wasm_i32x4_splat(p->window[1] * p->window[2]);
  const v128_t sy = wasm_i32x4_splat(p->window[2]), sz = wasm_i32x4_splat(1);
  for (int k = begin; k < end; k += 4) {
    const v128_t x = wasm_v128_load(row.part[0] + k), y = wasm_v128_load(row.part[1] + k);
    const v128_t z = wasm_v128_load(row.part[2] + k);
    v128_t at = wasm_v128_load(row.at + k);
    at = wasm_i32x4_add(at, wasm_v128_and(wasm_f32x4_gt(x, half), sx));
    at = wasm_i32x4_add(at, wasm_v128_and(wasm_f32x4_gt(y, half), sy));
    at = wasm_i32x4_add(at, wasm_v128_and(wasm_f32x4_gt(z, half), sz));
    wasm_v128_store(row.nearest + k, at);
    const v128_t tie = wasm_v128_or(wasm_v128_or(wasm_f32x4_eq(x, half), wasm_f32x4_eq(y, half)), wasm_f32x4_eq(z, half));
    for (int j = 0; wasm_v128_any_true(tie) && j < 4; j++) row.nearest[k + j] = nearestOf(p, k + j);
  }
}

// Most voxels of label maps lie among voxels of their own label. For each voxel the label of the cube of eight that it is
// the first of, if it is one label, else all bits set; where the crop reaches, and nowhere where a cube would reach beyond the
// window. The last vector of a row reaches into the next, whose cubes it finds as they are.
#define CELLS(bytes, type, lanes, same)                                                                 \
  static NOINLINE void cells##bytes(const Job *p, const Field *f) {                                     \
    const int nx = p->window[0], ny = p->window[1], nz = p->window[2];                                  \
    const int sy = ny > 1 ? nz : 0, sx = nx > 1 ? ny * nz : 0;                                          \
    const int last = ny > 1 ? ny - 1 : 1;                                                               \
    for (int x = 0; x < (nx > 1 ? nx - 1 : 1); x++) {                                                   \
      const int32_t *reached = p->reached ? p->reached + 4 * x : 0;                                     \
      const int low = reached ? reached[0] : 0, high = reached && reached[1] < last ? reached[1] : last; \
      const int end = reached ? reached[3] : nz;                                                        \
      for (int z = reached ? reached[2] : 0; z < end; z += lanes) {                                     \
        const type *from = (const type *)f->source + (x * ny + low) * nz + z;                           \
        type *to = (type *)f->cells + (x * ny + low) * nz + z;                                          \
        v128_t a = wasm_v128_load(from), b = wasm_v128_load(from + sx);                                 \
        /* Whether the four voxels of a row are of one label. */                                        \
        v128_t one = wasm_v128_and(wasm_v128_and(same(a, wasm_v128_load(from + 1)),                     \
                                                 same(b, wasm_v128_load(from + sx + 1))), same(a, b));  \
        for (int y = low; y < high; y++, to += nz) {                                                    \
          const v128_t before = a, isOne = one;                                                         \
          from += sy;                                                                                   \
          a = wasm_v128_load(from);                                                                     \
          b = wasm_v128_load(from + sx);                                                                \
          one = wasm_v128_and(wasm_v128_and(same(a, wasm_v128_load(from + 1)),                          \
                                            same(b, wasm_v128_load(from + sx + 1))), same(a, b));       \
          const v128_t both = wasm_v128_and(wasm_v128_and(one, isOne), same(a, before));                \
          wasm_v128_store(to, wasm_v128_or(before, wasm_v128_not(both)));                               \
        }                                                                                               \
      }                                                                                                 \
    }                                                                                                   \
  }
CELLS(1, uint8_t, 16, wasm_i8x16_eq)
CELLS(2, uint16_t, 8, wasm_i16x8_eq)

// Eight labels from their places.
static inline v128_t eight1(const uint8_t *from, const int32_t *at) {
  v128_t v = wasm_v128_load8_lane(from + at[0], wasm_i8x16_splat(0), 0);
  v = wasm_v128_load8_lane(from + at[1], v, 1);
  v = wasm_v128_load8_lane(from + at[2], v, 2);
  v = wasm_v128_load8_lane(from + at[3], v, 3);
  v = wasm_v128_load8_lane(from + at[4], v, 4);
  v = wasm_v128_load8_lane(from + at[5], v, 5);
  v = wasm_v128_load8_lane(from + at[6], v, 6);
  return wasm_v128_load8_lane(from + at[7], v, 7);
}

static inline v128_t eight2(const uint16_t *from, const int32_t *at) {
  v128_t v = wasm_v128_load16_lane(from + at[0], wasm_i16x8_splat(0), 0);
  v = wasm_v128_load16_lane(from + at[1], v, 1);
  v = wasm_v128_load16_lane(from + at[2], v, 2);
  v = wasm_v128_load16_lane(from + at[3], v, 3);
  v = wasm_v128_load16_lane(from + at[4], v, 4);
  v = wasm_v128_load16_lane(from + at[5], v, 5);
  v = wasm_v128_load16_lane(from + at[6], v, 6);
  return wasm_v128_load16_lane(from + at[7], v, 7);
}

static inline void put1(uint8_t *to, v128_t v) { wasm_v128_store64_lane(to, v, 0); }
static inline void put2(uint16_t *to, v128_t v) { wasm_v128_store(to, v); }
static inline uint64_t all1(v128_t v) { return wasm_i8x16_bitmask(wasm_i8x16_eq(v, wasm_i8x16_splat(-1))) & 255; }
static inline uint64_t all2(v128_t v) { return wasm_i16x8_bitmask(wasm_i16x8_eq(v, wasm_i16x8_splat(-1))); }

#define LABELS(bytes, type, none)                                                                       \
  /* Voxels [begin, end) of a piece. */                                                                 \
  static inline __attribute__((always_inline)) void majority##bytes(                                    \
      const Job *p, const type *from, const type *cells, type *to, int begin, int end, int sy, int sx,  \
      int outside, type fill) {                                                                         \
    uint16_t labels[8];                                                                                 \
    float w[8];                                                                                         \
    /* Which of them lie between several labels, a bit for each. */                                     \
    uint64_t mixed[PIECE / 64] = {0};                                                                   \
    for (int k = begin; k < end;) {                                                                     \
      if (!outside && k + 8 <= end && k % 64 <= 56) {                                                   \
        const v128_t v = eight##bytes(cells, row.at + k);                                               \
        put##bytes(to + k, v);                                                                          \
        mixed[k / 64] |= all##bytes(v) << k % 64;                                                       \
        k += 8;                                                                                         \
        continue;                                                                                       \
      }                                                                                                 \
      const type cell = cells[row.at[k]];                                                               \
      const float covered = outside ? row.covered[k] : 1;                                               \
      /* Beyond the source all is filled, and what fills a cube at the border may be its own label. */  \
      const int filled = outside && (covered == 0 || cell == fill);                                     \
      to[k] = filled ? fill : cell;                                                                     \
      mixed[k / 64] |= (uint64_t)(((cell == none) & (covered != 0)) | (!filled & (covered != 1))) << k % 64; \
      k++;                                                                                              \
    }                                                                                                   \
    for (int half = 0; half < PIECE / 64; half++)                                                       \
      for (uint64_t left = mixed[half]; left; left &= left - 1) {                                       \
        const int k = 64 * half + __builtin_ctzll(left);                                                \
        const float covered = outside ? row.covered[k] : 1;                                             \
        int label = majorityOf(cube##bytes(from + row.at[k], sy, sx), k, covered, labels, w);           \
        if (label < 0) {                                                                                \
          const int own = outside && row.beyond[k] ? fill : from[nearestOf(p, k)];                      \
          label = settleTie(labels, w, own, 1 - covered, covered == 1 ? labels[0] : fill);              \
        }                                                                                               \
        to[k] = (type)label;                                                                            \
      }                                                                                                 \
  }                                                                                                     \
  static inline __attribute__((always_inline)) void nearest##bytes(                                     \
      const Job *p, const type *from, type *to, int begin, int end, int outside, type fill) {           \
    nearestPart(p, begin, end);                                                                         \
    int k = begin;                                                                                      \
    for (; !outside && k + 8 <= end; k += 8) put##bytes(to + k, eight##bytes(from, row.nearest + k));   \
    for (; k < end; k++) to[k] = outside && row.beyond[k] ? fill : from[row.nearest[k]];                \
  }
LABELS(1, uint8_t, 255)
LABELS(2, uint16_t, 65535)

// Interpolated values, and what the source does not cover is filled.
static NOINLINE void coverRow(float *to, int n, float fill) {
  const v128_t beyond = wasm_f32x4_splat(fill);
  for (int k = 0; k < n; k += 4) {
    const v128_t v = wasm_f32x4_sub(wasm_v128_load(to + k), beyond);
    wasm_v128_store(to + k, wasm_f32x4_add(wasm_f32x4_mul(v, wasm_v128_load(row.covered + k)), beyond));
  }
}

#define LABEL_ROWS(bytes, type)                                                                         \
  static NOINLINE void inside##bytes(const Job *p, const Field *f, type *to, int begin, int end, int sy, int sx) { \
    if (f->kind == NEAREST_##bytes) nearest##bytes(p, f->source, to, begin, end, 0, 0);                 \
    else majority##bytes(p, f->source, f->cells, to, begin, end, sy, sx, 0, 0);                         \
  }                                                                                                     \
  static NOINLINE void outside##bytes(const Job *p, const Field *f, type *to, int begin, int end, int sy, int sx) { \
    if (begin >= end) return;                                                                           \
    if (f->kind == NEAREST_##bytes) nearest##bytes(p, f->source, to, begin, end, 1, (type)f->fill);     \
    else majority##bytes(p, f->source, f->cells, to, begin, end, sy, sx, 1, (type)f->fill);             \
  }                                                                                                     \
  static void labelRow##bytes(const Job *p, const Field *f, int at, int n, Inside inside, int sy, int sx) { \
    type *to = (type *)f->target + at;                                                                  \
    if (!inside.axes || p->border != CONSTANT) {                                                        \
      inside##bytes(p, f, to, 0, n, sy, sx);                                                            \
      return;                                                                                           \
    }                                                                                                   \
    outside##bytes(p, f, to, 0, inside.from, sy, sx);                                                   \
    inside##bytes(p, f, to, inside.from, inside.to, sy, sx);                                            \
    outside##bytes(p, f, to, inside.to, n, sy, sx);                                                     \
  }
LABEL_ROWS(1, uint8_t)
LABEL_ROWS(2, uint16_t)

// Makes n voxels of one array, which lie at `at` in the crop.
static void resampleRow(const Job *p, const Field *f, int at, int n, Inside inside) {
  // An axis of one voxel has no next one.
  const int sy = p->window[1] > 1 ? p->window[2] : 0, sx = p->window[0] > 1 ? p->window[1] * p->window[2] : 0;
  float *to = (float *)f->target + at;
  const int fills = inside.axes && p->border == CONSTANT;
  switch (f->kind) {
  case LINEAR: {
    // The last vector may reach into a row that is made already.
    const int reaches = n & 3;
    float after[3];
    for (int k = 0; reaches && k < 3; k++) after[k] = to[n + k];
    linearRow(f->source, to, n, sy, sx);
    if (fills) coverRow(to, n, f->fill);
    for (int k = 0; reaches && k < 3; k++) to[n + k] = after[k];
    break;
  }
  case CUBIC: cubicRow(f->source, to, n, sy, sx); break;
  case NEAREST:
    nearestPart(p, 0, n);
    for (int k = 0; k < n; k++)
      to[k] = fills && row.beyond[k] ? f->fill : ((const float *)f->source)[row.nearest[k]];
    break;
  case NEAREST_1:
  case MAJORITY_1: labelRow1(p, f, at, n, inside, sy, sx); break;
  default: labelRow2(p, f, at, n, inside, sy, sx);
  }
}

static void placePart(const Job *p, int x, int y, int z0, int begin, int end, int elastic, int outside) {
  if (begin >= end) return;
  if (elastic) placeRow(p, x, y, z0, begin, end, 1, outside);
  else if (outside) placeRow(p, x, y, z0, begin, end, 0, outside);
  else placeRow(p, x, y, z0, begin, end, 0, 0);
}

// The source covers this part of a piece.
static void coverPart(int begin, int end) {
  for (int k = begin; k < end; k += 4) {
    wasm_v128_store(row.covered + k, wasm_f32x4_splat(1));
    wasm_v128_store(row.beyond + k, wasm_i32x4_splat(0));
  }
}

static inline int within(int i, int n) { return i < 0 ? 0 : i < n ? i : n; }

// Makes n voxels of all arrays, from z0 on of row (x, y).
static void resamplePiece(const Job *p, int x, int y, int z0, int n) {
  const int elastic = p->control[0] > 0;
  Inside inside = insideOf(p, x, y);
  inside.from = within(inside.from - z0, n);
  inside.to = within(inside.to - z0, n);
  if (elastic) elasticRow(p, x, y, z0, n);
  placePart(p, x, y, z0, 0, inside.from, elastic, inside.axes);
  placePart(p, x, y, z0, inside.from, inside.to, elastic, 0);
  placePart(p, x, y, z0, inside.to, n, elastic, inside.axes);
  if (inside.axes) coverPart(inside.from, inside.to);
  const int at = (x * p->shape[1] + y) * p->shape[2] + z0;
  for (int f = 0; f < p->count; f++) resampleRow(p, p->fields + f, at, n, inside);
}

// Resamples all fields of a job.
void EXPORT(resample)(const Job *p) {
  const int nx = p->shape[0], ny = p->shape[1], nz = p->shape[2];
  for (int f = 0; f < p->count; f++) {
    if (p->fields[f].kind == MAJORITY_1) cells1(p, p->fields + f);
    if (p->fields[f].kind == MAJORITY_2) cells2(p, p->fields + f);
  }
  for (int x0 = 0; x0 < nx; x0 += SLAB) {
    const int end = nx - x0 < SLAB ? nx : x0 + SLAB;
    for (int x = x0; p->control[0] > 0 && x < end; x++) elasticPlane(p, x);
    for (int z0 = 0; z0 < nz; z0 += PIECE) {
      const int n = nz - z0 < PIECE ? nz - z0 : PIECE;
      for (int y = 0; y < ny; y++)
        for (int x = x0; x < end; x++) resamplePiece(p, x, y, z0, n);
    }
  }
}

#define POLE -0.26794919f // √3 − 2
#define HORIZON 18        // POLE^18 is 5e-11

// Coefficients of a cubic B-spline in place (Unser et al., IEEE PAMI 1991), mirrored at the first and the last
// voxel: `wide` lines side by side, each of n voxels `stride` apart.
static void coefficients(float *line, int n, int stride, int wide) {
  if (n == 1) return;
  for (int k = 0; k < n; k++)
    for (int l = 0; l < wide; l++) line[k * stride + l] *= 6;
  float power = POLE;
  for (int k = 1; k < n && k < HORIZON; k++, power *= POLE)
    for (int l = 0; l < wide; l++) line[l] += power * line[k * stride + l];
  for (int k = 1; k < n; k++)
    for (int l = 0; l < wide; l++) line[k * stride + l] += POLE * line[(k - 1) * stride + l];
  float *end = line + (n - 1) * stride;
  for (int l = 0; l < wide; l++)
    end[l] = (POLE / (POLE * POLE - 1)) * (end[l] + POLE * end[l - stride]);
  for (int k = n - 2; k >= 0; k--)
    for (int l = 0; l < wide; l++)
      line[k * stride + l] = POLE * (line[(k + 1) * stride + l] - line[k * stride + l]);
}

// Turns voxels into the coefficients of their cubic spline, in place.
void EXPORT(splineCoefficients)(float *values, int nx, int ny, int nz) {
  for (int row = 0; row < nx * ny; row++) coefficients(values + row * nz, nz, 1, 1);
  for (int x = 0; x < nx; x++) coefficients(values + x * ny * nz, ny, nz, nz);
  coefficients(values, nx, ny * nz, ny * nz);
}
