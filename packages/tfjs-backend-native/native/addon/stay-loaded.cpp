#include "addon/stay-loaded.h"

#if defined(_WIN32)
#include <windows.h>
#elif defined(__APPLE__)
#include <dlfcn.h>
#endif

namespace genesis {

void stayLoaded() {
#if defined(_WIN32)
  HMODULE module;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&stayLoaded), &module);
#elif defined(__APPLE__)
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&stayLoaded), &info) != 0) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
  // Elsewhere the linker's -z nodelete does it.
}

}  // namespace genesis
