// Scratch memory shared by all operations and kept between calls.
#pragma once

#include <cstddef>
#include <cstdint>

namespace genesis {

/// A block of scratch memory for the life of the object, aligned to 64 bytes, contents undefined.
/// Throws std::bad_alloc.
class Scratch {
 public:
  explicit Scratch(int64_t floats);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  float* data() const { return data_; }

 private:
  float* data_;
  size_t bytes_;
};

/// Bytes that the pool holds, in use or kept.
int64_t workspaceBytes();
/// Frees the kept blocks that are not in use.
void releaseWorkspace();

}  // namespace genesis
