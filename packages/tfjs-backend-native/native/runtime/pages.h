// Memory from the system, in whole pages.
#pragma once

#include <cstddef>

namespace genesis {

/// Pages of zeros for `bytes`, a multiple of 4096; null when there are none. Where the system can, physical memory
/// comes with the first touch, and large ranges are aligned to and made of huge pages.
void* mapPages(size_t bytes);

/// Gives a range of mapPages back.
void unmapPages(void* data, size_t bytes);

/// The system may take the memory of the whole pages in [data, data + bytes) back; their contents are then undefined.
void discardPages(void* data, size_t bytes);

/// `bytes` aligned to `alignment`, a power of two, contents undefined; null when there is no memory. For freeAligned.
void* allocateAligned(size_t alignment, size_t bytes);
void freeAligned(void* data);

}  // namespace genesis
