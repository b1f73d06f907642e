// Release cycles as a source of end-of-life dates tells them, on their way into eol_cycles.
//
// In every source read here a day is the last supported one, as in eol_cycles. What cannot be told
// truly is left out with its reason: a host that runs it is `unknown`, never supported.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::checks::lifecycle {

// Days are YYYY-MM-DD; empty: there is none, or the source does not name it.
struct Cycle {
  std::string name;
  std::string codename;  // as os-release's VERSION_CODENAME; operating systems only
  std::string released;
  std::string support_until;
  std::string security_until;
  std::string extended_until;
  std::string latest;
};

struct Product {
  std::string name;   // as in eol_cycles: a-z, 0-9, . _ -
  std::string label;  // for people
  bool is_system = false;
  std::vector<Cycle> cycles;  // in the source's order
};

// Why something of the source is not in the result, or not as the source has it.
enum class Why {
  kEndedWithoutDay,     // ended, but no day is named
  kNothingSaid,         // the source does not say whether it ends
  kCoversOther,         // would be taken for a shorter cycle's version that was left out
  kEndedBefore,         // ended before the day that was asked for
  kNotReleased,         // not out yet, or without a planned end
  kNoVersion,           // has no version number to be known by
  kExtensionWithoutDay  // the cycle is there; its open-ended extension is not
};
[[nodiscard]] Text reason(Why why);

struct Omission {
  std::string product;
  std::string cycle;
  Why why = Why::kEndedWithoutDay;
};

struct Cycles {
  std::string source;     // "endoflife.date"
  std::string retrieved;  // the day of the data; empty when the source does not say
  std::vector<Product> products;
  std::vector<Omission> omissions;
};

struct Selection {
  std::vector<std::string> products;  // empty: all
  std::string since;                  // cycles that ended before are left out; empty: none are
};

// Keeps what is asked for. Cycles of operating systems stay whatever their age, and so does one
// whose version would else be read as that of a shorter cycle (2.3 of 2). kNotFound names the
// products that the source does not have, and the nearest name of each.
[[nodiscard]] Status select(Cycles* cycles, const Selection& selection);

// Leaves out, as kCoversOther, each cycle to which a version of a left-out cycle would be counted.
void uncover(Cycles* cycles);

// A part of a product's or cycle's name that is safe to write anywhere.
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace assay::checks::lifecycle
