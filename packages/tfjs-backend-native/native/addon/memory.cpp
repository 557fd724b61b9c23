// Memory for tensors: ArrayBuffers over large pages that JavaScript's pool gives back at once, without
// waiting for the garbage collector. A buffer that is collected gives its memory back too.
#include <atomic>
#include <memory>
#include <new>
#include <stdexcept>

#include "addon/call.h"
#include "runtime/pages.h"
#include "runtime/workspace.h"

namespace genesis {

namespace {

/// One mapping. It outlives its memory: the ArrayBuffer's finalizer, which runs after a release, owns it.
struct Block {
  void* data;
  size_t bytes;
  std::atomic<bool> held{true};
};

void freeMemory(Block* block) {
  if (!block->held.exchange(false)) return;
  unmapPages(block->data, block->bytes);
}

void finalize(napi_env, void*, void* hint) {
  Block* block = static_cast<Block*>(hint);
  freeMemory(block);
  delete block;
}

/// allocate(bytes, handle: BigUint64Array[1]) → ArrayBuffer; handle names the block for release().
void allocate(Call& call) {
  const int64_t bytes = call.integer(0);
  if (bytes < 1) throw std::invalid_argument("The size of a buffer must be positive");
  napi_typedarray_type type;
  size_t length;
  void* handle;
  if (napi_get_typedarray_info(call.env(), call.value(1), &type, &length, &handle, nullptr, nullptr) != napi_ok ||
      type != napi_biguint64_array || length != 1) {
    throw std::invalid_argument("The handle of a buffer is not a BigUint64Array of one element");
  }
  const size_t rounded = (static_cast<size_t>(bytes) + 4095) / 4096 * 4096;
  void* data = mapPages(rounded);
  if (data == nullptr) throw std::bad_alloc();
  auto block = std::unique_ptr<Block>(new Block{data, rounded});
  napi_value buffer;
  const napi_status status =
      napi_create_external_arraybuffer(call.env(), data, rounded, finalize, block.get(), &buffer);
  if (status != napi_ok) {
    freeMemory(block.get());
    if (status == napi_no_external_buffers_allowed) {
      *static_cast<uint64_t*>(handle) = 0;
      void* unused;
      if (napi_create_arraybuffer(call.env(), rounded, &unused, &buffer) != napi_ok) throw std::bad_alloc();
      call.result(buffer);
      return;
    }
    throw std::bad_alloc();
  }
  *static_cast<uint64_t*>(handle) = reinterpret_cast<uint64_t>(block.release());
  call.result(buffer);
}

/// release(buffer, handle): detaches the buffer, so that no view can reach the memory, and frees it.
void release(Call& call) {
  napi_typedarray_type type;
  size_t length;
  void* handle;
  if (napi_get_typedarray_info(call.env(), call.value(1), &type, &length, &handle, nullptr, nullptr) != napi_ok ||
      type != napi_biguint64_array || length != 1) {
    throw std::invalid_argument("The handle of a buffer is not a BigUint64Array of one element");
  }
  Block* block = reinterpret_cast<Block*>(*static_cast<uint64_t*>(handle));
  if (napi_detach_arraybuffer(call.env(), call.value(0)) != napi_ok) {
    throw std::invalid_argument("This buffer cannot be detached");
  }
  if (block != nullptr) freeMemory(block);
}

/// discard(buffer, offset, bytes): the system takes the memory back, the address space stays.
void discard(Call& call) {
  void* data;
  size_t length;
  if (napi_get_arraybuffer_info(call.env(), call.value(0), &data, &length) != napi_ok) {
    throw std::invalid_argument("The buffer is not an ArrayBuffer");
  }
  const int64_t offset = call.integer(1), bytes = call.integer(2);
  if (offset < 0 || bytes < 0 || static_cast<size_t>(offset) + static_cast<size_t>(bytes) > length) {
    throw std::invalid_argument("The range is outside of the buffer");
  }
  discardPages(static_cast<char*>(data) + offset, static_cast<size_t>(bytes));
}

void scratchBytes(Call& call) { call.resultNumber(static_cast<double>(workspaceBytes())); }

void releaseScratch(Call&) { releaseWorkspace(); }

}  // namespace

extern const Binding memoryBindings[] = {
    {"allocate", allocate},
    {"release", release},
    {"discard", discard},
    {"scratchBytes", scratchBytes},
    {"releaseScratch", releaseScratch},
    {nullptr, nullptr},
};

}  // namespace genesis
