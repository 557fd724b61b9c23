#include "memory.h"

#include <map>
#include <mutex>
#include <utility>

namespace genesis {
namespace {

/// Free memory that is kept, at most.
constexpr size_t kMostKept = size_t{256} << 20;

struct Store {
  std::mutex mutex;
  std::multimap<size_t, std::unique_ptr<uint8_t[]>> free;
  size_t kept = 0;
};

/// Never destroyed: jobs may end after everything else.
Store& store() {
  static Store* one = new Store();
  return *one;
}

}  // namespace

Memory::~Memory() { release(); }

void Memory::swap(Memory& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(capacity_, other.capacity_);
  std::swap(size_, other.size_);
}

void Memory::resize(size_t size) {
  release();
  size_ = size;
  if (size == 0) return;
  Store& all = store();
  {
    std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.free.lower_bound(size);
    if (found != all.free.end() && found->first <= 2 * size) {
      capacity_ = found->first;
      bytes_ = std::move(found->second);
      all.kept -= capacity_;
      all.free.erase(found);
      return;
    }
  }
  bytes_.reset(new uint8_t[size]);
  capacity_ = size;
}

void Memory::release() {
  size_ = 0;
  if (!bytes_) return;
  Store& all = store();
  std::lock_guard<std::mutex> lock(all.mutex);
  if (all.kept + capacity_ <= kMostKept) {
    all.kept += capacity_;
    all.free.emplace(capacity_, std::move(bytes_));
  }
  bytes_.reset();
  capacity_ = 0;
}

}  // namespace genesis
