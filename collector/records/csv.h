// Comma-separated values as spreadsheets write them (RFC 4180, and what Excel does to it): a byte
// order mark, CRLF, quoted cells that span lines, and semicolons or tabs where the country's
// decimal sign is a comma. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::collector {

inline constexpr std::size_t kMaxCsvColumns = 256;
inline constexpr std::size_t kMaxCsvCellBytes = 32U << 10U;

struct CsvRow {
  std::size_t line = 0;  // where it begins, from 1
  std::vector<std::string> cells;
};

class CsvReader {
 public:
  // `text` must outlive it. The separator is the one that the first line has most of.
  explicit CsvReader(std::string_view text);

  // The next row that is not empty; nullopt at the end. kInvalidData, with the line: not UTF-8 (as
  // of Excel's plain "CSV", or UTF-16), a NUL byte, a quote that does not end, text behind a
  // closing quote. kTooLarge over a limit above.
  [[nodiscard]] Result<std::optional<CsvRow>> next();

 private:
  Result<std::string> cell();
  Result<std::string> quoted_cell();
  [[nodiscard]] std::unexpected<Error> broken(std::size_t line, const Text& what,
                                              Code code = Code::kInvalidData) const;

  std::string_view rest_;
  char separator_ = ',';
  std::size_t line_ = 1;
};

}  // namespace assay::collector
