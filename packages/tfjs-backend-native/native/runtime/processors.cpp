#include "runtime/processors.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#elif defined(_WIN32)
#include <windows.h>
#endif

namespace genesis {

namespace {

/// Processors of one group, 0 for no limit. Version 2: "max 100000" or "50000 100000".
double limitOfGroup2(const std::string& folder) {
  std::ifstream file(folder + "/cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period && quota > 0 && period > 0 ? quota / period : 0;
}

/// Version 1: the quota is −1 for none.
double limitOfGroup1(const std::string& folder) {
  std::ifstream quotaFile(folder + "/cpu.cfs_quota_us"), periodFile(folder + "/cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quotaFile >> quota && periodFile >> period && quota > 0 && period > 0 ? quota / period : 0;
}

/// The least limit of a group and of those above it, up to the mount: in a container the group's own path may not exist
/// there, the mount then being its group.
double limitOfPath(const std::string& mount, std::string path, double (*limitOfGroup)(const std::string&)) {
  double least = 0;
  for (;;) {
    const double limit = limitOfGroup(mount + path);
    if (limit > 0 && (least == 0 || limit < least)) least = limit;
    if (path.empty()) return least;
    path.erase(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

bool hasCpu(const std::string& controllers) {
  std::istringstream list(controllers);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == "cpu") return true;
  }
  return false;
}

int affinityProcessors() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    const int count = CPU_COUNT(&set);
    if (count > 0) return count;
  }
#elif defined(_WIN32)
  DWORD_PTR process = 0, system = 0;
  // Zero when the process spans groups of 64 processors.
  if (GetProcessAffinityMask(GetCurrentProcess(), &process, &system) && process != 0) {
    return __builtin_popcountll(process);
  }
#endif
  const unsigned count = std::thread::hardware_concurrency();
  return count > 0 ? static_cast<int>(count) : 1;
}

/// What Slurm gave to this task, for clusters that bind tasks to no processors; 0 outside of Slurm.
int slurmProcessors() {
  const char* text = std::getenv("SLURM_CPUS_PER_TASK");
  const long count = text != nullptr ? std::strtol(text, nullptr, 10) : 0;
  return count > 0 && count < 65536 ? static_cast<int>(count) : 0;
}

}  // namespace

int quotaProcessors(const std::string& root) {
  std::ifstream groups(root + "/proc/self/cgroup");
  double least = 0;
  const auto take = [&](double limit) {
    if (limit > 0 && (least == 0 || limit < least)) least = limit;
  };
  // Lines are "number:controllers:path"; version 2 has number 0 and no controllers.
  for (std::string line; std::getline(groups, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    std::string path = line.substr(second + 1);
    if (path == "/") path.clear();
    const std::string mounts = root + "/sys/fs/cgroup";
    if (controllers.empty()) {
      take(limitOfPath(mounts, path, limitOfGroup2));
      take(limitOfPath(mounts + "/unified", path, limitOfGroup2));
    } else if (hasCpu(controllers)) {
      take(limitOfPath(mounts + "/" + controllers, path, limitOfGroup1));
      take(limitOfPath(mounts + "/cpu", path, limitOfGroup1));
    }
  }
  if (least == 0) return 0;
  return least < 1 ? 1 : least < 65536 ? static_cast<int>(least) : 65536;
}

int availableProcessors() {
  int count = affinityProcessors();
  for (const int limit : {quotaProcessors(""), slurmProcessors()}) {
    if (limit > 0 && limit < count) count = limit;
  }
  return count;
}

}  // namespace genesis
