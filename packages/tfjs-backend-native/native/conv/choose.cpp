#include "conv/choose.h"

#include <atomic>
#include <cstring>

#include "conv/direct/thin-shape.h"

namespace genesis {

namespace {

struct Tile {
  Algorithm algorithm;
  int d, h, w;  // outputs
};

const Tile kTiles[] = {
    {Algorithm::Winograd222, 2, 2, 2}, {Algorithm::Winograd244, 2, 4, 4}, {Algorithm::Winograd444, 4, 4, 4}};
const char* const kNames[] = {"direct", "winograd-2x2x2", "winograd-2x4x4", "winograd-4x4x4"};

constexpr int kAutomatic = -1;
std::atomic<int> forced{kAutomatic};

constexpr double kLanes = 16, kRowBlock = 8;
// Vector operations per element that a transform reads or writes, the memory traffic included.
constexpr double kInputCost = 9, kOutputCost = 7, kFilterCost = 9, kTapCost = 7;
// A matrix product runs at kProductRate of the peak; the direct one at less, and it looks up rows.
constexpr double kProductRate = 0.9, kDirectRate = 0.7, kDirectLookup = 3;
// Few input channels: eight output channels at once, per tap and per voxel, for the results and for the filter
// gradient.
constexpr double kThinOutputs = 8, kThinTap = 0.45, kThinStore = 3, kThinGradTap = 0.6, kThinGradTurn = 8;

double blocks(double count, double size) {
  return static_cast<double>(static_cast<int64_t>((count + size - 1) / size));
}

bool winogradFits(const Conv3dShape& s) {
  return s.kD == 3 && s.kH == 3 && s.kW == 3 && s.sD == 1 && s.sH == 1 && s.sW == 1 && s.padD <= 2 && s.padH <= 2 &&
         s.padW <= 2 && s.padD >= 0 && s.padH >= 0 && s.padW >= 0;
}

double winogradTime(const Conv3dShape& s, Direction direction, const Tile& tile) {
  const bool backward = direction == Direction::InputGrad;
  const double tiles = s.batch * blocks(backward ? s.inD : s.outD, tile.d) * blocks(backward ? s.inH : s.outH, tile.h) *
                       blocks(backward ? s.inW : s.outW, tile.w);
  const double positions = (tile.d + 2.0) * (tile.h + 2.0) * (tile.w + 2.0);
  const double k = backward ? s.outC : s.inC, n = backward ? s.inC : s.outC;
  const double kVectors = blocks(k, kLanes), nVectors = blocks(n, kLanes);
  if (direction == Direction::FilterGrad) {
    const double products = tiles * blocks(k, kRowBlock) * kRowBlock * nVectors / kProductRate;
    const double inputs = tiles * kVectors * blocks(n, 128) * kInputCost;
    const double gradients = tiles * nVectors * blocks(k, 96) * kOutputCost;
    return positions * (products + inputs + gradients + k * nVectors * kTapCost);
  }
  const double products = blocks(tiles, kRowBlock) * kRowBlock * k * nVectors / kProductRate;
  const double inputs = tiles * kVectors * blocks(n, 128) * kInputCost;
  return positions * (products + inputs + tiles * nVectors * kOutputCost + k * nVectors * kFilterCost);
}

double directTime(const Conv3dShape& s, Direction direction) {
  const double taps = static_cast<double>(s.kD) * s.kH * s.kW;
  const double voxels = static_cast<double>(s.batch) * s.outD * s.outH * s.outW;
  const double k = direction == Direction::InputGrad ? s.outC : s.inC;
  const double n = direction == Direction::InputGrad ? s.inC : s.outC;
  if (isThin(s) && direction == Direction::Forward) {
    return voxels * blocks(n, kThinOutputs) * (taps * k * kThinTap + kThinStore);
  }
  if (isThin(s) && direction == Direction::FilterGrad) {
    return voxels * blocks(n, kThinOutputs) * (taps * k * kThinGradTap + kThinGradTurn);
  }
  return taps * voxels * (k * 2 * blocks(n, 2 * kLanes) / kDirectRate + kDirectLookup);
}

}  // namespace

Algorithm chooseAlgorithm(const Conv3dShape& shape, Direction direction, Precision precision) {
  if (!winogradFits(shape)) return Algorithm::Direct;
  const int wanted = forced.load(std::memory_order_relaxed);
  if (wanted != kAutomatic) return static_cast<Algorithm>(wanted);
  Algorithm best = Algorithm::Direct;
  double least = directTime(shape, direction);
  for (const Tile& tile : kTiles) {
    if (precision == Precision::Strict && tile.algorithm != Algorithm::Winograd222) continue;
    const double time = winogradTime(shape, direction, tile);
    if (time < least) {
      least = time;
      best = tile.algorithm;
    }
  }
  return best;
}

bool forceAlgorithm(const char* name) {
  if (std::strcmp(name, "auto") == 0) {
    forced.store(kAutomatic, std::memory_order_relaxed);
    return true;
  }
  for (int i = 0; i < 4; ++i) {
    if (std::strcmp(name, kNames[i]) == 0) {
      forced.store(i, std::memory_order_relaxed);
      return true;
    }
  }
  return false;
}

const char* algorithmName(Algorithm algorithm) { return kNames[static_cast<int>(algorithm)]; }

}  // namespace genesis
