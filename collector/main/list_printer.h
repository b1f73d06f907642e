// A list as a table for people or as JSON for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evidence/text.h"

namespace assay::collector {

class ListPrinter {
 public:
  ListPrinter(const std::vector<Text>& headings, Language language) {
    for (const auto& heading : headings) headings_.push_back(heading.in(language));
  }

  void add(nlohmann::ordered_json object, std::vector<std::string> cells);
  // Columns as wide as their widest cell; control characters are shown as "?".
  void print(bool is_json) const;

 private:
  std::vector<std::string> headings_;
  nlohmann::ordered_json objects_ = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace assay::collector
