
#include "agent/probes/linux/text/letters.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/apt/source_list.h"
#include "agent/probes/linux/updates/apt/source_options.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxSourcesOfOneParagraph = 1000;

std::unexpected<Error> broken(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
}

// One paragraph while its lines come in.
class ParagraphReader {
 public:
  Status add(std::string_view line, std::int64_t number) {
    if (trimmed(line).empty()) return end();
    if (line[0] == '#') return {};
    if (line[0] == ' ' || line[0] == '\t') {
      if (fields_.empty()) return broken(number, "a continuation without a field");
      fields_.back().second.append("\n").append(trimmed(line));
      return {};
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return broken(number, "neither a field nor a continuation");
    if (fields_.empty()) first_line_ = number;
    fields_.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    return {};
  }

  Status end() {
    if (fields_.empty()) return {};
    AptSource common;
    common.line = first_line_;
    for (const auto& [name, value] : fields_) set_source_option(common, name, value);
    common.components = words_of(field("Components"));
    if (const auto enabled = apt_flag(trimmed(field("Enabled")))) common.is_enabled = *enabled;
    auto status = append(common);
    fields_.clear();
    return status;
  }

  std::vector<AptSource> take() { return std::move(sources_); }

 private:
  [[nodiscard]] std::string_view field(std::string_view name) const {
    for (const auto& [key, value] : fields_)
      if (equals_ignoring_case(key, name)) return value;
    return {};
  }

  Status append(const AptSource& common) {
    const auto types = words_of(field("Types"));
    const auto uris = words_of(field("URIs"));
    const auto suites = words_of(field("Suites"));
    if (types.empty() || uris.empty() || suites.empty())
      return broken(first_line_, "a paragraph without Types, URIs or Suites");
    if (types.size() * uris.size() * suites.size() > kMaxSourcesOfOneParagraph)
      return fail(Code::kTooLarge, "more sources in one paragraph than expected");
    for (const auto& type : types)
      for (const auto& uri : uris)
        for (const auto& suite : suites) {
          if (common.components.empty() && !suite.ends_with('/') && common.is_enabled)
            return broken(first_line_, "a paragraph without Components");
          auto& source = sources_.emplace_back(common);
          source.type = type;
          source.uri = uri;
          source.suite = suite;
        }
    return {};
  }

  std::vector<std::pair<std::string, std::string>> fields_;
  std::int64_t first_line_ = 0;
  std::vector<AptSource> sources_;
};

}  // namespace

void set_source_option(AptSource& source, std::string_view name, std::string_view value) {
  if (equals_ignoring_case(name, "arch") || equals_ignoring_case(name, "Architectures")) {
    source.architectures = words_of(value);
  } else if (equals_ignoring_case(name, "Architectures-Add") ||
             equals_ignoring_case(name, "Architectures-Remove")) {
    source.has_other_architectures = true;
  } else if (equals_ignoring_case(name, "signed-by")) {
    const auto key = trimmed(value);
    source.signed_by =
        key.contains("-----BEGIN PGP") ? std::string("inline key") : std::string(key);
    std::ranges::replace(source.signed_by, '\n', ' ');
  } else if (equals_ignoring_case(name, "trusted")) {
    source.trusted = apt_flag(trimmed(value));
  } else if (equals_ignoring_case(name, "check-valid-until")) {
    source.check_valid_until = apt_flag(trimmed(value));
  } else if (equals_ignoring_case(name, "allow-insecure")) {
    source.allow_insecure = apt_flag(trimmed(value));
  }
}

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n,";
  std::vector<std::string> words;
  for (auto begin = text.find_first_not_of(kBetween); begin != std::string_view::npos;) {
    const auto end = text.find_first_of(kBetween, begin);
    words.emplace_back(text.substr(begin, end - begin));
    begin = end == std::string_view::npos ? end : text.find_first_not_of(kBetween, end);
  }
  return words;
}

Result<std::vector<AptSource>> parse_source_paragraphs(std::string_view text) {
  ParagraphReader reader;
  Lines lines(text);
  while (const auto line = lines.next())
    if (auto added = reader.add(*line, lines.number()); !added)
      return fail(std::move(added.error()));
  if (auto ended = reader.end(); !ended) return fail(std::move(ended.error()));
  return reader.take();
}

}  // namespace assay::agent
