#include "checks/lifecycle/cycles_yaml.h"

#include <algorithm>
#include <map>

#include "checks/yaml/strict_yaml.h"
#include "evidence/canonical.h"

namespace assay::checks::lifecycle {

namespace {

constexpr std::size_t kWidth = 100;

// A comment ends at the end of its line, whatever the source calls its product.
std::string for_comment(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

// JSON's quoting is YAML's double quoting.
std::string quoted(const std::string& text) {
  std::string out;
  evidence::append_json_string(out, text);
  return out;
}

void append_wrapped(std::string& out, std::string_view text) {
  std::size_t column = 0;
  while (!text.empty()) {
    const auto blank = text.find(' ');
    const auto word = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    if (column == 0 || column + 1 + word.size() > kWidth) {
      out += column == 0 ? "# " : "\n# ";
      column = 2 + word.size();
    } else {
      out += ' ';
      column += 1 + word.size();
    }
    out += word;
  }
  out += '\n';
}

// "nodejs 1, 2; openssl 3.0"
std::string list_of(const std::vector<Omission>& omissions, Why why) {
  std::vector<std::string> order;
  std::map<std::string, std::string> cycles;
  for (const auto& omission : omissions) {
    if (omission.why != why) continue;
    auto& list = cycles[omission.product];
    if (list.empty()) order.push_back(omission.product);
    list += (list.empty() ? "" : ", ") + omission.cycle;
  }
  std::string out;
  for (const auto& product : order)
    out += (out.empty() ? "" : "; ") + product + " " + cycles[product];
  return out;
}

constexpr Why kAll[] = {Why::kEndedWithoutDay,    Why::kNothingSaid, Why::kCoversOther,
                        Why::kEndedBefore,        Why::kNotReleased, Why::kNoVersion,
                        Why::kExtensionWithoutDay};

}  // namespace

std::vector<Text> summary(const std::vector<Omission>& omissions) {
  std::vector<Text> lines;
  for (const auto why : kAll) {
    const auto list = for_comment(list_of(omissions, why));
    if (list.empty()) continue;
    const auto text = reason(why);
    lines.push_back({text.en + ": " + list, text.zh_tw + "：" + list});
  }
  return lines;
}

std::string to_yaml(const Cycles& cycles, std::string_view title) {
  std::string out;
  append_wrapped(out, for_comment(title));
  std::size_t count = 0;
  for (const auto& product : cycles.products) count += product.cycles.size();
  append_wrapped(out, std::to_string(count) + " cycles of " +
                          std::to_string(cycles.products.size()) +
                          " products. Every date is the last supported day.");
  for (const auto& line : summary(cycles.omissions)) out += "#\n", append_wrapped(out, line.en);
  out += "table: eol_cycles\nsource: " + quoted(cycles.source) +
         "\nretrieved: " + cycles.retrieved + (count == 0 ? "\nrows: []\n" : "\nrows:\n");
  for (const auto& product : cycles.products) {
    if (product.cycles.empty()) continue;
    out += "  # " + for_comment(product.label) + "\n";
    for (const auto& cycle : product.cycles) {
      out += "  - {product: " + quoted(product.name) + ", cycle: " + quoted(cycle.name);
      const std::pair<const char*, const std::string*> cells[] = {
          {"codename", &cycle.codename},
          {"released", &cycle.released},
          {"support_until", &cycle.support_until},
          {"security_until", &cycle.security_until},
          {"extended_until", &cycle.extended_until}};
      for (const auto& [name, cell] : cells)
        if (!cell->empty())
          out += std::string(", ") + name + ": " +
                 (std::string_view(name) == "codename" ? quoted(*cell) : *cell);
      if (!cycle.latest.empty()) out += ", latest: " + quoted(cycle.latest);
      out += "}\n";
    }
  }
  return out;
}

Result<std::vector<std::string>> products_of(std::string_view text, std::string_view file) {
  yaml::Problems problems;
  std::vector<std::string> products;
  const auto root = yaml::parse(text, file, &problems);
  if (root && !root->is_mapping()) root->complain("a file with `table: eol_cycles` is expected");
  if (root && root->is_mapping()) {
    yaml::Mapping in(*root);
    // Not of interest here, but no mistakes.
    for (const auto* key : {"source", "retrieved", "when_empty", "max_age_days"})
      (void)in.optional(key);
    if (const auto table = in.required("table"); table && table->text() != "eol_cycles")
      table->complain("a file with `table: eol_cycles` is expected");
    if (const auto rows = in.required("rows"))
      for (const auto& row : rows->items())
        for (const auto& [key, value] : yaml::Mapping(row).entries())
          if (key == "product" && std::ranges::find(products, value.text()) == products.end())
            products.push_back(value.text());
  }
  if (!problems.empty()) return fail(problems.to_error());
  return products;
}

}  // namespace assay::checks::lifecycle
