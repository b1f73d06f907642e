#include "evidence/canonical.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace assay::evidence {

namespace {

constexpr std::string_view kFormat = "table/1";

std::string_view name_of(Type type) {
  return type == Type::kText ? "text" : "integer";
}

std::string header_line(const Header& header) {
  std::string line = "{\"assay\":\"";
  line.append(kFormat).append("\",\"table\":\"").append(header.table);
  line.append("\",\"version\":").append(std::to_string(header.version)).append(",\"columns\":[");
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    if (i > 0) line.push_back(',');
    line.append("[\"").append(header.columns[i].name).append("\",\"");
    line.append(name_of(header.columns[i].type)).append("\"]");
  }
  return line.append("]}\n");
}

void append_value(std::string& out, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, *number).ptr;
    out.append(digits, end);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_json_string(out, *text);
  } else {
    out.append("null");
  }
}

// Reads the canonical form strictly, one token after another.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  [[nodiscard]] bool at_end() const { return at_ == in_.size(); }
  [[nodiscard]] bool take(std::string_view expected) {
    if (!in_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }
  [[nodiscard]] Result<std::string> string() { return read_json_string(in_, &at_); }
  [[nodiscard]] Status pass_string() { return pass_json_string(in_, &at_); }

  // No leading zero, no plus sign, no minus zero.
  [[nodiscard]] Result<std::int64_t> integer() {
    std::int64_t value = 0;
    const char* begin = in_.data() + at_;
    const auto [end, error] = std::from_chars(begin, in_.data() + in_.size(), value);
    if (error != std::errc()) return fail(Code::kInvalidData, "not an integer");
    const std::string_view digits(begin, static_cast<std::size_t>(end - begin));
    if (digits != "0" && digits[digits[0] == '-' ? 1 : 0] == '0')
      return fail(Code::kInvalidData, "an integer that is not written canonically");
    at_ += digits.size();
    return value;
  }

  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::string_view in_;
  std::size_t at_ = 0;
};

Error not_canonical(std::size_t line, std::string_view what) {
  return {Code::kInvalidData, "table line " + std::to_string(line) + ": " + std::string(what)};
}

Result<Header> read_header(Reader& in) {
  Header header;
  if (!in.take("{\"assay\":\"table/1\",\"table\":"))
    return fail(not_canonical(1, "not the header of a table/1"));
  auto name = in.string();
  if (!name || !is_evidence_name(*name)) return fail(not_canonical(1, "not a table name"));
  header.table = std::move(*name);
  if (!in.take(",\"version\":")) return fail(not_canonical(1, "no version"));
  const auto version = in.integer();
  if (!version || *version < 1) return fail(not_canonical(1, "not a version"));
  header.version = *version;
  if (!in.take(",\"columns\":[")) return fail(not_canonical(1, "no columns"));
  while (true) {
    if (!in.take("[")) return fail(not_canonical(1, "a column is [name,type]"));
    auto column = in.string();
    if (!column || !is_evidence_name(*column)) return fail(not_canonical(1, "not a column name"));
    if (std::ranges::find(header.columns, *column, &Column::name) != header.columns.end())
      return fail(not_canonical(1, "a column twice"));
    if (header.columns.size() == kMaxColumns) return fail(not_canonical(1, "too many columns"));
    Type type = Type::kText;
    if (in.take(",\"integer\"]"))
      type = Type::kInteger;
    else if (!in.take(",\"text\"]"))
      return fail(not_canonical(1, "a column's type is text or integer"));
    header.columns.push_back({std::move(*column), type});
    if (in.take("]}\n")) return header;
    if (!in.take(",")) return fail(not_canonical(1, "a comma is missing"));
  }
}

// Gives each cell to `cells`: null(), integer(value), and string(in), which reads it.
template <typename Cells>
Status read_row(Reader& in, const Header& header, Cells& cells) {
  if (!in.take("[")) return fail(Code::kInvalidData, "a row is an array");
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    if (i > 0 && !in.take(",")) return fail(Code::kInvalidData, "too few cells");
    if (in.take("null")) {
      cells.null();
    } else if (header.columns[i].type == Type::kInteger) {
      const auto number = in.integer();
      if (!number) return fail(number.error());
      cells.integer(*number);
    } else if (auto text = cells.string(in); !text) {
      return text;
    }
  }
  if (!in.take("]\n")) return fail(Code::kInvalidData, "too many cells, or no line end");
  return {};
}

// A Table's rows.
class Kept {
 public:
  explicit Kept(const Header& header) : table_(header) { row_.reserve(header.columns.size()); }

  void null() { row_.emplace_back(); }
  void integer(std::int64_t value) { row_.emplace_back(value); }
  Status string(Reader& in) {
    auto text = in.string();
    if (!text) return fail(text.error());
    row_.emplace_back(std::move(*text));
    return {};
  }
  void end_row() {
    table_.add_row(std::exchange(row_, {}));
    row_.reserve(table_.header().columns.size());
  }
  Table take() { return std::move(table_); }

 private:
  Table table_;
  Row row_;
};

// Nothing of them.
class Passed {
 public:
  void null() {}
  void integer(std::int64_t /*value*/) {}
  static Status string(Reader& in) { return in.pass_string(); }
  void end_row() {}
};

// The number of rows.
template <typename Cells>
Result<std::size_t> read_rows(Reader& in, std::string_view bytes, const Header& header,
                              Cells& cells) {
  std::string_view previous;
  std::size_t rows = 0;
  for (; !in.at_end(); ++rows) {
    const std::size_t line = rows + 2;
    const std::size_t begin = in.position();
    if (auto row = read_row(in, header, cells); !row)
      return fail(not_canonical(line, row.error().message()));
    const auto current = bytes.substr(begin, in.position() - begin);
    if (rows > 0 && !(previous < current))
      return fail(not_canonical(line, "rows are not sorted, or one is there twice"));
    if (rows == kMaxRows) return fail(Code::kTooLarge, "too many rows");
    previous = current;
    cells.end_row();
  }
  return rows;
}

// The same conditions that read_header() puts.
std::string defect_of(const Header& header) {
  if (!is_evidence_name(header.table)) return "\"" + header.table + "\" is not a table name";
  if (header.version < 1) return header.table + ": not a version";
  if (header.columns.empty() || header.columns.size() > kMaxColumns)
    return header.table + ": a table has 1 to " + std::to_string(kMaxColumns) + " columns";
  for (auto column = header.columns.begin(); column != header.columns.end(); ++column) {
    if (!is_evidence_name(column->name))
      return header.table + ": \"" + column->name + "\" is not a column name";
    if (std::ranges::count(header.columns, column->name, &Column::name) > 1)
      return header.table + ": column " + column->name + " twice";
  }
  return {};
}

bool is_too_long(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && text->size() > kMaxCellBytes;
}

}  // namespace

bool is_evidence_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || name[0] < 'a' || name[0] > 'z') return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Result<std::string> to_canonical(const Table& table) {
  if (!table.defect().empty()) return fail(Code::kInternal, table.defect());
  if (auto defect = defect_of(table.header()); !defect.empty())
    return fail(Code::kInternal, std::move(defect));
  if (table.rows().size() > kMaxRows)
    return fail(Code::kTooLarge, "more than " + std::to_string(kMaxRows) + " rows");
  // All rows go into one buffer; what is sorted are views into it.
  std::string buffer;
  buffer.reserve(table.rows().size() * 96);
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  spans.reserve(table.rows().size());
  for (const auto& row : table.rows()) {
    const std::size_t begin = buffer.size();
    buffer.push_back('[');
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (is_too_long(row[i]))
        return fail(Code::kTooLarge, table.header().table + "." + table.header().columns[i].name +
                                         ": a value over 64 KiB");
      if (i > 0) buffer.push_back(',');
      append_value(buffer, row[i]);
    }
    buffer.append("]\n");
    if (buffer.size() > kMaxTableBytes) return fail(Code::kTooLarge, "the table is over 64 MiB");
    spans.emplace_back(begin, buffer.size() - begin);
  }
  const auto line = [&buffer](const auto& span) {
    return std::string_view(buffer).substr(span.first, span.second);
  };
  std::ranges::sort(spans, {}, line);
  const auto repeated = std::ranges::unique(spans, {}, line);
  spans.erase(repeated.begin(), repeated.end());

  std::string out = header_line(table.header());
  out.reserve(out.size() + buffer.size());
  for (const auto& span : spans) out.append(line(span));
  if (out.size() > kMaxTableBytes) return fail(Code::kTooLarge, "the table is over 64 MiB");
  return out;
}

Result<Table> from_canonical(std::string_view bytes) {
  if (bytes.size() > kMaxTableBytes) return fail(Code::kTooLarge, "the table is over 64 MiB");
  Reader in(bytes);
  const auto header = read_header(in);
  if (!header) return fail(header.error());
  Kept kept(*header);
  if (const auto rows = read_rows(in, bytes, *header, kept); !rows) return fail(rows.error());
  return kept.take();
}

Result<Outline> outline_of_canonical(std::string_view bytes) {
  if (bytes.size() > kMaxTableBytes) return fail(Code::kTooLarge, "the table is over 64 MiB");
  Reader in(bytes);
  auto header = read_header(in);
  if (!header) return fail(header.error());
  Passed passed;
  const auto rows = read_rows(in, bytes, *header, passed);
  if (!rows) return fail(rows.error());
  return Outline{std::move(*header), *rows};
}

}  // namespace assay::evidence
