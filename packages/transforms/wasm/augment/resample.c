// Resampling: where the voxels of a crop come from, row by row, and what is there. Bit for bit what the
// functions of the same names in src/augment-kernels do. Arrays have room for one vector beyond their end.
#include "../lanes.h"

// Short functions have registers for all that their loops need.
#define NOINLINE __attribute__((noinline))

enum { NEAREST = 0, LINEAR = 1, CUBIC = 3, NEAREST_1 = 10, NEAREST_2 = 11, MAJORITY_1 = 12, MAJORITY_2 = 13 };
enum { CONSTANT, CLAMPED, REFLECTED };
// So many planes of the crop are made together, row by row in turn, because their rows share what they read.
#define SLAB 4

// One array to resample. All arrays of a job have windows of the same shape.
typedef struct {
  int32_t kind;
  const void *source; // the window
  void *blocks;       // labels: room for four arrays of blocks and, for majorities, one of cells; see below
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
  float *rows;            // twelve rows of the crop's nz, rounded up to whole vectors, and one vector each
  int32_t control[3];     // control points along each axis; 0: no elastic deformation
  const float *grid;      // displacement at each control point in voxels of the source: x, y, z, 0
  float *plane;           // SLAB · control[1] · control[2] · 4
  float *line;            // control[2] · 4
  const int32_t *cell[3]; // the first of the four control points that act on each voxel of the crop, and three
                          // more entries
  const float *weight[3]; // their weights, four each
  const int32_t *filled;  // for each plane of the windows along x the first row that is filled and the end of them; 0: all are
  double origin[3];       // where voxel (0, 0, 0) of the crop lies in the window
  double step[9];         // by how much each axis of the window moves for a voxel along each axis of the crop
  double least[3];        // bounds of the elastic displacement
  double most[3];
} Job;

typedef struct {
  int32_t *at;      // first voxel of the cube around each place
  int32_t *nearest; // the voxel nearest to it, where `nearestPart` was asked
  float *part[3];   // where in the cube the place is, 0…1
  float *moved[3];  // elastic displacement
  float *covered;   // how much of the cube lies in the source, 0…1, where the border is constant
  int32_t *beyond;  // all bits set where the nearest voxel would lie outside of the source
  int32_t *mixed;   // which voxels lie between several labels
  int32_t *run;     // for each eight voxels the block that their middle lies in, or −1 where blocks do not tell
} Rows;

static Rows rowsOf(const Job *p) {
  const int n = (p->shape[2] + 7) & ~3;
  float *r = p->rows;
  return (Rows){(int32_t *)r,
                (int32_t *)(r + n),
                {r + 2 * n, r + 3 * n, r + 4 * n},
                {r + 5 * n, r + 6 * n, r + 7 * n},
                r + 8 * n,
                (int32_t *)(r + 9 * n),
                (int32_t *)(r + 10 * n),
                (int32_t *)(r + 11 * n)};
}

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

static void elasticRow(const Job *p, int x, int y, const Rows *r) {
  const int n = p->control[2] * 4, nz = p->shape[2];
  const float *from = p->plane + (x % SLAB * p->control[1] + p->cell[1][y]) * n;
  for (int i = 0; i < n; i += 4) wasm_v128_store(p->line + i, four(from + i, n, p->weight[1] + 4 * y));
  for (int z = 0; z < nz; z += 4) {
    v128_t d[4];
    for (int k = 0; k < 4; k++)
      d[k] = four(p->line + 4 * p->cell[2][z + k], 4, p->weight[2] + 4 * (z + k));
    const v128_t ab = wasm_i32x4_shuffle(d[0], d[1], 0, 4, 1, 5), cd = wasm_i32x4_shuffle(d[2], d[3], 0, 4, 1, 5);
    wasm_v128_store(r->moved[0] + z, wasm_i64x2_shuffle(ab, cd, 0, 2));
    wasm_v128_store(r->moved[1] + z, wasm_i64x2_shuffle(ab, cd, 1, 3));
    const v128_t ef = wasm_i32x4_shuffle(d[0], d[1], 2, 6, 3, 7), gh = wasm_i32x4_shuffle(d[2], d[3], 2, 6, 3, 7);
    wasm_v128_store(r->moved[2] + z, wasm_i64x2_shuffle(ef, gh, 0, 2));
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

// Where the voxels [begin, end) of a row lie, whole vectors of them. Along each axis the row's start is split into a
// voxel and a part, so that floats hold small numbers. `outside`: the axes along which they may leave the source.
static inline __attribute__((always_inline)) void placeRow(const Job *p, int x, int y, const Rows *r, int begin,
                                                           int end, int elastic, int outside) {
  const int sy = p->window[2], sx = p->window[1] * sy;
  const int stride[3] = {sx, sy, 1};
  v128_t start[3], step[3], low[3], high[3], last[3], first[3], beyondLast[3];
  int base = 0;
  const int constant = p->border == CONSTANT;
  for (int a = 0; a < 3; a++) {
    const double at = p->origin[a] + x * p->step[3 * a] + y * p->step[3 * a + 1];
    const double whole = __builtin_floor(at);
    // Beyond any window, where all is clamped anyway, and where the conversion to an integer is exact.
    const int from = whole < -1e6 ? -1000000 : whole > 1e6 ? 1000000 : (int)whole;
    const int edge = p->window[a] - 1 - p->margin;
    start[a] = wasm_f32x4_splat((float)(at - (double)from));
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
  v128_t z = wasm_f32x4_add(wasm_f32x4_splat((float)begin), wasm_f32x4_make(0, 1, 2, 3));
  for (int k = begin; k < end; k += 4) {
    v128_t at = wasm_i32x4_splat(base), covered = unit, beyond = wasm_i32x4_splat(0);
    for (int a = 0; a < 3; a++) {
      v128_t f = wasm_f32x4_add(start[a], wasm_f32x4_mul(z, step[a]));
      if (elastic) f = wasm_f32x4_add(f, wasm_v128_load(r->moved[a] + k));
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
      wasm_v128_store(r->part[a] + k, part);
      at = wasm_i32x4_add(at, a == 2 ? i : wasm_i32x4_mul(i, wasm_i32x4_splat(stride[a])));
    }
    wasm_v128_store(r->at + k, at);
    if (outside && constant) {
      wasm_v128_store(r->covered + k, covered);
      wasm_v128_store(r->beyond + k, beyond);
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

static NOINLINE void linearRow(const float *from, const Rows *r, float *to, int n, int sy, int sx) {
  for (int k = 0; k < n; k += 4) {
    v128_t t[4];
    for (int j = 0; j < 4; j++) {
      const float *q = from + r->at[k + j];
      t[j] = between(twoPairs(q, sy), twoPairs(q + sx, sy), wasm_v128_load32_splat(r->part[0] + k + j));
    }
    const v128_t ab = wasm_i32x4_shuffle(t[0], t[1], 0, 4, 1, 5), cd = wasm_i32x4_shuffle(t[2], t[3], 0, 4, 1, 5);
    const v128_t ef = wasm_i32x4_shuffle(t[0], t[1], 2, 6, 3, 7), gh = wasm_i32x4_shuffle(t[2], t[3], 2, 6, 3, 7);
    const v128_t y = wasm_v128_load(r->part[1] + k);
    const v128_t a = between(wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ef, gh, 0, 2), y);
    const v128_t b = between(wasm_i64x2_shuffle(ab, cd, 1, 3), wasm_i64x2_shuffle(ef, gh, 1, 3), y);
    wasm_v128_store(to + k, between(a, b, wasm_v128_load(r->part[2] + k)));
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

static NOINLINE void cubicRow(const float *from, const Rows *r, float *to, int n, int sy, int sx) {
  for (int k = 0; k < n; k++) {
    float x[4], y[4], z[4];
    cubicWeights(r->part[0][k], x);
    cubicWeights(r->part[1][k], y);
    cubicWeights(r->part[2][k], z);
    const float *q = from + r->at[k] - sx - sy - 1;
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
static inline int majorityOf(v128_t l, const Rows *r, int k, float covered, uint16_t *labels, float *w) {
  const float x = r->part[0][k], y = r->part[1][k], z = r->part[2][k];
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
static inline int nearestOf(const Job *p, const Rows *r, int k) {
  const int stride[3] = {p->window[1] * p->window[2], p->window[2], 1}, at = r->at[k];
  int nearest = at;
  for (int a = 0; a < 3; a++) {
    const float part = r->part[a][k];
    if (part < 0.5f) continue;
    if (part == 0.5f && ((at / stride[a] % p->window[a] + p->start[a]) & 1) == 0) continue;
    nearest += stride[a];
  }
  return nearest;
}

// The same for the voxels [begin, end) of a row; whole vectors of them.
static NOINLINE void nearestPart(const Job *p, const Rows *r, int begin, int end) {
  const v128_t half = wasm_f32x4_splat(0.5f), sx = wasm_i32x4_splat(p->window[1] * p->window[2]);
  const v128_t sy = wasm_i32x4_splat(p->window[2]), sz = wasm_i32x4_splat(1);
  for (int k = begin; k < end; k += 4) {
    const v128_t x = wasm_v128_load(r->part[0] + k), y = wasm_v128_load(r->part[1] + k);
    const v128_t z = wasm_v128_load(r->part[2] + k);
    v128_t at = wasm_v128_load(r->at + k);
    at = wasm_i32x4_add(at, wasm_v128_and(wasm_f32x4_gt(x, half), sx));
    at = wasm_i32x4_add(at, wasm_v128_and(wasm_f32x4_gt(y, half), sy));
    at = wasm_i32x4_add(at, wasm_v128_and(wasm_f32x4_gt(z, half), sz));
    wasm_v128_store(r->nearest + k, at);
    const v128_t tie = wasm_v128_or(wasm_v128_or(wasm_f32x4_eq(x, half), wasm_f32x4_eq(y, half)), wasm_f32x4_eq(z, half));
    for (int j = 0; wasm_v128_any_true(tie) && j < 4; j++) r->nearest[k + j] = nearestOf(p, r, k + j);
  }
}

// Most voxels of label maps lie among voxels of their own label. Blocks of 4 × 4 × 4 voxels of a window say where: a
// block's entry is the label of all voxels in it and in so many blocks around it that eight neighbors in a row of the crop
// read nothing else, or all bits set. Rows of blocks are whole vectors; what lies beyond the end of a row of voxels or of
// blocks is taken for part of it, which can only hide that a block is uniform.
#define BLOCK 4
#define RUN 8
// Blocks around a block that are looked at, at most. Room before and after each array of blocks is for so many planes.
#define MOST_AROUND 4
// The longest side of a window in which blocks are looked at.
#define LONGEST 32000
// Windows of fewer voxels stay in the cache, where looking at each voxel costs less than finding the blocks.
#define LARGE 2097152

typedef struct {
  int32_t planes, rows, wide; // so many blocks along each axis
  int32_t around[3];          // 0: blocks are of no use, because voxels are too far from each other
} Blocks;

static Blocks blocksOf(const Job *p) {
  Blocks b = {(p->window[0] + BLOCK - 1) / BLOCK, (p->window[1] + BLOCK - 1) / BLOCK, (p->window[2] + 15) / 16 * 4, {0, 0, 0}};
  if (p->control[0] > 0 || p->window[0] * p->window[1] * p->window[2] < LARGE) return b;
  for (int a = 0; a < 3; a++) {
    // From the middle to the ends of a run, and what rounding takes; the voxel after it is read too.
    const double reach = __builtin_fabs(p->step[3 * a + 2]) * (RUN - 1) / 2 + 0.01;
    if (!(reach < BLOCK * MOST_AROUND) || p->window[a] > LONGEST) return (Blocks){b.planes, b.rows, b.wide, {0, 0, 0}};
    b.around[a] = ((int)__builtin_ceil(reach) + BLOCK) / BLOCK;
  }
  if (b.around[0] > MOST_AROUND || b.around[1] > MOST_AROUND || b.around[2] > MOST_AROUND) b.around[0] = 0;
  return b;
}

// Which block the middle of each run of a row lies in, for the voxels [begin, end). Places are in 1/65536 of a voxel.
static void runRow(const Job *p, int x, int y, const Rows *r, const Blocks *b, int begin, int end) {
  const int n = p->shape[2], first = (begin + RUN - 1) / RUN, last = end / RUN;
  int32_t at[3], step[3];
  for (int a = 0; a < 3; a++) {
    const double *steps = p->step + 3 * a;
    const double from = p->origin[a] + x * steps[0] + y * steps[1] + (first * RUN + (RUN - 1) * 0.5) * steps[2];
    // Where no run lies within, it is not looked at.
    at[a] = from > 0 && from < LONGEST ? (int)(from * 65536) : 0;
    step[a] = (int)(steps[2] * (RUN * 65536));
  }
  for (int k = 0; k * RUN < n; k++) r->run[k] = -1;
  for (int k = first; k < last; k++) {
    r->run[k] = ((at[0] >> 18) * b->rows + (at[1] >> 18)) * b->wide + (at[2] >> 18);
    for (int a = 0; a < 3; a++) at[a] += step[a];
  }
}

// The least, or the largest, of each four lanes: at the first of them.
static inline v128_t ends1(v128_t v, int largest) {
  v128_t w = wasm_u32x4_shr(v, 16);
  v = largest ? wasm_u8x16_max(v, w) : wasm_u8x16_min(v, w);
  w = wasm_u32x4_shr(v, 8);
  return largest ? wasm_u8x16_max(v, w) : wasm_u8x16_min(v, w);
}

static inline v128_t ends2(v128_t v, int largest) {
  v128_t w = wasm_u64x2_shr(v, 32);
  v = largest ? wasm_u16x8_max(v, w) : wasm_u16x8_min(v, w);
  w = wasm_u64x2_shr(v, 16);
  return largest ? wasm_u16x8_max(v, w) : wasm_u16x8_min(v, w);
}

#define UNIFORM(bytes, type, lanes, least, most, same)                                                  \
  /* The least and the largest label of each block. */                                                  \
  static void blockEnds##bytes(const Job *p, const Blocks *b, const type *from, type *low, type *high) { \
    const int ny = p->window[1], nz = p->window[2];                                                     \
    for (int i = 0; i < b->planes; i++) {                                                               \
      const int xs = p->window[0] - BLOCK * i < BLOCK ? p->window[0] - BLOCK * i : BLOCK;               \
      int first = p->filled ? ny : 0, end = p->filled ? 0 : ny;                                         \
      for (int x = BLOCK * i; p->filled && x < BLOCK * i + xs; x++) {                                   \
        first = p->filled[2 * x] < first ? p->filled[2 * x] : first;                                    \
        end = p->filled[2 * x + 1] > end ? p->filled[2 * x + 1] : end;                                  \
      }                                                                                                 \
      for (int j = first / BLOCK; j * BLOCK < end; j++) {                                               \
        const int at = (i * b->rows + j) * b->wide;                                                     \
        const int ys = ny - BLOCK * j < BLOCK ? ny - BLOCK * j : BLOCK;                                 \
        for (int z = 0; z < nz; z += lanes) {                                                           \
          const type *q = from + (BLOCK * i * ny + BLOCK * j) * nz + z;                                 \
          v128_t l = wasm_v128_load(q), h = l;                                                          \
          for (int x = 0; x < xs; x++)                                                                  \
            for (int y = 0; y < ys; y++) {                                                              \
              const v128_t v = wasm_v128_load(q + (x * ny + y) * nz);                                   \
              l = least(l, v);                                                                          \
              h = most(h, v);                                                                           \
            }                                                                                           \
          l = ends##bytes(l, 0);                                                                        \
          h = ends##bytes(h, 1);                                                                        \
          for (int k = 0; k < lanes / BLOCK; k++) {                                                     \
            low[at + z / BLOCK + k] = ((const type *)&l)[BLOCK * k];                                    \
            high[at + z / BLOCK + k] = ((const type *)&h)[BLOCK * k];                                   \
          }                                                                                             \
        }                                                                                               \
      }                                                                                                 \
    }                                                                                                   \
  }                                                                                                     \
  static void spread##bytes(const type *from, type *to, int n, int step, int around, int largest) {     \
    for (int i = 0; i < n; i += lanes) {                                                                \
      v128_t v = wasm_v128_load(from + i);                                                              \
      for (int k = 1; k <= around; k++) {                                                               \
        const v128_t a = wasm_v128_load(from + i - k * step), c = wasm_v128_load(from + i + k * step);  \
        v = largest ? most(v, most(a, c)) : least(v, least(a, c));                                      \
      }                                                                                                 \
      wasm_v128_store(to + i, v);                                                                       \
    }                                                                                                   \
  }                                                                                                     \
  /* The blocks' labels, in the first of the field's arrays. */                                         \
  static NOINLINE void uniformBlocks##bytes(const Job *p, const Blocks *b, const Field *f) {              \
    const int plane = b->rows * b->wide, n = b->planes * plane, size = n + 2 * MOST_AROUND * plane;     \
    type *found[2];                                                                                     \
    for (int e = 0; e < 2; e++) {                                                                       \
      type *a = (type *)f->blocks + 2 * e * size;                                                       \
      __builtin_memset(a, e == 0 ? 255 : 0, 2 * size * sizeof(type));                                   \
      found[e] = a + MOST_AROUND * plane;                                                               \
    }                                                                                                   \
    blockEnds##bytes(p, b, f->source, found[0], found[1]);                                              \
    for (int e = 0; e < 2; e++) {                                                                       \
      type *a = found[e], *c = a + size;                                                                \
      spread##bytes(a, c, n, 1, b->around[2], e);                                                       \
      spread##bytes(c, a, n, b->wide, b->around[1], e);                                                 \
      spread##bytes(a, c, n, plane, b->around[0], e);                                                   \
    }                                                                                                   \
    type *low = found[0] + size, *high = found[1] + size;                                               \
    for (int i = 0; i < n; i += lanes) {                                                                \
      const v128_t l = wasm_v128_load(low + i), isOne = same(l, wasm_v128_load(high + i));              \
      wasm_v128_store(found[0] + i, wasm_v128_bitselect(l, wasm_i8x16_splat(-1), isOne));               \
    }                                                                                                   \
  }
#define CELLS(bytes, type, lanes, splat, same)                                                          \
  static inline void cell##bytes(const type *q, type *to, int sy, int sx) {                             \
    const v128_t a = wasm_v128_load(q);                                                                 \
    v128_t one = same(a, wasm_v128_load(q + 1));                                                        \
    one = wasm_v128_and(one, same(a, wasm_v128_load(q + sy)));                                          \
    one = wasm_v128_and(one, same(a, wasm_v128_load(q + sy + 1)));                                      \
    one = wasm_v128_and(one, same(a, wasm_v128_load(q + sx)));                                          \
    one = wasm_v128_and(one, same(a, wasm_v128_load(q + sx + 1)));                                      \
    one = wasm_v128_and(one, same(a, wasm_v128_load(q + sx + sy)));                                     \
    one = wasm_v128_and(one, same(a, wasm_v128_load(q + sx + sy + 1)));                                 \
    wasm_v128_store(to, wasm_v128_bitselect(a, wasm_i8x16_splat(-1), one));                             \
  }                                                                                                     \
  /* For each voxel the label of the cube of eight that it is the first of, if it is one label, else    \
     all bits set; none where a cube would reach beyond the window. */                                  \
  static NOINLINE void cells##bytes(const Job *p, const Blocks *b, const Field *f) {                    \
    const int ny = p->window[1], nz = p->window[2], plane = b->rows * b->wide;                          \
    const int sy = ny > 1 ? nz : 0, sx = p->window[0] > 1 ? ny * nz : 0;                                \
    const int end = p->window[0] * ny * nz - sx - sy;                                                   \
    const type *blocks = (const type *)f->blocks + MOST_AROUND * plane, *from = f->source;              \
    type *to = (type *)f->blocks + 4 * (b->planes + 2 * MOST_AROUND) * plane;                           \
    for (int x = 0; x < p->window[0]; x++) {                                                            \
      const int low = p->filled ? p->filled[2 * x] : 0, high = p->filled ? p->filled[2 * x + 1] : ny;   \
      const int last = (x * ny + high) * nz < end ? (x * ny + high) * nz : end;                         \
      for (int i = (x * ny + low) * nz; b->around[0] == 0 && i < last; i += lanes)                      \
        cell##bytes(from + i, to + i, sy, sx);                                                          \
      for (int y = low; b->around[0] > 0 && y < high; y++) {                                            \
        const int row = (x * ny + y) * nz;                                                              \
        const type *own = blocks + (x / BLOCK * b->rows + y / BLOCK) * b->wide;                         \
        for (int z = 0; z < nz && row + z < end; z += lanes) {                                          \
          int one = 1;                                                                                  \
          for (int k = 0; k < lanes / BLOCK; k++) one &= own[z / BLOCK + k] != (type)-1;                \
          /* The last vector of a row reaches into the next. */                                         \
          if (one && z + lanes <= nz) wasm_v128_store(to + row + z, splat(own[z / BLOCK]));             \
          else cell##bytes(from + row + z, to + row + z, sy, sx);                                       \
        }                                                                                               \
      }                                                                                                 \
    }                                                                                                   \
  }
UNIFORM(1, uint8_t, 16, wasm_u8x16_min, wasm_u8x16_max, wasm_i8x16_eq)
UNIFORM(2, uint16_t, 8, wasm_u16x8_min, wasm_u16x8_max, wasm_i16x8_eq)
CELLS(1, uint8_t, 16, wasm_u8x16_splat, wasm_i8x16_eq)
CELLS(2, uint16_t, 8, wasm_u16x8_splat, wasm_i16x8_eq)

static inline void run1(uint8_t *to, uint8_t label) {
  wasm_v128_store64_lane(to, wasm_i8x16_splat((int8_t)label), 0);
}

static inline void run2(uint16_t *to, uint16_t label) { wasm_v128_store(to, wasm_i16x8_splat((int16_t)label)); }

// Stores of bytes could change anything, so that what does not change is held in variables of its own.
#define LABELS(bytes, type, none)                                                                       \
  static inline int isOne##bytes(const type *blocks, const int32_t *run, int k) {                       \
    return blocks != 0 && run[k / RUN] >= 0 && blocks[run[k / RUN]] != none;                            \
  }                                                                                                     \
  static inline __attribute__((always_inline)) void majority##bytes(                                    \
      const Job *p, const type *restrict from, const type *restrict blocks, const type *restrict cells, \
      const Rows rows, type *restrict to, int n, int sy, int sx, int outside, type fill) {                                            \
    const int32_t *restrict place = rows.at, *restrict beyond = rows.beyond, *restrict run = rows.run;  \
    const float *restrict coverage = rows.covered;                                                      \
    int32_t *restrict mixed = rows.mixed;                                                               \
    uint16_t labels[8];                                                                                 \
    float w[8];                                                                                         \
    int count = 0;                                                                                      \
    for (int first = 0, end; first < n; first = end) {                                                  \
      end = blocks == 0 ? n : first + RUN;                                                              \
      if (isOne##bytes(blocks, run, first)) {                                                           \
        run##bytes(to + first, blocks[run[first / RUN]]);                                               \
        continue;                                                                                       \
      }                                                                                                 \
      while (end < n && !isOne##bytes(blocks, run, end)) end += RUN;                                    \
      end = end < n ? end : n;                                                                          \
      /* Without a branch, because at the borders of labels it would be guessed wrong. */               \
      for (int k = first; k < end; k++) {                                                               \
        const type cell = cells[place[k]];                                                              \
        const float covered = outside ? coverage[k] : 1;                                                \
        /* Beyond the source all is filled, and what fills a cube at the border may be its own label. */ \
        const int filled = outside && (covered == 0 || cell == fill);                                   \
        to[k] = filled ? fill : cell;                                                                   \
        mixed[count] = k;                                                                               \
        count += ((cell == none) & (covered != 0)) | (!filled & (covered != 1));                        \
      }                                                                                                 \
    }                                                                                                   \
    for (int i = 0; i < count; i++) {                                                                   \
      const int k = mixed[i];                                                                           \
      const float covered = outside ? coverage[k] : 1;                                                  \
      int label = majorityOf(cube##bytes(from + place[k], sy, sx), &rows, k, covered, labels, w);       \
      if (label < 0) {                                                                                  \
        const int own = outside && beyond[k] ? fill : from[nearestOf(p, &rows, k)];                     \
        label = settleTie(labels, w, own, 1 - covered, covered == 1 ? labels[0] : fill);                \
      }                                                                                                 \
      to[k] = (type)label;                                                                              \
    }                                                                                                   \
  }                                                                                                     \
  static inline __attribute__((always_inline)) void nearest##bytes(                                     \
      const Job *p, const type *restrict from, const type *restrict blocks, const Rows rows,            \
      type *restrict to, int n, int outside, type fill) {                                               \
    const int32_t *restrict nearest = rows.nearest, *restrict beyond = rows.beyond;                     \
    const int32_t *restrict run = rows.run;                                                             \
    for (int first = 0, end; first < n; first = end) {                                                  \
      end = blocks == 0 ? n : first + RUN;                                                              \
      if (isOne##bytes(blocks, run, first)) {                                                           \
        run##bytes(to + first, blocks[run[first / RUN]]);                                               \
        continue;                                                                                       \
      }                                                                                                 \
      while (end < n && !isOne##bytes(blocks, run, end)) end += RUN;                                    \
      end = end < n ? end : n;                                                                          \
      nearestPart(p, &rows, first, end);                                                                \
      for (int k = first; k < end; k++) to[k] = outside && beyond[k] ? fill : from[nearest[k]];         \
    }                                                                                                   \
  }
LABELS(1, uint8_t, 255)
LABELS(2, uint16_t, 65535)

// Interpolated values, and what the source does not cover is filled.
static NOINLINE void coverRow(const Rows *r, float *to, int n, float fill) {
  const v128_t beyond = wasm_f32x4_splat(fill);
  for (int k = 0; k < n; k += 4) {
    const v128_t v = wasm_f32x4_sub(wasm_v128_load(to + k), beyond);
    wasm_v128_store(to + k, wasm_f32x4_add(wasm_f32x4_mul(v, wasm_v128_load(r->covered + k)), beyond));
  }
}

#define LABEL_ROWS(bytes, type)                                                                         \
  static void majorityInside##bytes(const Job *p, const Field *f, const type *blocks,          \
                                             const type *cells, const Rows *r, type *to, int sy, int sx) { \
    majority##bytes(p, f->source, blocks, cells, *r, to, p->shape[2], sy, sx, 0, 0);                    \
  }                                                                                                     \
  static void majorityOutside##bytes(const Job *p, const Field *f, const type *blocks,         \
                                              const type *cells, const Rows *r, type *to, int sy, int sx) { \
    majority##bytes(p, f->source, blocks, cells, *r, to, p->shape[2], sy, sx, 1, (type)f->fill);        \
  }                                                                                                     \
  static void labelRow##bytes(const Job *p, const Field *f, const Blocks *b, const Rows *r,    \
                                       int at, int outside, int sy, int sx) {                           \
    const int plane = b->rows * b->wide;                                                                \
    const type *blocks = b->around[0] == 0 ? 0 : (const type *)f->blocks + MOST_AROUND * plane;         \
    const type *cells = (const type *)f->blocks + 4 * (b->planes + 2 * MOST_AROUND) * plane;            \
    type *to = (type *)f->target + at;                                                                  \
    if (f->kind == NEAREST_##bytes) nearest##bytes(p, f->source, blocks, *r, to, p->shape[2], outside, (type)f->fill); \
    else if (outside) majorityOutside##bytes(p, f, blocks, cells, r, to, sy, sx);                       \
    else majorityInside##bytes(p, f, blocks, cells, r, to, sy, sx);                                     \
  }
LABEL_ROWS(1, uint8_t)
LABEL_ROWS(2, uint16_t)

static void resampleRow(const Job *p, const Field *f, const Blocks *b, const Rows *r, int at, int outside) {
  const int n = p->shape[2];
  // An axis of one voxel has no next one.
  const int sy = p->window[1] > 1 ? p->window[2] : 0, sx = p->window[0] > 1 ? p->window[1] * p->window[2] : 0;
  float *to = (float *)f->target + at;
  const int fills = outside && p->border == CONSTANT;
  switch (f->kind) {
  case LINEAR: {
    // The last vector may reach into a row that is made already.
    const int reaches = n & 3;
    float after[3];
    for (int k = 0; reaches && k < 3; k++) after[k] = to[n + k];
    linearRow(f->source, r, to, n, sy, sx);
    if (fills) coverRow(r, to, n, f->fill);
    for (int k = 0; reaches && k < 3; k++) to[n + k] = after[k];
    break;
  }
  case CUBIC: cubicRow(f->source, r, to, n, sy, sx); break;
  case NEAREST:
    nearestPart(p, r, 0, n);
    for (int k = 0; k < n; k++)
      to[k] = fills && r->beyond[k] ? f->fill : ((const float *)f->source)[r->nearest[k]];
    break;
  case NEAREST_1:
  case MAJORITY_1: labelRow1(p, f, b, r, at, fills, sy, sx); break;
  default: labelRow2(p, f, b, r, at, fills, sy, sx);
  }
}

static void placePart(const Job *p, int x, int y, const Rows *r, int begin, int end, int elastic, int outside) {
  if (begin >= end) return;
  if (elastic) placeRow(p, x, y, r, begin, end, 1, outside);
  else if (outside) placeRow(p, x, y, r, begin, end, 0, outside);
  else placeRow(p, x, y, r, begin, end, 0, 0);
}

// The source covers this part of a row.
static void coverPart(const Rows *r, int begin, int end) {
  for (int k = begin; k < end; k += 4) {
    wasm_v128_store(r->covered + k, wasm_f32x4_splat(1));
    wasm_v128_store(r->beyond + k, wasm_i32x4_splat(0));
  }
}

// Resamples all fields of a job.
void EXPORT(resample)(const Job *p) {
  const Rows r = rowsOf(p);
  const Blocks b = blocksOf(p);
  const int elastic = p->control[0] > 0;
  int labels = 0;
  for (int f = 0; f < p->count; f++) {
    const int kind = p->fields[f].kind;
    labels |= kind >= NEAREST_1;
    if (b.around[0] > 0 && (kind == NEAREST_1 || kind == MAJORITY_1)) uniformBlocks1(p, &b, p->fields + f);
    if (b.around[0] > 0 && (kind == NEAREST_2 || kind == MAJORITY_2)) uniformBlocks2(p, &b, p->fields + f);
    if (kind == MAJORITY_1) cells1(p, &b, p->fields + f);
    if (kind == MAJORITY_2) cells2(p, &b, p->fields + f);
  }
  for (int x0 = 0; x0 < p->shape[0]; x0 += SLAB) {
    const int end = p->shape[0] - x0 < SLAB ? p->shape[0] : x0 + SLAB;
    for (int x = x0; elastic && x < end; x++) elasticPlane(p, x);
    for (int y = 0; y < p->shape[1]; y++)
      for (int x = x0; x < end; x++) {
        const Inside inside = insideOf(p, x, y);
        if (elastic) elasticRow(p, x, y, &r);
        placePart(p, x, y, &r, 0, inside.from, elastic, inside.axes);
        placePart(p, x, y, &r, inside.from, inside.to, elastic, 0);
        placePart(p, x, y, &r, inside.to, p->shape[2], elastic, inside.axes);
        if (inside.axes) coverPart(&r, inside.from, inside.to);
        if (labels && b.around[0] > 0) runRow(p, x, y, &r, &b, inside.from, inside.to);
        const int at = (x * p->shape[1] + y) * p->shape[2];
        for (int f = 0; f < p->count; f++) resampleRow(p, p->fields + f, &b, &r, at, inside.axes);
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
