#include "agent/probes/linux/updates/apt/source_list.h"

#include <optional>

#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/apt/source_options.h"

namespace assay::agent {
namespace {

constexpr std::string_view kMain = "/etc/apt/sources.list";
constexpr std::string_view kParts = "/etc/apt/sources.list.d";
constexpr std::size_t kMaxSources = 10'000;

std::unexpected<Error> broken(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
}

// The next word; blanks inside [] or "" belong to it, as in "cdrom:[Debian 12 DVD]/".
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  bool in_brackets = false;
  bool in_quotes = false;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (c == '"') in_quotes = !in_quotes;
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if ((c == ' ' || c == '\t') && !in_brackets && !in_quotes) break;
  }
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

std::optional<unsigned> hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return static_cast<unsigned>(letter - '0');
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  if (letter >= 'A' && letter <= 'F') return static_cast<unsigned>(letter - 'A' + 10);
  return std::nullopt;
}

// A word as apt takes it: without its quotes, and %20 a blank.
std::string in_clear(std::string_view word) {
  std::string clear;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '"') continue;
    const auto high = word[i] == '%' && i + 2 < word.size() ? hex_digit(word[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(word[i + 2]) : std::nullopt;
    if (low) i += 2;
    clear += low ? static_cast<char>(*high << 4U | *low) : word[i];
  }
  return clear;
}

Status take_options(std::string_view& rest, AptSource& source, std::int64_t line) {
  rest = trimmed(rest);
  if (!rest.starts_with('[')) return {};
  const auto end = rest.find(']');
  if (end == std::string_view::npos) return broken(line, "options without their ]");
  auto options = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  while (!trimmed(options).empty()) {
    const auto option = take_word(options);
    const auto equals = option.find('=');
    if (equals == std::string_view::npos) return broken(line, "an option without value");
    const auto name = option.substr(0, equals);
    if (name == "arch+" || name == "arch-") source.has_other_architectures = true;
    set_source_option(source, name, option.substr(equals + 1));
  }
  return {};
}

Result<AptSource> parse_source_line(std::string_view text, std::int64_t line) {
  AptSource source;
  source.line = line;
  source.type = take_word(text);
  if (source.type != "deb" && source.type != "deb-src") return broken(line, "not a deb line");
  if (auto options = take_options(text, source, line); !options)
    return fail(std::move(options.error()));
  // As written but for quotes: what hides a password is found only so.
  source.uri = take_word(text);
  std::erase(source.uri, '"');
  source.suite = in_clear(take_word(text));
  while (!trimmed(text).empty()) source.components.push_back(in_clear(take_word(text)));
  if (source.uri.empty() || source.suite.empty()) return broken(line, "no address or no suite");
  if (source.components.empty() && !source.suite.ends_with('/'))
    return broken(line, "no component");
  return source;
}

Status read_part(Host& host, const std::string& path, std::vector<AptSource>& sources) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text) return fail(text.error());
  auto parsed =
      path.ends_with(".sources") ? parse_source_paragraphs(*text) : parse_source_lines(*text);
  if (!parsed) return fail(parsed.error().within("reading " + path));
  for (auto& source : *parsed) {
    source.file = path;
    sources.push_back(std::move(source));
  }
  if (sources.size() > kMaxSources) return fail(Code::kTooLarge, "more sources than expected");
  return {};
}

// apt's own quoting of a file name.
void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kBad = "\\|{}[]<>\"^~_=!@#$%&*";
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/')
      out += '_';
    else if (byte <= 0x20 || byte >= 0x7F || kBad.contains(c))
      out.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    else
      out += c;
  }
}

}  // namespace

Result<std::vector<AptSource>> parse_source_lines(std::string_view text) {
  std::vector<AptSource> sources;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(line->substr(0, line->find('#')));
    if (content.empty()) continue;
    auto source = parse_source_line(content, lines.number());
    if (!source) return fail(std::move(source.error()));
    sources.push_back(*std::move(source));
  }
  return sources;
}

Result<std::vector<AptSource>> read_apt_sources(Host& host) {
  if (const auto folder = host.status("/etc/apt"); !folder) return fail(folder.error());
  std::vector<AptSource> sources;
  if (auto main = read_part(host, std::string(kMain), sources);
      !main && main.error().code() != Code::kNotFound)
    return fail(std::move(main.error()));
  const auto names = host.list_directory(kParts, kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  if (!names) return sources;
  for (const auto& name : *names) {
    if (!is_apt_part(name, ".list", true) && !is_apt_part(name, ".sources", true)) continue;
    if (auto part = read_part(host, std::string(kParts) + "/" + name, sources); !part)
      return fail(std::move(part.error()));
  }
  return sources;
}

std::string list_prefix(const AptSource& source) {
  std::string_view uri = source.uri;
  if (const auto scheme = uri.find(':'); scheme != std::string_view::npos) {
    uri.remove_prefix(scheme + 1);
    if (uri.starts_with("//")) {
      uri.remove_prefix(2);
      const auto at = uri.substr(0, uri.find('/')).rfind('@');
      if (at != std::string_view::npos) uri.remove_prefix(at + 1);
    }
  }
  std::string full(uri);
  if (!full.ends_with('/')) full += '/';
  if (!source.suite.ends_with('/'))
    full.append("dists/").append(source.suite).append("/");
  else if (source.suite != "/")
    full.append(source.suite);
  std::string quoted;
  append_quoted(quoted, full);
  return quoted;
}

}  // namespace assay::agent
