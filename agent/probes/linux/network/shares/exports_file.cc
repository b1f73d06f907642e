#include "agent/probes/linux/network/shares/exports_file.h"

#include <algorithm>
#include <optional>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxWords = 5'000;  // of one line
constexpr std::size_t kMaxText = 4'096;
constexpr std::size_t kMaxFlavours = 16;

bool is_octal(char digit) {
  return digit >= '0' && digit <= '7';
}

// One word: blanks may be quoted, bytes written as \040.
std::string take_word(std::string_view& text) {
  std::string word;
  bool is_quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_quoted || (text[at] != ' ' && text[at] != '\t')); ++at) {
    const auto rest = text.substr(at);
    if (text[at] == '"') {
      is_quoted = !is_quoted;
    } else if (rest.size() >= 4 && rest[0] == '\\' && is_octal(rest[1]) && is_octal(rest[2]) &&
               is_octal(rest[3])) {
      word += static_cast<char>((rest[1] - '0') * 64 + (rest[2] - '0') * 8 + (rest[3] - '0'));
      at += 3;
    } else {
      word += text[at];
    }
  }
  text = trimmed(text.substr(at));
  return word;
}

// The words of a line. Options in parentheses belong to the word before when they touch it.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  text = trimmed(text);
  while (!text.empty() && words.size() < kMaxWords) words.push_back(take_word(text));
  return words;
}

// What is given to one kind of login (sec=).
struct Flavour {
  std::string name;
  bool is_read_only = true;
  bool is_root_squashed = true;
  bool is_all_squashed = false;
};

// The options of one client while they are read: what follows "sec=" is for those kinds alone,
// until its list of options ends.
class Given {
 public:
  void apply_all(std::string_view options) {
    active_ = false;
    if (options.empty()) return;
    if (!text_.empty()) text_ += ',';
    text_ += options.substr(0, kMaxText);
    while (!options.empty()) {
      const auto end = std::min(options.find(','), options.size());
      apply(trimmed(options.substr(0, end)));
      options.remove_prefix(std::min(end + 1, options.size()));
    }
  }

  // A right that one kind of login has is given.
  void finish(NfsExport& result) {
    result.options = std::move(text_);
    result.is_secure_port = is_secure_port_;
    if (flavours_.empty()) flavours_.push_back(general_);
    const auto all = [&](bool Flavour::*flag) { return std::ranges::all_of(flavours_, flag); };
    result.is_read_only = all(&Flavour::is_read_only);
    result.is_root_squashed = all(&Flavour::is_root_squashed);
    result.is_all_squashed = all(&Flavour::is_all_squashed);
    result.security.clear();
    for (const auto& flavour : flavours_)
      result.security.append(result.security.empty() ? "" : ":").append(flavour.name);
  }

 private:
  void apply(std::string_view option) {
    if (option == "rw" || option == "ro") set(&Flavour::is_read_only, option == "ro");
    if (option == "root_squash" || option == "no_root_squash")
      set(&Flavour::is_root_squashed, option == "root_squash");
    if (option == "all_squash" || option == "no_all_squash")
      set(&Flavour::is_all_squashed, option == "all_squash");
    if (option == "secure" || option == "insecure") is_secure_port_ = option == "secure";
    if (option.starts_with("sec=")) begin(option.substr(4));
  }

  void set(bool Flavour::*flag, bool value) {
    if (!active_) general_.*flag = value;
    if (active_)
      for (auto& flavour : flavours_)
        if (std::ranges::find(named_, flavour.name) != named_.end()) flavour.*flag = value;
  }

  void begin(std::string_view list) {
    active_ = true;
    named_.clear();
    while (!list.empty() && flavours_.size() < kMaxFlavours) {
      const auto end = std::min(list.find(':'), list.size());
      const std::string name(list.substr(0, end));
      list.remove_prefix(std::min(end + 1, list.size()));
      named_.push_back(name);
      if (std::ranges::find(flavours_, name, &Flavour::name) != flavours_.end()) continue;
      flavours_.push_back(general_);
      flavours_.back().name = name;
    }
  }

  Flavour general_{.name = "sys"};
  std::vector<Flavour> flavours_;
  std::vector<std::string> named_;  // by the last sec=
  bool active_ = false;             // whether one was in this list of options
  bool is_secure_port_ = true;
  std::string text_;
};

void add_line(std::string_view text, std::int64_t number, std::vector<NfsExport>& exports) {
  const auto words = words_of(text);
  if (words.empty() || exports.size() + words.size() > kMaxExports) return;
  std::string defaults;
  const NfsExport base{
      .path = words[0], .client = "*", .options = {}, .line = number, .security = "sys"};
  bool has_client = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.starts_with('-')) {
      defaults = word.substr(1);
      continue;
    }
    auto result = base;
    Given given;
    const auto open = word.find('(');
    const auto client = word.substr(0, open);
    if (!client.empty()) result.client = client;
    given.apply_all(defaults);
    if (open != std::string_view::npos) {
      auto options = word.substr(open + 1);
      given.apply_all(options.substr(0, options.find(')')));
    }
    given.finish(result);
    exports.push_back(std::move(result));
    has_client = true;
  }
  if (has_client) return;
  auto result = base;
  Given given;
  given.apply_all(defaults);
  given.finish(result);
  exports.push_back(std::move(result));
}

}  // namespace

std::vector<NfsExport> parse_exports(std::string_view text) {
  std::vector<NfsExport> exports;
  Lines lines(text);
  std::string joined;
  std::int64_t start = 0;
  while (const auto line = lines.next()) {
    auto content = *line;
    if (joined.empty()) start = lines.number();
    const bool goes_on = content.ends_with('\\');
    if (goes_on) content.remove_suffix(1);
    // What stands behind "#" is no part of the line, unless it is quoted.
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < content.size() && (is_quoted || content[end] != '#'); ++end)
      if (content[end] == '"') is_quoted = !is_quoted;
    joined.append(content.substr(0, end)).push_back(' ');
    if (goes_on && joined.size() < (std::size_t{1} << 20U)) continue;
    add_line(joined, start, exports);
    joined.clear();
  }
  if (!joined.empty()) add_line(joined, start, exports);
  return exports;
}

}  // namespace assay::agent
