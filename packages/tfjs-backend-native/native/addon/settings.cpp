// Instruction set, threads and precision of the process.
#include <stdexcept>

#include "addon/call.h"
#include "conv/conv3d.h"
#include "runtime/isa.h"
#include "runtime/threads.h"

namespace genesis {

namespace {

void isa(Call& call) { call.resultText(isaName(activeIsa())); }

void bestIsa(Call& call) { call.resultText(isaName(detectIsa())); }

void setIsa(Call& call) { call.resultBoolean(forceIsa(call.text(0).c_str())); }

void threads(Call& call) { call.resultNumber(numThreads()); }

void setThreads(Call& call) {
  const int64_t count = call.integer(0);
  if (count < 1) throw std::invalid_argument("The number of threads must be at least 1");
  setNumThreads(static_cast<int>(count > 256 ? 256 : count));
}

void setStrict(Call& call) { setPrecision(call.boolean(0) ? Precision::Strict : Precision::Fast); }

void isStrict(Call& call) { call.resultBoolean(precision() == Precision::Strict); }

}  // namespace

extern const Binding settingsBindings[] = {
    {"isa", isa},           {"bestIsa", bestIsa},       {"setIsa", setIsa},
    {"threads", threads},   {"setThreads", setThreads}, {"setStrict", setStrict},
    {"isStrict", isStrict}, {nullptr, nullptr},
};

}  // namespace genesis
