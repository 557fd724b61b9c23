// Random numbers and small vector helpers that both kernel files share.
#ifndef GENESIS_LANES_H
#define GENESIS_LANES_H
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

// Four xoshiro128++ generators side by side, their states transposed.
typedef struct {
  v128_t s0, s1, s2, s3;
} Lanes;

static inline Lanes loadLanes(const uint32_t *states) {
  return (Lanes){wasm_v128_load(states), wasm_v128_load(states + 4), wasm_v128_load(states + 8),
                 wasm_v128_load(states + 12)};
}

static inline v128_t nextFour(Lanes *s) {
  v128_t sum = wasm_i32x4_add(s->s0, s->s3);
  sum = wasm_v128_or(wasm_i32x4_shl(sum, 7), wasm_u32x4_shr(sum, 25));
  v128_t word = wasm_i32x4_add(sum, s->s0);
  v128_t t = wasm_i32x4_shl(s->s1, 9);
  s->s2 = wasm_v128_xor(s->s2, s->s0);
  s->s3 = wasm_v128_xor(s->s3, s->s1);
  s->s1 = wasm_v128_xor(s->s1, s->s2);
  s->s0 = wasm_v128_xor(s->s0, s->s3);
  s->s2 = wasm_v128_xor(s->s2, t);
  s->s3 = wasm_v128_or(wasm_i32x4_shl(s->s3, 11), wasm_u32x4_shr(s->s3, 21));
  return word;
}

static inline v128_t mulAdd(v128_t sum, v128_t x, float c) {
  return wasm_f32x4_add(wasm_f32x4_mul(sum, x), wasm_f32x4_splat(c));
}

#endif
