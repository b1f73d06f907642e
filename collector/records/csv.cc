#include "collector/records/csv.h"

#include <algorithm>

#include "evidence/canonical.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

char separator_of(std::string_view text) {
  std::size_t counts[3] = {};
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\n' || c == '\r') break;
    counts[0] += c == ',' ? 1 : 0;
    counts[1] += c == ';' ? 1 : 0;
    counts[2] += c == '\t' ? 1 : 0;
  }
  constexpr char kSeparators[] = {',', ';', '\t'};
  return kSeparators[std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts)];
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = evidence::utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  separator_ = separator_of(rest_);
}

std::unexpected<Error> CsvReader::broken(std::size_t line, const Text& what, Code code) const {
  return refuse(code, {"line {}: {}", "第 {} 行：{}"}, line, what);
}

Result<std::string> CsvReader::quoted_cell() {
  const auto begin = line_;
  std::string out;
  rest_.remove_prefix(1);
  for (;;) {
    if (rest_.empty())
      return broken(begin,
                    phrase({"a quoted cell begins here and does not end", "此處的引號沒有結尾"}));
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"' && !rest_.starts_with('"')) break;
    if (c == '"') rest_.remove_prefix(1);
    if (c == '\n') ++line_;
    out += c;
    if (out.size() > kMaxCsvCellBytes)
      return broken(begin, phrase({"a cell is too long", "儲存格過長"}), Code::kTooLarge);
  }
  if (!rest_.empty() && rest_.front() != separator_ && rest_.front() != '\n' &&
      rest_.front() != '\r')
    return broken(line_, phrase({"text stands behind a closing quote", "結尾引號之後還有文字"}));
  return out;
}

Result<std::string> CsvReader::cell() {
  if (rest_.starts_with('"')) return quoted_cell();
  const char ends[] = {separator_, '\n', '\r', '\0'};
  const auto end = std::min(rest_.find_first_of(ends), rest_.size());
  if (end > kMaxCsvCellBytes)
    return broken(line_, phrase({"a cell is too long", "儲存格過長"}), Code::kTooLarge);
  std::string out(rest_.substr(0, end));
  rest_.remove_prefix(end);
  return out;
}

Result<std::optional<CsvRow>> CsvReader::next() {
  while (!rest_.empty()) {
    CsvRow row{line_, {}};
    bool is_more = true;
    while (is_more) {
      if (row.cells.size() == kMaxCsvColumns)
        return broken(row.line, phrase({"more than {} columns", "超過 {} 欄"}, kMaxCsvColumns),
                      Code::kTooLarge);
      const auto begin = line_;
      auto text = cell();
      if (!text) return fail(text.error());
      if (text->find('\0') != std::string::npos)
        return broken(begin, phrase({"a NUL byte; save the file as \"CSV UTF-8\"",
                                     "含有 NUL 位元組；請另存為「CSV UTF-8」"}));
      if (!is_utf8(*text))
        return broken(begin, phrase({"not UTF-8; save the file as \"CSV UTF-8\"",
                                     "不是 UTF-8；請另存為「CSV UTF-8」"}));
      row.cells.push_back(std::move(*text));
      is_more = rest_.starts_with(separator_);
      if (is_more) rest_.remove_prefix(1);
    }
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) {
      rest_.remove_prefix(1);
    } else if (rest_.starts_with('\0')) {
      return broken(line_, phrase({"a NUL byte; save the file as \"CSV UTF-8\"",
                                   "含有 NUL 位元組；請另存為「CSV UTF-8」"}));
    }
    ++line_;
    if (std::ranges::any_of(row.cells, [](const auto& text) { return !text.empty(); })) return row;
  }
  return std::nullopt;
}

}  // namespace assay::collector
