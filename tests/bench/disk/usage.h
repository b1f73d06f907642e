// What a store takes on disk, and which of its parts take how much.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::bench {

struct Part {
  std::string name;
  std::int64_t rows = 0;   // 0 when they are not counted
  std::int64_t bytes = 0;  // whole pages, their unused ends included
};

// Every file in the folder and below it, the largest first. Throws on failure.
[[nodiscard]] std::vector<Part> files_in(const std::string& folder);
[[nodiscard]] std::int64_t bytes_of(const std::vector<Part>& parts);
// Tables and indexes of a SQLite store, the largest first.
[[nodiscard]] std::vector<Part> parts_of(const std::string& store);
// The tables of evidence in it by name, with the bytes of their frames alone.
[[nodiscard]] std::vector<Part> evidence_of(const std::string& store);

}  // namespace assay::bench
