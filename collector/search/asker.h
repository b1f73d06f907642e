// A question put to one set of tables after another, in a database of its own.
//
// Belongs to one thread; several may share the store and the index, which nobody changes meanwhile.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/workbench.h"
#include "collector/search/table_index.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// What a question reads, by where it comes from.
struct QuestionSources {
  std::vector<std::string> of_hosts;
  std::vector<std::string> of_content;  // reference tables, and `clock`
};
// kUsage for SQL that cannot be run here, in SQLite's words, and for a question that reads no table
// of hosts.
[[nodiscard]] Result<QuestionSources> sources_of(const checks::Content& content,
                                                 const std::string& sql);

class Asker {
 public:
  struct Terms {
    const checks::Content& content;
    const std::string& sql;
    const QuestionSources& sources;
    evidence::Seconds when;  // the table `clock` has its day
  };
  // What it refers to must outlive it.
  Asker(Store& store, const TableIndex& index, Terms terms)
      : store_(store), index_(index), terms_(terms) {}

  // The answer of hosts with these tables, of which none is missing: at most `room` rows, and how
  // many there are. kUsage, kTooLarge as of checks::Database.
  [[nodiscard]] Result<checks::QueryResult> ask(std::span<const TableIndex::Number> numbers,
                                                std::size_t room);

 private:
  Status show_content();

  Store& store_;
  const TableIndex& index_;
  const Terms terms_;
  checks::Workbench workbench_;
  bool is_content_shown_ = false;
};

}  // namespace assay::collector
