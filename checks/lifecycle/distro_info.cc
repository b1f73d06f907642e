#include "checks/lifecycle/distro_info.h"

#include <algorithm>

#include "evidence/timestamp.h"

namespace assay::checks::lifecycle {

namespace {

std::unexpected<Error> wrong(int line, const std::string& what) {
  return fail(Code::kInvalidData, "line " + std::to_string(line) + ": " + what);
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const auto comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// The columns by the file's own header.
class Columns {
 public:
  explicit Columns(std::vector<std::string_view> names) : names_(std::move(names)) {}
  [[nodiscard]] bool has(std::string_view name) const {
    return std::ranges::find(names_, name) != names_.end();
  }
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] std::string at(const std::vector<std::string_view>& cells,
                               std::string_view name) const {
    const auto at = static_cast<std::size_t>(std::ranges::find(names_, name) - names_.begin());
    return at < cells.size() ? std::string(cells[at]) : std::string();
  }

 private:
  std::vector<std::string_view> names_;
};

Status read_line(const std::vector<std::string_view>& cells, const Columns& columns, int line,
                 Product* product, std::vector<Omission>* omissions) {
  if (cells.size() > columns.size()) return wrong(line, "more columns than the first line names");
  const auto cell = [&](std::string_view name) { return columns.at(cells, name); };
  for (const auto* name : {"created", "release", "eol", "eol-lts", "eol-elts", "eol-server",
                           "eol-esm", "eol-legacy"}) {
    const auto day = cell(name);
    if (!day.empty() && !evidence::from_date(day))
      return wrong(line, std::string(name) + ": a day (YYYY-MM-DD) is expected, not \"" +
                             day.substr(0, 40) + "\"");
  }
  Cycle cycle;
  cycle.codename = cell("series");
  if (!is_name(cycle.codename)) return wrong(line, "series: a name is expected");
  const auto version = cell("version");
  cycle.name = version.substr(0, version.find(' '));  // "24.04 LTS"
  if (cycle.name.empty()) {
    omissions->push_back({product->name, cycle.codename, Why::kNoVersion});
    return {};
  }
  if (!is_name(cycle.name)) return wrong(line, "version: a version is expected");
  // Debian 4.0, 5.0 and 6.0: their point releases were 6.0.1, and the cycle of eol_cycles is 6.
  if (product->name == "debian" && cycle.name.ends_with(".0") && cycle.name.at(0) >= '4')
    cycle.name.resize(cycle.name.size() - 2);
  cycle.released = cell("release");
  cycle.security_until = cell("eol");
  if (cycle.released.empty() || cycle.security_until.empty()) {
    omissions->push_back({product->name, cycle.name, Why::kNotReleased});
    return {};
  }
  cycle.extended_until = cell(columns.has("eol-lts") ? "eol-lts" : "eol-esm");
  if (const auto server = cell("eol-server");
      cycle.extended_until.empty() && server > cycle.security_until)
    cycle.extended_until = server;
  product->cycles.push_back(std::move(cycle));
  return {};
}

}  // namespace

Result<Cycles> parse_distro_info(std::string_view text) {
  if (text.size() > kMaxListBytes)
    return fail(Code::kTooLarge, "larger than " + std::to_string(kMaxListBytes) + " bytes");
  Cycles cycles;
  cycles.source = "distro-info-data";
  Product product;
  product.is_system = true;
  Columns columns({});
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1) {
      columns = Columns(cells_of(line));
      for (const auto* name : {"version", "series", "release", "eol"})
        if (!columns.has(name))
          return wrong(
              1, std::string("the column ") + name + " is missing; the first line names them");
      const bool is_debian = columns.has("eol-lts");
      if (is_debian == columns.has("eol-server"))
        return wrong(1, "neither debian.csv (eol-lts) nor ubuntu.csv (eol-server)");
      product.name = is_debian ? "debian" : "ubuntu";
      product.label = is_debian ? "Debian" : "Ubuntu";
      continue;
    }
    if (line.empty()) continue;
    if (auto read = read_line(cells_of(line), columns, number, &product, &cycles.omissions); !read)
      return fail(read.error());
  }
  if (product.cycles.empty()) return wrong(1, "the file names no release");
  std::ranges::reverse(product.cycles);  // newest first, as in eol_cycles
  cycles.products.push_back(std::move(product));
  return cycles;
}

}  // namespace assay::checks::lifecycle
