// Convolutions whose windows lie side by side (the stride is the kernel's size, nothing is padded or left over; 1×1×1
// too). "Fine" is the volume that the windows are cut from, "coarse" has one voxel per window. A window's part in one
// line of the fine volume is contiguous, so all three directions are matrix products that read and write in place.
#pragma once

#include "conv/shape.h"
#include "gemm/blocks.h"
#include "gemm/rows.h"
#include "runtime/threads.h"
#include "runtime/workspace.h"

namespace genesis {
namespace GENESIS_ISA {

namespace {

constexpr int64_t kWindowUnit = 8 * kRows;                // coarse voxels of a unit of work
constexpr int64_t kWindowDepth = 128;                     // summed in registers, then added
constexpr int64_t kWindowParts = 16;                      // units of a filter gradient, wanted
constexpr int64_t kWindowStreamBytes = int64_t{4} << 20;  // results from this size on bypass the caches

inline bool windowsSideBySide(const Conv3dShape& s) {
  return s.kD == s.sD && s.kH == s.sH && s.kW == s.sW && s.padD == 0 && s.padH == 0 && s.padW == 0 &&
         s.inD == s.outD * s.kD && s.inH == s.outH * s.kH && s.inW == s.outW * s.kW;
}

struct Windows {
  int64_t d, h, w, kD, kH;  // coarse sizes; lines of a window
  int64_t voxels;           // coarse, of all samples
  int64_t lines;            // kD · kH
  int64_t line;             // floats of a window's line: kW · fine channels
  int64_t channels;         // coarse
  explicit Windows(const Conv3dShape& s)
      : d(s.outD),
        h(s.outH),
        w(s.outW),
        kD(s.kD),
        kH(s.kH),
        voxels(int64_t{s.batch} * s.outD * s.outH * s.outW),
        lines(int64_t{s.kD} * s.kH),
        line(int64_t{s.kW} * s.inC),
        channels(s.outC) {}
  /// Where the window of a coarse voxel starts.
  int64_t corner(int64_t voxel) const {
    const int64_t x = voxel % w, row = voxel / w, y = row % h, z = row / h;  // z counts the samples' slices
    return (z * kD * h * kH + y * kH) * w * line + x * line;
  }
  /// Corners of `count` voxels from `first` on; the last is repeated up to `padded`.
  template <typename T>
  void corners(T* fine, int64_t first, int64_t count, int64_t padded, T** out) const {
    int64_t x = first % w, at = corner(first);
    for (int64_t i = 0; i < padded; ++i) {
      out[i] = fine + at;
      if (i + 1 >= count) continue;
      if (++x < w) {
        at += line;
      } else {
        x = 0;
        at = corner(first + i + 1);
      }
    }
  }
  /// From a window's corner to one of its lines.
  int64_t lineOffset(int64_t index) const { return (index / kH * h * kH + index % kH) * w * line; }
};

/// coarse = fine · filter (+ bias).
inline void windowsForward(const Conv3dShape& s, const float* fine, const float* filter, const float* bias,
                           float* coarse) {
  const Windows g(s);
  const int64_t panels = (g.channels + kPanel - 1) / kPanel, panelFloats = g.lines * g.line * kPanel;
  Scratch packed(panels * panelFloats);
  parallelFor(panels, [&](int64_t panel, int) {
    packPanel(filter + panel * kPanel, g.channels, 1, g.lines * g.line, min64(kPanel, g.channels - panel * kPanel),
              packed.data() + panel * panelFloats);
  });
  parallelRange(g.voxels, kWindowUnit, [&](int64_t begin, int64_t end, int) {
    const float* corners[kWindowUnit];
    g.corners(fine, begin, end - begin, kWindowUnit, corners);
    for (int64_t panel = 0; panel < panels; ++panel) {
      const int64_t column = panel * kPanel, lanes = min64(kPanel, g.channels - column);
      for (int64_t line = 0; line < g.lines; ++line) {
        for (int64_t first = 0; first < g.line; first += kWindowDepth) {
          const float* b = packed.data() + panel * panelFloats + (line * g.line + first) * kPanel;
          const int64_t offset = g.lineOffset(line) + first;
          const bool add = line > 0 || first > 0;
          for (int64_t i = begin; i < end; i += kRows) {
            const float* from[kRows];
            const float* next[kRows];
            float* to[kRows];
            // The first panel brings the lines in from memory: the next block is asked for, after the last one the next
            // line.
            const bool more = i + kRows < end, ahead = panel == 0 && (more || line + 1 < g.lines);
            const int64_t nextOffset = g.lineOffset(more ? line : line + 1) + first;
            for (int64_t j = 0; j < kRows; ++j) {
              from[j] = corners[i - begin + j] + offset;
              next[j] = corners[more ? i - begin + kRows + j : j] + nextOffset;
              to[j] = coarse + (i + j) * g.channels + column;
            }
            multiplyRows(from, b, min64(kWindowDepth, g.line - first), to, min64(kRows, end - i), lanes,
                         add               ? Into::Add
                         : bias != nullptr ? Into::Bias
                                           : Into::Overwrite,
                         bias != nullptr ? bias + column : nullptr, ahead ? next : nullptr);
          }
        }
      }
    }
  });
}

/// fine = coarse · filterᵀ (+ bias, of the fine channels).
inline void windowsInputGrad(const Conv3dShape& s, const float* coarse, const float* filter, const float* bias,
                             float* fine) {
  const Windows g(s);
  const int64_t panels = (g.line + kPanel - 1) / kPanel, panelFloats = g.channels * kPanel;
  Scratch packed(g.lines * panels * panelFloats + panels * kPanel);
  float* biases = packed.data() + g.lines * panels * panelFloats;  // of a line
  for (int64_t i = 0; i < g.line; ++i) biases[i] = bias != nullptr ? bias[i % s.inC] : 0.0f;
  parallelFor(g.lines * panels, [&](int64_t unit, int) {
    const int64_t column = unit % panels * kPanel;
    packPanel(filter + (unit / panels * g.line + column) * g.channels, 1, g.channels, g.channels,
              min64(kPanel, g.line - column), packed.data() + unit * panelFloats);
  });
  const bool stream = g.voxels * g.lines * g.line * int64_t{sizeof(float)} >= kWindowStreamBytes &&
                      g.line % kWidth == 0 && g.channels <= kWindowDepth &&
                      reinterpret_cast<uintptr_t>(fine) % sizeof(VecF) == 0;
  parallelRange(g.voxels, kWindowUnit, [&](int64_t begin, int64_t end, int) {
    float* corners[kWindowUnit];
    g.corners(fine, begin, end - begin, kWindowUnit, corners);
    for (int64_t line = 0; line < g.lines; ++line) {
      for (int64_t panel = 0; panel < panels; ++panel) {
        const int64_t column = panel * kPanel, lanes = min64(kPanel, g.line - column);
        for (int64_t first = 0; first < g.channels; first += kWindowDepth) {
          const float* b = packed.data() + (line * panels + panel) * panelFloats + first * kPanel;
          for (int64_t i = begin; i < end; i += kRows) {
            const float* from[kRows];
            float* to[kRows];
            for (int64_t j = 0; j < kRows; ++j) {
              from[j] = coarse + min64(i + j, end - 1) * g.channels + first;
              to[j] = corners[i - begin + j] + g.lineOffset(line) + column;
            }
            multiplyRows(from, b, min64(kWindowDepth, g.channels - first), to, min64(kRows, end - i), lanes,
                         first > 0 ? Into::Add
                         : stream  ? Into::Stream
                                   : Into::Bias,
                         biases + column, nullptr);
          }
        }
      }
    }
    if (stream) fence();
  });
}

/// Whether the filter gradient can be summed in place: whole vectors and blocks, lines of some voxels.
inline bool windowSumsInPlace(const Conv3dShape& s) {
  return windowsSideBySide(s) && s.outC % kWidth == 0 && int64_t{s.kW} * s.inC % kRows == 0 && s.outW >= 8;
}

/// dw = Σ over windows of fineᵀ · coarse, in parts of the rows of coarse voxels by the shape alone, added in order.
inline void windowsFilterGrad(const Conv3dShape& s, const float* fine, const float* coarse, float* dw) {
  const Windows g(s);
  const int64_t rows = g.voxels / g.w, sumFloats = g.line * g.channels;
  int64_t parts = max64(1, min64(kWindowParts / g.lines, rows / 8));
  const int64_t rowsOfPart = (rows + parts - 1) / parts;
  parts = (rows + rowsOfPart - 1) / rowsOfPart;
  Scratch scratch(parts * g.lines * sumFloats);
  parallelFor(parts * g.lines, [&](int64_t unit, int) {
    const int64_t line = unit % g.lines, begin = unit / g.lines * rowsOfPart, end = min64(rows, begin + rowsOfPart);
    float* sums = scratch.data() + unit * sumFloats;
    for (int64_t row = begin; row < end; ++row) {
      const float* a = fine + g.corner(row * g.w) + g.lineOffset(line);
      const float* b = coarse + row * g.w * g.channels;
      const float* nextA = row + 1 < end ? fine + g.corner((row + 1) * g.w) + g.lineOffset(line) : a;
      for (int64_t c = 0; c < g.channels; c += kPanel) {
        const bool whole = g.channels - c >= kPanel;
        for (int64_t r = 0; r < g.line; r += kRows) {
          float* to = sums + r * g.channels + c;
          const float* next = to + kRows * g.channels;
          if (whole) {
            multiplyTransposedBlock<kRows, kPanelVectors>(a + r, g.line, b + c, g.channels, g.w, to, g.channels,
                                                          row > begin, next, nextA + r);
          } else {
            multiplyTransposedBlock<kRows, 1>(a + r, g.line, b + c, g.channels, g.w, to, g.channels, row > begin, next,
                                              nextA + r);
          }
        }
      }
    }
  });
  parallelRange(g.lines * sumFloats, 8192, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i += kWidth) {
      VecF total = loadPartial(scratch.data() + i, end - i);
      for (int64_t part = 1; part < parts; ++part) {
        total += loadPartial(scratch.data() + part * g.lines * sumFloats + i, end - i);
      }
      storePartial(dw + i, total, end - i);
    }
  });
}

}  // namespace

}  // namespace GENESIS_ISA
}  // namespace genesis
