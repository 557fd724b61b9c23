#include "runtime/workspace.h"

#include <mutex>
#include <new>
#include <vector>

#include "runtime/pages.h"

namespace genesis {

namespace {

constexpr size_t kPage = size_t{2} << 20;  // transparent huge pages need this alignment

struct Block {
  void* data;
  size_t bytes;
};

struct Pool {
  std::mutex mutex;
  std::vector<Block> kept;
  size_t total = 0;
};

Pool& pool() {
  static Pool* instance = new Pool;  // never destroyed, as the thread pool
  return *instance;
}

Block allocate(size_t bytes) {
  const size_t unit = bytes >= kPage ? kPage : 4096;
  const size_t rounded = (bytes + unit - 1) / unit * unit;
  void* data = allocateAligned(unit, rounded);
  if (data == nullptr) throw std::bad_alloc();
  return {data, rounded};
}

}  // namespace

Scratch::Scratch(int64_t floats) {
  const size_t bytes = static_cast<size_t>(floats < 1 ? 1 : floats) * sizeof(float);
  Pool& p = pool();
  std::lock_guard<std::mutex> lock(p.mutex);
  size_t best = p.kept.size();
  for (size_t i = 0; i < p.kept.size(); ++i) {
    if (p.kept[i].bytes >= bytes && (best == p.kept.size() || p.kept[i].bytes < p.kept[best].bytes)) {
      best = i;
    }
  }
  Block block;
  if (best < p.kept.size()) {
    block = p.kept[best];
    p.kept.erase(p.kept.begin() + static_cast<std::ptrdiff_t>(best));
  } else {
    // None is large enough: the largest kept one is replaced, so that the pool holds as many blocks
    // as were ever in use at once, not one per size.
    size_t largest = p.kept.size();
    for (size_t i = 0; i < p.kept.size(); ++i) {
      if (largest == p.kept.size() || p.kept[i].bytes > p.kept[largest].bytes) largest = i;
    }
    if (largest < p.kept.size()) {
      freeAligned(p.kept[largest].data);
      p.total -= p.kept[largest].bytes;
      p.kept.erase(p.kept.begin() + static_cast<std::ptrdiff_t>(largest));
    }
    block = allocate(bytes);
    p.total += block.bytes;
  }
  data_ = static_cast<float*>(block.data);
  bytes_ = block.bytes;
}

Scratch::~Scratch() {
  Pool& p = pool();
  std::lock_guard<std::mutex> lock(p.mutex);
  p.kept.push_back({data_, bytes_});
}

int64_t workspaceBytes() {
  Pool& p = pool();
  std::lock_guard<std::mutex> lock(p.mutex);
  return static_cast<int64_t>(p.total);
}

void releaseWorkspace() {
  Pool& p = pool();
  std::lock_guard<std::mutex> lock(p.mutex);
  for (const Block& block : p.kept) {
    freeAligned(block.data);
    p.total -= block.bytes;
  }
  p.kept.clear();
}

}  // namespace genesis
