// The number of processors, from files as containers have them.
#include <sys/stat.h>
#include <unistd.h>
#if defined(_WIN32)
#include <direct.h>
#endif

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "runtime/processors.h"

namespace {

int failures = 0;
std::string base;
/// What was made, to be removed from the last on.
std::vector<std::string> files, folders;

bool makeFolder(const std::string& path) {
#if defined(_WIN32)
  const int failed = _mkdir(path.c_str());
#else
  const int failed = mkdir(path.c_str(), 0755);
#endif
  if (!failed) folders.push_back(path);
  return !failed;
}

void removeAll() {
  for (const auto& path : files) std::remove(path.c_str());
  for (auto path = folders.rbegin(); path != folders.rend(); ++path) rmdir(path->c_str());
}

/// Writes a file below a root, with the folders above it.
void write(const std::string& root, const std::string& path, const std::string& text) {
  for (size_t i = 1; i < path.size(); ++i) {
    if (path[i] == '/') makeFolder(root + path.substr(0, i));
  }
  std::ofstream(root + path) << text;
  files.push_back(root + path);
}

std::string newRoot() {
  static int count = 0;
  const std::string root = base + "/" + std::to_string(count++);
  makeFolder(root);
  return root;
}

void expect(const std::string& root, int processors, const char* what) {
  const int found = genesis::quotaProcessors(root);
  if (found == processors) return;
  ++failures;
  std::printf("FAIL %s: %d, not %d\n", what, found, processors);
}

void version2() {
  const std::string group = "/sys/fs/cgroup/pods/one/cpu.max";
  const struct {
    const char* text;
    int processors;
  } cases[] = {{"max 100000\n", 0},
               {"50000 100000\n", 1},
               {"100000 100000\n", 1},
               {"150000 100000\n", 1},
               {"250000 100000\n", 2},
               {"1600000 100000\n", 16},
               {"", 0},
               {"nonsense\n", 0}};
  for (const auto& one : cases) {
    const std::string root = newRoot();
    write(root, "/proc/self/cgroup", "0::/pods/one\n");
    write(root, group, one.text);
    expect(root, one.processors, one.text);
  }
  std::string root = newRoot();
  write(root, "/proc/self/cgroup", "0::/pods/one\n");
  write(root, group, "800000 100000\n");
  write(root, "/sys/fs/cgroup/pods/cpu.max", "300000 100000\n");
  expect(root, 3, "a group above limits");
  root = newRoot();
  write(root, "/proc/self/cgroup", "0::/\n");
  write(root, "/sys/fs/cgroup/cpu.max", "200000 100000\n");
  expect(root, 2, "a container that sees its own group as the root");
  root = newRoot();
  write(root, "/proc/self/cgroup", "0::/pods/of/the/host\n");
  write(root, "/sys/fs/cgroup/cpu.max", "200000 100000\n");
  expect(root, 2, "a container that sees the host's path");
}

void version1() {
  std::string root = newRoot();
  write(root, "/proc/self/cgroup", "12:memory:/docker/a\n5:cpu,cpuacct:/docker/a\n4:cpuset:/docker/a\n0::/\n");
  write(root, "/sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_quota_us", "200000\n");
  write(root, "/sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_period_us", "100000\n");
  expect(root, 2, "version 1");
  root = newRoot();
  write(root, "/proc/self/cgroup", "5:cpuacct,cpu:/docker/a\n");
  write(root, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  write(root, "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  expect(root, 1, "version 1, mounted by another name, at the group itself");
  root = newRoot();
  write(root, "/proc/self/cgroup", "5:cpu:/\n");
  write(root, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  write(root, "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  expect(root, 0, "version 1 without a limit");
  root = newRoot();
  write(root, "/proc/self/cgroup", "5:cpuset:/a\n");
  write(root, "/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "100000\n");
  write(root, "/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
  expect(root, 0, "another controller's group");
}

}  // namespace

int main() {
  const char* temporary = std::getenv("TMPDIR");
  if (temporary == nullptr) temporary = std::getenv("TEMP");
  base = std::string(temporary != nullptr ? temporary : "/tmp") + "/genesis-processors-" + std::to_string(getpid());
  if (!makeFolder(base)) return 2;
  version2();
  version1();
  expect(base + "/none", 0, "no control groups");
  if (genesis::availableProcessors() < 1) ++failures;
  std::printf("%d failures\n", failures);
  removeAll();
  return failures == 0 ? 0 : 1;
}
