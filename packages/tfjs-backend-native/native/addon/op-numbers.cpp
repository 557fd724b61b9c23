#include "addon/op-numbers.h"

#include "ops/binary.h"
#include "ops/norm/norm.h"
#include "ops/reduce.h"
#include "ops/unary.h"

namespace genesis {

namespace {

template <size_t Count>
bool add(napi_env env, napi_value exports, const char* property, const char* const (&names)[Count]) {
  napi_value numbers;
  if (napi_create_object(env, &numbers) != napi_ok) return false;
  for (size_t i = 0; i < Count; ++i) {
    napi_value number;
    if (napi_create_uint32(env, static_cast<uint32_t>(i), &number) != napi_ok ||
        napi_set_named_property(env, numbers, names[i], number) != napi_ok) {
      return false;
    }
  }
  return napi_set_named_property(env, exports, property, numbers) == napi_ok;
}

}  // namespace

bool addOpNumbers(napi_env env, napi_value exports) {
  return add(env, exports, "unaryOps", kUnaryNames) && add(env, exports, "binaryOps", kBinaryNames) &&
         add(env, exports, "compareOps", kCompareNames) && add(env, exports, "reduceOps", kReduceNames) &&
         add(env, exports, "activations", kActivationNames);
}

}  // namespace genesis
