#include "transport.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "half.h"

namespace genesis {
namespace {

using Clock = std::chrono::steady_clock;

/// How long the thread asks again at once, giving way to others, before it begins to sleep between two questions.
constexpr std::chrono::microseconds kEager{200};
constexpr std::chrono::microseconds kNap{50};

/// Bytes from which on a sum is made by an Exchange.
constexpr size_t kLarge = 32768;
/// MPI promises tags up to 32767.
constexpr int kTags = 32768;

std::string textOf(int error) {
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  if (MPI_Error_string(error, text, &length) != MPI_SUCCESS) return "error " + std::to_string(error);
  return std::string(text, static_cast<size_t>(length));
}

void sumOfHalves(void* in, void* inOut, int* length, MPI_Datatype*) {
  addHalf(static_cast<const uint16_t*>(in), static_cast<uint16_t*>(inOut), static_cast<size_t>(*length));
}

}  // namespace

Transport& Transport::instance() {
  static Transport* one = new Transport();
  return *one;
}

std::string Transport::start() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (finishing_) return "MPI is finalised in this process, which cannot be undone";
  if (!started_) {
    started_ = true;
    thread_ = std::thread([this] { work(); });
    std::atexit([] { Transport::instance().finish(10); });
  }
  changed_.wait(lock, [this] { return ready_ || finished_; });
  return failure_;
}

void Transport::submit(std::unique_ptr<Job> job) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!finishing_) {
      queue_.push_back(std::move(job));
      changed_.notify_all();
      return;
    }
  }
  job->error = MPI_ERR_OTHER;
  job->message = "MPI is finalised in this process";
  auto done = std::move(job->done);
  done(std::move(job));
}

std::unique_ptr<Job> Transport::run(std::unique_ptr<Job> job) {
  std::mutex mutex;
  std::condition_variable arrived;
  std::unique_ptr<Job> result;
  job->done = [&](std::unique_ptr<Job> finished) {
    // Told while the lock is held: the waiting thread destroys what is told with.
    std::lock_guard<std::mutex> lock(mutex);
    result = std::move(finished);
    arrived.notify_one();
  };
  submit(std::move(job));
  std::unique_lock<std::mutex> lock(mutex);
  arrived.wait(lock, [&] { return result != nullptr; });
  return result;
}

void Transport::finish(double seconds) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!started_) return;
  finishing_ = true;
  changed_.notify_all();
  const auto isFinished = [this] { return finished_; };
  if (seconds < 0) {
    changed_.wait(lock, isFinished);
  } else if (!changed_.wait_for(lock, std::chrono::duration<double>(seconds), isFinished)) {
    // The others do not come. This is the only call from another thread, and it does not return.
    MPI_Abort(MPI_COMM_WORLD, 1);
    std::_Exit(1);
  }
  lock.unlock();
  if (thread_.joinable()) thread_.join();
}

std::string Transport::initialise() {
  int initialised = 0;
  MPI_Initialized(&initialised);
  if (initialised) return "something else in this process has initialised MPI already";
  int level = MPI_THREAD_SINGLE;
  const int error = MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level);
  if (error != MPI_SUCCESS) return "MPI_Init_thread failed: " + textOf(error);
  if (level < MPI_THREAD_FUNNELED) {
    MPI_Finalize();
    return "this MPI library was built without threads (MPI_THREAD_FUNNELED is needed)";
  }
  MPI_Comm world;
  MPI_Comm_dup(MPI_COMM_WORLD, &world);
  MPI_Comm_set_errhandler(world, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  comms_.push_back(world);
  MPI_Type_contiguous(2, MPI_BYTE, &half_);
  MPI_Type_commit(&half_);
  MPI_Op_create(sumOfHalves, 1, &addHalf_);
  world_ = describe(world);
  MPI_Comm local;
  MPI_Comm_split_type(world, MPI_COMM_TYPE_SHARED, world_.rank, MPI_INFO_NULL, &local);
  MPI_Comm_rank(local, &localRank_);
  MPI_Comm_size(local, &localSize_);
  MPI_Comm_free(&local);
  return "";
}

Group Transport::describe(MPI_Comm comm) {
  Group group;
  MPI_Comm_rank(comm, &group.rank);
  MPI_Comm_size(comm, &group.size);
  char own[MPI_MAX_PROCESSOR_NAME] = {};
  int length = 0;
  MPI_Get_processor_name(own, &length);
  std::vector<char> all(static_cast<size_t>(group.size) * sizeof own);
  MPI_Allgather(own, sizeof own, MPI_CHAR, all.data(), sizeof own, MPI_CHAR, comm);
  for (int rank = 0; rank < group.size; rank++) group.hosts.emplace_back(all.data() + rank * sizeof own);
  return group;
}

void Transport::work() {
  std::string failure = initialise();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    failure_ = std::move(failure);
    ready_ = true;
    finished_ = !failure_.empty();
    changed_.notify_all();
    if (finished_) return;
  }
  auto lastProgress = Clock::now();
  for (;;) {
    std::deque<std::unique_ptr<Job>> fresh;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      const auto hasNews = [this] { return !queue_.empty() || finishing_; };
      if (active_.empty()) {
        changed_.wait(lock, hasNews);
        if (queue_.empty()) break;
      } else if (queue_.empty() && Clock::now() - lastProgress > kEager) {
        if (finishing_) {
          lock.unlock();
          std::this_thread::sleep_for(kNap);
          lock.lock();
        } else {
          changed_.wait_for(lock, kNap, [this] { return !queue_.empty(); });
        }
      }
      fresh.swap(queue_);
    }
    for (auto& job : fresh) {
      begin(*job);
      if (job->request == MPI_REQUEST_NULL && !job->exchange) {
        complete(std::move(job));
      } else {
        active_.push_back(std::move(job));
      }
      lastProgress = Clock::now();
    }
    if (active_.empty()) continue;
    if (poll()) {
      lastProgress = Clock::now();
    } else {
      std::this_thread::yield();
    }
  }
  MPI_Op_free(&addHalf_);
  MPI_Type_free(&half_);
  MPI_Finalize();
  std::lock_guard<std::mutex> lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

void Transport::begin(Job& job) {
  MPI_Comm comm = comms_[static_cast<size_t>(job.group)];
  const MPI_Datatype types[] = {MPI_FLOAT, MPI_DOUBLE, half_, MPI_BYTE};
  const MPI_Datatype type = types[static_cast<int>(job.element)];
  const int count = static_cast<int>(job.count);
  switch (job.kind) {
    case Kind::kAllReduce: {
      const bool isHalf = job.element == Element::kFloat16;
      const bool isFloat = isHalf || job.element == Element::kFloat32;
      if (isFloat && job.operation == Operation::kSum && job.memory.size() >= kLarge) {
        const int tag = exchanges_++ % kTags;
        job.exchange = std::make_unique<Exchange>(comm, tag, job.memory.data(), static_cast<size_t>(job.count), isHalf);
        job.error = job.exchange->start();
        break;
      }
      const MPI_Op sum = job.element == Element::kFloat16 ? addHalf_ : MPI_SUM;
      const MPI_Op operation = job.operation == Operation::kMax ? MPI_MAX : sum;
      job.error = MPI_Iallreduce(MPI_IN_PLACE, job.memory.data(), count, type, operation, comm, &job.request);
      break;
    }
    case Kind::kBroadcast: job.error = MPI_Ibcast(job.memory.data(), count, type, job.root, comm, &job.request); break;
    case Kind::kAllGather:
      job.error = MPI_Iallgather(job.memory.data(), count, type, job.gathered.data(), count, type, comm, &job.request);
      break;
    case Kind::kBarrier: job.error = MPI_Ibarrier(comm, &job.request); break;
    case Kind::kSplit: {
      MPI_Comm made;
      job.error = MPI_Comm_split(comm, job.color, job.key, &made);
      if (job.error != MPI_SUCCESS) break;
      MPI_Comm_set_errhandler(made, MPI_ERRORS_RETURN);
      job.made = describe(made);
      job.made.handle = static_cast<int>(comms_.size());
      comms_.push_back(made);
      break;
    }
    case Kind::kAbort: MPI_Abort(MPI_COMM_WORLD, job.color); std::_Exit(job.color);
  }
  if (job.error == MPI_SUCCESS) return;
  job.request = MPI_REQUEST_NULL;
  job.exchange.reset();
}

bool Transport::poll() {
  bool progressed = false;
  for (size_t n = 0; n < active_.size();) {
    Job& job = *active_[n];
    bool isDone = false;
    if (job.exchange) {
      job.error = job.exchange->poll(&isDone);
    } else {
      int flag = 0;
      job.error = MPI_Test(&job.request, &flag, MPI_STATUS_IGNORE);
      isDone = flag != 0;
    }
    if (!isDone && job.error == MPI_SUCCESS) {
      n++;
      continue;
    }
    progressed = true;
    std::unique_ptr<Job> done = std::move(active_[n]);
    active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(n));
    complete(std::move(done));
  }
  return progressed;
}

void Transport::complete(std::unique_ptr<Job> job) {
  if (job->error != MPI_SUCCESS) job->message = textOf(job->error);
  auto done = std::move(job->done);
  done(std::move(job));
}

}  // namespace genesis
