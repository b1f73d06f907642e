#include "agent/probes/linux/updates/apt/apt_conf.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::string_view kFolder = "/etc/apt";
constexpr std::string_view kParts = "/etc/apt/apt.conf.d";
constexpr std::string_view kMain = "/etc/apt/apt.conf";
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxSettings = 50'000;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

// Reads the statements of one file: word [value] (";" | "{" statements "}" [";"]).
class AptConfReader {
 public:
  AptConfReader(std::string_view text, std::string_view file, AptConf& conf)
      : text_(text), file_(file), conf_(conf) {}

  Status read() {
    while (true) {
      if (auto skipped = skip_blanks(); !skipped) return skipped;
      if (at_ == text_.size()) break;
      if (auto done = read_statement(); !done) return done;
      if (conf_.settings().size() > kMaxSettings)
        return fail(Code::kTooLarge, "more settings than any apt has");
    }
    if (!scopes_.empty()) return broken("a { without its }");
    return {};
  }

 private:
  std::unexpected<Error> broken(std::string_view why) const {
    return fail(Code::kInvalidData, "line " + std::to_string(line_).append(": ").append(why));
  }
  [[nodiscard]] bool sees(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }
  void advance(std::size_t count) {
    line_ += std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                        text_.begin() + static_cast<std::ptrdiff_t>(at_ + count), '\n');
    at_ += count;
  }
  void skip_line() { advance(std::min(text_.find('\n', at_), text_.size()) - at_); }

  Status skip_blanks() {
    while (at_ < text_.size()) {
      const bool begins_line = at_ == 0 || text_[at_ - 1] == '\n';
      if (is_blank(text_[at_])) {
        advance(1);
      } else if (sees("//") || (text_[at_] == '#' && !sees("#clear") && !sees("#include")) ||
                 (begins_line && sees("# "))) {
        skip_line();
      } else if (sees("/*")) {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return broken("a comment without its end");
        advance(end + 2 - at_);
      } else {
        break;
      }
    }
    return {};
  }

  Status read_statement() {
    const auto begin_line = line_;
    if (sees("}")) {
      if (scopes_.empty()) return broken("a } without its {");
      scopes_.pop_back();
      advance(1);
      return {};
    }
    if (sees(";")) {
      advance(1);
      return {};
    }
    if (sees("{")) return broken("a { without a name");
    std::vector<std::string> words;
    if (auto read = read_words(words); !read) return read;
    if (words.empty()) return broken("a statement without words");
    return finish(words, begin_line);
  }

  // Up to the ; or { or } that ends the statement.
  Status read_words(std::vector<std::string>& words) {
    while (true) {
      if (auto skipped = skip_blanks(); !skipped) return skipped;
      if (at_ == text_.size()) return broken("the file ends within a statement");
      const char c = text_[at_];
      if (c == ';' || c == '{' || c == '}') return {};
      std::string word;
      if (auto read = read_word(word); !read) return read;
      words.push_back(std::move(word));
    }
  }

  Status read_word(std::string& word) {
    if (text_[at_] == '"') {
      const auto end = text_.find('"', at_ + 1);
      if (end == std::string_view::npos) return broken("a quote without its end");
      // Told apart from a bare word: a quoted one alone is an item of a list.
      word.assign(1, '"').append(text_.substr(at_ + 1, end - at_ - 1));
      advance(end + 1 - at_);
      return {};
    }
    const auto begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) &&
           std::string_view(";{}\"").find(text_[at_]) == std::string_view::npos)
      ++at_;
    word = text_.substr(begin, at_ - begin);
    return {};
  }

  static std::string unquoted(const std::string& word) {
    return word.starts_with('"') ? word.substr(1) : word;
  }

  [[nodiscard]] std::string in_scope(std::string_view name) const {
    std::string full;
    for (const auto& scope : scopes_) full.append(scope).append("::");
    return full.append(name);
  }

  Status finish(const std::vector<std::string>& words, std::int64_t line) {
    if (words[0] == "#clear") {
      for (std::size_t i = 1; i < words.size(); ++i) conf_.clear(in_scope(unquoted(words[i])));
      return {};
    }
    if (words[0] == "#include") return broken("#include is not followed");
    const bool is_item = words.size() == 1 && words[0].starts_with('"');
    const std::string name = is_item ? std::string() : unquoted(words[0]);
    std::string value = is_item ? unquoted(words[0]) : std::string();
    for (std::size_t i = 1; i < words.size(); ++i)
      value.append(i == 1 ? "" : " ").append(unquoted(words[i]));
    if (is_item || words.size() > 1) conf_.set(in_scope(name), std::move(value), file_, line);
    if (sees("{")) {
      if (scopes_.size() == kMaxDepth) return fail(Code::kTooLarge, "blocks too deep");
      scopes_.push_back(name);
      advance(1);
    }
    return {};
  }

  std::string_view text_;
  std::string_view file_;
  AptConf& conf_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  std::vector<std::string> scopes_;
};

Status add_file(Host& host, const std::string& path, AptConf& conf) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text) return fail(text.error());
  if (auto added = conf.add(*text, path); !added)
    return fail(added.error().within("reading " + path));
  return {};
}

}  // namespace

Status AptConf::add(std::string_view text, std::string_view file) {
  return AptConfReader(text, file, *this).read();
}

void AptConf::set(std::string name, std::string value, std::string_view file, std::int64_t line) {
  settings_.push_back({in_small_letters(name), std::move(value), std::string(file), line});
}

void AptConf::clear(std::string_view name) {
  const auto prefix = in_small_letters(name);
  std::erase_if(settings_, [&](const AptSetting& setting) {
    return setting.name == prefix || setting.name.starts_with(prefix + "::");
  });
}

const AptSetting* AptConf::find(std::string_view name) const {
  const auto wanted = in_small_letters(name);
  const AptSetting* found = nullptr;
  for (const auto& setting : settings_)
    if (setting.name == wanted) found = &setting;
  return found;
}

std::vector<const AptSetting*> AptConf::items(std::string_view list) const {
  const auto prefix = in_small_letters(list) + "::";
  std::vector<const AptSetting*> found;
  for (const auto& setting : settings_)
    if (setting.name.starts_with(prefix)) found.push_back(&setting);
  return found;
}

Result<AptConf> AptConf::load(Host& host) {
  if (const auto folder = host.status(kFolder); !folder) return fail(folder.error());
  AptConf conf;
  const auto names = host.list_directory(kParts, kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  if (names)
    for (const auto& name : *names)
      if (is_apt_part(name, ".conf", false))
        if (auto added = add_file(host, std::string(kParts) + "/" + name, conf); !added)
          return fail(std::move(added.error()));
  if (auto added = add_file(host, std::string(kMain), conf);
      !added && added.error().code() != Code::kNotFound)
    return fail(std::move(added.error()));
  return conf;
}

bool is_apt_part(std::string_view name, std::string_view suffix, bool needs_suffix) {
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
          c == '-' || c == '.'))
      return false;
  if (name.empty() || name[0] == '.') return false;
  if (name.ends_with(suffix)) return name.size() > suffix.size();
  return !needs_suffix && !name.contains('.');
}

std::optional<bool> apt_flag(std::string_view word) {
  const auto lower = in_small_letters(word);
  for (const std::string_view yes : {"yes", "true", "with", "on", "enable", "1"})
    if (lower == yes) return true;
  for (const std::string_view no : {"no", "false", "without", "off", "disable", "0"})
    if (lower == no) return false;
  const auto number = decimal(lower);
  if (number) return *number != 0;
  return std::nullopt;
}

}  // namespace assay::agent
