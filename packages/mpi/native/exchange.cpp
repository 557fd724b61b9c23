#include "exchange.h"

#include <algorithm>

#include "half.h"

namespace genesis {
namespace {

/// First element of part `n` of `parts`.
size_t firstOf(size_t count, int n, int parts) {
  return count / static_cast<size_t>(parts) * static_cast<size_t>(n) +
         std::min(count % static_cast<size_t>(parts), static_cast<size_t>(n));
}

std::vector<Round> ring(int rank, int size, size_t count) {
  const int next = (rank + 1) % size;
  const int previous = (rank + size - 1) % size;
  std::vector<Round> rounds;
  for (int step = 0; step < 2 * (size - 1); step++) {
    const bool adds = step < size - 1;
    const int sent = ((adds ? rank : rank + 1) - step % (size - 1) + size) % size;
    const int received = (sent + size - 1) % size;
    const size_t sendFirst = firstOf(count, sent, size);
    const size_t receiveFirst = firstOf(count, received, size);
    rounds.push_back({next, previous, sendFirst, firstOf(count, sent + 1, size) - sendFirst, receiveFirst,
                      firstOf(count, received + 1, size) - receiveFirst, adds});
  }
  return rounds;
}

std::vector<Round> halving(int rank, int size, size_t count) {
  std::vector<Round> rounds;
  // Parts of the message, of as many as there are ranks, that are this rank's so far.
  int first = 0;
  int parts = size;
  while (parts > 1) {
    const int half = parts / 2;
    const int partner = rank ^ half;
    const bool keepsUpper = (rank & half) != 0;
    const int kept = keepsUpper ? first + half : first;
    const int given = keepsUpper ? first : first + half;
    const size_t keptFirst = firstOf(count, kept, size);
    const size_t givenFirst = firstOf(count, given, size);
    rounds.push_back({partner, partner, givenFirst, firstOf(count, given + half, size) - givenFirst, keptFirst,
                      firstOf(count, kept + half, size) - keptFirst, true});
    first = kept;
    parts = half;
  }
  // Back the same way: what was kept is given, what was given comes back as a sum.
  for (size_t n = rounds.size(); n-- > 0;) {
    const Round round = rounds[n];
    rounds.push_back(
        {round.to, round.from, round.receiveFirst, round.receiveCount, round.sendFirst, round.sendCount, false});
  }
  return rounds;
}

}  // namespace

std::vector<Round> roundsOf(int rank, int size, size_t count) {
  const bool isPowerOfTwo = (size & (size - 1)) == 0;
  return isPowerOfTwo ? halving(rank, size, count) : ring(rank, size, count);
}

Exchange::Exchange(MPI_Comm comm, int tag, uint8_t* memory, size_t count, bool isHalf)
    : comm_(comm), tag_(tag), memory_(memory), isHalf_(isHalf), width_(isHalf ? sizeof(uint16_t) : sizeof(float)) {
  int rank;
  int size;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  rounds_ = roundsOf(rank, size, count);
  size_t most = 0;
  for (const Round& round : rounds_) {
    if (round.adds) most = std::max(most, round.receiveCount);
  }
  received_.resize(most * width_);
}

int Exchange::start() { return rounds_.empty() ? MPI_SUCCESS : post(); }

int Exchange::post() {
  const Round& round = rounds_[current_];
  uint8_t* target = round.adds ? received_.data() : memory_ + round.receiveFirst * width_;
  const int error = MPI_Irecv(target, static_cast<int>(round.receiveCount * width_), MPI_BYTE, round.from, tag_, comm_,
                              &requests_[0]);
  if (error != MPI_SUCCESS) return error;
  return MPI_Isend(memory_ + round.sendFirst * width_, static_cast<int>(round.sendCount * width_), MPI_BYTE, round.to,
                   tag_, comm_, &requests_[1]);
}

void Exchange::add() {
  const Round& round = rounds_[current_];
  uint8_t* sums = memory_ + round.receiveFirst * width_;
  if (isHalf_) {
    addHalf(reinterpret_cast<const uint16_t*>(received_.data()), reinterpret_cast<uint16_t*>(sums), round.receiveCount);
    return;
  }
  const float* received = reinterpret_cast<const float*>(received_.data());
  float* values = reinterpret_cast<float*>(sums);
  for (size_t i = 0; i < round.receiveCount; i++) values[i] += received[i];
}

int Exchange::poll(bool* isDone) {
  *isDone = false;
  while (current_ < rounds_.size()) {
    int arrived = 0;
    const int error = MPI_Testall(2, requests_, &arrived, MPI_STATUSES_IGNORE);
    if (error != MPI_SUCCESS) return error;
    if (!arrived) return MPI_SUCCESS;
    if (rounds_[current_].adds) add();
    current_++;
    if (current_ == rounds_.size()) break;
    const int posted = post();
    if (posted != MPI_SUCCESS) return posted;
  }
  *isDone = true;
  return MPI_SUCCESS;
}

}  // namespace genesis
