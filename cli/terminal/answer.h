// A command's answer in every form that can be asked for with -o.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/grid.h"
#include "cli/terminal/refusal.h"
#include "cli/terminal/screen.h"
#include "evidence/result.h"

namespace assay::cli {

enum class Format { kTable, kJson, kCsv, kNdjson };

struct OutputTarget {
  Format format = Format::kTable;
  std::string path;  // empty: standard output
};

struct Answer {
  nlohmann::ordered_json json;  // the items of a list are the lines of ndjson
  Grid grid;
  // For people instead of the grid, where a table is not the right form. May be empty.
  std::function<std::string(const Screen&)> text;
};

// "json", "csv=findings.csv" …; nothing at all means a table on standard output. kUsage for a word
// that is no format, for an empty path and for two answers on standard output.
[[nodiscard]] Result<std::vector<OutputTarget>> parse_outputs(
    const std::vector<std::string>& words);

[[nodiscard]] std::string to_text(const Answer& answer, Format format, const Screen& screen);

// Writes the answer to every target. A file is complete or not there under its name. kIo, kNoSpace,
// kPermissionDenied, kNotFound (of the folder).
[[nodiscard]] Status deliver(const Answer& answer, const std::vector<OutputTarget>& targets,
                             const Screen& screen);

// Bytes into a file by way of a temporary one beside it.
[[nodiscard]] Status write_file(const std::string& path, std::string_view bytes, unsigned mode);

}  // namespace assay::cli
