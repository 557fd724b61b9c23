// Windows binds imports to the file name of a program. Node-API's functions come from whichever program loads the addon
// (node.exe, a renamed copy, an application that embeds Node), so they are looked up in it when the addon is loaded,
// and calls go through a jump each.
#if defined(_WIN32)

#include <windows.h>

// clang-format off
#define GENESIS_HOST_FUNCTIONS(X)                                                                               \
  X(napi_create_arraybuffer) X(napi_create_double) X(napi_create_external_arraybuffer)                         \
  X(napi_create_function) X(napi_create_object) X(napi_create_string_utf8) X(napi_create_uint32)               \
  X(napi_detach_arraybuffer) X(napi_get_array_length) X(napi_get_arraybuffer_info) X(napi_get_boolean)         \
  X(napi_get_cb_info) X(napi_get_element) X(napi_get_typedarray_info) X(napi_get_value_bool)                   \
  X(napi_get_value_double) X(napi_get_value_int64) X(napi_get_value_string_utf8) X(napi_is_array)              \
  X(napi_set_named_property) X(napi_throw_error) X(napi_throw_range_error) X(napi_typeof)
// clang-format on

#if defined(__x86_64__)
#define GENESIS_JUMP(name) "jmpq *genesis_host_" #name "(%rip)\n"
#elif defined(__aarch64__)
#define GENESIS_JUMP(name)        \
  "adrp x16, genesis_host_" #name \
  "\n"                            \
  "ldr x16, [x16, :lo12:genesis_host_" #name "]\nbr x16\n"
#endif

// Named by the jumps only, so the compiler must be told that they are used.
#define GENESIS_DEFINE(name)                                   \
  extern "C" {                                                 \
  __attribute__((used)) FARPROC genesis_host_##name = nullptr; \
  }                                                            \
  asm(".text\n.globl " #name "\n.p2align 4\n" #name ":\n" GENESIS_JUMP(name));
GENESIS_HOST_FUNCTIONS(GENESIS_DEFINE)

namespace {

FARPROC find(const char* name) {
  // Programs that embed Node may keep it in a library.
  const wchar_t* const files[] = {nullptr, L"libnode.dll", L"node.dll"};
  for (const wchar_t* file : files) {
    const HMODULE module = GetModuleHandleW(file);
    const FARPROC function = module != nullptr ? GetProcAddress(module, name) : nullptr;
    if (function != nullptr) return function;
  }
  return nullptr;
}

}  // namespace

/// The addon does not load in a program without Node-API.
extern "C" BOOL WINAPI DllMain(HINSTANCE, DWORD reason, LPVOID) {
  if (reason != DLL_PROCESS_ATTACH) return TRUE;
  bool complete = true;
#define GENESIS_FIND(name) complete = (genesis_host_##name = find(#name)) != nullptr && complete;
  GENESIS_HOST_FUNCTIONS(GENESIS_FIND)
  return complete;
}

#endif
