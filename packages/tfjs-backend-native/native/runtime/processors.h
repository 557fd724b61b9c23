// How many processors this process may keep busy.
#pragma once

#include <string>

namespace genesis {

/// At least 1: the least of what the affinity mask holds, of the quotas of its control groups (containers) and of a
/// Slurm task's share. A quota of part of a processor counts as one, other parts do not: a thread that the system holds
/// back would make the others wait.
int availableProcessors();

/// Processors that the quotas of the control groups of this process allow, whole ones but at least 1; 0 when none
/// limits them or there is no such system. `root` stands before /proc and /sys, for tests.
int quotaProcessors(const std::string& root);

}  // namespace genesis
