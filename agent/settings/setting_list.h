// One by one: how a setting is read from a word, and written as one. settings.cc finds the words.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agent/settings/settings.h"

namespace assay::agent {

struct Setting {
  std::string_view section;  // empty: at the top
  std::string_view key;
  // kConfiguration says what is wrong with the word.
  Status (*set)(Settings&, const std::string& word);
  std::string (*get)(const Settings&);
  char separator = 0;  // of a list as one word; 0: one value

  [[nodiscard]] std::string name() const;      // "scan.interval"
  [[nodiscard]] std::string variable() const;  // "ASSAY_SCAN_INTERVAL"
};

// In the order in which they are written.
[[nodiscard]] std::span<const Setting> all_settings();

}  // namespace assay::agent
