// The inner loops of weighted sums of windows for WebAssembly SIMD. Every function does, bit for bit, what the function of the
// same name in src/window/kernels/typescript.ts does; test/sums-kernels.test.ts compares them. Build: node tools/wasm/build.mjs.
//
// Nothing is allocated here: the caller lays out the memory.
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

// sum + share · value, computed in float64 and rounded once.
static inline v128_t added(v128_t sum, v128_t value, v128_t share) {
  v128_t low = wasm_f64x2_add(wasm_f64x2_promote_low_f32x4(sum), wasm_f64x2_mul(share, wasm_f64x2_promote_low_f32x4(value)));
  v128_t upper = wasm_i64x2_shuffle(sum, sum, 1, 1), other = wasm_i64x2_shuffle(value, value, 1, 1);
  v128_t high = wasm_f64x2_add(wasm_f64x2_promote_low_f32x4(upper), wasm_f64x2_mul(share, wasm_f64x2_promote_low_f32x4(other)));
  return wasm_i64x2_shuffle(wasm_f32x4_demote_f64x2_zero(low), wasm_f32x4_demote_f64x2_zero(high), 0, 2);
}

// Adds the values of `count` voxels, each with its own share.
static inline void addRow(const float *values, const float *shares, float *sums, float *totals, int channels, int count) {
  for (int k = 0; k < count; k++, values += channels, sums += channels) {
    const float share = shares[k];
    const v128_t shares2 = wasm_f64x2_splat(share);
    totals[k] += share;
    int c = 0;
    for (; c + 4 <= channels; c += 4)
      wasm_v128_store(sums + c, added(wasm_v128_load(sums + c), wasm_v128_load(values + c), shares2));
    for (; c < channels; c++) sums[c] = (float)((double)sums[c] + (double)share * (double)values[c]);
  }
}

// Adds a part of a window, ni × nj × nk voxels, to a tile. Offsets and steps (of a plane, of a row) are in voxels.
void EXPORT(add)(const float *values, const float *shares, float *sums, float *totals, int channels, int ni, int nj, int nk,
                 int from, int fromPlane, int fromRow, int to, int toPlane, int toRow) {
  for (int i = 0; i < ni; i++)
    for (int j = 0; j < nj; j++) {
      const int source = from + i * fromPlane + j * fromRow, target = to + i * toPlane + j * toRow;
      addRow(values + source * channels, shares + source, sums + target * channels, totals + target, channels, nk);
    }
}

// Divides the sums of `count` voxels by their totals. Of float32 numbers, the quotient rounded once is that of float64 rounded.
void EXPORT(divide)(float *sums, const float *totals, int channels, int count) {
  for (int n = 0; n < count; n++, sums += channels) {
    const v128_t total = wasm_f32x4_splat(totals[n]);
    int c = 0;
    for (; c + 4 <= channels; c += 4) wasm_v128_store(sums + c, wasm_f32x4_div(wasm_v128_load(sums + c), total));
    for (; c < channels; c++) sums[c] /= totals[n];
  }
}
