// Tests of rules are text: tables in, check, verdict and rows out. One file per check, several
// cases parted by a line `---`:
//
//   # what this case shows
//   check PWD-MINLEN
//   profile server                      server unless said
//   framework idb-isp                   needed where frameworks judge by different figures
//   today 2026-11-21                    2026-11-21 unless said
//   table password_policy
//   {"setting":"minlen","value":8}      a row; columns not named are NULL
//   unavailable shadow permission_denied: reading /etc/shadow
//   expect fail
//   {"setting":"minlen","required":12}  the named columns of one violating row, in any order of
//   rows facts
//   {"setting":"minlen"}                likewise of one row of evidence; at least these
//   reason contains permission_denied
//
// A host table that is not mentioned is there and empty; a reference table is the shipped one.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/evaluation.h"
#include "evidence/result.h"

namespace assay::checks::testing {

struct GivenRow {
  int line = 0;
  nlohmann::ordered_json cells;  // an object of integers, texts and nulls
};

struct GivenTable {
  int line = 0;
  std::string name;
  std::vector<GivenRow> rows;
  std::optional<std::string> unavailable;  // the reason
};

struct Case {
  std::string file;
  int line = 0;      // of the first line that says something
  std::string name;  // its first comment
  std::string check;
  std::string profile = "server";
  std::string framework;
  std::string today = "2026-11-21";
  std::vector<GivenTable> tables;
  int expect_line = 0;
  State expected = State::kUnknown;
  std::vector<GivenRow> rows;
  std::vector<GivenRow> facts;
  std::vector<std::string> reasons;  // each is part of the reason
};

// kInvalidData with every problem as "file:line: what", one per line.
[[nodiscard]] Result<std::vector<Case>> parse_test_file(std::string_view text,
                                                        std::string_view file);

}  // namespace assay::checks::testing
