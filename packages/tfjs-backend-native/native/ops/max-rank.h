// The largest rank of the arrays that are walked dimension by dimension.
#pragma once

namespace genesis {

constexpr int kMaxRank = 8;

}  // namespace genesis
