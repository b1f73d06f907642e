// How a table is declared: once, as data, in evidence/tables/. Probes build
// rows against the declaration, the check engine makes its SQL tables from it,
// docs/tables.md is printed from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/text.h"

namespace assay::evidence {

enum class Type { kText, kInteger };  // integers are 64-bit signed; there are no reals

// What a table may say about people: decides who may read it and how long it is kept.
enum class Privacy {
  kPublic,     // facts about the machine only
  kPersonal,   // names or identifiers of people
  kSensitive,  // would help an attacker: account states, findings' raw material
};

enum class Origin {
  kHost,       // collected by a probe on a machine
  kReference,  // shipped or uploaded data: eol_cycles, allowlist, …
  kRegister,   // what the company has recorded about the machine; kept by the collector
};

struct ColumnSpec {
  std::string name;
  Type type = Type::kText;
  Text meaning;  // with the unit; says what NULL means where a value can be missing
};

struct TableSpec {
  std::string name;
  std::int64_t version = 1;  // raised when a column is added, removed or changes meaning
  Text meaning;
  Privacy privacy = Privacy::kPublic;
  Origin origin = Origin::kHost;
  // A volatile table changes on every look and is no change of the machine by itself.
  bool is_volatile = false;
  // Needs a running system; `unavailable` when a scan reads an image (--root).
  bool is_live_only = false;
  std::string example;  // one SQL query that answers a real question
  std::vector<ColumnSpec> columns;

  [[nodiscard]] std::optional<std::size_t> column(std::string_view column_name) const;
};

// All declared tables, sorted by name. Valid for the life of the program.
[[nodiscard]] std::span<const TableSpec* const> all_tables();
// nullptr when no table has that name.
[[nodiscard]] const TableSpec* find_table(std::string_view name);

}  // namespace assay::evidence
