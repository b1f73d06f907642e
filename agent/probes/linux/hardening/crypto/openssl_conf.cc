#include "agent/probes/linux/hardening/crypto/openssl_conf.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kDefaultSection = "default";

bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

// Up to a # that is neither quoted nor escaped.
std::string_view without_comment(std::string_view line) {
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (quote != '\0') {
      if (line[i] == quote) quote = '\0';
    } else if (is_quote(line[i])) {
      quote = line[i];
    } else if (line[i] == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

char escaped(char c) {
  switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    default: return c;
  }
}

OpensslValue value_of(std::string_view written) {
  OpensslValue value;
  char quote = '\0';
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (quote != '\0' && c == quote) {
      quote = '\0';
    } else if (quote == '\0' && is_quote(c)) {
      quote = c;
    } else if (c == '\\' && i + 1 < written.size()) {
      value.text += escaped(written[++i]);
    } else {
      if (c == '$' && quote != '\'') value.has_variable = true;
      value.text += c;
    }
  }
  return value;
}

bool ends_in_odd_backslashes(std::string_view line) {
  std::size_t count = 0;
  while (count < line.size() && line[line.size() - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

class Reader {
 public:
  explicit Reader(Host& host) : host_(host) {}

  Status read(const std::string& path, int depth) {
    if (depth > kMaxOpensslIncludeDepth || ++files_ > kMaxOpensslFiles)
      return fail(Code::kInvalidData, path + ": too many files include each other");
    const auto text = host_.read_file(path, kMaxConfigBytes);
    if (!text) return fail(text.error());
    Lines lines(*text);
    while (auto line = lines.next()) {
      const auto number = lines.number();
      std::string whole(without_end(*line));
      while (ends_in_odd_backslashes(whole)) {
        whole.pop_back();
        const auto more = lines.next();
        if (!more) break;
        whole += without_end(*more);
      }
      if (auto done = take(trimmed(without_comment(whole)), path, number, depth); !done)
        return done;
    }
    return {};
  }

  OpensslConf result() && { return std::move(conf_); }

 private:
  static std::string_view without_end(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  Status take(std::string_view line, const std::string& path, std::int64_t number, int depth) {
    const auto refuse = [&](const char* why) {
      return fail(Code::kInvalidData, path + ":" + std::to_string(number) + ": " + why);
    };
    if (line.empty()) return {};
    if (line.starts_with('[')) {
      const auto end = line.find(']');
      if (end == std::string_view::npos) return refuse("a section without ]");
      section_ = trimmed(line.substr(1, end - 1));
      return {};
    }
    constexpr std::string_view kInclude = ".include";
    if (line.starts_with(kInclude)) {
      auto file = trimmed(line.substr(kInclude.size()));
      if (file.starts_with('=')) file = trimmed(file.substr(1));
      return include(value_of(file), depth);
    }
    if (line.starts_with(".pragma")) return {};
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return refuse("a line without =");
    auto name = trimmed(line.substr(0, equals));
    auto section = section_;
    if (const auto colons = name.find("::"); colons != std::string_view::npos) {
      section = name.substr(0, colons);
      name.remove_prefix(colons + 2);
    }
    if (name.empty()) return refuse("a value without a name");
    auto value = value_of(trimmed(line.substr(equals + 1)));
    value.source = path;
    value.line = number;
    conf_.set(section, std::string(name), std::move(value));
    return {};
  }

  // A file, or all files of a folder that end in .cnf or .conf.
  Status include(const OpensslValue& target, int depth) {
    if (target.has_variable || !target.text.starts_with('/')) return {};
    const auto names = host_.list_directory(target.text, kMaxDirectoryEntries);
    if (names) {
      for (const auto& name : *names) {
        if (!name.ends_with(".cnf") && !name.ends_with(".conf")) continue;
        if (auto done = read(target.text + "/" + name, depth + 1); !done) return done;
      }
      return {};
    }
    auto done = read(target.text, depth + 1);
    if (!done && done.error().code() == Code::kNotFound) return {};
    return done;
  }

  Host& host_;
  OpensslConf conf_;
  std::string section_{kDefaultSection};
  int files_ = 0;
};

}  // namespace

const std::map<std::string, OpensslValue, std::less<>>* OpensslConf::section(
    const std::string& name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? nullptr : &found->second;
}

const OpensslValue* OpensslConf::find(const std::string& section_name,
                                      std::string_view name) const {
  const auto* values = section(section_name);
  if (values == nullptr) return nullptr;
  const auto found = values->find(name);
  return found == values->end() ? nullptr : &found->second;
}

void OpensslConf::set(const std::string& section_name, const std::string& name,
                      OpensslValue value) {
  sections_[section_name].insert_or_assign(name, std::move(value));
}

Result<OpensslConf> read_openssl_conf(Host& host, std::string_view path) {
  Reader reader(host);
  if (auto done = reader.read(std::string(path), 0); !done) return fail(done.error());
  return std::move(reader).result();
}

}  // namespace assay::agent
