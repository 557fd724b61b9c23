// Volumes whose channels lie in one or two arrays.
#pragma once

#include <cstdint>

namespace genesis {

/// Channels of a dense channels-last volume, side by side in `count` arrays of their own, each of them dense. Where
/// there are two, the first has a multiple of kJoinUnit channels.
template <typename T>
struct Channels {
  int count;
  T* data[2];
  int64_t channels[2];
};
using Source = Channels<const float>;
using Target = Channels<float>;

/// Lanes of the widest vectors: whole vectors of a volume of two arrays lie in one of them.
constexpr int64_t kJoinUnit = 16;

}  // namespace genesis
