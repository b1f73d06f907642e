#include "agent/probes/linux/accounts/password_policy/pam_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::agent {
namespace {

struct LogicalLine {
  std::string text;
  std::int64_t line = 0;
};

bool is_delimiter(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// What is left of one line of text before its first '#', without the blanks around it.
std::string_view content_of(std::string_view line) {
  line = line.substr(0, line.find('#'));
  while (!line.empty() && is_delimiter(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_delimiter(line.back())) line.remove_suffix(1);
  return line;
}

std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> lines;
  LogicalLine current;
  bool open = false;
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    auto content = content_of(line);
    // A blank or comment line inside a continued one is passed over, it does not end it.
    if (content.empty()) continue;
    if (!open) current = {.text = {}, .line = number};
    // A backslash before a comment does not continue the line.
    const bool continues = content.back() == '\\' && line.find('#') == std::string_view::npos;
    if (continues) content.remove_suffix(1);
    current.text += content;
    current.text += ' ';
    open = continues;
    if (!open) lines.push_back(std::exchange(current, {}));
  }
  // libpam gives up on a file that ends in a backslash; what it held must not be lost here.
  if (open) lines.push_back(std::move(current));
  return lines;
}

// Takes the next word; "[a b]" is one word without its brackets, "\]" in it is "]".
std::optional<std::string> take_token(std::string_view& text) {
  while (!text.empty() && is_delimiter(text.front())) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::string token;
  std::size_t used = 0;
  if (text.front() == '[') {
    for (used = 1; used < text.size() && text[used] != ']'; ++used) {
      if (text[used] == '\\' && used + 1 < text.size() && text[used + 1] == ']') ++used;
      token += text[used];
    }
    used = std::min(used + 1, text.size());
  } else {
    while (used < text.size() && !is_delimiter(text[used])) ++used;
    token = text.substr(0, used);
  }
  text.remove_prefix(used);
  return token;
}

std::optional<PamType> type_from(std::string_view word) {
  if (equals_ignoring_case(word, "auth")) return PamType::kAuth;
  if (equals_ignoring_case(word, "account")) return PamType::kAccount;
  if (equals_ignoring_case(word, "password")) return PamType::kPassword;
  if (equals_ignoring_case(word, "session")) return PamType::kSession;
  return std::nullopt;
}

PamLine parse_line(std::string_view rest, PamFileFormat format) {
  PamLine line;
  if (format == PamFileFormat::kPamConf) line.service = take_token(rest).value_or("");
  const auto type_word = take_token(rest).value_or("");
  if (equals_ignoring_case(type_word, "@include")) {
    line.target = take_token(rest).value_or("");
    if (!line.target.empty()) line.kind = PamLine::Kind::kAtInclude;
    return line;
  }
  line.may_be_missing = type_word.starts_with('-');
  line.type = type_from(std::string_view(type_word).substr(line.may_be_missing ? 1 : 0));
  const auto control_word = take_token(rest);
  const auto target = take_token(rest);
  if (!line.type || !control_word || !target || target->empty()) return line;
  line.target = *target;
  if (equals_ignoring_case(*control_word, "include")) {
    line.kind = PamLine::Kind::kInclude;
    return line;
  }
  if (equals_ignoring_case(*control_word, "substack")) {
    line.kind = PamLine::Kind::kSubstack;
    return line;
  }
  line.kind = PamLine::Kind::kModule;
  line.control = PamControl::parse(*control_word);
  line.written_control = *control_word;
  while (auto argument = take_token(rest)) line.arguments.push_back(std::move(*argument));
  return line;
}

}  // namespace

Result<std::vector<PamLine>> parse_pam_file(std::string_view text, PamFileFormat format) {
  const auto strange = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && (byte < '\t' || byte > '\r')) || byte == 0x7f;
  });
  if (strange != text.end()) {
    const auto line = 1 + std::count(text.begin(), strange, '\n');
    return fail(Code::kInvalidData, fmt::format("line {} holds a byte that is not text", line));
  }
  std::vector<PamLine> lines;
  for (const auto& logical : logical_lines(text)) {
    lines.push_back(parse_line(logical.text, format));
    lines.back().line = logical.line;
  }
  return lines;
}

}  // namespace assay::agent
