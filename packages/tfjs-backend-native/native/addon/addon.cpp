// The module: one JavaScript function per binding. Nothing is kept per environment, so the addon may be
// loaded by the main thread and by any number of workers.
#include <exception>
#include <new>

#include "addon/call.h"
#include "addon/op-numbers.h"
#include "addon/stay-loaded.h"

namespace {

using genesis::Binding;
using genesis::Call;

/// Of the functions that the module exports; raised together with INTERFACE in src/addon.ts when one changes.
constexpr uint32_t kInterface = 3;

/// No C++ exception may reach Node: each becomes a JavaScript one.
napi_value invoke(napi_env env, napi_callback_info info) {
  void* data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  try {
    Call call(env, info);
    static_cast<const Binding*>(data)->function(call);
    return call.result();
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, "out-of-memory", "Not enough memory for this tensor operation");
  } catch (const std::exception& error) {
    napi_throw_range_error(env, "invalid-argument", error.what());
  }
  return nullptr;
}

bool add(napi_env env, napi_value exports, const Binding* bindings) {
  for (; bindings->name != nullptr; ++bindings) {
    napi_value function;
    if (napi_create_function(env, bindings->name, NAPI_AUTO_LENGTH, invoke, const_cast<Binding*>(bindings),
                             &function) != napi_ok ||
        napi_set_named_property(env, exports, bindings->name, function) != napi_ok) {
      return false;
    }
  }
  return true;
}

napi_value failed(napi_env env) {
  napi_throw_error(env, nullptr, "The native kernels could not be exported");
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  genesis::stayLoaded();
  const Binding* const all[] = {genesis::settingsBindings, genesis::memoryBindings, genesis::convBindings,
                                genesis::networkBindings, genesis::elementwiseBindings};
  for (const Binding* bindings : all) {
    if (!add(env, exports, bindings)) return failed(env);
  }
  napi_value interface;
  if (!genesis::addOpNumbers(env, exports) || napi_create_uint32(env, kInterface, &interface) != napi_ok ||
      napi_set_named_property(env, exports, "interface", interface) != napi_ok) {
    return failed(env);
  }
  return exports;
}
