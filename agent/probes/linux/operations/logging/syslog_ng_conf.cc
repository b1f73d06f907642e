#include "agent/probes/linux/operations/logging/syslog_ng_conf.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxTokens = 200'000;

struct Token {
  enum class Kind { kWord, kText, kMark };  // a mark: one of ( ) { } ;
  Kind kind = Kind::kWord;
  std::string text;
  std::int64_t line = 0;

  [[nodiscard]] bool is(std::string_view mark) const { return kind == Kind::kMark && text == mark; }
};

std::unexpected<Error> broken(std::int64_t line, std::string_view what) {
  return fail(Code::kInvalidData, "line " + std::to_string(line) + ": " + std::string(what));
}

Result<std::vector<Token>> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::int64_t line = 1;
  constexpr std::string_view kBlank = " \t\r\n,";
  constexpr std::string_view kMarks = "(){};";
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (kBlank.find(c) != std::string_view::npos) {
      ++at;
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (tokens.size() == kMaxTokens) return fail(Code::kTooLarge, "too many words");
    auto& token = tokens.emplace_back();
    token.line = line;
    if (kMarks.find(c) != std::string_view::npos) {
      token.kind = Token::Kind::kMark;
      token.text = c;
      ++at;
    } else if (c == '"' || c == '\'') {
      token.kind = Token::Kind::kText;
      for (++at; at < text.size() && text[at] != c; ++at) {
        if (c == '"' && text[at] == '\\' && at + 1 < text.size()) ++at;
        if (text[at] == '\n') ++line;
        token.text += text[at];
      }
      if (at >= text.size()) return broken(token.line, "a text in quotes that does not end");
      ++at;
    } else {
      const auto end = std::min(text.find_first_of(" \t\r\n,(){};\"'#", at), text.size());
      token.text = text.substr(at, end - at);
      at = std::max(end, at + 1);
    }
  }
  return tokens;
}

class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<SyslogNgConf> read();

 private:
  Status destination(std::size_t name);
  Status driver(const std::string& destination);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  SyslogNgConf conf_;
};

// At the driver's name; ends behind its closing bracket.
Status Reader::driver(const std::string& destination) {
  SyslogNgDriver driver{
      .destination = destination, .driver = tokens_[at_].text, .line = tokens_[at_].line};
  at_ += 2;
  bool has_target = false;
  for (int depth = 1; depth > 0; ++at_) {
    if (at_ >= tokens_.size()) return broken(driver.line, driver.driver + "( does not end");
    const auto& token = tokens_[at_];
    if (token.is("(")) ++depth;
    if (token.is(")")) --depth;
    if (token.kind == Token::Kind::kMark || depth != 1) continue;
    const bool is_option = at_ + 2 < tokens_.size() && tokens_[at_ + 1].is("(");
    if (!is_option && !has_target) {
      driver.target = token.text;
      has_target = true;
    }
    if (!is_option) continue;
    const auto& value = tokens_[at_ + 2].text;
    if (token.text == "port" || token.text == "destport") driver.port = value;
    if (token.text == "transport") driver.transport = value;
    if (token.text == "perm") driver.perm = value;
    if (token.text == "tls" && driver.transport.empty()) driver.transport = "tls";
    if (token.text == "url" || token.text == "servers" || token.text == "bootstrap-servers")
      driver.target = value;
  }
  conf_.drivers.push_back(std::move(driver));
  return {};
}

// `name` is the token behind "destination"; a block follows it, or it is a reference.
Status Reader::destination(std::size_t name) {
  const auto line = tokens_[name].line;
  const bool is_named = !tokens_[name].is("{");
  const std::string known_as = is_named ? tokens_[name].text : std::string();
  at_ = name + (is_named ? 1 : 0);
  if (at_ >= tokens_.size() || !tokens_[at_].is("{")) return {};
  ++at_;
  while (at_ < tokens_.size() && !tokens_[at_].is("}")) {
    const bool is_driver = tokens_[at_].kind == Token::Kind::kWord && at_ + 1 < tokens_.size() &&
                           tokens_[at_ + 1].is("(");
    if (!is_driver) {
      ++at_;
    } else if (auto done = driver(known_as); !done) {
      return done;
    }
  }
  if (at_ >= tokens_.size()) return broken(line, "a destination that does not end");
  return {};
}

Result<SyslogNgConf> Reader::read() {
  for (; at_ < tokens_.size(); ++at_) {
    const auto& token = tokens_[at_];
    if (token.kind != Token::Kind::kWord || at_ + 1 >= tokens_.size()) continue;
    if (token.text == "@include") conf_.includes.push_back(tokens_[at_ + 1].text);
    if (token.text != "destination" || tokens_[at_ + 1].is("(")) continue;
    if (auto done = destination(at_ + 1); !done) return fail(std::move(done.error()));
  }
  return std::move(conf_);
}

}  // namespace

Result<SyslogNgConf> parse_syslog_ng_conf(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  auto tokens = tokens_of(text);
  if (!tokens) return fail(std::move(tokens.error()));
  return Reader(*std::move(tokens)).read();
}

}  // namespace assay::agent
