// Rows of the table `logging` in the making.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/probes/linux/operations/settings/setting_files.h"
#include "agent/probes/linux/text/cells.h"
#include "evidence/table.h"

namespace assay::agent {

struct LogRow {
  std::string_view component;
  std::string_view setting;
  std::string target;  // the file, folder or host that is spoken of
  std::optional<std::int64_t> value;
  std::string text;
  Place place;
  std::string note;
};

class LogRows {
 public:
  // `table` must outlive this.
  explicit LogRows(evidence::Table& table) : table_(table) {}

  void add(const LogRow& row) {
    table_.add({{"component", std::string(row.component)},
                {"setting", std::string(row.setting)},
                {"target", text_or_null(row.target)},
                {"value", number_or_null(row.value)},
                {"text", text_or_null(row.text)},
                {"source", text_or_null(row.place.source)},
                {"line", number_or_null(row.place.line)},
                {"note", text_or_null(row.note)}});
  }

 private:
  evidence::Table& table_;
};

}  // namespace assay::agent
