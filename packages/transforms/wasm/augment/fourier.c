// Fourier transforms of lines of voxels. Bit for bit what the functions of the same names in
// src/augment-kernels do.
#include "../lanes.h"

// Four lines side by side as complex numbers.
typedef struct {
  v128_t re, im;
} Four;

static inline Four times(Four a, v128_t re, v128_t im) {
  return (Four){wasm_f32x4_sub(wasm_f32x4_mul(a.re, re), wasm_f32x4_mul(a.im, im)),
                wasm_f32x4_add(wasm_f32x4_mul(a.re, im), wasm_f32x4_mul(a.im, re))};
}

// Stockham's transform of n numbers, a power of two. `wave`: cos and −sin of 2πk/n for k below n/2, pair by
// pair. Works in `a` and `b` by turns and returns which has the result.
static Four *forward(Four *a, Four *b, int n, const float *wave) {
  for (int half = n / 2, stride = 1; half > 0; half /= 2, stride *= 2) {
    for (int k = 0; k < half; k++) {
      const v128_t re = wasm_v128_load32_splat(wave + 2 * k * stride);
      const v128_t im = wasm_v128_load32_splat(wave + 2 * k * stride + 1);
      for (int j = 0; j < stride; j++) {
        const Four p = a[j + stride * k], q = a[j + stride * (k + half)];
        b[j + stride * 2 * k] = (Four){wasm_f32x4_add(p.re, q.re), wasm_f32x4_add(p.im, q.im)};
        const Four d = {wasm_f32x4_sub(p.re, q.re), wasm_f32x4_sub(p.im, q.im)};
        b[j + stride * (2 * k + 1)] = times(d, re, im);
      }
    }
    Four *spare = a;
    a = b;
    b = spare;
  }
  return a;
}

typedef struct {
  int32_t n;          // length of a line
  int32_t size;       // of the transform, a power of two; n, or at least 2n − 1
  const float *wave;  // of that size
  const float *kernel; // what its spectrum is multiplied by, re and im by turns, 1/size included
  const float *chirp; // for a transform of n numbers that is no power of two: e^(−iπk²/n), else 0
  Four *a;            // `size` each
  Four *b;
} Plan;

// The circular convolution of a[0 … n − 1] with the plan's kernel, in place. What lies beyond n is 0 when the
// size is larger.
static void convolve(const Plan *p) {
  const int size = p->size;
  const v128_t minus = wasm_f32x4_splat(-0.0f);
  Four *s = forward(p->a, p->b, size, p->wave);
  // The inverse is the conjugate of the transform of the conjugate.
  for (int k = 0; k < size; k++) {
    s[k] = times(s[k], wasm_v128_load32_splat(p->kernel + 2 * k), wasm_v128_load32_splat(p->kernel + 2 * k + 1));
    s[k].im = wasm_v128_xor(s[k].im, minus);
  }
  s = forward(s, s == p->a ? p->b : p->a, size, p->wave);
  for (int k = 0; k < p->n; k++) {
    Four v = {s[k].re, wasm_v128_xor(s[k].im, minus)};
    // The linear convolution of a longer transform is wound up again.
    if (size > p->n && !p->chirp && k + p->n < size) {
      v.re = wasm_f32x4_add(v.re, s[k + p->n].re);
      v.im = wasm_f32x4_sub(v.im, s[k + p->n].im);
    }
    p->a[k] = v;
  }
}

// First voxel of a line along an axis.
static inline int lineStart(int line, int axis, int ny, int nz) {
  if (axis == 2) return line * nz;
  if (axis == 1) return line / nz * ny * nz + line % nz;
  return line;
}

static inline v128_t gather(const float *from, const int *start, int at) {
  return wasm_f32x4_make(from[start[0] + at], from[start[1] + at], from[start[2] + at], from[start[3] + at]);
}

static inline void scatter(float *to, const int *start, int at, v128_t v, int lines) {
  float four[4];
  wasm_v128_store(four, v);
  for (int l = 0; l < lines; l++) to[start[l] + at] = four[l];
}

// Convolves every line along an axis with the plan's kernel, which is real: two times four lines at a time, as
// real and imaginary part. Writes to `to`, or adds to it.
void EXPORT(convolveLines)(const float *from, float *to, const int32_t *shape, int axis, const Plan *p, int add) {
  const int ny = shape[1], nz = shape[2], n = p->n;
  const int step = axis == 2 ? 1 : axis == 1 ? nz : ny * nz;
  const int lines = shape[0] * ny * nz / n;
  const v128_t zero = wasm_f32x4_splat(0);
  for (int line = 0; line < lines; line += 8) {
    int start[8];
    for (int l = 0; l < 8; l++) start[l] = lineStart(line + l < lines ? line + l : lines - 1, axis, ny, nz);
    for (int k = 0; k < n; k++) p->a[k] = (Four){gather(from, start, k * step), gather(from, start + 4, k * step)};
    for (int k = n; k < p->size; k++) p->a[k] = (Four){zero, zero};
    convolve(p);
    const int left = lines - line, first = left < 4 ? left : 4, second = left < 8 ? left - 4 : 4;
    for (int k = 0; k < n; k++) {
      Four v = p->a[k];
      if (add) {
        v.re = wasm_f32x4_add(v.re, gather(to, start, k * step));
        v.im = wasm_f32x4_add(v.im, gather(to, start + 4, k * step));
      }
      scatter(to, start, k * step, v.re, first);
      if (second > 0) scatter(to, start + 4, k * step, v.im, second);
    }
  }
}

// The transform of a[0 … n − 1], in place, any n (Bluestein, 1970).
static void transform(const Plan *p) {
  const int n = p->n;
  const v128_t zero = wasm_f32x4_splat(0);
  if (!p->chirp) {
    const Four *s = forward(p->a, p->b, n, p->wave);
    if (s != p->a)
      for (int k = 0; k < n; k++) p->a[k] = s[k];
    return;
  }
  for (int k = 0; k < n; k++)
    p->a[k] = times(p->a[k], wasm_v128_load32_splat(p->chirp + 2 * k), wasm_v128_load32_splat(p->chirp + 2 * k + 1));
  for (int k = n; k < p->size; k++) p->a[k] = (Four){zero, zero};
  convolve(p);
  for (int k = 0; k < n; k++)
    p->a[k] = times(p->a[k], wasm_v128_load32_splat(p->chirp + 2 * k), wasm_v128_load32_splat(p->chirp + 2 * k + 1));
}

// Transforms every line along an axis, in place.
void EXPORT(transformLines)(float *re, float *im, const int32_t *shape, int axis, const Plan *p) {
  const int ny = shape[1], nz = shape[2], n = p->n;
  const int step = axis == 2 ? 1 : axis == 1 ? nz : ny * nz;
  const int lines = shape[0] * ny * nz / n;
  for (int line = 0; line < lines; line += 4) {
    int start[4];
    for (int l = 0; l < 4; l++) start[l] = lineStart(line + l < lines ? line + l : lines - 1, axis, ny, nz);
    for (int k = 0; k < n; k++) p->a[k] = (Four){gather(re, start, k * step), gather(im, start, k * step)};
    transform(p);
    const int left = lines - line < 4 ? lines - line : 4;
    for (int k = 0; k < n; k++) {
      scatter(re, start, k * step, p->a[k].re, left);
      scatter(im, start, k * step, p->a[k].im, left);
    }
  }
}

// Transforms every line along z of real numbers, two at a time; what is above the middle mirrors what is below,
// so that n/2 + 1 numbers a line are kept: in re and im, [nx, ny, n/2 + 1].
void EXPORT(transformReal)(const float *from, float *re, float *im, int lines, const Plan *p) {
  const int n = p->n, kept = n / 2 + 1;
  const v128_t half = wasm_f32x4_splat(0.5f);
  for (int line = 0; line < lines; line += 8) {
    int start[8], target[8];
    for (int l = 0; l < 8; l++) {
      const int own = line + l < lines ? line + l : lines - 1;
      start[l] = own * n;
      target[l] = own * kept;
    }
    for (int k = 0; k < n; k++) p->a[k] = (Four){gather(from, start, k), gather(from, start + 4, k)};
    transform(p);
    const int left = lines - line, first = left < 4 ? left : 4, second = left < 8 ? left - 4 : 4;
    for (int k = 0; k < kept; k++) {
      const Four v = p->a[k], w = p->a[k == 0 ? 0 : n - k];
      scatter(re, target, k, wasm_f32x4_mul(half, wasm_f32x4_add(v.re, w.re)), first);
      scatter(im, target, k, wasm_f32x4_mul(half, wasm_f32x4_sub(v.im, w.im)), first);
      if (second <= 0) continue;
      scatter(re, target + 4, k, wasm_f32x4_mul(half, wasm_f32x4_add(v.im, w.im)), second);
      scatter(im, target + 4, k, wasm_f32x4_mul(half, wasm_f32x4_sub(w.re, v.re)), second);
    }
  }
}

// The largest squared magnitude of complex numbers.
double EXPORT(peak)(const float *re, const float *im, int n) {
  double largest = 0;
  for (int i = 0; i < n; i++) {
    const double square = (double)re[i] * (double)re[i] + (double)im[i] * (double)im[i];
    if (square > largest) largest = square;
  }
  return largest;
}
