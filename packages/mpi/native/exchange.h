// The sum of large messages over all ranks in rounds of neighbours' messages, each rank adding up its part: every byte
// is sent and received 2 (n − 1) ÷ n times, whatever the number of ranks. The libraries' own non-blocking sums send
// whole messages up and down a tree where the result replaces the input, which takes log₂ n times as long.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memory.h"

namespace genesis {

/// What a rank sends and receives at a time; places and counts in elements.
struct Round {
  int to;
  int from;
  size_t sendFirst;
  size_t sendCount;
  size_t receiveFirst;
  size_t receiveCount;
  /// Whether what is received is added to what is there, or replaces it.
  bool adds;
};

/// Halving and doubling distances where the number of ranks is a power of two (2 log₂ n rounds; Rabenseifner, 2004),
/// else a ring (2 (n − 1) rounds). Each place is added up in one rank alone, so that all have the same bits.
std::vector<Round> roundsOf(int rank, int size, size_t count);

class Exchange {
 public:
  /// @param memory - `count` float32 values, or halves; replaced by the sums. Must stay.
  /// @param tag - The same in all ranks, another one for each exchange that is under way.
  Exchange(MPI_Comm comm, int tag, uint8_t* memory, size_t count, bool isHalf);

  /// Begins the first round. Returns an error of MPI.
  int start();
  /// Goes on as far as messages have arrived; says whether all rounds are over. Returns an error of MPI.
  int poll(bool* isDone);

 private:
  int post();
  void add();

  MPI_Comm comm_;
  int tag_;
  uint8_t* memory_;
  bool isHalf_;
  size_t width_;
  std::vector<Round> rounds_;
  size_t current_ = 0;
  Memory received_;
  MPI_Request requests_[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};
};

}  // namespace genesis
