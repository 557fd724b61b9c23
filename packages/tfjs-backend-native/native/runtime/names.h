// Enumerations whose names leave this library: a list macro names each member once, and the enumeration, the switch
// over it and the names that JavaScript reads are made from it.
//
//   #define GENESIS_COLORS(X) X(Red) X(Green)
//   enum class Color { GENESIS_COLORS(GENESIS_MEMBER) Count };
//   constexpr const char* kColorNames[] = {GENESIS_COLORS(GENESIS_NAME)};
#pragma once

#define GENESIS_MEMBER(name) name,
#define GENESIS_NAME(name) #name,
