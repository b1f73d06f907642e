// The lists that the company keeps: each described once, as data. Whoever learns, reviews, approves
// or exports asks here; no list has code of its own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/database.h"
#include "evidence/schema.h"
#include "evidence/text.h"

namespace assay::collector {

// A place in a machine's evidence where things stand that a list approves.
struct SeenIn {
  std::string kind;  // "deb"; a word of the list's own; empty where there is one only
  std::vector<std::string> tables;  // the first must be there, of the others an empty one will do
  // SQL: one row for each thing, its columns named as the list's where they mean the same; beside
  // them `installed_at` (seconds since 1970, or the machine's local time as YYYY-MM-DDTHH:MM:SS
  // where its records have no more) and `installed_by`, NULL where nothing tells.
  std::string sql;
  std::vector<std::string> key;    // the columns by which a thing is the same on all machines
  std::vector<std::string> exact;  // those that pin one version or content of it, besides
  Text no_installer;               // why installed_at or installed_by is NULL
};

struct ApprovalList {
  std::string name;  // of the reference table
  Text title;
  std::vector<SeenIn> seen;  // empty: there is nothing to learn or to review
  // SQL condition on a row `s` that was seen: it is approved by `held`, the list's rows that hold
  // for this machine today.
  std::string is_approved;

  [[nodiscard]] const evidence::TableSpec& table() const { return *evidence::find_table(name); }
};

[[nodiscard]] std::span<const ApprovalList> approval_lists();
[[nodiscard]] const ApprovalList* find_approval_list(std::string_view name);

// Columns that every approval sets by itself, where its list has them.
inline constexpr std::string_view kApprovedBy = "approved_by";
inline constexpr std::string_view kApprovedUntil = "approved_until";
inline constexpr std::string_view kNote = "note";
[[nodiscard]] bool is_set_by_approval(std::string_view column);

// The whole question: what was seen in `seen` and is not approved. It reads seen.tables, the list,
// host_groups, clock and reviewed_host (one column, name).
[[nodiscard]] std::string unapproved_sql(const ApprovalList& list, const SeenIn& seen);

// A GLOB pattern that matches this text alone.
[[nodiscard]] std::string glob_of(std::string_view text);

}  // namespace assay::collector
