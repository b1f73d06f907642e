// An asset register from a file: which rows it has, and what they would change. Pure; any thread.
//
// A CSV file names its columns in the first line: `host` (an id or name), fields of the register by
// name or by their label in either language, and `groups`. A JSON file is a list of objects with
// these names. A column that is there says what is recorded: an empty cell clears the field. What
// the file does not name stays as it is. Columns that an export adds (facts from evidence, the need
// of protection as a whole) are passed over.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/records/register_fields.h"
#include "collector/store/identity_store.h"
#include "collector/store/register_store.h"

namespace assay::collector {

inline constexpr std::size_t kMaxImportRows = 100'000;
// Problems that are told; the others are counted.
inline constexpr std::size_t kMaxProblems = 100;

struct ImportRow {
  std::size_t line = 0;  // of the file; of JSON the number of the object, from 1
  std::string host;      // as written
  std::map<const RegisterField*, evidence::Value> fields;
  std::optional<std::vector<std::string>> groups;
};

struct ImportProblem {
  std::size_t line = 0;
  Text message;
};

class ImportProblems {
 public:
  void add(std::size_t line, Text message);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // By line, one in each: "line 4: owner: longer than 500 bytes".
  [[nodiscard]] Text text() const;

 private:
  std::vector<ImportProblem> problems_;
  std::size_t count_ = 0;
};

// Bad cells are added to `problems`, and their rows are left out. kInvalidData, kTooLarge when the
// file as a whole cannot be read.
[[nodiscard]] Result<std::vector<ImportRow>> read_register_csv(std::string_view text,
                                                               ImportProblems* problems);
[[nodiscard]] Result<std::vector<ImportRow>> read_register_json(std::string_view text,
                                                                ImportProblems* problems);

// Which host a word of the file means: by id, or by name without regard to case.
class HostFinder {
 public:
  // `hosts` must outlive it and what it finds.
  explicit HostFinder(const std::vector<Host>& hosts);
  explicit HostFinder(std::vector<Host>&& hosts) = delete;
  // Empty: none; several: it is ambiguous.
  [[nodiscard]] std::vector<const Host*> find(std::string_view word) const;

 private:
  std::map<std::string, std::vector<const Host*>, std::less<>> by_word_;
};

struct FieldChange {
  std::string field;  // or "groups"
  std::string before;  // as text; "" for nothing
  std::string after;
};
// What differs from one entry to the next, in the table's order, groups last.
[[nodiscard]] std::vector<FieldChange> differences(const RegisterEntry& before,
                                                   const RegisterEntry& after);

// `before` with the row's fields and groups.
[[nodiscard]] RegisterEntry with_row(RegisterEntry before, const ImportRow& row);

struct ImportPlan {
  struct Change {
    const Host* host = nullptr;
    std::size_t line = 0;
    RegisterEntry before;
    RegisterEntry after;  // fields and groups; who, when and why are the caller's
  };
  std::vector<Change> changes;       // by line
  std::vector<ImportRow> unmatched;  // no host of that name is enrolled
  std::size_t unchanged = 0;
};
// `entries` by host id. A host that is named twice, or a name that several hosts have, is a problem.
[[nodiscard]] ImportPlan plan_import(const std::vector<ImportRow>& rows, const HostFinder& hosts,
                                     const std::map<std::string, RegisterEntry>& entries,
                                     ImportProblems* problems);

}  // namespace assay::collector
