// Memory of messages. It is used again, because fresh pages cost more than the copying into them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace genesis {

class Memory {
 public:
  Memory() = default;
  Memory(Memory&& other) noexcept { swap(other); }
  Memory& operator=(Memory&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Memory();

  /// What it held is lost.
  void resize(size_t size);
  uint8_t* data() { return bytes_.get(); }
  size_t size() const { return size_; }
  void swap(Memory& other) noexcept;

 private:
  void release();

  std::unique_ptr<uint8_t[]> bytes_;
  size_t capacity_ = 0;
  size_t size_ = 0;
};

}  // namespace genesis
