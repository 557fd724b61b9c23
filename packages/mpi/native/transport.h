// The one thread of the process that calls MPI. It initialises the library, takes jobs from any thread in order, lets
// several collectives progress at once, and finalises the library. So MPI_THREAD_FUNNELED is all that is asked of the
// library, and JavaScript never waits inside it.
#pragma once

#include <mpi.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "exchange.h"
#include "memory.h"

namespace genesis {

/// What one process knows of a group of them.
struct Group {
  int handle = 0;
  int rank = 0;
  int size = 1;
  /// Name of the host of each rank.
  std::vector<std::string> hosts;
};

enum class Kind { kAllReduce, kBroadcast, kAllGather, kBarrier, kSplit, kAbort };
enum class Element { kFloat32, kFloat64, kFloat16, kByte };
enum class Operation { kSum, kMax };

struct Job {
  Kind kind;
  /// Group::handle.
  int group = 0;
  Element element = Element::kByte;
  Operation operation = Operation::kSum;
  /// Of a broadcast.
  int root = 0;
  /// Of a split; of an abort, the exit code.
  int color = 0;
  int key = 0;
  /// What is sent, and where the result stands; the job's own memory, so that no array of JavaScript is in the
  /// library's hands.
  Memory memory;
  /// Of an all-gather: all ranks' bytes.
  Memory gathered;
  /// In elements.
  int64_t count = 0;
  /// Of a split.
  Group made;

  MPI_Request request = MPI_REQUEST_NULL;
  /// Of a large sum, instead of a request.
  std::unique_ptr<Exchange> exchange;
  int error = MPI_SUCCESS;
  std::string message;
  /// Called on the thread of MPI when the job is done; whoever waits owns the job from then on.
  std::function<void(std::unique_ptr<Job>)> done;
};

class Transport {
 public:
  /// The one of this process; never destroyed, since its thread may outlive everything else.
  static Transport& instance();

  /// Initialises MPI, once. Returns why it cannot be used, empty when it can.
  std::string start();
  const Group& world() const { return world_; }
  /// Ranks of the world on this host, and this one's number among them.
  int localSize() const { return localSize_; }
  int localRank() const { return localRank_; }

  void submit(std::unique_ptr<Job> job);
  /// Submits and blocks until it is done.
  std::unique_ptr<Job> run(std::unique_ptr<Job> job);

  /// Finalises MPI when all jobs are done, which takes all ranks. After `seconds` without them, if that is not
  /// negative, all are aborted. Does nothing when MPI was not started or is finished.
  void finish(double seconds);

 private:
  void work();
  std::string initialise();
  Group describe(MPI_Comm comm);
  void begin(Job& job);
  void complete(std::unique_ptr<Job> job);
  /// Whether a job was completed.
  bool poll();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Job>> queue_;
  bool started_ = false;
  bool ready_ = false;
  bool finishing_ = false;
  bool finished_ = false;
  std::string failure_;
  std::thread thread_;

  // Of the thread alone.
  std::vector<std::unique_ptr<Job>> active_;
  std::vector<MPI_Comm> comms_;
  /// Large sums begun so far; the same in all ranks, since all begin them in the same order.
  int exchanges_ = 0;
  MPI_Datatype half_ = MPI_DATATYPE_NULL;
  MPI_Op addHalf_ = MPI_OP_NULL;

  Group world_;
  int localSize_ = 1;
  int localRank_ = 0;
};

}  // namespace genesis
