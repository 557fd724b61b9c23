#include "runtime/pages.h"

#include <cstdint>
#include <cstdlib>

#if defined(_WIN32)
#include <malloc.h>
#include <windows.h>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace genesis {

#if defined(_WIN32)

void* mapPages(size_t bytes) { return VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE); }

void unmapPages(void* data, size_t) { VirtualFree(data, 0, MEM_RELEASE); }

void discardPages(void* data, size_t bytes) {
  // A page that is only partly in the range would lose what others keep there.
  constexpr uintptr_t page = 4096;
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + page - 1) / page * page;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) / page * page;
  if (end > begin) VirtualAlloc(reinterpret_cast<void*>(begin), end - begin, MEM_RESET, PAGE_READWRITE);
}

void* allocateAligned(size_t alignment, size_t bytes) { return _aligned_malloc(bytes, alignment); }

void freeAligned(void* data) { _aligned_free(data); }

#else

void* mapPages(size_t bytes) {
  // Own mappings rather than malloc: returned to the system on release, whatever their size.
#if defined(__linux__)
  constexpr size_t kHugePage = size_t{2} << 20;
  const bool huge = bytes >= kHugePage;
  const size_t slack = huge ? kHugePage : 0;
#else
  constexpr size_t slack = 0;
#endif
  void* raw = mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
#if defined(__linux__)
  if (!huge) return raw;
  const uintptr_t address = reinterpret_cast<uintptr_t>(raw);
  const uintptr_t aligned = (address + kHugePage - 1) / kHugePage * kHugePage;
  if (aligned > address) munmap(raw, aligned - address);
  const uintptr_t end = address + bytes + slack;
  if (end > aligned + bytes) munmap(reinterpret_cast<void*>(aligned + bytes), end - aligned - bytes);
  madvise(reinterpret_cast<void*>(aligned), bytes, MADV_HUGEPAGE);  // a hint: failure only costs time
  return reinterpret_cast<void*>(aligned);
#else
  return raw;
#endif
}

void unmapPages(void* data, size_t bytes) { munmap(data, bytes); }

void discardPages(void* data, size_t bytes) {
  // 4 KiB, 16 KiB on Apple's processors, 64 KiB on some Arm servers.
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(data) + page - 1) / page * page;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(data) + bytes) / page * page;
#if defined(__linux__)
  const int advice = MADV_DONTNEED;
#else
  const int advice = MADV_FREE;
#endif
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, advice);
}

void* allocateAligned(size_t alignment, size_t bytes) {
  void* data = nullptr;
  if (posix_memalign(&data, alignment, bytes) != 0) return nullptr;
#if defined(__linux__)
  if (alignment >= size_t{2} << 20) madvise(data, bytes, MADV_HUGEPAGE);  // a hint: failure only costs time
#endif
  return data;
}

void freeAligned(void* data) { std::free(data); }

#endif

}  // namespace genesis
